package main

import (
	"reflect"
	"slices"
	"strings"
	"sync"

	"cloudnative.tw/herald/bot/announce"
)

// opening is a bracket or quote that was opened, and where.
type opening struct {
	mark         rune
	line, column int
	// indent is the indentation of the line.
	indent int
}

// push opens a bracket or a quote at the position.
func (s *slipFinder) push(mark rune) {
	line := string(s.in)
	indent := indentOf(line)
	s.open = append(s.open, opening{mark, s.line, s.pos, indent})
}

func (s *slipFinder) pop() { s.open = s.open[:len(s.open)-1] }

// quote returns the quote that is open, or 0.
func (s *slipFinder) quote() rune {
	if n := len(s.open); n > 0 && (s.open[n-1].mark == '"' || s.open[n-1].mark == '\'') {
		return s.open[n-1].mark
	}
	return 0
}

// unclosed reports the brackets and quotes that the lines above left open, if
// line can only be the next setting: no deeper than the line that opened them,
// and beginning with a name. It returns what closes them.
func (s *slipFinder) unclosed(line string) (closers string) {
	indent := indentOf(line)
	rest := line[indent:]
	if len(s.open) == 0 || indent > s.open[0].indent || !keyStart.MatchString(rest) && !wideKey.MatchString(rest) {
		return ""
	}
	return s.closeAll()
}

// closeAll reports the last thing that is open, which is where a person forgot
// something, and returns what closes all.
func (s *slipFinder) closeAll() (closers string) {
	if n := len(s.open); n > 0 {
		s.notClosed(s.open[n-1])
	}
	for _, o := range slices.Backward(s.open) {
		closers += closer(o.mark)
	}
	s.open = nil
	return closers
}

func (s *slipFinder) notClosed(o opening) {
	s.found = append(s.found, Diagnostic{
		Line: o.line, Column: o.column + 1, alone: true,
		What: notClosed.with(string(o.mark)), Hint: notClosedHint.with(closer(o.mark)),
	})
}

func closer(mark rune) string {
	switch mark {
	case '[':
		return "]"
	case '{':
		return "}"
	}
	return string(mark)
}

// closeBracket closes the bracket that r closes, and those inside it that were
// forgotten.
func (s *slipFinder) closeBracket(r rune) {
	if !slices.ContainsFunc(s.open, func(o opening) bool { return closer(o.mark) == string(r) }) {
		return
	}
	for closer(s.open[len(s.open)-1].mark) != string(r) {
		s.notClosed(s.open[len(s.open)-1])
		s.out.WriteString(closer(s.open[len(s.open)-1].mark))
		s.pop()
	}
	s.pop()
}

// indentOf returns how many bytes of white space line begins with: what YAML
// takes for white space, and what only looks like it.
func indentOf(line string) int {
	return len(line) - len(strings.TrimLeft(line, " \t\u3000\u00a0"))
}

// indentation mends the white space before the setting in rest: tabs, and steps
// that lead to no setting above.
func (s *slipFinder) indentation(space, rest string) string {
	if at := strings.IndexFunc(space, func(r rune) bool { return r != ' ' }); at >= 0 {
		kind := aWideSpace
		if space[at] == '\t' {
			kind = aTab
		}
		s.slip(at, slipTab.with(kind), slipTabHint.with())
		s.found[len(s.found)-1].veils = true
		space = strings.NewReplacer("\t", "  ", "\u3000", "  ", "\u00a0", " ").Replace(space)
	}
	if !keyStart.MatchString(rest) && !wideKey.MatchString(rest) && !strings.HasPrefix(rest, "- ") {
		return space
	}
	deeper := -1
	for len(s.levels) > 0 && s.levels[len(s.levels)-1] > len(space) {
		deeper = s.levels[len(s.levels)-1]
		s.levels = s.levels[:len(s.levels)-1]
	}
	if deeper >= 0 && (len(s.levels) == 0 || s.levels[len(s.levels)-1] < len(space)) {
		s.slip(len(space), slipIndent.with(len(space)), slipIndentHint.with(deeper))
		space = strings.Repeat(" ", deeper)
	}
	s.level(len(space))
	if dash := dashes.FindString(rest); dash != "" && keyStart.MatchString(rest) {
		s.level(len(space) + len(dash))
	}
	return space
}

// deepen indents what belongs to an announcement and stands right below its name,
// as far to the left.
func (s *slipFinder) deepen(line string) string {
	indent := indentOf(line)
	rest := line[indent:]
	if rest == "" || rest[0] == '#' || len(s.open) > 0 || len(line) > maxSlipLine {
		return line
	}
	name, value, _ := strings.Cut(rest, ":")
	value, _, _ = strings.Cut(strings.TrimSpace(value), "#")
	switch {
	case indent == 0:
		s.section, s.named, s.shallow = name, -1, false
	case s.section != "announcements":
	case indent == s.named && announcementSettings()[name].IsValid() && !strings.HasPrefix(value, "{"):
		if !s.shallow {
			s.slip(indent, slipShallow.with(), slipShallowHint.with())
			s.found[len(s.found)-1].alone = true
		}
		s.shallow = true
		return "  " + line
	case s.shallow && indent > s.named:
		return "  " + line
	case s.named < 0 || indent <= s.named:
		s.named, s.shallow = -1, false
		if value == "" {
			s.named = indent
		}
	}
	return line
}

// announcementSettings are the settings of an announcement by their names.
var announcementSettings = sync.OnceValue(func() map[string]reflect.Value {
	return fieldsOf(reflect.ValueOf(new(announce.Config)).Elem())
})

// level enters the settings that are indented by n.
func (s *slipFinder) level(n int) {
	if len(s.levels) == 0 || s.levels[len(s.levels)-1] < n {
		s.levels = append(s.levels, n)
	}
}
