package main

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"cloudnative.tw/herald/bot"
)

// decoder lays a YAML tree over plain Go values and finds every problem on the
// way, where a library's decoder would stop at the first. It also remembers
// where each setting stands, for the checks that come after it.
type decoder struct {
	found  []Diagnostic
	places places
	// partial tells that lines were left out, so that nothing can be missing.
	partial bool
	// broken are the paths that could not be decoded, so that the checks do not
	// say "is missing" of what was only misspelt, or of a part of it.
	broken map[string]bool
	// said are the paths that a check found something wrong with.
	said map[string]bool
}

// report reports what could not be decoded.
func (d *decoder) report(at place, path string, what, hint bot.Texts) {
	d.broken[path] = true
	d.found = append(d.found, Diagnostic{Line: at.line, Column: at.column, Path: path, What: what, Hint: hint})
}

// ordered is a map whose order in the file matters.
type ordered interface {
	// add appends an element and returns where its value goes.
	add(name string) reflect.Value
}

// byName is a map by name that keeps the order of the file.
type byName[T any] []named[T]

type named[T any] struct {
	Name  string
	Value T
}

func (m *byName[T]) add(name string) reflect.Value {
	*m = append(*m, named[T]{Name: name})
	return reflect.ValueOf(&(*m)[len(*m)-1].Value).Elem()
}

// get returns the value of that name, or nil.
func (m byName[T]) get(name string) *T {
	for i := range m {
		if m[i].Name == name {
			return &m[i].Value
		}
	}
	return nil
}

// names returns the names in the order of the file.
func (m byName[T]) names() []string {
	names := make([]string, len(m))
	for i := range m {
		names[i] = m[i].Name
	}
	return names
}

var (
	textsType    = reflect.TypeFor[bot.Texts]()
	langType     = reflect.TypeFor[bot.Lang]()
	durationType = reflect.TypeFor[time.Duration]()
)

// decode lays the tree under n over v.
func (d *decoder) decode(n ast.Node, path string, v reflect.Value) {
	if _, known := d.places[path]; !known {
		d.places[path] = startOf(n)
	}
	if d.refused(n, path) {
		return
	}
	if m, ok := v.Addr().Interface().(ordered); ok {
		d.entries(n, path, func(e entry) { d.decode(e.value, join(path, e.name), m.add(e.name)) })
		return
	}
	switch t := v.Type(); {
	case t == textsType:
		d.texts(n, path, v)
	case t.Kind() == reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		d.decode(n, path, v.Elem())
	case t.Kind() == reflect.Struct:
		d.object(n, path, v)
	case t.Kind() == reflect.Map:
		d.table(n, path, v)
	case t.Kind() == reflect.Slice:
		d.list(n, path, v)
	default:
		d.scalar(n, path, v)
	}
}

// refused reports the constructs of YAML that no config needs; aliases are
// among them, so that a small file cannot unfold to a huge one.
func (d *decoder) refused(n ast.Node, path string) bool {
	switch n := n.(type) {
	case *ast.TagNode:
		d.report(startOf(n), path, slipFirst.with("!"), quoteWhole.with())
	case *ast.AnchorNode, *ast.AliasNode:
		d.report(startOf(n), path, aliasFound.with(n.GetToken().Value), aliasHint.with())
	default:
		return false
	}
	return true
}

// object decodes the settings of a struct.
func (d *decoder) object(n ast.Node, path string, v reflect.Value) {
	fields := fieldsOf(v)
	d.entries(n, path, func(e entry) {
		at := join(path, e.name)
		if field, ok := fields[e.name]; ok {
			d.decode(e.value, at, field)
			return
		}
		d.unknown(e, at, path, v.Type(), slices.Sorted(maps.Keys(fields)))
	})
	for _, need := range requiredKeys[v.Type()] {
		at := join(path, need.key)
		if _, there := d.places[at]; !there && !d.partial {
			d.reject(at, missing.with(), missingHint.with(need.key+": "+need.example))
		}
	}
}

