package search

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// vocabulary is the words of scripts with spaces that stand in the posts,
// sorted. It never changes.
type vocabulary []word

type word struct {
	text string
	// posts is how many posts have the word.
	posts int
	// letters has a bit for each letter that the word has.
	letters uint32
}

// signed returns w with its letters.
func (w word) signed() word {
	w.letters = letters(w.text)
	return w
}

func letters(s string) uint32 {
	var set uint32
	for i := range len(s) {
		set |= 1 << (s[i] & 31)
	}
	return set
}

// with returns a vocabulary in which changes are added to the numbers of
// posts. Words that no post has are left out.
func (v vocabulary) with(changes map[string]int) vocabulary {
	merged := make(vocabulary, 0, len(v)+len(changes))
	for _, w := range v {
		if w.posts += changes[w.text]; w.posts > 0 {
			merged = append(merged, w)
		}
	}
	for text, n := range changes {
		if _, known := v.find(text); !known && n > 0 {
			merged = append(merged, word{text: text, posts: n}.signed())
		}
	}
	slices.SortFunc(merged, func(a, b word) int { return strings.Compare(a.text, b.text) })
	return merged
}

func (v vocabulary) find(text string) (int, bool) {
	return slices.BinarySearchFunc(v, text, func(w word, t string) int { return strings.Compare(w.text, t) })
}

// prefixed returns at most limit words that begin with prefix, the most common
// first.
func (v vocabulary) prefixed(prefix string, limit int) []string {
	from, _ := v.find(prefix)
	var found []word
	for _, w := range v[from:] {
		if !strings.HasPrefix(w.text, prefix) {
			break
		}
		found = append(found, w)
	}
	slices.SortStableFunc(found, func(a, b word) int { return cmp.Compare(b.posts, a.posts) })
	texts := make([]string, 0, limit)
	for _, w := range found[:min(limit, len(found))] {
		texts = append(texts, w.text)
	}
	return texts
}

// nearest returns the word that text was probably meant to be: the one with
// the fewest slips, at most one in a word of up to five letters and two in a
// longer one; of several, the most common. The first letter of a short word is
// taken for right.
func (v vocabulary) nearest(text string) (string, bool) {
	const short, shortest = 5, 4
	n := utf8.RuneCountInString(text)
	if n < shortest {
		return "", false
	}
	most := 2
	if n <= short {
		most = 1
	}
	set, typed := letters(text), []rune(text)
	best, slips := word{}, most+1
	for _, w := range v {
		// A slip changes at most two letters of the set.
		if bits.OnesCount32(set^w.letters) > 2*most || len(w.text) > len(text)+most*utf8.UTFMax {
			continue
		}
		if n <= short && w.text[0] != text[0] {
			continue
		}
		d := distance(typed, []rune(w.text), most)
		if d < slips || d == slips && d <= most && w.posts > best.posts {
			best, slips = w, d
		}
	}
	return best.text, slips <= most
}

// distance returns how many letters must be put in, left out, changed or
// swapped with their neighbour to make a into b (optimal string alignment), or
// more than most if there are more than that.
func distance(a, b []rune, most int) int {
	if diff := len(a) - len(b); diff > most || -diff > most {
		return most + 1
	}
	before, above, line := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		line[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			change := above[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			line[j] = min(change, above[j]+1, line[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				line[j] = min(line[j], before[j-2]+1)
			}
			least = min(least, line[j])
		}
		if least > most {
			return most + 1
		}
		before, above, line = above, line, before
	}
	return above[len(b)]
}
