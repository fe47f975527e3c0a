package telegram

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Entity is a part of a text that looks or behaves differently
// (https://core.telegram.org/bots/api#messageentity). Offsets and lengths are in
// UTF-16 code units.
type Entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	// URL is where a text_link leads.
	URL string `json:"url,omitzero"`
	// User is whom a text_mention notifies.
	User *EntityUser `json:"user,omitzero"`
	// UnixTime and DateTimeFormat are of a date_time. The format is
	// r|w?[dD]?[tT]? (https://core.telegram.org/bots/api#date-time-entity-formatting).
	UnixTime       int64  `json:"unix_time,omitzero"`
	DateTimeFormat string `json:"date_time_format,omitzero"`
}

// EntityUser is the part of a User (https://core.telegram.org/bots/api#user)
// that a text_mention needs.
type EntityUser struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
}

// writer puts a text and its entities together. It writes nothing before the
// first visible character, because Telegram takes space at both ends away.
type writer struct {
	text     strings.Builder
	length   int // in UTF-16 code units
	entities []Entity
}

// words writes plain words.
func (w *writer) words(s string) {
	if w.length == 0 {
		s = strings.TrimLeftFunc(s, unicode.IsSpace)
	}
	w.text.WriteString(s)
	w.length += units(s)
}

// marked writes words with entities over them, but not over the space at their
// ends.
func (w *writer) marked(s string, entities ...Entity) {
	core := strings.TrimFunc(s, unicode.IsSpace)
	if core == "" {
		w.words(s)
		return
	}
	at := strings.Index(s, core)
	w.words(s[:at])
	for _, e := range entities {
		e.Offset, e.Length = w.length, units(core)
		w.entities = append(w.entities, e)
	}
	w.words(core)
	w.words(s[at+len(core):])
}

// line ends a line, unless nothing was written yet.
func (w *writer) line() { w.words("\n") }

// done returns the text without the space at its end, and the entities that are
// left in it, outer ones first as Telegram sorts them.
func (w *writer) done() (string, []Entity) {
	text := strings.TrimRightFunc(w.text.String(), unicode.IsSpace)
	end := units(text)
	var entities []Entity
	for _, e := range w.entities {
		e.Length = min(e.Length, end-e.Offset)
		if e.Length > 0 {
			entities = append(entities, e)
		}
	}
	slices.SortStableFunc(entities, func(a, b Entity) int {
		return cmp.Or(a.Offset-b.Offset, b.Length-a.Length)
	})
	return text, entities
}
