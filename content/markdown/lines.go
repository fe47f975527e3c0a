package markdown

import (
	"bytes"
	"strings"
)

const (
	// maxNesting is how many quotes and lists one line may open. Real pages have
	// three or four.
	maxNesting = 16
	// maxIndent is how many columns of indentation count.
	maxIndent = 4 * maxNesting
)

// fence is a fenced code block that is open; its zero value is none.
type fence struct {
	char byte
	size int
	info string
	// base is the indentation that MDX makes nothing of.
	base   int
	column int  // of the opening fence
	quoted bool // opened in a quote
}

func openFence(line []byte) fence {
	line = bytes.TrimSpace(line)
	if len(line) < 3 || line[0] != '`' && line[0] != '~' {
		return fence{}
	}
	info := bytes.TrimLeft(line, string(line[0]))
	size := len(line) - len(info)
	if size < 3 || line[0] == '`' && bytes.IndexByte(info, '`') >= 0 {
		return fence{}
	}
	word, _, _ := strings.Cut(strings.TrimSpace(string(info)), " ")
	return fence{char: line[0], size: size, info: word}
}

// closes reports whether line ends the block. A fence that is indented by four
// columns more is code.
func (f fence) closes(line []byte) bool {
	content := bytes.TrimLeft(line, " \t>")
	column := len(line) - len(content)
	content = bytes.TrimRight(content, " \t\n")
	return column < f.column+4 && len(content) >= f.size && len(bytes.Trim(content, string(f.char))) == 0
}

// indent follows the indentation of lines, to tell a list's from what MDX makes
// nothing of.
type indent struct {
	// base is the column at which the text or the list around the line begins.
	base   int
	inList bool
}

// line takes a line that is not empty, and returns its column and whether it
// belongs to a list.
func (in *indent) line(line []byte, afterEmpty bool) (column int, inList bool) {
	column = columns(line)
	item := listMarker(bytes.TrimLeft(line, " \t")) > 0
	if in.inList && column <= in.base && !item && afterEmpty || bytes.HasPrefix(line, []byte("#")) {
		in.inList = false
	}
	inList = in.inList
	if !in.inList || column < in.base {
		in.base = column
	}
	in.inList = in.inList || item
	return column, inList
}

func columns(line []byte) int {
	n := 0
	for _, c := range line {
		switch c {
		case ' ':
			n++
		case '\t':
			n += 4 - n%4
		default:
			return n
		}
	}
	return n
}

// dedent returns line with n columns less of indentation, and never with more
// than maxIndent.
func dedent(line []byte, n int) []byte {
	have := columns(line)
	want := min(max(have-n, 0), maxIndent)
	if want == have {
		return line
	}
	return append(bytes.Repeat([]byte(" "), want), bytes.TrimLeft(line, " \t")...)
}

// containers returns the length of the markers of quotes and list items that
// line begins with, with the space around them.
func containers(line []byte) int {
	pos := 0
	for {
		at := pos + len(line[pos:]) - len(bytes.TrimLeft(line[pos:], " \t"))
		switch n := listMarker(line[at:]); {
		case n > 0:
			pos = at + n
		case at < len(line) && line[at] == '>':
			pos = at + 1
		default:
			return at
		}
	}
}

// appendContainers copies containers, the first maxNesting of them.
func appendContainers(out, markers []byte) []byte {
	if len(markers) <= maxNesting { // most lines
		return append(out, markers...)
	}
	n := 0
	for i, c := range markers {
		if c != ' ' && c != '\t' && (c < '0' || c > '9') {
			if n++; n == maxNesting {
				return append(append(out, markers[:i+1]...), ' ')
			}
		}
	}
	return append(out, markers...)
}

// listMarker returns the length of the list marker that s begins with, without
// the space after it, or 0.
func listMarker(s []byte) int {
	n := 0
	for n < len(s) && n < 9 && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	switch {
	case n == len(s):
		return 0
	case n > 0 && s[n] != '.' && s[n] != ')':
		return 0
	case n == 0 && s[0] != '-' && s[0] != '*' && s[0] != '+':
		return 0
	}
	n++
	if n == len(s) || s[n] == ' ' || s[n] == '\t' || s[n] == '\n' {
		return n
	}
	return 0
}

// lineEnd returns the position after the line that pos is in.
func lineEnd(s []byte, pos int) int {
	if i := bytes.IndexByte(s[pos:], '\n'); i >= 0 {
		return pos + i + 1
	}
	return len(s)
}

// isUnderline reports whether the first line of s makes a heading of the line
// above it.
func isUnderline(s []byte) bool {
	s = bytes.TrimSpace(s[:lineEnd(s, 0)])
	return len(s) > 0 && (len(bytes.Trim(s, "=")) == 0 || len(bytes.Trim(s, "-")) == 0)
}
