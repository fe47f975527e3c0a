package markdown

import (
	"bytes"
	"unicode/utf8"
)

// What prepare leaves of tags and comments that mean something to the text.
// Both separators are Unicode's own, so they may stand anywhere in a line.
const (
	lineBreak    = "\u2028" // <br/>, or where an element of HTML begins or ends
	truncateMark = "\u2029" // <!-- truncate -->
)

// maxDelimiters is how many brackets, asterisks and underscores of a paragraph
// may be markup. What a parser does with them grows with their square.
const maxDelimiters = 500

// preparer takes out of a page what is code of the site generator, line by
// line and outside of code. It never looks back, and each search for an end
// that is not there is made once, so that its work grows with the page only.
type preparer struct {
	Options
	src []byte
	pos int
	out []byte

	fence  fence
	unwrap fence // of an mdx-code-block: what is in it is text
	indent indent
	// fresh is whether the line before was empty, or there is none.
	fresh bool
	// html is whether the line belongs to an HTML block, where indentation means
	// nothing.
	html bool
	// delimiters counts what may begin a link or emphasis in the paragraph.
	delimiters int
	// Before these positions a search for an end is known to fail.
	openBrace, openESM, openComment, openElement int
}

// prepare returns the page as plain CommonMark, with line and paragraph
// separators (U+2028, U+2029) for line breaks and the truncate marker.
func prepare(src []byte, o Options) []byte {
	src = replace(src, "\r\n", "\n")
	src = replace(src, lineBreak, " ")
	src = replace(src, truncateMark, " ")
	p := preparer{Options: o, src: src, out: make([]byte, 0, len(src)+len(src)/8), fresh: true}
	for p.pos < len(p.src) {
		p.line()
	}
	return p.out
}

// replace is bytes.ReplaceAll without a copy when there is nothing to replace.
func replace(s []byte, old, with string) []byte {
	if !bytes.Contains(s, []byte(old)) {
		return s
	}
	return bytes.ReplaceAll(s, []byte(old), []byte(with))
}

// line prepares one line, and further ones if something that is taken out goes
// on over them.
func (p *preparer) line() {
	line := p.src[p.pos:lineEnd(p.src, p.pos)]
	trimmed := bytes.TrimLeft(line, " \t")
	if p.fence.size > 0 {
		p.code(line)
		return
	}
	if len(bytes.TrimSpace(trimmed)) == 0 {
		p.fresh, p.html, p.delimiters = true, false, 0
		p.out = append(p.out, '\n')
		p.pos += len(line)
		return
	}
	if p.MDX && p.fresh && isESM(line) {
		p.pos = p.endOfESM()
		return
	}
	fresh := p.fresh
	p.fresh = false
	column, inList := p.indent.line(line, fresh)
	if !p.MDX && column >= 4 && !inList && !p.html {
		p.fresh = fresh // indented code goes on after an empty line and after itself
		p.out = append(p.out, line...)
		p.pos += len(line)
		return
	}
	if trimmed[0] == '<' {
		p.html = true
	}
	p.start(line, trimmed)
}

// start writes the containers that a line begins with, and then what is in
// them.
func (p *preparer) start(line, trimmed []byte) {
	if p.MDX {
		line = dedent(line, p.indent.base)
	} else if p.html {
		line = trimmed
	}
	markers := containers(line)
	content := line[markers:]
	if p.unwrap.size > 0 && p.unwrap.closes(content) {
		p.unwrap = fence{}
		p.pos = lineEnd(p.src, p.pos)
		return
	}
	if f := openFence(content); f.size > 0 {
		p.pos = lineEnd(p.src, p.pos)
		if p.MDX && f.info == "mdx-code-block" {
			p.unwrap = f
			return
		}
		f.base, f.column, f.quoted = p.indent.base, markers, trimmed[0] == '>'
		p.fence = f
		p.out = append(p.out, line...)
		return
	}
	if len(bytes.TrimSpace(line[:markers])) > 0 || len(content) > 0 && (content[0] == '|' || content[0] == '#') {
		p.delimiters = 0 // another paragraph
	}
	p.out = appendContainers(p.out, line[:markers])
	p.pos = lineEnd(p.src, p.pos) - len(content)
	p.text()
}

// code copies a line of a fenced block.
func (p *preparer) code(line []byte) {
	f := &p.fence
	if f.quoted && !bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte(">")) {
		f.size = 0 // the quote ended and its code with it
		return
	}
	p.pos += len(line)
	if p.MDX {
		line = dedent(line, f.base)
	}
	p.out = append(p.out, line...)
	if f.closes(line) {
		f.size = 0
	}
}

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
		n := p.markup()
		if n == 0 {
			p.out = append(p.out, p.src[p.pos])
			n = 1
		} else if n > 0 {
			removed = true
		}
		p.pos += max(n, -n)
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
// for it and returns how many bytes it took, negative if it only copied them,
// 0 if the character is text.
func (p *preparer) markup() int {
	rest := p.src[p.pos:]
	switch {
	case rest[0] == '\\':
		if len(rest) > 1 && rest[1] > ' ' && rest[1] < utf8.RuneSelf {
			p.out = append(p.out, rest[:2]...)
			return -2
		}
	case rest[0] == '`':
		n := codeSpan(rest)
		p.out = append(p.out, rest[:n]...)
		return -n
	case bytes.HasPrefix(rest, []byte("<!--")):
		return p.comment("<!--", "-->")
	case rest[0] == '<':
		return p.tag()
	case p.Shortcodes && bytes.HasPrefix(rest, []byte("{{<")):
		return p.comment("{{<", ">}}")
	case p.Shortcodes && bytes.HasPrefix(rest, []byte("{{%")):
		return p.comment("{{%", "%}}")
	case rest[0] == '{' && p.MDX:
		return p.expression()
	case rest[0] == ':', rest[0] == '.':
		return -p.bareURL()
	case rest[0] == '[', rest[0] == '*', rest[0] == '_':
		if p.delimiters++; p.delimiters > maxDelimiters {
			p.out = append(p.out, '\\')
		}
	}
	return 0
}

// comment takes out what stands between open and end, and leaves what it says
// to the generator: the truncate marker, or a heading's identifier.
func (p *preparer) comment(open, end string) int {
	if p.openComment > p.pos {
		return 0
	}
	i := bytes.Index(p.src[p.pos+len(open):], []byte(end))
	if i < 0 {
		p.openComment = len(p.src)
		return 0
	}
	p.directive(p.src[p.pos+len(open) : p.pos+len(open)+i])
	return len(open) + i + len(end)
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

// lineEnd returns the position after the line that pos is in.
func lineEnd(s []byte, pos int) int {
	if i := bytes.IndexByte(s[pos:], '\n'); i >= 0 {
		return pos + i + 1
	}
	return len(s)
}

func isUnderline(s []byte) bool {
	s = bytes.TrimSpace(s[:lineEnd(s, 0)])
	return len(s) > 0 && (len(bytes.Trim(s, "=")) == 0 || len(bytes.Trim(s, "-")) == 0)
}
