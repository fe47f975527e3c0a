package bot

import "unicode/utf8"

// Nearest returns the name that word is most likely a slip of: one, or in words
// of five characters and more two, characters added, left out, changed or
// swapped. Of equals the first is taken; "" means that none is near.
func Nearest(word string, names []string) string {
	typed := []rune(word)
	if len(typed) < 2 || len(typed) > 40 {
		return ""
	}
	allowed := 1
	if len(typed) >= 5 {
		allowed = 2
	}
	best := ""
	for _, name := range names {
		if more := utf8.RuneCountInString(name) - len(typed); max(more, -more) > allowed {
			continue
		}
		if d := distance(typed, []rune(name)); d <= allowed {
			best, allowed = name, d-1
		}
	}
	return best
}

// distance is the optimal string alignment distance of two words: how many
// characters must be added, left out, changed or swapped with their neighbour.
func distance(a, b []rune) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range row {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			changed := last[j]
			if a[i] != b[j] {
				changed++
			}
			row[j+1] = min(changed, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
