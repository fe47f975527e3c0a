package console

import (
	"strings"

	"github.com/rivo/uniseg"
)

// wrap breaks a line where Unicode allows it (UAX #14, so Chinese breaks
// between characters but never before a full stop) so that no part is wider
// than width columns. Parts after the first are indented like the first.
// Escape sequences take no room and are never broken. A width of 0 or less
// breaks nowhere.
func wrap(line string, width int) []string {
	if width <= 0 || columns(line) <= width {
		return []string{line}
	}
	indent := hanging(line, width)
	var parts []string
	var current strings.Builder
	used := 0
	for _, word := range words(line) {
		w := columns(strings.TrimRight(word, " "))
		if used > 0 && used+w > width {
			parts = append(parts, strings.TrimRight(current.String(), " "))
			current.Reset()
			current.WriteString(indent)
			used = len(indent)
		}
		current.WriteString(word)
		used += columns(word)
	}
	return append(parts, strings.TrimRight(current.String(), " "))
}

// hanging is the indentation of the parts after the first: that of the words
// behind a list item's mark.
func hanging(line string, width int) string {
	indent := len(line) - len(strings.TrimLeft(line, " "))
	if strings.HasPrefix(line[indent:], "• ") || strings.HasPrefix(line[indent:], "│ ") {
		indent += 2
	}
	if indent > width/2 {
		indent = 0
	}
	return strings.Repeat(" ", indent)
}

// words cuts a line at the places where it may be broken.
func words(line string) []string {
	var parts []string
	var pending strings.Builder // escape sequences, which stick to what follows
	for _, piece := range escapes(line) {
		if strings.HasPrefix(piece, "\x1b") {
			pending.WriteString(piece)
			continue
		}
		state := -1
		for len(piece) > 0 {
			var segment string
			segment, piece, _, state = uniseg.FirstLineSegmentInString(piece, state)
			parts = append(parts, pending.String()+segment)
			pending.Reset()
		}
	}
	if pending.Len() > 0 {
		parts = append(parts, pending.String())
	}
	return parts
}

// columns is the width of a line on a terminal.
func columns(line string) int {
	width := 0
	for _, piece := range escapes(line) {
		if !strings.HasPrefix(piece, "\x1b") {
			width += uniseg.StringWidth(piece)
		}
	}
	return width
}

// escapes separates the escape sequences that this package writes (CSI … m,
// OSC … ST) from the text between them.
func escapes(line string) []string {
	var pieces []string
	for line != "" {
		start := strings.IndexByte(line, '\x1b')
		if start < 0 {
			return append(pieces, line)
		}
		if start > 0 {
			pieces = append(pieces, line[:start])
			line = line[start:]
		}
		end := escapeEnd(line)
		pieces = append(pieces, line[:end])
		line = line[end:]
	}
	return pieces
}

func escapeEnd(s string) int {
	if strings.HasPrefix(s, "\x1b]") {
		if i := strings.Index(s, "\x1b\\"); i >= 0 {
			return i + 2
		}
		return len(s)
	}
	if i := strings.IndexByte(s, 'm'); i >= 0 {
		return i + 1
	}
	return len(s)
}
