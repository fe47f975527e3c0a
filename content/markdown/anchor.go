package markdown

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// anchors are the fragments of a page's headings that are taken; the value is
// how often one had to be numbered to be the only one.
// https://github.com/Flet/github-slugger (1.5.0, the one of Docusaurus 3)
type anchors map[string]int

// unique returns id, or id with the next number if it is taken.
func (a anchors) unique(id string) string {
	anchor := id
	for _, taken := a[anchor]; taken; _, taken = a[anchor] {
		a[id]++
		anchor = id + "-" + strconv.Itoa(a[id])
	}
	a[anchor] = 0
	return anchor
}

// slug returns the anchor that Docusaurus makes of a heading's text: it keeps
// letters, marks, digits, connecting punctuation, hyphens and
// spaces, lower-cases them and writes the spaces as hyphens.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case 'a' <= r && r <= 'z', '\u4e00' <= r && r <= '\u9fff': // most
			return r
		case r == '-', unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Nl, unicode.Pc, unicode.Other_Alphabetic):
			return r
		}
		return -1
	}, strings.ToLower(heading))
}

// cutID splits "Heading {#id}" as Docusaurus and Hugo write it. Hugo may have
// more attributes after the id.
func cutID(heading string) (text, id string) {
	i := strings.LastIndex(heading, "{#")
	if i < 0 || !strings.HasSuffix(heading, "}") {
		return heading, ""
	}
	id, _, _ = strings.Cut(heading[i+2:len(heading)-1], " ")
	return strings.TrimSpace(heading[:i]), id
}

// sameTitle reports whether two titles have the same letters and digits: a
// heading often differs from the title in an emoji or the width of a bracket.
func sameTitle(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	if a == b {
		return true
	}
	a, b = letters(a), letters(b)
	return a != "" && a == b
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && !unicode.Is(unicode.Variation_Selector, r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(s))
}
