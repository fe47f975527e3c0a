package site

import (
	"encoding/json"
	"net/url"
	"os"
	"path"
	"testing"

	"cloudnative.tw/herald/content"
)

// vector is a file and where real builds of Docusaurus 3.10.1 published it.
type vector struct {
	Kind        string         `json:"kind"`
	Source      string         `json:"source"`
	FrontMatter map[string]any `json:"front_matter"`
	Path        struct {
		Undef string `json:"undef"`
		False string `json:"false"`
		True  string `json:"true"`
	} `json:"path"`
	Excluded string `json:"excluded"`
	Unlisted bool   `json:"unlisted"`
}

func readVectors(t *testing.T) []vector {
	t.Helper()
	data, err := os.ReadFile("testdata/docusaurus_url_vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) < 50 {
		t.Fatalf("only %d vectors", len(vectors))
	}
	return vectors
}

func TestURLsAreThoseOfDocusaurus(t *testing.T) {
	vectors := readVectors(t)
	yes, no := true, false
	for _, build := range []struct {
		name string
		cfg  Config
		path func(vector) string
	}{
		{"undefined", Config{}, func(v vector) string { return v.Path.Undef }},
		{"false", Config{TrailingSlash: &no}, func(v vector) string { return v.Path.False }},
		{"true", Config{TrailingSlash: &yes, BaseURL: "/base/"}, func(v vector) string { return v.Path.True }},
	} {
		t.Run(build.name, func(t *testing.T) {
			build.cfg.Format, build.cfg.URL = "docusaurus", "https://site.example"
			for _, v := range vectors {
				checkVector(t, build.cfg, v, build.path(v))
			}
		})
	}
}

func checkVector(t *testing.T, cfg Config, v vector, want string) {
	t.Helper()
	front, err := json.Marshal(v.FrontMatter) // JSON is YAML
	if err != nil {
		t.Fatal(err)
	}
	f := content.File{Path: v.Kind + "/" + v.Source, Data: []byte("---\n" + string(front) + "\n---\n\ntext\n")}
	format := newFormat(t, cfg)
	if got, partial := format.Wants(f.Path), v.Excluded == "partial"; got == partial {
		t.Errorf("Wants(%q) = %v", f.Path, got)
		return
	} else if partial {
		return
	}
	posts, problems := format.Update([]content.File{f}, nil)
	if len(problems) > 0 {
		t.Errorf("%s: %v", f.Path, problems)
	}
	if v.Excluded != "" {
		if len(posts) != 0 {
			t.Errorf("%s: a %s has the page %s", f.Path, v.Excluded, posts[0].URL)
		}
		return
	}
	if len(posts) != 1 {
		t.Fatalf("%s: %d posts", f.Path, len(posts))
	}
	p := posts[0]
	u, err := url.Parse(p.URL)
	if err != nil {
		t.Fatalf("%s: %v", f.Path, err)
	}
	if u.Path != want {
		t.Errorf("%s: path %q, want %q", f.Path, u.Path, want)
	}
	for i := range len(p.URL) {
		if p.URL[i] <= ' ' || p.URL[i] > '~' {
			t.Errorf("%s: %q is not percent-encoded", f.Path, p.URL)
			break
		}
	}
	if p.Slug != path.Base(want) {
		t.Errorf("%s: slug %q of %q", f.Path, p.Slug, want)
	}
	if p.Unlisted != v.Unlisted || p.Title == "" {
		t.Errorf("%s: unlisted %v, title %q", f.Path, p.Unlisted, p.Title)
	}
}

func newFormat(t testing.TB, cfg Config) content.Format {
	t.Helper()
	f, err := New("site", cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