// unknown reports a key that the struct at path does not have.
func (d *decoder) unknown(e entry, at, path string, t reflect.Type, known []string) {
	variable := secretKeys[strings.ToLower(e.name)]
	switch near := nearest(e.name, known); {
	case variable != "":
		d.report(e.at, at, secretFound.with(), secretHint.with(variable))
	case slices.Contains(laterKeys[t], e.name):
		d.report(e.at, at, notThisKey.with(), notThisHint.with())
	case path == "" && sectionOf(e.value) != "":
		d.report(e.at, at, unknownKey.with(), belowHint.with(sectionOf(e.value)))
	case near != "":
		d.report(e.at, at, unknownKey.with(), didYouMean.with(near))
		d.broken[join(path, near)] = true
	case strings.Contains(e.name, " "):
		d.report(e.at, at, unknownKey.with(), slipCommaInside.with())
	default:
		d.report(e.at, at, unknownKey.with(), oneOf.with(strings.Join(known, ", ")))
	}
}

// sections tell by a setting what a group of settings is about that stands at the
// left margin by mistake.
var sections = []struct {
	section string
	keys    []string
}{
	{"announcements", []string{"to"}},
	{"channels", []string{"discord", "telegram", "console"}},
	{"sources", []string{"feed", "youtube", "github", "medium", "ithome"}},
}

// sectionOf returns the section that a value at the left margin likely belongs
// in, or "".
func sectionOf(value ast.Node) string {
	m, ok := value.(ast.MapNode)
	if !ok {
		return ""
	}
	for it := m.MapRange(); it.Next(); {
		for _, s := range sections {
			if slices.Contains(s.keys, it.Key().GetToken().Value) {
				return s.section
			}
		}
	}
	return ""
}

// table decodes a map by name whose order does not matter.
func (d *decoder) table(n ast.Node, path string, v reflect.Value) {
	v.Set(reflect.MakeMap(v.Type()))
	d.entries(n, path, func(e entry) {
		value := reflect.New(v.Type().Elem()).Elem()
		d.decode(e.value, join(path, e.name), value)
		v.SetMapIndex(reflect.ValueOf(e.name).Convert(v.Type().Key()), value)
	})
}

// list decodes a list, or the one value that stands for a list of one.
func (d *decoder) list(n ast.Node, path string, v reflect.Value) {
	seq, ok := n.(*ast.SequenceNode)
	switch {
	case isNull(n) && isSynthetic(n):
		return // "from:" with its items commented out
	case !ok:
		element := reflect.New(v.Type().Elem()).Elem()
		d.decode(n, path, element)
		v.Set(reflect.Append(v, element))
		return
	}
	for i, item := range seq.Values {
		element := reflect.New(v.Type().Elem()).Elem()
		at := fmt.Sprintf("%s[%d]", path, i)
		d.decode(item, at, element)
		if seq.IsFlowStyle && isPlain(item) && strings.ContainsAny(item.GetToken().Value, "，、") {
			d.report(startOf(item), at, slipComma.with(), slipCommaHint.with())
		}
		v.Set(reflect.Append(v, element))
	}
}

// texts decodes one text, or one for each language.
func (d *decoder) texts(n ast.Node, path string, v reflect.Value) {
	if _, ok := n.(ast.MapNode); !ok {
		var s string
		d.scalar(n, path, reflect.ValueOf(&s).Elem())
		v.Set(reflect.ValueOf(bot.Texts{"": s}))
		return
	}
	texts := bot.Texts{}
	known := langNames()
	d.entries(n, path, func(e entry) {
		at := join(path, e.name)
		if !slices.Contains(known, e.name) {
			d.report(e.at, at, unknownLanguage.with(quotedWord.with(shown(e.name))), oneOf.with(strings.Join(known, ", ")))
			return
		}
		var s string
		d.decode(e.value, at, reflect.ValueOf(&s).Elem())
		texts[bot.Lang(e.name)] = s
	})
	v.Set(reflect.ValueOf(texts))
}

