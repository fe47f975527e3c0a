package announce

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cloudnative.tw/herald/bot"
)

// Template is a message in the moderators' words, with places for what an item
// says. The zero value says nothing. It may be used from several goroutines.
//
// The words are parsed first and filled in afterwards, so that nothing that comes
// from outside becomes markup, a mention or a link.
type Template struct{ lines []templateLine }

// templateLine is a line, without the Line span that ends it.
type templateLine []piece

// piece is a span of the moderators' own, or one that a value goes into.
type piece struct {
	// span is what stands there; for a placeholder, how its value looks.
	span bot.Span
	// name is the placeholder whose value is the words; "" if span.Text is.
	name string
	// target is where the piece leads, if values decide that; else nil.
	target *target
}

// target is an address with a value in it: all of it, or part of its query.
type target struct {
	// parts stand between the names: one more than there are of those.
	parts, names []string
}

// A placeholder stands in the parsed text as an address, which goes wherever words
// or an address can. The marks in it are noncharacters, which are there for such
// use (https://www.unicode.org/faq/private_use.html#nonchar1).
const (
	beginMark = "https://\uFDD0"
	endMark   = "\uFDD1"
)

var placeholderMark = regexp.MustCompile(beginMark + `([0-9]+)` + endMark)

// ParseTemplate reads the Markdown dialect of bot.ParseText with placeholders in
// braces: {title}, [閱讀]({link}), **{date}**. A placeholder may be all of a
// link's address if it is one, or stand in the query of an address, where it is
// escaped. "{{" and "\{" are a brace. Errors are *TemplateError.
func ParseTemplate(s string) (Template, error) {
	marked, found, err := scanTemplate(s)
	if err != nil {
		return Template{}, err
	}
	b := templateBuilder{found: found, used: make([]bool, len(found)), template: Template{lines: []templateLine{nil}}}
	for _, span := range bot.ParseText(marked) {
		if err := b.add(span); err != nil {
			return Template{}, err
		}
	}
	if i := slices.Index(b.used, false); i >= 0 {
		return Template{}, found[i].wrong(placeholderLost.with(found[i].name), placeholderLostHint.with())
	}
	if len(b.template.lines) == 1 && b.template.lines[0] == nil {
		return Template{}, nil
	}
	return b.template, nil
}

// names returns every placeholder of the line.
func (l templateLine) names() []string {
	var names []string
	for _, p := range l {
		if p.name != "" {
			names = append(names, p.name)
		}
		if p.target != nil {
			names = append(names, p.target.names...)
		}
	}
	return names
}

// Text fills the values in. A line whose placeholders are all empty vanishes,
// with its mark of a list or a quote, and so does a link whose address is none.
func (t Template) Text(v Values) bot.Text {
	var text bot.Text
	begun, wasEmpty, vanished := false, false, false
	for _, line := range t.lines {
		if line.vanishes(v) {
			vanished = true
			continue
		}
		empty := len(line) == 0
		if empty && vanished && (wasEmpty || !begun) {
			continue // of the empty lines around what vanished, one is enough
		}
		if begun {
			text = append(text, bot.NewLine()...)
		}
		for _, p := range line {
			text = append(text, p.fill(v)...)
		}
		begun, wasEmpty, vanished = true, empty, false
	}
	for len(text) > 0 && text[len(text)-1].Kind == bot.Line {
		text = text[:len(text)-1]
	}
	return text
}

func (l templateLine) vanishes(v Values) bool {
	names := l.names()
	return len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool { return !v.empty(name) })
}

// fill returns the piece with its values.
func (p piece) fill(v Values) bot.Text {
	span := p.span
	if p.target != nil {
		span.Kind, span.URL = bot.Words, ""
		if address, ok := p.target.fill(v); ok {
			span.Kind, span.URL = bot.Link, address
		}
	}
	if p.name == "" {
		if span.Kind == bot.Words && span.Text == "" {
			return nil // a link that showed its address, which is none
		}
		return bot.Text{span}
	}
	return v.text(p.name, span)
}

// fill returns the address; ok is false if a value that it needs is missing.
func (t *target) fill(v Values) (address string, ok bool) {
	if slices.ContainsFunc(t.names, v.empty) {
		return "", false
	}
	if t.parts[0] == "" {
		return v.address(), true
	}
	address = t.parts[0]
	for i, name := range t.names {
		// Some readers take a plus sign as it is.
		address += strings.ReplaceAll(url.QueryEscape(v.words(name)), "+", "%20") + t.parts[i+1]
	}
	return address, true
}

// templateBuilder makes a template of parsed spans.
type templateBuilder struct {
	found    []placeholder
	used     []bool
	template Template
}

func (b *templateBuilder) add(span bot.Span) error {
	switch span.Kind {
	case bot.Line:
		b.template.lines = append(b.template.lines, nil)
		return nil
	case bot.Words:
		b.words(span, nil)
		return nil
	case bot.Link:
		return b.link(span)
	default:
		b.append(piece{span: span})
		return nil
	}
}

func (b *templateBuilder) append(p piece) {
	last := len(b.template.lines) - 1
	b.template.lines[last] = append(b.template.lines[last], p)
}

// words divides a span at the placeholders in its text.
func (b *templateBuilder) words(span bot.Span, to *target) {
	parts, found := b.divide(span.Text)
	for i, part := range parts {
		if part != "" || len(found) == 0 {
			own := span
			own.Text = part
			b.append(piece{span: own, target: to})
		}
		if i < len(found) {
			own := span
			own.Text = ""
			b.append(piece{span: own, name: found[i].name, target: to})
		}
	}
}

// link looks for placeholders in the address first.
func (b *templateBuilder) link(span bot.Span) error {
	parts, found := b.divide(span.URL)
	switch {
	case len(found) == 0:
		b.words(span, nil)
		return nil
	case len(found) == 1 && parts[0] == "" && parts[1] == "":
		if found[0].name == "link" {
			break
		}
		if span.Text == "" { // <{title}> is no address but words
			b.words(bot.Span{Style: span.Style, Text: "<" + span.URL + ">"}, nil)
			return nil
		}
		return found[0].wrong(placeholderNoAddress.with(found[0].name), placeholderAddressHint.with())
	case !strings.Contains(parts[0], "?"):
		return found[0].wrong(placeholderInAddress.with(found[0].name), placeholderAddressHint.with())
	}
	to := &target{parts: parts}
	for _, p := range found {
		to.names = append(to.names, p.name)
	}
	span.URL = ""
	b.words(span, to)
	return nil
}

// divide returns what stands between the placeholders of s, and those.
func (b *templateBuilder) divide(s string) (parts []string, found []placeholder) {
	for {
		at := placeholderMark.FindStringSubmatchIndex(s)
		if at == nil {
			return append(parts, s), found
		}
		i, err := strconv.Atoi(s[at[2]:at[3]])
		if err != nil || i >= len(b.found) {
			return append(parts, s), found
		}
		b.used[i] = true
		parts, found = append(parts, s[:at[0]]), append(found, b.found[i])
		s = s[at[1]:]
	}
}
