package markdown

import "bytes"

// What prepare leaves of tags and comments that mean something to the text.
// Both separators are Unicode's own, so they may stand anywhere in a line.
const (
	lineBreak    = "\u2028" // <br/>, or where an element of HTML begins or ends
	truncateMark = "\u2029" // <!-- truncate -->
)

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
	// endless are the ends of which the rest of the page is known to have none.
	endless map[string]bool
}

// prepare returns the page as plain CommonMark, with line and paragraph
// separators (U+2028, U+2029) for line breaks and the truncate marker.
func prepare(src []byte, o Options) []byte {
	p := newPreparer(src, o)
	for p.pos < len(p.src) {
		p.line()
	}
	return p.out
}

func newPreparer(src []byte, o Options) *preparer {
	src = replace(src, "\r\n", "\n")
	src = replace(src, lineBreak, " ")
	src = replace(src, truncateMark, " ")
	return &preparer{
		Options: o, src: src, out: make([]byte, 0, len(src)+len(src)/8),
		fresh: true, endless: make(map[string]bool),
	}
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
	if !p.MDX && fresh && column >= 4 && !inList && !p.html {
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
