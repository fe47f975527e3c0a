package markdown

import (
	"bytes"
	"regexp"
	"strings"
)

// esm is the beginning of an import or export of ECMAScript. A sentence that
// begins with the word "import" is none.
var esm = regexp.MustCompile(`^(?:import\s*(?:["'{*]|[\w$]+\s*(?:,|from\b))|export\s*(?:[{*]|(?:default|const|let|var|function|class|async)\b))`)

func isESM(line []byte) bool {
	return (line[0] == 'i' || line[0] == 'e') && esm.Match(line)
}

// endOfESM returns where the statement at the position ends: at the end of a
// line outside of all brackets, unless the statement plainly goes on.
func (p *preparer) endOfESM() int {
	end := lineEnd(p.src, p.pos)
	if p.endless["export"] {
		return end
	}
	depth := 0
	for pos := p.pos; pos < len(p.src); {
		next := lineEnd(p.src, pos)
		line := p.src[pos:next]
		depth += brackets(line)
		pos = next
		if depth <= 0 && !goesOn(line, p.src[pos:]) {
			return pos
		}
	}
	if depth <= 0 {
		return len(p.src)
	}
	p.endless["export"] = true
	return end
}

// brackets returns how many more brackets the line opens than it closes,
// outside of strings.
func brackets(line []byte) int {
	depth, quote := 0, byte(0)
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth--
		}
	}
	return depth
}

// goesOn reports whether a statement goes on after line with what follows.
func goesOn(line, rest []byte) bool {
	line = bytes.TrimSpace(line)
	next := rest[:lineEnd(rest, 0)]
	if len(bytes.TrimSpace(next)) == 0 {
		return false
	}
	return strings.IndexByte(" \t.)]}", next[0]) >= 0 ||
		bytes.HasSuffix(line, []byte("from")) ||
		len(line) > 0 && strings.IndexByte("=,([{+?&|", line[len(line)-1]) >= 0
}

// expression takes out the {expression} at the position, except what a reader
// sees of it: a string. It returns its length, 0 if it does not end.
func (p *preparer) expression() int {
	rest := p.src[p.pos:]
	if p.endless["}"] || bytes.HasPrefix(rest, []byte("{#")) && p.inHeading() {
		return 0
	}
	n := braces(rest)
	if n == 0 {
		p.endless["}"] = true
		return 0
	}
	if inner := bytes.TrimSpace(rest[1 : n-1]); isString(inner) {
		p.out = append(p.out, inner[1:len(inner)-1]...)
	}
	return n
}

// braces returns the length of the text from the brace that s begins with to
// its partner, or 0 if there is none.
func braces(s []byte) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"', '\'', '`':
			i += stringLength(s[i:]) - 1
		case '/':
			if i+1 < len(s) && s[i+1] == '*' {
				end := bytes.Index(s[i+2:], []byte("*/"))
				if end < 0 {
					return 0
				}
				i += end + 3
			}
		}
	}
	return 0
}

// stringLength returns the length of the string that s begins with, or 1 if its
// quote is only an apostrophe: one that ends on its line only a ` may not.
func stringLength(s []byte) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0]:
			return i + 1
		case '\n':
			if s[0] != '`' {
				return 1
			}
		}
	}
	return 1
}

func isString(s []byte) bool {
	return len(s) >= 2 && (s[0] == '"' || s[0] == '\'' || s[0] == '`') &&
		stringLength(s) == len(s) && !bytes.Contains(s, []byte("\n"))
}
