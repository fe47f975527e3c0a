package main

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// flowText is a text without quotes inside brackets.
var flowText = regexp.MustCompile(`^[^,\[\]{}]+`)

// flow mends the rest of a line that stands in brackets or quotes.
func (s *slipFinder) flow() {
	begins := s.depth == 0 // whether a value or a name may begin here
	for s.pos < len(s.in) {
		r := s.in[s.pos]
		switch {
		case s.quote != 0:
			s.quotedRune(r)
			continue
		case r == '#' && (s.pos == 0 || s.in[s.pos-1] == ' ') && !hexColor.MatchString(string(s.in[s.pos:])):
			s.copy(len(s.in) - s.pos)
			return
		case r == ' ' || r == '\t':
			s.copy(1)
			continue
		case (r == '"' || r == '\'') && begins:
			s.quote, begins = r, false
		case begins && s.flowSlip():
			begins = false
			continue
		case r == '[' || r == '{':
			s.depth++
			begins = true
		case r == ']' || r == '}':
			s.depth = max(s.depth-1, 0)
			begins = false
		case r == ',':
			begins = true
		case r == ':' && (s.pos+1 == len(s.in) || s.in[s.pos+1] == ' '):
			begins = true
		case (r == '，' || r == '、') && s.depth > 0:
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

// quotedRune passes over one character inside quotes.
func (s *slipFinder) quotedRune(r rune) {
	switch {
	case r == '\\' && s.quote == '"' && s.pos+1 < len(s.in):
		s.copy(1)
	case r == s.quote:
		s.quote = 0
	}
	s.copy(1)
}

// flowSlip mends the name or text that begins here inside brackets, if there is
// a slip in it.
func (s *slipFinder) flowSlip() bool {
	rest := string(s.in[s.pos:])
	if m := wideFlow.FindStringSubmatch(rest); m != nil && s.depth > 0 {
		s.slip(s.pos+utf8.RuneCountInString(m[0])-1, slipColon.with(), slipColonHint.with(m[1]))
		s.out.WriteString(m[1] + ": ")
		s.pos += utf8.RuneCountInString(m[0])
		// What follows is a value, and may have a slip of its own.
		s.spaces()
		s.flowSlip()
		return true
	}
	body := flowText.FindString(rest)
	if s.depth > 0 && template.MatchString(rest) && s.in[max(s.pos-2, 0)] == ':' {
		end := template.FindString(rest)
		body = end + flowText.FindString(rest[len(end):])
	}
	body = strings.TrimRight(body, " \t")
	if body == "" || s.depth == 0 {
		return false
	}
	what := slipAtStart(body)
	if what == nil {
		return false
	}
	s.quoteText(body, what)
	return true
}
