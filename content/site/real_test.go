package site

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cloudnative.tw/herald/content"
)

// readTree returns the wanted files below HERALD_SHARED/dir, a checkout of
// public pages that are not part of this repository.
func readTree(t *testing.T, format content.Format, dir string) []content.File {
	t.Helper()
	shared := os.Getenv("HERALD_SHARED")
	if shared == "" {
		t.Skip("HERALD_SHARED names no directory with the real pages")
	}
	root := filepath.Join(shared, dir)
	var files []content.File
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil || !format.Wants(filepath.ToSlash(rel)) {
			return err
		}
		data, err := os.ReadFile(name)
		files = append(files, content.File{Path: filepath.ToSlash(rel), Name: name, Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestRealSite(t *testing.T) {
	no := false
	format := newFormat(t, Config{
		Format: "docusaurus", URL: "https://cloudnative.tw", TrailingSlash: &no,
		Folders: map[string]string{"blog": "blog", "meetups": "docs/meetups", "pages": "docs"},
	})
	posts, problems := format.Update(readTree(t, format, "site"), nil)
	for _, p := range problems {
		t.Error(p)
	}
	urls, sources := make(map[string]string), make(map[string]int)
	for _, p := range posts {
		urls[p.Path] = p.URL
		sources[p.Source]++
		checkPost(t, p)
		if p.Source == "meetups" && p.Date.Format("20060102") != p.Path[len("docs/meetups/2019/"):][:8] {
			t.Errorf("%s: date %v", p.Path, p.Date)
		}
	}
	if want := map[string]int{"blog": 4, "meetups": 52, "pages": 7}; !maps.Equal(sources, want) {
		t.Errorf("posts by source: %v, want %v", sources, want)
	}
	for path, want := range map[string]string{
		"blog/2023_year_end_recap.md":                 "/blog/2023-year-end-recap",
		"blog/cnsw-2023-call-for-sponsor.md":          "/blog/sponsor-cnsw-2023",
		"blog/kcd-2024-call-for-proposal.md":          "/blog/kcd-2024-cfp",
		"docs/cfp/cntug-cfp-en.md":                    "/docs/cfp/cfp-en",
		"docs/cfp/cntug-cfp-zh-tw.md":                 "/docs/cfp/cfp-zh-tw",
		"docs/meetups/2023/20230730-workshop.md":      "/docs/meetups/2023/workshop",
		"docs/sponsorship/sponsorship.md":             "/docs/sponsorship",
		"docs/meetups/2023/20230730.md":               "/docs/meetups/2023/20230730",
		"blog/glossary-zh-tw-first-published-2023.md": "/blog/glossary-zh-tw-first-published-2023",
	} {
		if got := urls[path]; got != "https://cloudnative.tw"+want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func checkPost(t *testing.T, p *content.Post) {
	t.Helper()
	if p.Title == "" || p.Slug == "" || p.Lang == "" || p.Hash == (content.Hash{}) {
		t.Errorf("%s: title %q, slug %q, language %q", p.Path, p.Title, p.Slug, p.Lang)
	}
	if len(p.Body().Sections) == 0 {
		t.Errorf("%s: no text", p.Path)
	}
}

func TestRealGlossary(t *testing.T) {
	for _, lang := range []struct {
		dir, url string
		terms    int
	}{
		{"glossary/zh-tw", "https://glossary.cncf.io/zh-tw/", 40},
		{"glossary/en", "https://glossary.cncf.io/", 81},
	} {
		t.Run(lang.dir, func(t *testing.T) {
			format := newFormat(t, Config{Format: "glossary", URL: lang.url, License: "CC BY 4.0"})
			posts, problems := format.Update(readTree(t, format, lang.dir), nil)
			for _, p := range problems {
				t.Error(p)
			}
			if len(posts) != lang.terms {
				t.Errorf("%d terms, want %d", len(posts), lang.terms)
			}
			urls := make(map[string]bool)
			for _, p := range posts {
				urls[p.URL] = true
				checkPost(t, p)
				stem := strings.TrimSuffix(p.Path, ".md")
				if p.URL != lang.url+stem+"/" || p.License != "CC BY 4.0" || p.Kind != content.Term {
					t.Errorf("%s: %+v", p.Path, p)
				}
			}
			for _, p := range posts {
				for _, s := range p.Body().Sections {
					for _, l := range s.Links() {
						rest, inside := strings.CutPrefix(l.URL, lang.url)
						known := urls[l.URL] || slices.Contains([]string{"style-guide/", "contribute/"}, rest)
						if inside && !known {
							t.Errorf("%s links to %s, which is no term", p.Path, l.URL)
						}
					}
				}
			}
		})
	}
}
