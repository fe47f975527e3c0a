package site

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudnative.tw/herald/content"
)

func TestAuthors(t *testing.T) {
	const file = `
ada:
  name: Ada
  title: Organizer
  url: https://ada.example
  image_url: /img/ada.png
bo:
  url: javascript:alert(1)
  imageURL: ./bo.png
`
	ada := content.Author{Name: "Ada", Title: "Organizer", URL: "https://ada.example", Image: "https://site.example/img/ada.png"}
	for _, tt := range []struct {
		name, front string
		want        []content.Author
		problems    int
	}{
		{"key", "authors: ada", []content.Author{ada}, 0},
		{"keys", "authors: [ada, bo]", []content.Author{ada, {Name: "bo"}}, 0},
		{"list on lines", "authors:\n  - bo\n  - ada", []content.Author{{Name: "bo"}, ada}, 0},
		{"object", "authors: {name: Cy, title: Guest, url: \"//cy.example\", image_url: https://cy.example/x.png}",
			[]content.Author{{Name: "Cy", Title: "Guest", URL: "https://cy.example", Image: "https://cy.example/x.png"}}, 0},
		{"mix", "authors: [bo, {name: Cy}]", []content.Author{{Name: "bo"}, {Name: "Cy"}}, 0},
		{"key with changes", "authors: [{key: ada, title: Speaker}]",
			[]content.Author{{Name: "Ada", Title: "Speaker", URL: ada.URL, Image: ada.Image}}, 0},
		{"unknown key", "authors: [ada, dee]", []content.Author{ada, {Name: "dee"}}, 1},
		{"legacy", "author: Cy\nauthor_title: Guest\nauthor_url: https://cy.example\nauthor_image_url: /img/cy.png",
			[]content.Author{{Name: "Cy", Title: "Guest", URL: "https://cy.example", Image: "https://site.example/img/cy.png"}}, 0},
		{"none", "title: x", nil, 0},
		{"empty", "authors:", nil, 0},
		{"not names", "authors: [[ada], {}]", nil, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFormat(t, Config{Format: "docusaurus", URL: "https://site.example"})
			posts, problems := f.Update([]content.File{
				{Path: "blog/authors.yml", Data: []byte(file)},
				{Path: "blog/x.md", Data: []byte("---\n" + tt.front + "\n---\n")},
			}, nil)
			if diff := cmp.Diff(tt.want, posts[0].Authors, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			if len(problems) != tt.problems {
				t.Errorf("problems %v", problems)
			}
		})
	}
}

func TestTags(t *testing.T) {
	const file = `
k8s: {label: Kubernetes, permalink: /kube/}
meetups:
`
	for _, tt := range []struct {
		name, front string
		want        []content.Tag
	}{
		{"texts", "tags: [DevOps, 雲端原生]", []content.Tag{{Label: "DevOps", Permalink: "dev-ops"}, {Label: "雲端原生", Permalink: "雲端原生"}}},
		{"objects", "tags: [{label: Cloud, permalink: /c}]", []content.Tag{{Label: "Cloud", Permalink: "c"}}},
		{"keys of tags.yml", "tags: [k8s, meetups]", []content.Tag{{Label: "Kubernetes", Permalink: "kube"}, {Label: "Meetups", Permalink: "meetups"}}},
		{"the same twice", "tags: [C++, c]", []content.Tag{{Label: "C++", Permalink: "c"}}},
		{"numbers and empty ones", `tags: [2023, "", " ", ~]`, []content.Tag{{Label: "2023", Permalink: "2023"}}},
		{"empty", "tags: []", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFormat(t, Config{Format: "docusaurus", URL: "https://site.example"})
			posts, problems := f.Update([]content.File{
				{Path: "docs/tags.yml", Data: []byte(file)},
				{Path: "docs/x.md", Data: []byte("---\n" + tt.front + "\n---\n")},
			}, nil)
			if diff := cmp.Diff(tt.want, posts[0].Tags, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			if len(problems) != 0 {
				t.Error(problems)
			}
		})
	}
}

