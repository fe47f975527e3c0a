package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// kindAdmonition is the kind of an admonition's node.
var kindAdmonition = ast.NewNodeKind("Admonition")

// admonition is a container that begins with ":::kind[Title]" or ":::kind
// Title" and ends with as many colons or more. Its first child is a paragraph
// of the title if it has one.
// https://docusaurus.io/docs/markdown-features/admonitions
type admonition struct {
	ast.BaseBlock
	colons int
	title  ast.Node
	closed bool
}

func (a *admonition) Kind() ast.NodeKind { return kindAdmonition }

func (a *admonition) Dump(source []byte, level int) { ast.DumpHelper(a, source, level, nil, nil) }

// admonitionParser is a goldmark block parser.
type admonitionParser struct{}

func (admonitionParser) Trigger() []byte { return []byte{':'} }

func (admonitionParser) Open(parent ast.Node, reader text.Reader, _ parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	colons, rest := cutColons(line)
	if colons < 3 || len(rest) == 0 || !isLetter(rest[0]) || isDeep(parent) {
		return nil, parser.NoChildren
	}
	a := &admonition{colons: colons}
	start, end := titleOf(rest)
	if start < end {
		offset := segment.Start + len(line) - len(rest)
		a.title = ast.NewParagraph()
		a.title.Lines().Append(text.NewSegment(offset+start, offset+end))
		a.AppendChild(a, a.title)
	}
	reader.AdvanceToEOL()
	return a, parser.HasChildren
}

func (admonitionParser) Continue(n ast.Node, reader text.Reader, _ parser.Context) parser.State {
	a := n.(*admonition)
	if a.closed {
		return parser.Close
	}
	line, _ := reader.PeekLine()
	if colons, rest := cutColons(line); colons >= a.colons && len(bytes.TrimSpace(rest)) == 0 {
		// The line of the end belongs to the container, so it is the line after
		// it that closes.
		a.closed = true
		reader.AdvanceToEOL()
		return parser.Continue | parser.NoChildren
	}
	return parser.Continue | parser.HasChildren
}

func (admonitionParser) Close(ast.Node, text.Reader, parser.Context) {}

func (admonitionParser) CanInterruptParagraph() bool { return true }

func (admonitionParser) CanAcceptIndentedLine() bool { return true }

// isDeep reports whether n stands in maxNesting containers or more.
func isDeep(n ast.Node) bool {
	depth := 0
	for ; n != nil && depth < maxNesting; n = n.Parent() {
		depth++
	}
	return depth == maxNesting
}

// cutColons returns how many colons the line begins with, and what follows.
func cutColons(line []byte) (n int, rest []byte) {
	line = bytes.TrimLeft(line, " \t")
	rest = bytes.TrimLeft(line, ":")
	return len(line) - len(rest), rest
}

// titleOf returns where in "kind[Title]{attributes}" or "kind Title" the title
// stands.
func titleOf(s []byte) (start, end int) {
	for start < len(s) && (isLetter(s[start]) || s[start] == '-') {
		start++
	}
	end = len(bytes.TrimRight(s, " \t\n"))
	if start < end && s[start] == '[' {
		if i := bytes.LastIndexByte(s[:end], ']'); i > start {
			return start + 1, i
		}
	}
	for start < end && (s[start] == ' ' || s[start] == '\t') {
		start++
	}
	return start, end
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
