package announce

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

// Values are what a template's placeholders stand for. A zero field is an empty
// value. Texts are inserted as they are, on one line.
type Values struct {
	// Lang is the language of separators and dates.
	Lang bot.Lang
	// Title, Summary, Place, Source and Community are {title}, {summary}, {place},
	// {source} and {community}.
	Title, Summary, Place, Source, Community string
	// Link is {link}; an address that is not of the web is empty.
	Link string
	// Authors and Tags are {authors} and {tags}.
	Authors, Tags []string
	// At is {date} and {time}, in the location in which it is worded.
	At time.Time
	// AsIs tells that At is a date that stands somewhere, or a whole day, and no
	// moment that readers elsewhere have at another time.
	AsIs bool
}

// maxNames bounds the names that stand for {authors} or {tags}, in characters.
const maxNames = 200

// ValuesOf returns what an item says where lang is spoken. Its date is worded in
// the zone; nil leaves it as it is shown.
func ValuesOf(item feeds.Item, lang bot.Lang, community string, zone *time.Location) Values {
	v := Values{
		Lang: lang, Title: cut(item.Title, maxTitle), Link: item.URL, Summary: cut(summary(item, lang), maxSummary),
		Authors: item.Authors, Tags: item.Tags, At: item.Published, Source: item.Source, Community: community,
	}
	if v.AsIs = zone == nil || isDay(v.At); !v.AsIs {
		v.At = v.At.In(zone)
	}
	return v
}

// isDay reports whether a date has no time of day, as far as it tells: in another
// zone it would be of another day.
func isDay(t time.Time) bool {
	hour, minute, second := t.Clock()
	return hour == 0 && minute == 0 && second == 0
}

// datesIn returns the zone in which the dates of an item are worded. The
// community's own posts have the dates that stand on their pages, which are
// converted nowhere (content.Post), so that all that tells of a page agrees.
func (a *Announcer) datesIn(item feeds.Item) *time.Location {
	if slices.Contains(a.feeds, item.Source) {
		return a.zone
	}
	return nil
}

// placeholderNames are the placeholders, in the order in which they are offered.
var placeholderNames = []string{"title", "link", "summary", "authors", "date", "time", "place", "tags", "source", "community"}

// valueOf returns the words of each placeholder.
var valueOf = map[string]func(Values) string{
	"title":     func(v Values) string { return v.Title },
	"link":      Values.address,
	"summary":   func(v Values) string { return v.Summary },
	"authors":   func(v Values) string { return v.names(v.Authors) },
	"date":      Values.day,
	"time":      Values.clock,
	"place":     func(v Values) string { return v.Place },
	"tags":      func(v Values) string { return v.names(v.Tags) },
	"source":    func(v Values) string { return v.Source },
	"community": func(v Values) string { return v.Community },
}

// day returns the date in words, as a platform shows it that cannot show the
// reader's own.
func (v Values) day() string {
	switch {
	case v.At.IsZero():
		return ""
	case v.Lang == bot.TraditionalChinese:
		return v.At.Format("1/2") + "（" + weekdays[v.At.Weekday()] + "）"
	}
	return v.At.Format("Mon 2 Jan")
}

var weekdays = [...]string{"日", "一", "二", "三", "四", "五", "六"}

func (v Values) clock() string {
	if v.At.IsZero() {
		return ""
	}
	return v.At.Format("15:04")
}

func (v Values) names(names []string) string {
	return cut(strings.Join(names, nameSeparator.In(v.Lang)), maxNames)
}

// address returns the link if it is one of the web.
func (v Values) address() string {
	if !webAddress(v.Link) {
		return ""
	}
	return v.Link
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" &&
		literal(s) == s && !strings.ContainsFunc(s, unicode.IsSpace)
}

// words returns what a placeholder stands for, on one line.
func (v Values) words(name string) string { return literal(valueOf[name](v)) }

func (v Values) empty(name string) bool { return v.words(name) == "" }

// literal returns s on one line, without characters that would turn the direction
// of the moderators' words around it.
func literal(s string) string {
	return oneLine(strings.Map(func(r rune) rune {
		if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, s))
}

// text returns a value as it looks in the place of a span. Only plain words can
// lead to an address of their own or show the reader's own time.
func (v Values) text(name string, span bot.Span) bot.Text {
	span.Text = v.words(name)
	if span.Text == "" {
		return nil
	}
	if span.Kind == bot.Words && span.Style&bot.Code == 0 {
		switch {
		case name == "link":
			span.Kind, span.Text, span.URL = bot.Link, "", v.address()
		case name == "date" && !v.AsIs:
			return bot.Text{{Kind: bot.Time, Text: span.Text, At: v.At, Form: bot.DateOnly}}
		case name == "time" && !v.AsIs:
			return bot.Text{{Kind: bot.Time, Text: span.Text, At: v.At, Form: bot.TimeOnly}}
		}
	}
	return bot.Text{span}
}