func TestTitles(t *testing.T) {
	for _, tt := range []struct{ path, source, want string }{
		{"blog/x.md", "---\ntitle: \"A: \\u202e b\\n c\"\n---\n# H\n", "A: b c"},
		{"blog/x.md", "---\ntitle: 2024\n---\n", "2024"},
		{"blog/x.md", "---\ntitle: ''\n---\n# Heading `code`\n", "Heading code"},
		{"blog/x.md", "text first\n\n# Heading\n", "x"},
		{"blog/2024-01-02-hello.md", "text\n", "hello"},
		{"blog/2024-01-03-folder/index.md", "text\n", "folder"},
		{"blog/release-2024-02-03.md", "text\n", "release-2024-02-03"},
		{"blog/2024-02-03.md", "text\n", "2024-02-03"},
		{"docs/01-intro/02-hello.md", "text\n", "hello"},
		{"docs/x.md", "---\nid: my-id\n---\ntext\n", "my-id"},
		{"docs/-.md", "text\n", "docs/-.md"},
	} {
		posts, problems := readPage(t, tt.path, tt.source)
		if len(posts) != 1 || len(problems) != 0 {
			t.Fatalf("%s: %d posts, problems %v", tt.path, len(posts), problems)
		}
		if got := posts[0].Title; got != tt.want {
			t.Errorf("%s %q: title %q, want %q", tt.path, tt.source, got, tt.want)
		}
	}
}

func TestLanguage(t *testing.T) {
	const english = "Kubernetes is a system that runs containers on many machines.\n"
	for _, tt := range []struct{ name, entry, source, want string }{
		{"front matter", "zh-TW", "---\nlang: ja\n---\n" + english, "ja"},
		{"the entry's", "zh-TW", english, "zh-TW"},
		{"English", "", english, "en"},
		{"Chinese with names", "", "我們在 Kubernetes Community Days 談了 OpenTelemetry 與 Prometheus 的觀測性。\n", "zh"},
		{"Japanese", "", "クラウドネイティブのコミュニティです。よろしくおねがいします。\n", ""},
		{"too short", "", "ok\n", ""},
	} {
		f := newFormat(t, Config{Format: "docusaurus", URL: "https://site.example", Language: tt.entry})
		posts, _ := f.Update([]content.File{{Path: "blog/x.md", Data: []byte(tt.source)}}, nil)
		if got := posts[0].Lang; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestPostCarriesWhatTheEntrySays(t *testing.T) {
	f := newFormat(t, Config{
		Format: "docusaurus", URL: "https://site.example", License: "CC BY 4.0",
		Folders: map[string]string{"blog": "blog", "meetups": "docs/meetups", "old": "docs/meetups/old"},
	})
	posts, _ := f.Update([]content.File{
		{Path: "blog/x.md", Name: "/srv/blog/x.md", Data: []byte("---\ndescription: \"two\\nlines\"\n---\n[doc](../docs/other.md)\n")},
		{Path: "docs/meetups/20190525.md", Data: []byte("x")},
		{Path: "docs/meetups/old/20180525.md", Data: []byte("x")},
		{Path: "docs/other.md", Data: []byte("x")},
	}, nil)
	got := make(map[string]string)
	for _, p := range posts {
		got[p.Path] = p.Source
	}
	want := map[string]string{"blog/x.md": "blog", "docs/meetups/20190525.md": "meetups", "docs/meetups/old/20180525.md": "old"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	p := postAt(t, posts, "blog/x.md")
	if p.Entry != "site" || p.File != "/srv/blog/x.md" || p.License != "CC BY 4.0" || p.Description != "two lines" || p.Kind != content.Article {
		t.Errorf("%+v", p)
	}
	if link := linksOf(p)["doc"]; link != "https://site.example/docs/other" {
		t.Errorf("a page outside the folders is linked as %q", link)
	}
}
