package search

import (
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
	lead    = 8
	cutMark = "…"
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
	best := -1
	for i := range p.matches {
		from, to := around(clusters, p.matches[i].start)
		set := make(map[int]bool)
		for _, m := range p.matches[i:] {
			if m.end <= to {
				set[m.number] = true
			}
		}
		if len(set) > best {
			best, start, end = len(set), from, to
		}
	}
	if best < 0 {
		return around(clusters, 0)
	}
	return start, end
}

// grapheme is what a reader takes for one character.
type grapheme struct {
	start, end, width int
	// inWord is whether a cut here would part a word.
	inWord bool
}

func graphemes(text string) []grapheme {
	var all []grapheme
	at, state := 0, -1
	for rest := text; rest != ""; {
		var cluster string
		var width int
		cluster, rest, width, state = uniseg.FirstGraphemeClusterInString(rest, state)
		r, _ := utf8.DecodeRuneInString(cluster)
		word := !isJoined(r) && (unicode.IsLetter(r) || unicode.IsDigit(r))
		all = append(all, grapheme{at, at + len(cluster), width, word})
		at += len(cluster)
	}
	return all
}

// around returns the window whose first match stands at the offset. It begins
// with the text if the match is near its beginning, and parts no word if there
// is a better place nearby.
func around(clusters []grapheme, offset int) (start, end int) {
	match, before := 0, 0
	for match < len(clusters) && clusters[match].end <= offset {
		before += clusters[match].width
		match++
	}
	first := 0
	if before > 2*lead {
		first = match
		for before = 0; before+clusters[first-1].width <= lead; first-- {
			before += clusters[first-1].width
		}
		for i := first; i <= match; i++ {
			if !clusters[i-1].inWord {
				first = i
				break
			}
		}
	}
	last, width := first, 0
	for last < len(clusters) && width+clusters[last].width <= snippetWidth {
		width += clusters[last].width
		last++
	}
	if last == first {
		return 0, 0
	}
	for i := last; i > max(match+1, last-lead) && i < len(clusters); i-- {
		if !clusters[i].inWord || !clusters[i-1].inWord {
			last = i
			break
		}
	}
	return clusters[first].start, clusters[last-1].end
}
