package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"cloudnative.tw/herald/content"
)

// marker finds the words of a request in a text.
type marker struct {
	// stems and joined give each word that is looked for its number; joined are
	// grouped by their first character.
	stems  map[string]int
	joined map[rune][]joinedWord
	// beginning, if not empty, is what a word may begin with, beginningNumber
	// its number.
	beginning       string
	beginningNumber int
	// initials are the first letters of stems: an English stem begins as its word.
	initials map[rune]bool
}

type joinedWord struct {
	runes  []rune
	number int
}

// match is a place in a text, in bytes, where word number stands.
type match struct{ start, end, number int }

func newMarker(r request) *marker {
	m := &marker{stems: make(map[string]int), joined: make(map[rune][]joinedWord), initials: make(map[rune]bool)}
	number := 0
	for p := range r.pieces() {
		if !p.joined {
			first, _ := utf8.DecodeRuneInString(p.text)
			m.initials[first] = true
			if p.open {
				m.beginning, m.beginningNumber = p.text, number
			} else {
				m.stems[stem(p.text)] = number
			}
			number++
			continue
		}
		words := []string{p.text}
		if r.loose {
			words = p.inner()
		}
		for _, w := range words {
			runes := []rune(w)
			m.joined[runes[0]] = append(m.joined[runes[0]], joinedWord{runes, number})
			number++
		}
	}
	return m
}

// matches returns where the words stand in text, in order. They may overlap.
func (m *marker) matches(text string) []match {
	var found []match
	for r := range scan(text) {
		if !r.joined {
			if !m.initials[r.runes[0]] {
				continue
			}
			if n, ok := m.word(r.String()); ok {
				found = append(found, match{r.start(), r.end(), n})
			}
			continue
		}
		for i, c := range r.runes {
			for _, w := range m.joined[c] {
				if end := i + len(w.runes); end <= len(r.runes) && slices.Equal(r.runes[i:end], w.runes) {
					found = append(found, match{r.at[i], r.at[end], w.number})
				}
			}
		}
	}
	return found
}

// word returns the number of a word that is looked for.
func (m *marker) word(w string) (int, bool) {
	if n, ok := m.stems[stem(w)]; ok {
		return n, true
	}
	return m.beginningNumber, m.beginning != "" && strings.HasPrefix(w, m.beginning)
}

// coverage returns how much of text is what is looked for, from 0 to 1.
func (m *marker) coverage(text string) float64 {
	var letters, matched int
	for r := range scan(text) {
		letters += r.end() - r.start()
	}
	if letters == 0 {
		return 0
	}
	end := 0
	for _, f := range m.matches(text) {
		matched += max(0, f.end-max(end, f.start))
		end = max(end, f.end)
	}
	return float64(matched) / float64(letters)
}

// hit returns the post with its best section and the text around the best
// match there.
func (m *marker) hit(p *content.Post) content.Hit {
	body := p.Body()
	hit := content.Hit{Post: p}
	var best passage
	for _, s := range body.Sections {
		if b := m.best(s); b.better(best) {
			best = b
			hit.Heading, hit.Anchor = s.Heading, s.Anchor
		}
	}
	if best.text == "" {
		best = m.outside(p, body)
	}
	hit.Snippet = best.snippet()
	return hit
}

// outside returns what to show of a post of which no section has the words.
func (m *marker) outside(p *content.Post, body content.Body) passage {
	description := line(p.Description)
	if found := m.matches(description); len(found) > 0 {
		return passage{text: description, matches: found}
	}
	return passage{text: line(cmp.Or(body.Excerpt, description))}
}

// passage is one block of a section with what was found in it.
type passage struct {
	text    string
	matches []match
	// words is how many different words the section has, with its heading.
	words int
	// heading is how many of them the heading has.
	heading int
	// here is how many of them the block has.
	here int
}

func (p passage) better(q passage) bool {
	switch {
	case p.words != q.words:
		return p.words > q.words
	case p.heading != q.heading:
		return p.heading > q.heading
	}
	return p.here > q.here
}

// best returns the block of the section that has the most different words.
func (m *marker) best(s content.Section) passage {
	all := make(map[int]bool)
	heading := numbers(all, m.matches(s.Heading))
	var best passage
	for _, b := range s.Blocks {
		text := line(b.Text())
		found := m.matches(text)
		numbers(all, found)
		if n := numbers(make(map[int]bool), found); n > best.here || best.text == "" {
			best = passage{text: text, matches: found, here: n}
		}
	}
	if best.text == "" {
		best.text = s.Heading
	}
	best.words, best.heading = len(all), heading
	return best
}

// numbers adds the numbers of the words that were found to set and returns how
// many it has.
func numbers(set map[int]bool, found []match) int {
	for _, f := range found {
		set[f.number] = true
	}
	return len(set)
}

// line returns text on one line.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }
