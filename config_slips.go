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
	s := slipFinder{block: -1, named: -1}
	lines := strings.Split(source, "\n")
	for i, line := range lines {
		if len(s.found) >= maxSlips {
			break
		}
		if closers := s.unclosed(line); closers != "" {
			lines[i-1] += closers
		}
		s.line = i + 1
		lines[i] = s.mend(s.deepen(line))
	}
	return s.found, strings.Join(lines, "\n") + s.closeAll()
}

// slipFinder reads a config line by line.
type slipFinder struct {
	found []Diagnostic
	line  int
	// block is the indentation of the key whose text block ("|") we are in, or -1.
	block int
	// section is the setting at the left margin that we are in, named the
	// indentation of an announcement's name that stands alone on its line, or -1,
	// and shallow tells that its settings are not indented below it.
	section string
	named   int
	shallow bool
	// levels are the indentations of the settings that we are inside of.
	levels []int
	// open are the brackets, and at the end perhaps the quote, that are open.
	open []opening

	in  []rune          // the line
	pos int             // how much of it has been read
	out strings.Builder // what was read, mended
}

// maxSlips is after how many slips nobody reads on.
const maxSlips = 200

// maxSlipLine is the length in bytes of the longest line that is looked at: a
// person's slips are not in longer ones, and looking takes the square of it.
const maxSlipLine = 4096

func (s *slipFinder) slip(column int, what, hint bot.Texts) {
	s.found = append(s.found, Diagnostic{Line: s.line, Column: column + 1, What: what, Hint: hint})
}

const (
	curlyQuotes  = "“”‘’＂＇"
	wideBrackets = "［］｛｝【】"
)

var (
	blockStart = regexp.MustCompile(`(?:^|[:-]\s+)[|>][-+0-9]*\s*(?:#.*)?$`)
	// keyStart is the name of a setting at the beginning of a line, after the
	// dashes of a list, with its colon.
	keyStart  = regexp.MustCompile(`^(?:- +)*(?:[^\s"'#\[\]{}，：:@*!&%` + "`" + `][^"'#\[\]{}，：:]*|"[^"]*"|'[^']*'):(?:\s|$)`)
	wideKey   = regexp.MustCompile(`^(?:- +)*([A-Za-z][A-Za-z0-9_-]*) *：`)
	joinedKey = regexp.MustCompile(`^(?:- +)*([A-Za-z][A-Za-z0-9_-]*):[^\s/:]`)
	dashes    = regexp.MustCompile(`^(?:- +)+`)
	hexColor  = regexp.MustCompile(`^#[0-9A-Fa-f]{3,8}\b`)
	template  = regexp.MustCompile(`^\{ *[a-z_]+ *\}`)
)

// mend returns the line without its slips.
func (s *slipFinder) mend(line string) string {
	indent := indentOf(line)
	rest := line[indent:]
	if s.block >= 0 && (rest == "" || indent > s.block) || len(line) > maxSlipLine {
		return line
	}
	s.block = -1
	if rest == "" || rest[0] == '#' && len(s.open) == 0 {
		return line
	}
	s.in, s.pos = []rune(line), 0
	s.out.Reset()
	if len(s.open) > 0 {
		s.flow()
		return s.out.String()
	}
	if blockStart.MatchString(rest) {
		s.block = indent
	}
	s.out.WriteString(s.indentation(line[:indent], rest))
	s.pos = utf8.RuneCountInString(line[:indent])
	s.key(rest)
	s.spaces()
	s.value()
	return s.out.String()
}

// key passes over the name at the beginning of a line and mends its colon.
func (s *slipFinder) key(rest string) {
	if m := wideKey.FindStringSubmatch(rest); m != nil {
		head := utf8.RuneCountInString(m[0])
		s.slip(s.pos+head-1, slipColon.with(), slipColonHint.with(m[1]))
		s.out.WriteString(strings.TrimSuffix(m[0], "：") + ": ")
		s.pos += head
	} else if m := joinedKey.FindStringSubmatch(rest); m != nil {
		head := len(m[0]) - 1
		if r, size := utf8.DecodeLastRuneInString(m[0]); size > 1 || r == utf8.RuneError {
			head = len(m[0]) - size
		}
		s.slip(s.pos+head-1, slipNoSpace.with(), slipNoSpaceHint.with(m[1]))
		s.copy(head)
		s.out.WriteString(" ")
	} else if m := keyStart.FindString(rest); m != "" {
		s.copy(utf8.RuneCountInString(m))
	} else {
		s.copy(len(dashes.FindString(rest)))
	}
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
	if s.pos == len(s.in) {
		return
	}
	if strings.ContainsRune(wideBrackets, s.in[s.pos]) {
		s.narrow()
	}
	rest := string(s.in[s.pos:])
	if strings.ContainsAny(rest[:1], `"'[`) || rest[0] == '{' && !template.MatchString(rest) {
		s.flow()
		return
	}
	body, _, _ := strings.Cut(rest, " #")
	body = strings.TrimRight(body, " \t")
	switch what := slipAtStart(body); {
	case what != nil:
		s.quoteText(body, what)
	case strings.Contains(body, ": ") && !strings.ContainsAny(body[:1], "#|>&"):
		s.quoteText(body, slipColonSpace.with())
	}
	s.copy(len(s.in) - s.pos)
}

// narrow replaces the full-width brackets from the position on.
func (s *slipFinder) narrow() {
	s.slip(s.pos, slipBracket.with(), slipBracketHint.with())
	for i, r := range s.in[s.pos:] {
		if at := strings.IndexRune(wideBrackets, r); at >= 0 {
			s.in[s.pos+i] = rune("[]{}[]"[at/len("［")])
		}
	}
}

// quoteText reports what is wrong with the text that stands next and writes it
// in quotes.
func (s *slipFinder) quoteText(body string, what bot.Texts) {
	hint := putInQuotes.with(shown(body))
	switch r, _ := utf8.DecodeRuneInString(body); {
	case strings.ContainsRune(curlyQuotes, r):
		hint = slipCurlyHint.with()
	case strings.Contains(body, `"`):
		hint = quoteWhole.with()
	}
	s.slip(s.pos, what, hint)
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	s.out.WriteString(`"` + escape.Replace(strings.Trim(body, curlyQuotes)) + `"`)
	s.pos += utf8.RuneCountInString(body)
}

// slipAtStart tells what is wrong with a text that begins like body, or nil.
func slipAtStart(body string) bot.Texts {
	r, _ := utf8.DecodeRuneInString(body)
	switch {
	case strings.ContainsRune("@*!`%", r):
		return slipFirst.with(string(r))
	case hexColor.MatchString(body):
		return slipHash.with()
	case template.MatchString(body):
		return slipFirst.with("{…}")
	case isCurlyQuoted(body):
		return slipCurly.with()
	}
	return nil
}
