package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// synonymGroup is words of which any stands for every other, the longest first.
type synonymGroup []synonym

type synonym struct {
	text  string
	words phrase
}

func newSynonyms(groups [][]string) []synonymGroup {
	var made []synonymGroup
	for _, texts := range groups {
		var g synonymGroup
		for _, t := range texts {
			words := pieces(t, 0, len(t))
			known := slices.ContainsFunc(g, func(s synonym) bool { return s.words.equal(words) })
			if len(words) > 0 && !known {
				g = append(g, synonym{t, words})
			}
		}
		slices.SortStableFunc(g, func(a, b synonym) int { return cmp.Compare(len(b.text), len(a.text)) })
		made = append(made, g)
	}
	return made
}

// match looks for a word of the group at the beginning of words. It returns how
// many of them it takes, 0 for no match, the alternatives to them, and the texts
// of these.
func (g synonymGroup) match(words []piece) (int, []alternative, []string) {
	for i, s := range g {
		before, after, ok := s.within(words)
		if !ok {
			continue
		}
		var others []alternative
		var texts []string
		for j, other := range g {
			if j == i {
				continue
			}
			a := alternative{other.words}
			for _, rest := range []string{before, after} {
				if utf8.RuneCountInString(rest) > 1 { // one character is no word
					a = append(a, phrase{{text: rest, joined: true}})
				}
			}
			others, texts = append(others, a), append(texts, other.text)
		}
		return len(s.words), others, texts
	}
	return 0, nil, nil
}

// within reports whether words begin with the synonym, or whether it is a part
// of the first, joined one, and then what stands before and after it there.
func (s synonym) within(words []piece) (before, after string, ok bool) {
	if len(s.words) == 1 && s.words[0].joined && words[0].joined {
		return strings.Cut(words[0].text, s.words[0].text)
	}
	n := len(s.words)
	return "", "", len(words) >= n && s.words.equal(words[:n])
}

// equal reports whether an index makes the same of both.
func (p phrase) equal(words []piece) bool {
	return slices.EqualFunc(p, words, func(a, b piece) bool {
		return a.joined == b.joined && (a.text == b.text || !a.joined && stem(a.text) == stem(b.text))
	})
}
