package main

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	// flowText is a text without quotes inside brackets.
	flowText = regexp.MustCompile(`^[^,\[\]{}]+`)
	// flowWide is a name inside brackets with a full-width colon.
	flowWide = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_-]*) *：`)
)

// flow mends the rest of a line that stands in brackets or quotes.
func (s *slipFinder) flow() {
	begins := true // whether a value or a name may begin here
	for s.pos < len(s.in) {
		switch r := s.in[s.pos]; {
		case s.quote() != 0:
			s.quoted(r)
			begins = false
			continue
		case r == '#' && s.after(' ') && !hexColor.MatchString(string(s.in[s.pos:])):
			s.copy(len(s.in) - s.pos)
			return
		case r == ' ' || r == '\t':
		case begins && (r == '"' || r == '\''):
			s.push(r)
		case begins && strings.ContainsRune(wideBrackets, r):
			s.narrow()
			continue
		case begins && len(s.open) > 0 && s.flowSlip():
			begins = false
			continue
		case r == '[' || r == '{':
			s.push(r)
			begins = true
		case r == ']' || r == '}':
			s.closeBracket(r)
			begins = false
		case r == ',' || r == ':' && (s.pos+1 == len(s.in) || s.in[s.pos+1] == ' '):
			begins = true
		case strings.ContainsRune("，、", r) && len(s.open) > 0:
			s.slip(s.pos, slipComma.with(), slipCommaHint.with())
			s.out.WriteString(", ")
			s.pos++
			begins = true
			continue
		default:
			begins = false
		}
		s.copy(1)
	}
}

// after reports whether the character before the position is r.
func (s *slipFinder) after(r rune) bool { return s.pos > 0 && s.in[s.pos-1] == r }

// quoted passes over one character inside quotes.
func (s *slipFinder) quoted(r rune) {
	next := rune(0)
	if s.pos+1 < len(s.in) {
		next = s.in[s.pos+1]
	}
	switch {
	case s.quote() == '"' && r == '\\' && next != 0, s.quote() == '\'' && r == '\'' && next == '\'':
		s.copy(1) // what follows is meant as it stands
	case r == s.quote():
		s.pop()
	}
	s.copy(1)
}

// flowSlip mends the name or text that begins here inside brackets, if there is
// a slip in it.
func (s *slipFinder) flowSlip() bool {
	rest := string(s.in[s.pos:])
	if m := flowWide.FindStringSubmatch(rest); m != nil {
		head := utf8.RuneCountInString(m[0])
		s.slip(s.pos+head-1, slipColon.with(), slipColonHint.with(m[1]))
		s.out.WriteString(m[1] + ":")
		// What follows is a value and may have a slip of its own: read on as if
		// the space stood there.
		s.pos += head - 1
		s.in[s.pos] = ' '
		s.spaces()
		if s.pos < len(s.in) && !strings.ContainsRune(`"'[{`+wideBrackets, s.in[s.pos]) {
			s.flowSlip()
		}
		return true
	}
	body := flowText.FindString(rest)
	if template.MatchString(rest) && strings.HasSuffix(strings.TrimRight(string(s.in[:s.pos]), " "), ":") {
		head := template.FindString(rest)
		body = head + flowText.FindString(rest[len(head):])
	}
	body = strings.TrimRight(body, " \t")
	what := slipAtStart(body)
	if what == nil {
		return false
	}
	s.quoteText(body, what)
	return true
}
