package markdown

import (
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// emphasisParser is goldmark's, but "*" also opens and closes beside Chinese
// and Japanese, which is written without spaces: by CommonMark alone
// "**「雲端」**社群" shows its asterisks.
// https://github.com/tats-u/markdown-cjk-friendly/blob/main/specification.md
type emphasisParser struct{}

func (emphasisParser) Trigger() []byte { return []byte{'*', '_'} }

func (emphasisParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	d := parser.ScanDelimiter(line, before, 1, emphasis{})
	if d == nil {
		return nil
	}
	if d.Char == '*' {
		after, _ := utf8.DecodeRune(line[d.OriginalLength:])
		d.CanOpen = d.CanOpen || !unicode.IsSpace(after) && (isCJK(before) || isCJK(after))
		d.CanClose = d.CanClose || !unicode.IsSpace(before) && (isCJK(before) || isCJK(after))
	}
	d.Segment = segment.WithStop(segment.Start + d.OriginalLength)
	block.Advance(d.OriginalLength)
	pc.PushDelimiter(d)
	return d
}

// emphasis is a goldmark delimiter processor.
type emphasis struct{}

func (emphasis) IsDelimiter(c byte) bool { return c == '*' || c == '_' }

func (emphasis) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

func (emphasis) OnMatch(n int) ast.Node { return ast.NewEmphasis(n) }
