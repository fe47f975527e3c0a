package bot

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// ParseText reads the Markdown dialect in which moderators write: **bold**,
// *italic*, `code`, [words](address), <address>, lists, "> " quotes and
// backslash escapes. A line break is a line break, an empty line an empty line.
// Headings, HTML, pictures and everything else of Markdown are plain words, and
// so is a link to anything but http, https and mailto. Every string is valid.
func ParseText(markdown string) Text {
	source := []byte(strings.ToValidUTF8(markdown, "\uFFFD"))
	var w dialectWriter
	w.blocks(dialect().Parse(text.NewReader(source)), source, 0)
	return trimLines(w.text)
}

// dialect returns a goldmark parser that knows only what ParseText promises.
func dialect() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(starParser{}, 500),
		),
	)
}

// dialectWriter turns goldmark's tree into spans.
type dialectWriter struct {
	text  Text
	style Style
	url   string
}

func (w *dialectWriter) blocks(parent ast.Node, source []byte, depth int) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.List:
			w.separate(n)
			w.list(n, source, depth)
		case *ast.Blockquote:
			w.separate(n)
			w.quote(n, source)
		default:
			w.separate(n)
			w.inlines(n, source)
			w.line()
		}
	}
}

// separate keeps the empty line that stood before a block.
func (w *dialectWriter) separate(n ast.Node) {
	if n.PreviousSibling() != nil && n.HasBlankPreviousLines() {
		w.line()
	}
}

func (w *dialectWriter) list(list *ast.List, source []byte, depth int) {
	number := list.Start
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		span := Span{Kind: Item, Depth: depth}
		if list.IsOrdered() {
			span.Number = max(number, 1)
			number++
		}
		w.text = append(w.text, span)
		if item.FirstChild() == nil {
			w.line()
		}
		w.blocks(item, source, depth+1)
	}
}

func (w *dialectWriter) quote(quote ast.Node, source []byte) {
	inner := dialectWriter{style: w.style}
	inner.blocks(quote, source, 0)
	quoted := trimLines(inner.text)
	for len(quoted) > 0 {
		end := lineEnd(quoted)
		w.text = append(w.text, Span{Kind: Quote})
		w.text = append(w.text, quoted[:end]...)
		w.line()
		quoted = quoted[min(end+1, len(quoted)):]
	}
}

func (w *dialectWriter) inlines(parent ast.Node, source []byte) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			w.words(string(util.UnescapePunctuations(n.Segment.Value(source))))
			if n.SoftLineBreak() || n.HardLineBreak() {
				w.line()
			}
		case *ast.CodeSpan:
			w.styled(Code, func() { w.rawInlines(n, source) })
		case *ast.Emphasis:
			style := Italic
			if n.Level == 2 {
				style = Bold
			}
			w.styled(style, func() { w.inlines(n, source) })
		case *ast.Link:
			w.linked(string(n.Destination), func() { w.inlines(n, source) })
		case *ast.Image: // pictures cannot stand in a line: their words can
			w.inlines(n, source)
		case *ast.AutoLink:
			w.autoLink(n, source)
		}
	}
}

// rawInlines writes the text of a code span, in which nothing is escaped.
func (w *dialectWriter) rawInlines(parent ast.Node, source []byte) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if t, ok := n.(*ast.Text); ok {
			w.words(strings.ReplaceAll(string(t.Segment.Value(source)), "\n", " "))
		}
	}
}

func (w *dialectWriter) autoLink(n *ast.AutoLink, source []byte) {
	label := string(n.Label(source))
	if n.AutoLinkType == ast.AutoLinkEmail {
		w.linked("mailto:"+label, func() { w.words(label) })
		return
	}
	if !linkable(label) {
		w.words("<" + label + ">")
		return
	}
	w.text = append(w.text, Span{Kind: Link, Style: w.style, URL: label})
}

func (w *dialectWriter) styled(style Style, write func()) {
	before := w.style
	w.style |= style
	write()
	w.style = before
}

func (w *dialectWriter) linked(dest string, write func()) {
	before := w.url
	if linkable(dest) {
		w.url = dest
	}
	write()
	w.url = before
}

func (w *dialectWriter) words(s string) {
	if s == "" {
		return
	}
	span := Span{Style: w.style, Text: s}
	if w.url != "" {
		span.Kind, span.URL = Link, w.url
	}
	if last := len(w.text) - 1; last >= 0 && mergeable(w.text[last], span) {
		w.text[last].Text += s
		return
	}
	w.text = append(w.text, span)
}

func (w *dialectWriter) line() { w.text = append(w.text, Span{Kind: Line}) }

func mergeable(a, b Span) bool {
	return a.Kind == b.Kind && a.Style == b.Style && a.URL == b.URL &&
		(a.Kind == Words || a.Kind == Link && a.Text != "")
}

// linkable reports whether an address may be followed from a chat.
func linkable(dest string) bool {
	u, err := url.Parse(dest)
	if err != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return u.Opaque != ""
	}
	return false
}

// trimLines takes empty lines off both ends.
func trimLines(t Text) Text {
	for len(t) > 0 && t[0].Kind == Line {
		t = t[1:]
	}
	for len(t) > 0 && t[len(t)-1].Kind == Line {
		t = t[:len(t)-1]
	}
	return t
}

// lineEnd returns the index of the first Line span, or len(t).
func lineEnd(t Text) int {
	for i, s := range t {
		if s.Kind == Line {
			return i
		}
	}
	return len(t)
}

// starParser reads * and ** without CommonMark's rule about punctuation beside
// them. By that rule (https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run)
// "**注意：**請" is not bold, because Chinese puts no space after its punctuation.
type starParser struct{}

// Trigger implements parser.InlineParser.
func (starParser) Trigger() []byte { return []byte{'*'} }

// Parse implements parser.InlineParser.
func (starParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	node := parser.ScanDelimiter(line, before, 1, starDelimiters{})
	if node == nil {
		return nil
	}
	after := ' '
	if rest := line[node.OriginalLength:]; len(rest) > 0 {
		after = []rune(string(rest[:min(4, len(rest))]))[0]
	}
	node.CanOpen = !unicode.IsSpace(after)
	node.CanClose = !unicode.IsSpace(before)
	node.Segment = segment.WithStop(segment.Start + node.OriginalLength)
	block.Advance(node.OriginalLength)
	pc.PushDelimiter(node)
	return node
}

type starDelimiters struct{}

// IsDelimiter implements parser.DelimiterProcessor.
func (starDelimiters) IsDelimiter(b byte) bool { return b == '*' }

// CanOpenCloser implements parser.DelimiterProcessor.
func (starDelimiters) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

// OnMatch implements parser.DelimiterProcessor.
func (starDelimiters) OnMatch(consumes int) ast.Node { return ast.NewEmphasis(consumes) }
