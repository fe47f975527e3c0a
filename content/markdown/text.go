package markdown

import (
	"bytes"
	"unicode/utf8"
)

// maxDelimiters is how many brackets, asterisks and underscores of a paragraph
// may be markup. What a parser does with them grows with their square.
const maxDelimiters = 500

// special are the characters at which something may begin that is not text.
var special = [256]bool{
	'\n': true, '\\': true, '`': true, '<': true, '{': true, ':': true, '.': true, '[': true, '*': true, '_': true,
}

// text prepares what is left of a line.
func (p *preparer) text() {
	start, removed := len(p.out), false
	for p.pos < len(p.src) {
		i := p.pos
		for i < len(p.src) && !special[p.src[i]] {
			i++
		}
		p.out = append(p.out, p.src[p.pos:i]...)
		p.pos = i
		if i == len(p.src) {
			break
		}
		if p.src[i] == '\n' {
			p.pos++
			break
		}
		n, copied := p.markup()
		if n == 0 {
			p.out = append(p.out, p.src[p.pos])
			n, copied = 1, true
		}
		p.pos += n
		removed = removed || !copied
		if removed && len(p.out) == start { // what is left must not look indented
			for p.pos < len(p.src) && (p.src[p.pos] == ' ' || p.src[p.pos] == '\t') {
				p.pos++
			}
		}
	}
	if removed && len(bytes.Trim(p.out[start:], " \t"+lineBreak)) == 0 {
		p.out = p.out[:start]
	}
	p.out = append(p.out, '\n')
}

// markup handles the special character at the position: it writes what stands
// for it and returns how many bytes of the source that was, 0 if the character
// is text, and whether the text is still there.
func (p *preparer) markup() (n int, copied bool) {
	rest := p.src[p.pos:]
	switch {
	case rest[0] == '\\':
		if len(rest) > 1 && rest[1] > ' ' && rest[1] < utf8.RuneSelf {
			p.out = append(p.out, rest[:2]...)
			return 2, true
		}
	case rest[0] == '`':
		n := codeSpan(rest)
		p.out = append(p.out, rest[:n]...)
		return n, true
	case bytes.HasPrefix(rest, []byte("<!--")):
		return p.comment("<!--", "-->"), false
	case rest[0] == '<':
		return p.tag()
	case p.Shortcodes && bytes.HasPrefix(rest, []byte("{{<")):
		return p.comment("{{<", ">}}"), false
	case p.Shortcodes && bytes.HasPrefix(rest, []byte("{{%")):
		return p.comment("{{%", "%}}"), false
	case p.MDX && bytes.HasPrefix(rest, []byte("{/*")):
		return p.comment("{/*", "*/}"), false
	case p.MDX && rest[0] == '{':
		return p.expression(), false
	case rest[0] == ':', rest[0] == '.':
		return p.bareURL(), true
	case rest[0] == '[', rest[0] == '*', rest[0] == '_':
		if p.delimiters++; p.delimiters > maxDelimiters {
			p.out = append(p.out, '\\')
		}
	}
	return 0, true
}

// comment takes out what stands between open and end, and leaves what it says
// to the generator: the truncate marker, or a heading's identifier.
func (p *preparer) comment(open, end string) int {
	start := p.pos + len(open)
	i := p.find(start, end)
	if i < 0 {
		return 0
	}
	p.directive(p.src[start : start+i])
	return len(open) + i + len(end)
}

// find returns where after start the first end is, or -1. It looks in vain for
// one only once.
func (p *preparer) find(start int, end string) int {
	if p.endless[end] {
		return -1
	}
	i := bytes.Index(p.src[start:], []byte(end))
	p.endless[end] = i < 0
	return i
}

// directive writes what a comment says. An identifier in a comment is the way
// of Docusaurus 3.10.
func (p *preparer) directive(comment []byte) {
	words := bytes.Fields(comment)
	if len(words) == 0 {
		return
	}
	switch word := words[0]; {
	case string(word) == "truncate" || string(word) == "more":
		p.out = append(p.out, truncateMark...)
	case word[0] == '#' && p.inHeading():
		p.out = append(p.out, '{')
		p.out = append(p.out, word...)
		p.out = append(p.out, '}')
	}
}

// inHeading reports whether the line that is being written is a heading.
func (p *preparer) inHeading() bool {
	line := p.out[bytes.LastIndexByte(p.out, '\n')+1:]
	return bytes.HasPrefix(bytes.TrimLeft(line, " >"), []byte("#")) ||
		isUnderline(p.src[lineEnd(p.src, p.pos):])
}

// codeSpan returns the length of the code span that rest begins with, or of its
// backticks if it does not end in the paragraph.
func codeSpan(rest []byte) int {
	const longest = 4 << 10 // bytes
	n := len(rest) - len(bytes.TrimLeft(rest, "`"))
	window := rest[n:min(len(rest), n+longest)]
	if i := bytes.Index(window, []byte("\n\n")); i >= 0 {
		window = window[:i]
	}
	for i := 0; ; {
		j := bytes.IndexByte(window[i:], '`')
		if j < 0 {
			return n
		}
		i += j
		run := len(window[i:]) - len(bytes.TrimLeft(window[i:], "`"))
		i += run
		if run == n {
			return n + i
		}
	}
}
