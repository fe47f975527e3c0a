package site

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"cloudnative.tw/herald/content"
)

func TestConfigFromYAML(t *testing.T) {
	const source = `
format: docusaurus
url: https://cloudnative.tw
base_url: /zh/
trailing_slash: false
blog_route: news
docs_route: /
folders: {blog: blog, meetups: docs/meetups}
license: CC BY 4.0
language: zh-TW
`
	var cfg Config
	if err := yaml.UnmarshalWithOptions([]byte(source), &cfg, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	f := newFormat(t, cfg)
	posts, _ := f.Update([]content.File{{Path: "blog/x.md", Data: []byte("X")}, {Path: "docs/meetups/y.md", Data: []byte("Y")}}, nil)
	if got := []string{posts[0].URL, posts[1].URL}; !slices.Equal(got, []string{"https://cloudnative.tw/zh/news/x", "https://cloudnative.tw/zh/meetups/y"}) {
		t.Errorf("URLs %v", got)
	}
	if got := cfg.Sources("site"); !slices.Equal(got, []string{"blog", "meetups"}) {
		t.Errorf("sources %v", got)
	}
	if got := (Config{}).Sources("terms"); !slices.Equal(got, []string{"terms"}) {
		t.Errorf("sources without folders %v", got)
	}
}

func TestCheck(t *testing.T) {
	yes := true
	good := Config{Format: "docusaurus", URL: "https://site.example"}
	for _, tt := range []struct {
		name   string
		change func(*Config)
		want   []string // the keys that are reported
	}{
		{"nothing wrong", func(*Config) {}, nil},
		{"everything given", func(c *Config) {
			c.BaseURL, c.BlogRoute, c.DocsRoute, c.TrailingSlash = "/base/", "/", "guide", &yes
			c.Folders = map[string]string{"all": ".", "blog": "blog/", "m": "docs/meetups"}
			c.Language = "zh-TW"
		}, nil},
		{"a glossary below a path", func(c *Config) { c.Format, c.URL = "glossary", "https://site.example/zh-tw/" }, nil},
		{"nothing given", func(c *Config) { *c = Config{} }, []string{"format", "url"}},
		{"unknown format", func(c *Config) { c.Format = "hugo" }, []string{"format"}},
		{"no address", func(c *Config) { c.URL = "cloudnative.tw" }, []string{"url"}},
		{"other scheme", func(c *Config) { c.URL = "ftp://site.example" }, []string{"url"}},
		{"no host", func(c *Config) { c.URL = "https:///x" }, []string{"url"}},
		{"address with a path", func(c *Config) { c.URL = "https://site.example/base/" }, []string{"url"}},
		{"address with a query", func(c *Config) { c.URL = "https://site.example?x" }, []string{"url"}},
		{"address with a password", func(c *Config) { c.URL = "https://me:secret@site.example" }, []string{"url"}},
		{"base with a query", func(c *Config) { c.BaseURL = "/x?y" }, []string{"base_url"}},
		{"routes that are addresses", func(c *Config) { c.BlogRoute, c.DocsRoute = "https://x", "a b" }, []string{"blog_route", "docs_route"}},
		{"language in words", func(c *Config) { c.Language = "中文" }, []string{"language"}},
		{"folders", func(c *Config) {
			c.Folders = map[string]string{"a": "/blog", "b": "../blog", "c": "src/pages", "d": "", "e": `docs\x`, "f": "docs/../../x"}
		}, []string{"folders.a", "folders.b", "folders.c", "folders.d", "folders.e", "folders.f"}},
		{"two names for one folder", func(c *Config) { c.Folders = map[string]string{"a": "docs", "b": "docs/"} }, []string{"folders.b"}},
		{"a glossary with a blog", func(c *Config) {
			c.Format, c.BlogRoute, c.Folders, c.TrailingSlash = "glossary", "blog", map[string]string{"a": "docs"}, &yes
		}, []string{"blog_route", "folders", "trailing_slash"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := good
			tt.change(&cfg)
			got := make(map[string]error)
			cfg.Check(func(path string, err error) { got[path] = err })
			if keys := slices.Sorted(maps.Keys(got)); !slices.Equal(keys, tt.want) {
				t.Errorf("reported %v, want %v", got, tt.want)
			}
			_, err := New("site", cfg, nil)
			if (err != nil) != (len(tt.want) > 0) {
				t.Errorf("New returns %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("%v tells a password", err)
			}
		})
	}
}
