package site

import (
	"testing"

	"cloudnative.tw/herald/content"
)

// linksOf returns where the links of a post lead, by their words, and its
// pictures by their text.
func linksOf(p *content.Post) map[string]string {
	urls := make(map[string]string)
	for _, s := range p.Body().Sections {
		for _, l := range s.Links() {
			urls[l.Text] = l.URL
		}
		for _, i := range s.Images {
			urls[i.Alt] = i.URL
		}
	}
	return urls
}

func postAt(t testing.TB, posts []*content.Post, path string) *content.Post {
	t.Helper()
	for _, p := range posts {
		if p.Path == path {
			return p
		}
	}
	t.Fatalf("no post at %s", path)
	return nil
}

func TestLinks(t *testing.T) {
	yes := true
	cfg := Config{Format: "docusaurus", URL: "https://site.example", BaseURL: "/base/", TrailingSlash: &yes}
	tree := []content.File{
		{Path: "docs/guide/02-next.md", Data: []byte("next\n")},
		{Path: "docs/中文/檔.md", Data: []byte("unicode\n")},
		{Path: "docs/draft.md", Data: []byte("---\ndraft: true\n---\n")},
		{Path: "docs/hidden.md", Data: []byte("---\nunlisted: true\n---\n")},
		{Path: "blog/2024-01-02-post.md", Data: []byte("---\nslug: post\n---\n")},
	}
	for _, tt := range []struct{ dest, want string }{
		// source files
		{"./02-next.md", "https://site.example/base/docs/guide/next/"},
		{"02-next.md#part", "https://site.example/base/docs/guide/next/#part"},
		{"guide/02-next.md", "https://site.example/base/docs/guide/next/"},
		{"../中文/檔.md?q=1#部分", "https://site.example/base/docs/%E4%B8%AD%E6%96%87/%E6%AA%94/?q=1#%E9%83%A8%E5%88%86"},
		{"../%E4%B8%AD%E6%96%87/%E6%AA%94.md", "https://site.example/base/docs/%E4%B8%AD%E6%96%87/%E6%AA%94/"},
		{"/docs/guide/02-next.md", "https://site.example/base/docs/guide/next/"},
		{"/guide/02-next.md", "https://site.example/base/docs/guide/next/"},
		{"@site/docs/guide/02-next.md", "https://site.example/base/docs/guide/next/"},
		{"@site/blog/2024-01-02-post.md", "https://site.example/base/blog/post/"},
		{"../hidden.md", "https://site.example/base/docs/hidden/"},
		{"../draft.md", ""},
		{"./missing.md", ""},
		{"../../../../etc/passwd.md", ""},
		// paths of the site
		{"/blog/post", "https://site.example/base/blog/post/"},
		{"/base/blog/post", "https://site.example/base/blog/post/"},
		{"/blog/post#part", "https://site.example/base/blog/post/#part"},
		{"../other", "https://site.example/base/docs/guide/other/"},
		{"#part", "https://site.example/base/docs/guide/here/#part"},
		{"/", "https://site.example/base/"},
		// files
		{"/pdf/statement.pdf", "https://site.example/base/pdf/statement.pdf"},
		{"pathname:///pdf/statement.pdf", "https://site.example/base/pdf/statement.pdf"},
		{"@site/static/pdf/statement.pdf", "https://site.example/base/pdf/statement.pdf"},
		{"./statement.pdf", ""},
		// elsewhere
		{"https://example.org/a%20b?c=d#e", "https://example.org/a%20b?c=d#e"},
		{"http://example.org", "http://example.org"},
		{"https://example.org/docs/x.md", "https://example.org/docs/x.md"},
		{"//example.org/x", "https://example.org/x"},
		{"mailto:team@example.org", "mailto:team@example.org"},
		{"javascript:alert(1)", ""},
		{"JavaScript:alert", ""},
		{"data:text/html,x", ""},
		{"file:///etc/passwd", ""},
		{"tg://resolve?domain=x", ""},
		{"https://", ""},
	} {
		page := content.File{Path: "docs/guide/here.md", Data: []byte("see [it](" + tt.dest + ") there\n")}
		posts, problems := newFormat(t, cfg).Update(append(tree, page), nil)
		if len(problems) != 0 {
			t.Fatalf("%s: %v", tt.dest, problems)
		}
		if got := linksOf(postAt(t, posts, page.Path))["it"]; got != tt.want {
			t.Errorf("[it](%s) leads to %q, want %q", tt.dest, got, tt.want)
		}
	}
}

func TestPictures(t *testing.T) {
	for _, tt := range []struct{ dest, want string }{
		{"/img/x.png", "https://site.example/base/img/x.png"},
		{"/base/img/x.png", "https://site.example/base/img/x.png"},
		{"@site/static/img/x.png", "https://site.example/base/img/x.png"},
		{"pathname:///img/x.png", "https://site.example/base/img/x.png"},
		{"https://cdn.example/x.png?w=1", "https://cdn.example/x.png?w=1"},
		{"//cdn.example/x.png", "https://cdn.example/x.png"},
		{"./x.png", ""},
		{"x.png", ""},
		{"data:image/png;base64,AAAA", ""},
		{"mailto:x@example.org", ""},
		{"", ""},
	} {
		format := newFormat(t, Config{Format: "docusaurus", URL: "https://site.example", BaseURL: "base"})
		posts, _ := format.Update([]content.File{{Path: "blog/x.md", Data: []byte("text\n\n![it](" + tt.dest + ")\n")}}, nil)
		if got := linksOf(posts[0])["it"]; got != tt.want {
			t.Errorf("![it](%s) is %q, want %q", tt.dest, got, tt.want)
		}
		if got := posts[0].Image; got != tt.want {
			t.Errorf("![it](%s) gives the cover %q, want %q", tt.dest, got, tt.want)
		}
	}
}

func TestCover(t *testing.T) {
	for _, tt := range []struct{ name, source, want string }{
		{"front matter first", "---\nimage: /img/a.png\n---\n![b](/img/b.png)\n", "https://site.example/img/a.png"},
		{"no svg", "---\nimage: https://x.example/a.svg?x\n---\n![b](/img/b.SVG)\n\n![c](/img/c.png \"title\")\n", "https://site.example/img/c.png"},
		{"bundled pictures have no address", "---\nimage: ./a.png\n---\n![b](./b.png)\n", ""},
		{"not from code", "```md\n![a](/img/a.png)\n```\n\n![b](/img/b.png)\n", "https://site.example/img/b.png"},
		{"not from code in code", "````md\n```\n![a](/img/a.png)\n```\n````\n", ""},
		{"a linked picture", "[![a](/img/a_(1).png)](https://example.org)\n", "https://site.example/img/a_%281%29.png"},
		{"in angle brackets", "![a](</img/a b.png>)\n", "https://site.example/img/a%20b.png"},
		{"none", "text [a](/img/a.png)\n", ""},
	} {
		posts, _ := readPage(t, "blog/x.md", tt.source)
		if got := posts[0].Image; got != tt.want {
			t.Errorf("%s: cover %q, want %q", tt.name, got, tt.want)
		}
	}
}
