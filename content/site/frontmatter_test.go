package site

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/content"
)

// readPage reads one file of a Docusaurus site whose blog has one author.
func readPage(t testing.TB, path, source string) ([]*content.Post, []content.Problem) {
	t.Helper()
	f := newFormat(t, Config{Format: "docusaurus", URL: "https://site.example"})
	return f.Update([]content.File{
		{Path: "blog/authors.yml", Data: []byte("ada:\n  name: Ada\n  image_url: /img/ada.png\n")},
		{Path: path, Data: []byte(source)},
	}, nil)
}

func TestNotations(t *testing.T) {
	for _, tt := range []struct{ name, source string }{
		{"yaml", "---\ntitle: Hello\ntags: [a, b]\ndate: 2024-04-03T18:00:00+08:00\nunlisted: true\n---\nText\n"},
		{"yaml with a byte order mark", "\ufeff---\ntitle: Hello\ntags: [a, b]\ndate: 2024-04-03T18:00:00+08:00\nunlisted: true\n---\nText\n"},
		{"yaml with CRLF", "---\r\ntitle: Hello\r\ntags:\r\n- a\r\n- b\r\ndate: 2024-04-03T18:00:00+08:00\r\nunlisted: true\r\n---\r\nText\r\n"},
		{"yaml with space behind the marks", "--- \ntitle: Hello\ntags: [a, b]\ndate: 2024-04-03T18:00:00+08:00\nunlisted: true\n---\t\nText\n"},
		{"yaml with anchors", "---\nx: &x [a, b]\ntitle: Hello\ntags: *x\ndate: 2024-04-03T18:00:00+08:00\nunlisted: true\n---\nText\n"},
		{"yaml with a merge", "---\nx: &x {title: Hello, unlisted: true}\n<<: *x\ntags: [a, b]\ndate: 2024-04-03T18:00:00+08:00\n---\nText\n"},
		{"yaml with blocks", "---\ntitle: >\n  Hello\ntags: [a, b]\ndate: 2024-04-03T18:00:00+08:00\nunlisted: true\n---\nText\n"},
		{"toml", "+++\ntitle = \"Hello\"\ntags = [\"a\", \"b\"]\ndate = 2024-04-03T18:00:00+08:00\nunlisted = true\n+++\nText\n"},
		{"json", "{\n  \"title\": \"Hello\", \"tags\": [\"a\", \"b\"],\n  \"date\": \"2024-04-03T18:00:00+08:00\", \"unlisted\": true\n}\nText\n"},
		{"keys in another case", "---\nTitle: Hello\nTAGS: [a, b]\ndate: 2024-04-03T18:00:00+08:00\nUnlisted: true\n---\nText\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			posts, problems := readPage(t, "blog/x.md", tt.source)
			if len(posts) != 1 || len(problems) != 0 {
				t.Fatalf("%d posts, problems %v", len(posts), problems)
			}
			p := posts[0]
			if p.Title != "Hello" || len(p.Tags) != 2 || !p.Unlisted || !p.Date.Equal(time.Date(2024, 4, 3, 10, 0, 0, 0, time.UTC)) {
				t.Errorf("read as %+v", p)
			}
			if s := p.Body().Sections; len(s) != 1 || s[0].Text() != "Text" {
				t.Errorf("body %+v", s)
			}
		})
	}
}

func TestPagesWithoutFrontMatter(t *testing.T) {
	for _, tt := range []struct{ source, title string }{
		{"# Heading\n\ntext\n", "Heading"},
		{"Heading\n=======\n\ntext\n", "Heading"},
		{"import X from './x';\n\n# Heading {#id}\n", "Heading"},
		{"---\n\nprose between rules\n\n---\n\nmore\n", "x"},
		{"---\n\nprose under a rule: of a kind\n", "x"},
		{"{/* a comment */}\n\n# Heading\n", "Heading"},
		{"{\" \"}\n\ntext\n", "x"},
		{"---\n---\n\n# Heading\n", "Heading"},
		{"\n", "x"},
	} {
		posts, problems := readPage(t, "blog/x.md", tt.source)
		if len(posts) != 1 || len(problems) != 0 {
			t.Errorf("%q: %d posts, problems %v", tt.source, len(posts), problems)
			continue
		}
		if posts[0].Title != tt.title {
			t.Errorf("%q: title %q, want %q", tt.source, posts[0].Title, tt.title)
		}
	}
}

