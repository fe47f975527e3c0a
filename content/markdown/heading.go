package markdown

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"

	"cloudnative.tw/herald/content"
)

// maxPreface is how far Heading looks for the first content of a page, in
// bytes: imports and comments may stand before it.
const maxPreface = 16 << 10

// Heading returns the plain text of a page's heading of the first level, if
// that is its first content: the title of a page whose front matter has none.
// It reads no further than it has to.
func Heading(source []byte, o Options) (string, bool) {
	line := preface(source)
	if words, ok := bytes.CutPrefix(line, []byte("# ")); ok && len(line) <= maxPreface {
		if title := strings.TrimSpace(string(words)); isPlain(title) {
			return title, title != ""
		}
	}
	return heading(line, o)
}

// isPlain reports whether s has nothing that could be markup: letters and numbers,
// with single spaces and the punctuation of other scripts than Latin between.
func isPlain(s string) bool {
	before := rune(0)
	for _, r := range s {
		switch {
		case unicode.IsLetter(r), unicode.IsNumber(r):
		case r == ' ' && before != ' ':
		case r > unicode.MaxLatin1 && unicode.IsPunct(r):
		default:
			return false
		}
		before = r
	}
	return true
}

func heading(source []byte, o Options) (string, bool) {
	lines := firstLines(bound(source, maxPreface), 2, o) // the second may be the underline of the first
	h, ok := parse(lines, o).FirstChild().(*ast.Heading)
	if !ok || h.Level != 1 {
		return "", false
	}
	r := reader{source: lines, sections: make([]content.Section, 1)}
	title, _ := cutID(r.plain(h))
	return title, title != ""
}

// preface returns the beginning of a page that tells its heading: most often the
// first line, of which nothing that comes after can make something else.
func preface(source []byte) []byte {
	line := bytes.TrimLeft(source, "\n")
	line = line[:lineEnd(line, 0)]
	if bytes.HasPrefix(line, []byte("# ")) && !bytes.ContainsAny(line, "<{") { // no tag, comment or code
		return line
	}
	return source
}

// firstLines returns the first n lines from the first content on, as prepare
// leaves them.
func firstLines(source []byte, n int, o Options) []byte {
	p := newPreparer(source, o)
	for {
		lines := bytes.TrimLeft(p.out, " \n"+lineBreak+truncateMark)
		if end := endOfLines(lines, n); end > 0 {
			return lines[:end]
		}
		if p.pos >= len(p.src) {
			return lines
		}
		p.line()
	}
}

// endOfLines returns where the nth line of s ends, 0 if it does not.
func endOfLines(s []byte, n int) int {
	end := 0
	for ; n > 0; n-- {
		i := bytes.IndexByte(s[end:], '\n')
		if i < 0 {
			return 0
		}
		end += i + 1
	}
	return end
}
