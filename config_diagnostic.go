package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cloudnative.tw/herald/bot"
)

// Diagnostic is one thing that a person should know about config.yaml or the
// content it names.
type Diagnostic struct {
	// File is where a person finds the file.
	File string
	// Line and Column count from 1, columns in characters; 0 where not known.
	Line, Column int
	// Path leads to the setting: "channels.news.discord", "synonyms[2]". Empty
	// for what is about the whole file.
	Path string
	// What is wrong, and what to do about it. Hint may be empty.
	What, Hint bot.Texts
	// Note marks what is good to know and no mistake.
	Note bool
	// Fine marks, of the notes, what was asked for and is as it should be.
	Fine bool

	// alone tells that what else is wrong with the line is likely only its
	// consequence.
	alone bool
	// veils tells the same of what else is wrong from the line on to the end of
	// the setting at the left margin that it is a part of.
	veils bool
}

// In returns the line that check prints: "file:line:col: path: what (hint)".
func (d Diagnostic) In(lang bot.Lang) string {
	var b strings.Builder
	b.WriteString(clean(d.File))
	if d.Line > 0 {
		fmt.Fprintf(&b, ":%d", d.Line)
	}
	if d.Column > 0 {
		fmt.Fprintf(&b, ":%d", d.Column)
	}
	b.WriteString(": ")
	switch {
	case d.Fine:
		b.WriteString(fine.in(lang))
	case d.Note:
		b.WriteString(noted.in(lang))
	}
	if d.Path != "" {
		b.WriteString(shorten(clean(d.Path), maxPath) + ": ")
	}
	b.WriteString(clean(d.What.In(lang)))
	if hint := clean(d.Hint.In(lang)); hint != "" {
		b.WriteString(bracketed.in(lang, hint))
	}
	return b.String()
}

// Error returns the line in English, for logs.
func (d Diagnostic) Error() string { return d.In(bot.English) }

// diagnosticJSON is how check --json writes a Diagnostic.
type diagnosticJSON struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Path   string `json:"path,omitempty"`
	What   string `json:"what"`
	Hint   string `json:"hint,omitempty"`
	Note   bool   `json:"note,omitempty"`
}

// MarshalJSON writes the diagnostic in English.
func (d Diagnostic) MarshalJSON() ([]byte, error) {
	return json.Marshal(diagnosticJSON{
		File: clean(d.File), Line: d.Line, Column: d.Column, Path: shorten(clean(d.Path), maxPath), Note: d.Note,
		What: clean(d.What.In(bot.English)), Hint: clean(d.Hint.In(bot.English)),
	})
}

// maxPath bounds how much of a path is printed, in characters: its names come
// from the file.
const maxPath = 120

// sortDiagnostics sorts by place and drops what is said twice.
func sortDiagnostics(all []Diagnostic) []Diagnostic {
	slices.SortStableFunc(all, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.CompactFunc(all, func(a, b Diagnostic) bool { return a.Error() == b.Error() })
}

// wrong reports whether any of the diagnostics is a mistake.
func wrong(all []Diagnostic) bool {
	return slices.ContainsFunc(all, func(d Diagnostic) bool { return !d.Note })
}

// clean makes text that may hold a person's words fit to print on one line: a
// secret becomes dots, control characters become spaces.
func clean(s string) string {
	for _, shape := range secretShapes {
		s = shape.pattern.ReplaceAllString(s, "…")
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || isBidi(r) {
			return ' '
		}
		return r
	}, s)
}

// isBidi reports whether r turns the direction of the text that follows it, and
// could so make a line read otherwise than it is.
func isBidi(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}