func langNames() []string {
	var names []string
	for _, lang := range bot.Langs() {
		names = append(names, string(lang))
	}
	return names
}

// scalar decodes a single value.
func (d *decoder) scalar(n ast.Node, path string, v reflect.Value) {
	want := wanted(v.Type())
	text, ok := scalarText(n)
	switch {
	case isNull(n):
		d.report(startOf(n), path, emptyValue.with(want), emptyValHint.with())
	case !ok:
		var hint bot.Texts
		if kindOf(n) == foundKeys && v.Kind() == reflect.String {
			hint = colonTextHint.with()
		}
		d.report(startOf(n), path, wrongType.with(want, kindOf(n)), hint)
	case !d.set(n, path, text, v):
		d.report(startOf(n), path, wrongType.with(want, quotedWord.with(shown(text))), scalarHint(v.Type(), text))
	}
}

// set stores a scalar's text; false tells that it does not fit v's type.
func (d *decoder) set(n ast.Node, path, text string, v reflect.Value) bool {
	switch t := v.Type(); {
	case t == durationType:
		duration, err := parseDuration(text)
		v.SetInt(int64(duration))
		return err == nil
	case t == langType:
		v.SetString(text)
		return slices.Contains(bot.Langs(), bot.Lang(text))
	case t.Kind() == reflect.String:
		d.textSlips(n, path, text)
		v.SetString(text)
		return true
	case t.Kind() == reflect.Bool:
		v.SetBool(text == "true")
		_, ok := n.(*ast.BoolNode)
		return ok
	case t.Kind() == reflect.Int:
		number, err := strconv.Atoi(text)
		v.SetInt(int64(number))
		_, ok := n.(*ast.IntegerNode)
		return ok && err == nil
	}
	panic(fmt.Sprintf("config: no decoding for %s", v.Type()))
}

// textSlips reports a text that YAML read otherwise than it was meant.
func (d *decoder) textSlips(n ast.Node, path, text string) {
	switch n.(type) {
	case *ast.BoolNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		d.report(startOf(n), path, notText.with(shown(text)), putInQuotes.with(shown(text)))
	case *ast.IntegerNode:
		if number, err := strconv.ParseInt(text, 10, 64); err != nil || strconv.FormatInt(number, 10) != text {
			d.report(startOf(n), path, notText.with(shown(text)), putInQuotes.with(shown(text)))
		}
	}
	if isPlain(n) && isCurlyQuoted(text) {
		d.report(startOf(n), path, slipCurly.with(), slipCurlyHint.with())
	}
}

// scalarHint says what to write instead of a text that does not fit.
func scalarHint(t reflect.Type, text string) bot.Texts {
	if t.Kind() == reflect.Bool {
		switch strings.ToLower(text) {
		case "yes", "on", "y", "是":
			return trueOrFalse.with("true", shown(text))
		case "no", "off", "n", "否":
			return trueOrFalse.with("false", shown(text))
		}
	}
	if t == langType {
		if near := nearest(text, langNames()); near != "" {
			return didYouMean.with(near)
		}
	}
	return bot.Texts{}
}

// wanted says what a single value of type t is.
func wanted(t reflect.Type) bot.Texts {
	switch {
	case t == langType:
		return aLanguage.with(strings.Join(langNames(), ", "))
	case t == durationType:
		return aDuration.with()
	case t.Kind() == reflect.Bool:
		return aTrueFalse.with()
	case t.Kind() == reflect.Int:
		return aNumber.with()
	}
	return aText.with()
}

// parseDuration reads a duration as package time does, and days: "3d", "1d12h".
func parseDuration(text string) (time.Duration, error) {
	days, rest, found := strings.Cut(text, "d")
	if !found {
		return time.ParseDuration(text)
	}
	n, err := strconv.ParseUint(days, 10, 12)
	if err != nil {
		return 0, fmt.Errorf("%q is no number of days", days)
	}
	duration := time.Duration(n) * 24 * time.Hour
	if rest == "" {
		return duration, nil
	}
	more, err := time.ParseDuration(rest)
	return duration + more, err
}
