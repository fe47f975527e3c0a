package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"cloudnative.tw/herald/content"
)

const (
	// maxDepth is the deepest nesting that a block reports.
	maxDepth = 8
	// maxCode is how much of a code block is kept, in bytes.
	maxCode = 4 << 10
)

// reader walks goldmark's tree and collects the sections of a page.
type reader struct {
	Options
	source   []byte
	sections []content.Section
	anchors  anchors
	headings int
	runs     runs
	excerpt  excerpt
}

// place is where in the nesting of quotes and lists a block stands.
type place struct {
	kind   content.BlockKind
	nested int
	number int
}

func (p place) in(kind content.BlockKind) place {
	return place{kind: kind, nested: p.nested + 1}
}

func (p place) depth() int {
	if p.kind == content.Item || p.kind == content.Quote {
		return min(p.nested-1, maxDepth)
	}
	return min(p.nested, maxDepth)
}

// blocks reads the children of n.
func (r *reader) blocks(n ast.Node, at place) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		r.block(c, at)
		if at.kind == content.Item { // only its first block is the item itself
			at.kind, at.number = content.Paragraph, 0
		}
	}
}

func (r *reader) block(n ast.Node, at place) {
	switch n := n.(type) {
	case *ast.Heading:
		r.heading(n)
	case *ast.Paragraph, *ast.TextBlock:
		r.add(at, r.inlines(n))
	case *ast.Blockquote:
		r.blocks(n, at.in(content.Quote))
	case *admonition:
		r.admonition(n, at.in(content.Quote))
	case *ast.List:
		r.list(n, at)
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		if text := r.code(n); text != "" {
			r.add(place{kind: content.Code, nested: at.nested}, []content.Run{{Text: text}})
		}
	case *extast.Table:
		for row := n.FirstChild(); row != nil; row = row.NextSibling() {
			r.row(row, at)
		}
	}
}

// list reads a list. Numbers are those that a browser counts.
func (r *reader) list(n *ast.List, at place) {
	number := 0
	if n.IsOrdered() {
		number = n.Start
	}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		at := at.in(content.Item)
		at.number = number
		r.blocks(item, at)
		if n.IsOrdered() {
			number++
		}
	}
}

func (r *reader) admonition(n *admonition, at place) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c == n.title {
			r.runs.style = content.Bold
		}
		r.block(c, at)
		r.runs.style = 0
	}
}

func (r *reader) row(n ast.Node, at place) {
	r.runs.oneLine = true
	for cell := n.FirstChild(); cell != nil; cell = cell.NextSibling() {
		if cell != n.FirstChild() {
			r.runs.separate(" | ")
		}
		r.inline(cell)
	}
	runs := r.runs.take()
	r.runs.oneLine = false
	r.add(place{kind: content.Row, nested: at.nested}, runs)
}

func (r *reader) code(n ast.Node) string {
	text := n.Lines().Value(r.source)
	cut := len(text) > maxCode
	if cut {
		text = text[:maxCode]
	}
	s := strings.TrimRight(clean(string(bytes.ToValidUTF8(text, nil))), "\n ")
	if cut {
		s += "…"
	}
	return s
}

// add puts a block into the section that is being read.
func (r *reader) add(at place, runs []content.Run) {
	b := content.Block{Kind: at.kind, Depth: at.depth(), Number: at.number, Runs: runs}
	mark := r.runs.mark
	r.runs.mark = 0
	if at.kind != content.Code && isRule(b) {
		return
	}
	r.section().Blocks = append(r.section().Blocks, b)
	r.excerpt.offer(b, mark)
}

// isRule reports whether a block says nothing: it is empty, or a line that the
// author drew to part two texts.
func isRule(b content.Block) bool {
	for _, run := range b.Runs {
		if strings.Trim(run.Text, "=-_*~| \n") != "" {
			return false
		}
	}
	return true
}

// heading begins a section, unless it is the page's first and repeats the
// title: then what stands below it, and its pictures, stay where they are.
func (r *reader) heading(n *ast.Heading) {
	r.sections = append(r.sections, content.Section{Level: n.Level})
	text, id := cutID(r.plain(n))
	if id == "" {
		id = slug(r.rawText(n))
	}
	id = r.anchors.unique(id)
	r.headings++
	if text != "" && (r.headings > 1 || !sameTitle(text, r.Title)) {
		s := r.section()
		s.Heading, s.Anchor = text, id
		return
	}
	images := r.section().Images
	r.sections = r.sections[:len(r.sections)-1]
	r.section().Images = append(r.section().Images, images...)
}

// section returns the section that is being read.
func (r *reader) section() *content.Section { return &r.sections[len(r.sections)-1] }

// body returns what was read.
func (r *reader) body() content.Body {
	sections := r.sections
	if first := sections[0]; len(first.Blocks) == 0 && len(first.Images) == 0 {
		sections = sections[1:]
	}
	return content.Body{Sections: sections, Excerpt: r.excerpt.text()}
}
