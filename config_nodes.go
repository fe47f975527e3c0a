package main

import (
	"reflect"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"cloudnative.tw/herald/bot"
)

// entry is one "name: value" of a YAML map.
type entry struct {
	name  string
	at    place
	value ast.Node
}

// entries calls visit for each entry of the map n, once for a name.
func (d *decoder) entries(n ast.Node, path string, visit func(entry)) {
	m, ok := n.(ast.MapNode)
	if !ok {
		d.noMap(n, path)
		return
	}
	lines := map[string]int{}
	for it := m.MapRange(); it.Next(); {
		key := it.Key()
		e := entry{name: key.GetToken().Value, at: startOf(key), value: it.Value()}
		at := join(path, e.name)
		switch first, again := lines[e.name]; {
		case again:
			d.report(e.at, at, twice.with(first), twiceHint.with())
			continue
		case key.Type() == ast.MergeKeyType, key.Type() == ast.MappingKeyType, e.name == "":
			d.report(e.at, at, strangeKey.with(), bot.Texts{})
			continue
		}
		lines[e.name] = e.at.line
		d.places[at] = e.at
		if isPlainValue(e.value) {
			d.places[at] = startOf(e.value)
		}
		visit(e)
	}
}

// filterAt is the path of a rule of an announcement.
var filterAt = regexp.MustCompile(`^announcements\..*\.(only|except)(?:\[\d+\])?$`)

// noMap reports that n is not the map that it should be. A map all of whose
// entries are commented out is an empty one.
func (d *decoder) noMap(n ast.Node, path string) {
	if isNull(n) && isSynthetic(n) {
		return
	}
	what, hint := wrongType.with(aMap, kindOf(n)), bot.Texts{}
	if text, ok := scalarText(n); ok {
		name, _, full := strings.Cut(text, "：")
		word, _, joined := strings.Cut(text, ":")
		switch {
		case full:
			what, hint = slipColon.with(), slipColonHint.with(shown(name))
		case joined:
			what, hint = slipNoSpace.with(), slipNoSpaceHint.with(shown(word))
		case filterAt.MatchString(path):
			hint = ruleHint.with(filterAt.FindStringSubmatch(path)[1], shown(text))
		}
	}
	d.report(startOf(n), path, what, hint)
}

// fieldsOf returns the settings of a struct by their names in YAML, those of
// inlined structs too.
func fieldsOf(v reflect.Value) map[string]reflect.Value {
	fields := map[string]reflect.Value{}
	for i := range v.NumField() {
		name, options, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		switch {
		case options == "inline":
			for name, field := range fieldsOf(v.Field(i)) {
				fields[name] = field
			}
		case name != "" && name != "-":
			fields[name] = v.Field(i)
		}
	}
	return fields
}

// startOf returns where a value begins. A map written over several lines begins
// at its first name.
func startOf(n ast.Node) place {
	if n == nil {
		return place{1, 1}
	}
	tk := n.GetToken()
	switch m := n.(type) {
	case *ast.MappingNode:
		if !m.IsFlowStyle && len(m.Values) > 0 {
			tk = m.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		tk = m.Key.GetToken()
	}
	if tk == nil || tk.Position == nil {
		return place{1, 1}
	}
	return place{tk.Position.Line, tk.Position.Column}
}

// scalarText returns a single value as it was written, without its quotes.
func scalarText(n ast.Node) (text string, ok bool) {
	switch n := n.(type) {
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.StringNode:
		return n.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func isNull(n ast.Node) bool {
	_, null := n.(*ast.NullNode)
	return n == nil || null
}

// isSynthetic reports whether an empty value was not even written as "null".
func isSynthetic(n ast.Node) bool {
	return n == nil || n.GetToken() == nil || n.GetToken().Type == token.ImplicitNullType
}

// isPlain reports whether n is a text without quotes.
func isPlain(n ast.Node) bool {
	s, ok := n.(*ast.StringNode)
	return ok && s.GetToken().Type == token.StringType
}

// isPlainValue reports whether what is wrong with a setting is best shown at
// its value rather than at its name.
func isPlainValue(n ast.Node) bool {
	_, ok := scalarText(n)
	return ok
}

// isCurlyQuoted reports whether s stands in the quotes of a word processor.
func isCurlyQuoted(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(curlyQuotes, first) && strings.ContainsRune(curlyQuotes, last)
}

// kindOf names what was found where something else should be.
func kindOf(n ast.Node) any {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return foundKeys
	case *ast.SequenceNode:
		return aList
	case *ast.IntegerNode, *ast.FloatNode:
		return aNumber
	case *ast.BoolNode:
		return aTrueFalse
	}
	if isNull(n) {
		return foundEmpty
	}
	return aText
}

// shown returns a person's words short enough to repeat in a message.
func shown(s string) string {
	const most = 40
	return shorten(clean(s), most)
}

// shorten cuts s after so many characters.
func shorten(s string, most int) string {
	runes := []rune(s)
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// places are where the setting of each path stands in the file.
type places map[string]place

// place is a position in the file, both counted from 1, columns in characters.
type place struct{ line, column int }

// of returns where path stands, or else what is nearest around it.
func (p places) of(path string) place {
	for ; path != ""; path = parent(path) {
		if at, ok := p[path]; ok {
			return at
		}
	}
	return place{1, 1}
}

// parent returns the path of what path is part of; "" for a setting at the top.
func parent(path string) string { return path[:max(strings.LastIndexAny(path, ".["), 0)] }
