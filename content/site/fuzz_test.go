package site

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"cloudnative.tw/herald/content"
)

func FuzzPage(f *testing.F) {
	for _, seed := range []string{
		"---\ntitle: Hello\ntags: [a, {label: b, permalink: /c}]\nauthors: [ada, {name: Bo}]\ndate: 2024-04-03T18:00\n---\n# H\n[x](./y.md) ![z](/z.png)\n",
		"+++\ntitle = \"x\"\ndate = 2024-04-03\ntags = [\"a\"]\n[last_update]\ndate = 2024-04-03T18:00:00Z\n+++\ntext\n",
		"{\"title\": \"x\", \"tags\": [1, null, {}]}\ntext\n",
		"\ufeff---\r\na: &a {<<: *a}\r\nb: *a\r\n---\r\n",
		"---\ntitle: |\n  x\n  y\ndraft: maybe\nslug: ../../x?y#z\nid: a/b\n---\n",
		"---\n? a\n: - - - b\n...\n---\n",
		"---\ntitle: !!binary x\ndate: .inf\n---\n```\n[a](b\n~~~\n]: c\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		for _, path := range []string{"blog/2024-01-02-x.md", "docs/01-a/x.mdx"} {
			posts, problems := readPage(t, path, source)
			lines := strings.Count(source, "\n") + 2
			for _, p := range problems {
				if p.File != path || p.Line < 1 || p.Line > lines || p.Error() == "" {
					t.Errorf("problem %v of a file of %d lines", p, lines)
				}
				if strings.Contains(p.Error(), "reading the file failed") {
					t.Errorf("%v", p)
				}
			}
			for _, p := range posts {
				checkFuzzed(t, p)
			}
		}
	})
}

func checkFuzzed(t *testing.T, p *content.Post) {
	t.Helper()
	if !utf8.ValidString(p.Title) || p.Title == "" || strings.ContainsAny(p.Title, "\n\t\u202e") {
		t.Errorf("title %q", p.Title)
	}
	checkURL := func(s, base string) {
		if u, err := url.Parse(s); err != nil || s != "" && !strings.HasPrefix(s, base) || u.Host == "" && s != "" {
			t.Errorf("URL %q of %s: %v", s, p.Path, err)
		}
	}
	checkURL(p.URL, "https://site.example/")
	checkURL(p.Image, "http")
	for _, a := range p.Authors {
		if a.Name == "" {
			t.Error("an author without a name")
		}
		checkURL(a.URL, "")
		checkURL(a.Image, "http")
	}
	for _, tag := range p.Tags {
		if tag.Label == "" {
			t.Error("a tag without a label")
		}
	}
	p.Body()
}

func FuzzURL(f *testing.F) {
	for _, v := range []struct{ path, slug, id string }{
		{"2024-01-02-x.md", "", ""}, {"a/b/index.mdx", "../..", ""}, {"01-a/02-b.md", "/x//y/", "id"},
		{"中文/檔 名.md", "?#%zz", "a/../../b"}, {"/", "..", "."}, {"", "", ""},
	} {
		f.Add(v.path, v.slug, v.id, true)
		f.Add(v.path, v.slug, v.id, false)
	}
	f.Fuzz(func(t *testing.T, path, slug, id string, slash bool) {
		if !utf8.ValidString(path + slug + id) {
			t.Skip("the file system and YAML give UTF-8")
		}
		for _, trailing := range []*bool{nil, &slash} {
			a := address{origin: url.URL{Scheme: "https", Host: "site.example"}, base: "/base/", trailingSlash: trailing}
			for _, u := range []*url.URL{
				a.page("blog", parseBlogName(path).slug), a.page("blog", slug),
				a.page("docs", docsSlug(path, id, slug, slash)),
			} {
				s := u.String()
				back, err := url.Parse(s)
				if err != nil || back.Path != u.Path || back.Host != "site.example" || back.RawQuery != "" || back.Fragment != "" {
					t.Errorf("%q: %v", s, err)
				}
				if !strings.HasPrefix(s, "https://site.example/base/") || strings.ContainsAny(s, " \n") {
					t.Errorf("%q is not below the base", s)
				}
				if trailing != nil && strings.HasSuffix(u.Path, "/") != slash {
					t.Errorf("%q with trailingSlash %v", s, slash)
				}
			}
		}
	})
}

func FuzzKebab(f *testing.F) {
	for _, s := range []string{"k8s", "C++", "DevOps雲端", "👩‍💻1st", "ŉ’ß"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k := kebab(s)
		if strings.Contains(k, "--") || strings.HasPrefix(k, "-") || strings.HasSuffix(k, "-") || strings.ContainsAny(k, " /'") {
			t.Errorf("kebab(%q) = %q", s, k)
		}
	})
}
