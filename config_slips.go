package main

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"cloudnative.tw/herald/bot"
)

// findSlips looks at the lines of a config for the slips of the pen that YAML
// punishes with an error far away, or with silence. It returns them and the text
// with each of them mended, line for line, so that the rest can be read. It is
// asked only about texts in which something is wrong, and may guess.
func findSlips(source string) (slips []Diagnostic, mended string) {
	s := slipFinder{block: -1}
	lines := strings.Split(source, "\n")
	for i, line := range lines {
		s.line = i + 1
		lines[i] = s.mend(line)
	}
	return s.found, strings.Join(lines, "\n")
}

type slipFinder struct {
	found []Diagnostic
	line  int
	// block is the indentation of the key whose text block ("|") we are in, or -1.
	block int
	// depth counts the brackets that are open, quote is the quote that is.
	depth int
	quote rune

	in  []rune
	pos int
	out strings.Builder
}

func (s *slipFinder) slip(column int, what, hint bot.Texts) {
	s.found = append(s.found, Diagnostic{Line: s.line, Column: column + 1, What: what, Hint: hint})
}

var (
	blockStart = regexp.MustCompile(`[:-]\s+[|>][-+0-9]*\s*(#.*)?$`)
	// keyStart is the name of a setting at the beginning of a line, after the
	// dashes of a list, with its colon.
	keyStart = regexp.MustCompile(`^(?:- +)*(?:[^\s"'#\[\]{}，：:@*!&%` + "`" + `][^"'#\[\]{}，：:]*|"[^"]*"|'[^']*')(?::(?:\s|$))`)
	wideKey  = regexp.MustCompile(`^(?:- +)*([A-Za-z][A-Za-z0-9_-]*) *：`)
	wideFlow = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_-]*) *：`)
	hexColor = regexp.MustCompile(`^#[0-9A-Fa-f]{3,8}\b`)
	template = regexp.MustCompile(`^\{ *[a-z_]+ *\}`)
	dashes   = regexp.MustCompile(`^(?:- +)+`)
)

// mend returns the line without its slips.
func (s *slipFinder) mend(line string) string {
	indent := len(line) - len(strings.TrimLeft(line, " \t"))
	rest := line[indent:]
	if s.block >= 0 && (rest == "" || indent > s.block) {
		return line
	}
	s.block = -1
	if rest == "" || rest[0] == '#' {
		return line
	}
	s.in, s.pos = []rune(line), 0
	s.out.Reset()
	if s.depth > 0 || s.quote != 0 {
		s.flow()
		return s.out.String()
	}
	if blockStart.MatchString(line) {
		s.block = indent
	}
	if strings.Contains(line[:indent], "\t") {
		s.slip(strings.Index(line, "\t"), slipTab.with(), slipTabHint.with())
	}
	s.out.WriteString(strings.ReplaceAll(line[:indent], "\t", "  "))
	s.pos = indent
	s.key(rest)
	return s.out.String()
}

// key passes over the name at the beginning of a line and mends its colon.
func (s *slipFinder) key(rest string) {
	if m := wideKey.FindStringSubmatch(rest); m != nil {
		head := utf8.RuneCountInString(m[0])
		s.slip(s.pos+head-1, slipColon.with(), slipColonHint.with(m[1]))
		s.out.WriteString(strings.TrimRight(strings.TrimSuffix(m[0], "："), " ") + ": ")
		s.pos += head
	} else if m := keyStart.FindString(rest); m != "" {
		s.copy(utf8.RuneCountInString(m))
	} else if m := dashes.FindString(rest); m != "" {
		s.copy(len(m))
	}
	s.spaces()
	s.value()
}

// copy passes n characters on as they are.
func (s *slipFinder) copy(n int) {
	s.out.WriteString(string(s.in[s.pos : s.pos+n]))
	s.pos += n
}

func (s *slipFinder) spaces() {
	for s.pos < len(s.in) && (s.in[s.pos] == ' ' || s.in[s.pos] == '\t') {
		s.copy(1)
	}
}

// value mends the value that ends a line outside of all brackets.
func (s *slipFinder) value() {
	rest := string(s.in[s.pos:])
	if rest == "" {
		return
	}
	if strings.ContainsAny(rest[:1], `"'`) || s.opensFlow(rest) {
		s.flow()
		return
	}
	body := rest
	if at := strings.Index(rest, " #"); at >= 0 {
		body = rest[:at]
	}
	body = strings.TrimRight(body, " \t")
	if what := slipAtStart(body); what != nil {
		s.quoteText(body, what)
	} else if strings.Contains(body, ": ") && !strings.ContainsAny(body[:1], "#|>") {
		s.quoteText(body, slipColonSpace.with())
	}
	s.copy(len(s.in) - s.pos)
}

// opensFlow reports whether rest begins with the bracket of a list or of
// settings. A template's brace does not: it begins a text.
func (s *slipFinder) opensFlow(rest string) bool {
	return rest[0] == '[' || rest[0] == '{' && !template.MatchString(rest)
}

// quoteText reports what is wrong with the text that stands next and writes it
// in quotes.
func (s *slipFinder) quoteText(body string, what bot.Texts) {
	hint := putInQuotes.with(shown(body))
	if r, _ := utf8.DecodeRuneInString(body); strings.ContainsRune("“”‘’＂＇", r) {
		hint = slipCurlyHint.with()
	} else if strings.ContainsRune("［｛【", r) {
		hint = slipBrackHint.with()
	} else if strings.Contains(body, `"`) {
		hint = quoteWhole.with()
	}
	s.slip(s.pos, what, hint)
	s.out.WriteString(quoted(strings.Trim(body, "“”‘’＂＇")))
	s.pos += utf8.RuneCountInString(body)
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// slipAtStart tells what is wrong with a text that begins like body, or nil.
func slipAtStart(body string) bot.Texts {
	r, _ := utf8.DecodeRuneInString(body)
	switch {
	case r == '@':
		return slipAt.with()
	case r == '*':
		return slipStar.with()
	case r == '!':
		return slipBang.with()
	case r == '`', r == '%', r == '&':
		return slipReserved.with(string(r))
	case r == '#' && hexColor.MatchString(body):
		return slipHash.with()
	case template.MatchString(body):
		return slipBrace.with()
	case strings.ContainsRune("“”‘’＂＇", r) && isCurlyQuoted(body):
		return slipCurly.with()
	case strings.ContainsRune("［｛【", r):
		return slipBracket.with()
	}
	return nil
}
