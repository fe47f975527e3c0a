package search

import (
	"sort"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"cloudnative.tw/herald/content"
)

const (
	// snippetWidth is how wide a snippet is, in columns of which a full-width
	// character takes two: what fits on two lines of a phone.
	snippetWidth = 36
	// lead is how much of it stands before the first match.
	lead = 8
	// maxWindows is how many places in a text are compared.
	maxWindows = 100
	cutMark    = "…"
)

// snippet returns the part of the passage with the most different words, with
// the matches marked.
func (p passage) snippet() []content.Fragment {
	start, end := p.window()
	var parts []content.Fragment
	add := func(text string, match bool) {
		if n := len(parts); n > 0 && parts[n-1].Match == match {
			parts[n-1].Text += text
		} else if text != "" {
			parts = append(parts, content.Fragment{Text: text, Match: match})
		}
	}
	if start > 0 {
		add(cutMark, false)
	}
	at := start
	for _, m := range p.matches {
		from, to := max(m.start, at), min(m.end, end)
		if from >= to {
			continue
		}
		add(p.text[at:from], false)
		add(p.text[from:to], true)
		at = to
	}
	add(p.text[at:end], false)
	if end < len(p.text) {
		add(cutMark, false)
	}
	return parts
}

// window returns where the snippet begins and ends in the text, on borders of
// characters.
func (p passage) window() (start, end int) {
	clusters := graphemes(p.text)
	start, end = around(clusters, 0)
	most := 0
	for i, first := range p.matches[:min(len(p.matches), maxWindows)] {
		from, to := around(clusters, first.start)
		words := make(map[int]bool)
		for _, m := range p.matches[i:] {
			if m.start >= to {
				break
			}
			words[m.number] = true
		}
		if len(words) > most {
			most, start, end = len(words), from, to
		}
	}
	return start, end
}

// grapheme is what a reader takes for one character.
type grapheme struct {
	start, end int
	// column is how wide the text before it is.
	column, width int
	// inWord is whether a cut before it may part a word.
	inWord bool
}

func graphemes(text string) []grapheme {
	var all []grapheme
	at, column, state := 0, 0, -1
	for rest := text; rest != ""; {
		var cluster string
		var width int
		cluster, rest, width, state = uniseg.FirstGraphemeClusterInString(rest, state)
		r, _ := utf8.DecodeRuneInString(cluster)
		inWord := !isJoined(r) && (unicode.IsLetter(r) || unicode.IsDigit(r))
		all = append(all, grapheme{at, at + len(cluster), column, width, inWord})
		at += len(cluster)
		column += width
	}
	return all
}

// around returns the window whose first match stands at the offset. It begins
// with the text if the match is near its beginning, and parts no word if there
// is a better place nearby.
func around(clusters []grapheme, offset int) (start, end int) {
	if len(clusters) == 0 {
		return 0, 0
	}
	match := sort.Search(len(clusters)-1, func(i int) bool { return clusters[i].end > offset })
	first := match
	if clusters[match].column <= 2*lead {
		first = 0
	}
	for first > 0 && clusters[match].column-clusters[first-1].column <= lead {
		first--
	}
	for i := first; i > 0 && i <= match; i++ {
		if !clusters[i-1].inWord {
			first = i
			break
		}
	}
	last := first
	for last < len(clusters) && clusters[last].column+clusters[last].width-clusters[first].column <= snippetWidth {
		last++
	}
	if last == first {
		return 0, 0
	}
	for i := last; i < len(clusters) && i > max(match+1, last-lead); i-- {
		if !clusters[i].inWord || !clusters[i-1].inWord {
			last = i
			break
		}
	}
	return clusters[first].start, clusters[last-1].end
}