func TestProblemsOfFrontMatter(t *testing.T) {
	deep := strings.Repeat("[", 60_000)
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n" +
		"b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n" +
		"c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n" +
		"d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n" +
		"e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n" +
		"f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
	for _, tt := range []struct {
		name, source string
		place        string // line:column in the file
		words        string // of the problem and its hint
		lost         bool   // whether there is no post
	}{
		{"empty", "", "1:0", "file is empty", true},
		{"colon in a text", "---\nslug: x\ntitle: 報名: 今天\n---\n", "3:8", `title: "報名: 今天"`, true},
		{"full-width colon", "---\ntitle：標題\n---\n", "2:1", "ASCII colon", true},
		{"at sign", "---\ntitle: @all\n---\n", "2:8", `title: "@all"`, true},
		{"tab", "---\n\ttitle: x\n---\n", "2:6", "not with a tab", true},
		{"list not closed", "---\ntags: [a, b\n---\n", "2:7", "tags: [a, b]", true},
		{"key written twice", "---\ntitle: a\ntitle: b\n---\n", "3:1", "title is written twice", true},
		{"no keys", "---\ntitle\n---\n", "2:1", "key: value", true},
		{"never closed", "---\ntitle: x\n\ntext\n", "1:0", "not closed", true},
		{"too long", "---\ntitle: x\n" + strings.Repeat("# filler\n", 10_000) + "---\n", "1:0", "64 KB", true},
		{"too deep", "---\ntags: " + deep + "\n---\n", "2:0", "deep", true},
		{"too deep by dashes", "---\ntags:\n  " + strings.Repeat("- ", 9000) + "x\n---\n", "2:0", "deep", true},
		{"alias bomb", "---\n" + bomb + "---\n", "2:0", "100000 values", true},
		{"alias of itself", "---\na: &a [*a]\n---\n", "2:0", "deep", true},
		{"unknown alias", "---\ntitle: *b\n---\n", "2:8", "&b", true},
		{"bad toml", "+++\n\ntitle = x\n+++\n", "3:9", "TOML", true},
		{"bad json", "{\"title\": \"x\",\n  \"tags\": [1,]}\n", "2:14", "JSON", true},
		{"draft and unlisted", "---\ndraft: true\nunlisted: true\n---\n", "3:11", "draft and unlisted", true},
		{"draft in other words", "---\ndraft: yes\n---\n", "2:8", "draft: true", true},
		{"title is a list", "---\ntitle: [x]\n---\n", "2:8", "title must be a text, not a list", false},
		{"slug is a group", "---\nslug: {a: b}\n---\n", "2:8", "slug must be a text", false},
		{"tags is a number", "---\ntags: 5\n---\n", "2:7", "tags: [5]", false},
		{"tag is a list", "---\ntags: [ok, [a]]\n---\n", "2:12", "a tag must be a text", false},
		{"tag without label", "---\ntags:\n  - permalink: /x\n---\n", "3:5", "needs a label", false},
		{"unknown author", "---\nauthors: [ada, bob]\n---\n", "2:16", `no author "bob"`, false},
		{"author without name", "---\nauthors: {title: x}\n---\n", "2:11", "needs a name", false},
		{"language in words", "---\nlang: 中文\n---\n", "2:7", "zh-TW", false},
		{"toml keeps the line", "+++\ntitle = \"x\"\ntags = 5\n+++\n", "3:0", "tags: [5]", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			posts, problems := readPage(t, "blog/x.md", tt.source)
			if len(problems) != 1 {
				t.Fatalf("problems %v", problems)
			}
			p := problems[0]
			if p.Entry != "site" || p.File != "blog/x.md" {
				t.Errorf("of %s, %s", p.Entry, p.File)
			}
			if place := placeOf(p); place != tt.place {
				t.Errorf("at %s, want %s (%v)", place, tt.place, p)
			}
			if !strings.Contains(p.Error(), tt.words) {
				t.Errorf("%v does not say %q", p, tt.words)
			}
			if lost := len(posts) == 0; lost != tt.lost {
				t.Errorf("%d posts", len(posts))
			}
		})
	}
}

func placeOf(p content.Problem) string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }
