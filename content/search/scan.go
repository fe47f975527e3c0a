package search

import (
	"iter"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
)

const (
	// maxWord is how many characters of a word are looked at: what is longer is
	// an encoded key, not a word.
	maxWord = 40
	// minYear and minName are the digits and letters on both sides of a place
	// where a word is split: "2023ironman" is found by its halves, "k8s" and
	// "ipv6" stay whole.
	minYear = 4
	minName = 3
)

// A run is a stretch of text that is searched in one way: a word of a script
// that puts spaces between words, or everything between two separators in one
// that does not.
type run struct {
	// joined is whether the script is written without spaces.
	joined bool
	// runes is the folded text. It is never empty.
	runes []rune
	// at holds the offset of each rune in the text it was read from, and one
	// more: the end of the run.
	at []int
}

// start and end are the run's place in the text it was read from, in bytes.
func (r *run) start() int { return r.at[0] }
func (r *run) end() int   { return r.at[len(r.at)-1] }

// String returns the folded text.
func (r *run) String() string { return string(r.runes) }

// scan yields the runs of text in order. A run is valid until the next one.
func scan(text string) iter.Seq[*run] {
	return func(yield func(*run) bool) {
		s := scanner{yield: yield, more: true}
		for i, r := range text {
			if !s.more {
				return
			}
			s.read(r, i, i+utf8.RuneLen(r))
		}
		s.flush()
	}
}

type scanner struct {
	yield  func(*run) bool
	more   bool
	run    run
	end    int
	folded []rune
}

// read takes one rune of the text, which stands from start to end.
func (s *scanner) read(r rune, start, end int) {
	s.folded = appendFold(s.folded[:0], r)
	if len(s.folded) == 0 { // a mark belongs to what it stands on
		if len(s.run.runes) > 0 && s.end == start {
			s.end = end
		}
		return
	}
	for _, f := range s.folded {
		joined := isJoined(f)
		if !joined && !unicode.IsLetter(f) && !unicode.IsDigit(f) {
			s.flush()
			continue
		}
		if joined != s.run.joined {
			s.flush()
		}
		s.run.joined = joined
		s.run.runes = append(s.run.runes, f)
		s.run.at = append(s.run.at, start)
		s.end = end
	}
}

// flush yields what has been read since the last run, if anything.
func (s *scanner) flush() {
	whole := s.run
	whole.at = append(whole.at, s.end)
	for from := 0; from < len(whole.runes) && s.more; {
		to := len(whole.runes)
		if !whole.joined {
			to = from + wordEnd(whole.runes[from:])
		}
		part := run{joined: whole.joined, runes: whole.runes[from:to], at: whole.at[from : to+1]}
		if !part.joined && len(part.runes) > maxWord {
			part.runes = part.runes[:maxWord]
		}
		s.more = s.yield(&part)
		from = to
	}
	s.run.runes, s.run.at = whole.runes[:0], whole.at[:0]
}

// wordEnd returns where the first word of w ends: at a border between a year
// and a name, else at the end.
func wordEnd(w []rune) int {
	start := 0 // of the letters or digits before i
	for i := 1; i < len(w); i++ {
		digits := unicode.IsDigit(w[i-1])
		if unicode.IsDigit(w[i]) == digits {
			continue
		}
		before, after := i-start, sameKind(w[i:])
		if digits && before >= minYear && after >= minName || !digits && before >= minName && after >= minYear {
			return i
		}
		start = i
	}
	return len(w)
}

// sameKind returns how many runes at the beginning of w are digits, or are not.
func sameKind(w []rune) int {
	n := 1
	for n < len(w) && unicode.IsDigit(w[n]) == unicode.IsDigit(w[0]) {
		n++
	}
	return n
}

// isJoined reports whether r belongs to a script that is written without
// spaces.
func isJoined(r rune) bool {
	switch {
	case r < '\u0e00':
		return false
	case firstHan <= r && r <= lastHan, r == 'ー':
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
		unicode.Bopomofo, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// stem returns the English stem of a folded word. Words with digits or with
// letters beyond English are their own.
func stem(word string) string {
	for i := range len(word) {
		if word[i] < 'a' || word[i] > 'z' {
			return word
		}
	}
	return english.Stem(word, true)
}

// pairs yields the tokens of a joined run: each character with the one after
// it, and the last one alone, so that each character begins a token.
func pairs(joined string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i, r := range joined {
			end := i + utf8.RuneLen(r)
			if end < len(joined) {
				_, size := utf8.DecodeRuneInString(joined[end:])
				end += size
			}
			if !yield(joined[i:end]) {
				return
			}
		}
	}
}
