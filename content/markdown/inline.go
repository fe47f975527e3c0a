package markdown

import (
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"cloudnative.tw/herald/content"
)

// inlines reads the text of a block.
func (r *reader) inlines(n ast.Node) []content.Run {
	r.inline(n)
	return r.runs.take()
}

// plain reads the text of a block without its styles and links.
func (r *reader) plain(n ast.Node) string {
	r.runs.oneLine = true
	runs := r.inlines(n)
	r.runs.oneLine = false
	return content.Block{Runs: runs}.Text()
}

// inline reads the children of n.
func (r *reader) inline(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			r.text(c)
		case *ast.CodeSpan:
			r.styled(c, content.Monospace)
		case *ast.Emphasis:
			r.styled(c, emphasisStyle(c))
		case *ast.Link:
			r.link(c)
		case *ast.AutoLink:
			r.autoLink(c)
		case *ast.Image:
			r.picture(c)
		case *extast.TaskCheckBox:
			if c.IsChecked {
				r.runs.writeString("☑ ")
			} else {
				r.runs.writeString("☐ ")
			}
		}
	}
}

func emphasisStyle(n *ast.Emphasis) content.Style {
	if n.Level >= 2 {
		return content.Bold
	}
	return content.Italic
}

func (r *reader) styled(n ast.Node, style content.Style) {
	before := r.runs.style
	r.runs.set(before|style, r.runs.url)
	r.inline(n)
	r.runs.set(before, r.runs.url)
}

func (r *reader) text(n *ast.Text) {
	words := n.Segment.Value(r.source)
	if n.Parent().Kind() == ast.KindCodeSpan {
		r.runs.write(words)
	} else {
		r.runs.write(unescape(words))
	}
	switch {
	case n.HardLineBreak():
		r.runs.writeString(lineBreak)
	case n.SoftLineBreak():
		r.runs.writeString("\n")
	}
}

// link reads a link; a picture that is one, and has no other words, is called
// by its description or else by the address.
func (r *reader) link(n *ast.Link) {
	u, ok := r.resolve(r.Link, string(unescape(n.Destination)), "http", "https", "mailto")
	if !ok || r.runs.url != "" {
		r.inline(n)
		return
	}
	length := r.runs.length()
	r.runs.set(r.runs.style, u)
	r.inline(n)
	if r.runs.length() == length {
		if alt := r.altOf(n); alt != "" {
			r.runs.writeString(alt)
		} else if n.HasChildren() {
			r.runs.writeString(u)
		}
	}
	r.runs.set(r.runs.style, "")
}

// altOf returns the description of the first picture in n.
func (r *reader) altOf(n ast.Node) string {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if image, ok := c.(*ast.Image); ok {
			return r.alt(image)
		}
	}
	return ""
}

func (r *reader) alt(n *ast.Image) string {
	return strings.Join(strings.Fields(clean(r.rawText(n))), " ")
}

func (r *reader) autoLink(n *ast.AutoLink) {
	dest := unescapeEntities(string(n.URL(r.source)))
	if n.AutoLinkType == ast.AutoLinkEmail {
		dest = "mailto:" + dest
	}
	u, ok := r.resolve(r.Link, dest, "http", "https", "mailto")
	outer := r.runs.url
	if !ok || outer != "" {
		u = outer
	}
	r.runs.set(r.runs.style, u)
	r.runs.writeString(unescapeEntities(string(n.Label(r.source))))
	r.runs.set(r.runs.style, outer)
}

func (r *reader) picture(n *ast.Image) {
	u, ok := r.resolve(r.Image, string(unescape(n.Destination)), "http", "https")
	if !ok {
		return
	}
	s := r.section()
	s.Images = append(s.Images, content.Image{Alt: r.alt(n), URL: u})
}

// resolve returns the absolute URL of a destination by f, or, without one, the
// destination itself if it is absolute and of one of the schemes.
func (r *reader) resolve(f func(string) (string, bool), dest string, schemes ...string) (string, bool) {
	if f != nil {
		return f(dest)
	}
	u, err := url.Parse(strings.TrimSpace(dest))
	if err != nil || strings.ContainsAny(u.Host, `<>"`) {
		return "", false
	}
	for _, scheme := range schemes {
		if u.Scheme == scheme && (u.Host != "" || scheme == "mailto" && u.Opaque != "") {
			return u.String(), true
		}
	}
	return "", false
}

// rawText returns the text of a heading as the generator makes its anchor of
// it: with the descriptions of pictures, and spaces as they stand.
func (r *reader) rawText(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			words := c.Segment.Value(r.source)
			if n.Kind() == ast.KindCodeSpan {
				b.Write(words)
			} else {
				b.Write(unescape(words))
			}
		case *ast.AutoLink:
			b.Write(c.Label(r.source))
		default:
			b.WriteString(r.rawText(c))
		}
	}
	return b.String()
}
