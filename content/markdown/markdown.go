// Package markdown reads the text of a page as site generators write it:
// Markdown with the additions of Docusaurus (MDX) and Hugo.
package markdown

import (
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"cloudnative.tw/herald/content"
)

// Options say how a page is to be read.
type Options struct {
	// MDX is whether import and export lines, JSX tags, {expressions} and
	// {/* comments */} are code and not text. Docusaurus reads .md as MDX too.
	MDX bool
	// Shortcodes is whether Hugo's {{< x >}} and {{% x %}} are taken out.
	Shortcodes bool
	// Title is the post's title: a first heading that only repeats it is left
	// out.
	Title string
	// Link returns the absolute URL of a link's destination; without ok the
	// words stay and the link is dropped. With nil, absolute http, https and
	// mailto addresses pass.
	Link func(dest string) (url string, ok bool)
	// Image does the same for pictures; without ok the picture is dropped.
	Image func(dest string) (url string, ok bool)
}

// Body returns the text of a page, given without its front matter. It never
// fails: what cannot be read is left out.
func Body(source []byte, o Options) content.Body {
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	b := content.Body{Sections: []content.Section{{}}}
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			b.Sections = append(b.Sections, content.Section{Heading: plain(h, source), Level: h.Level})
			continue
		}
		s := &b.Sections[len(b.Sections)-1]
		s.Blocks = append(s.Blocks, content.Block{Runs: []content.Run{{Text: plain(n, source)}}})
	}
	return b
}

// Heading returns the plain text of the first heading, if it is the first
// content of the page.
func Heading(source []byte, o Options) (string, bool) {
	b := Body(source, Options{MDX: o.MDX, Shortcodes: o.Shortcodes})
	if len(b.Sections) < 2 || len(b.Sections[0].Blocks) > 0 {
		return "", false
	}
	return b.Sections[1].Heading, true
}

func plain(n ast.Node, source []byte) string {
	var out []byte
	_ = ast.Walk(n, func(n ast.Node, in bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && in {
			out = append(out, t.Segment.Value(source)...)
		}
		return ast.WalkContinue, nil
	})
	return string(out)
}
