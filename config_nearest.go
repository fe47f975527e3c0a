package main

import "strings"

// nearest returns the known word that word was probably meant to be, or "".
func nearest(word string, known []string) string {
	typed := []rune(strings.ToLower(word))
	if len(typed) > 40 {
		return ""
	}
	best, within := "", max(1, len(typed)/3)+1
	for _, k := range known {
		if n := editDistance(typed, []rune(strings.ToLower(k))); n < within {
			best, within = k, n
		}
	}
	return best
}

// editDistance counts the letters to insert, drop, change or swap with the next
// one that lead from a to b.
func editDistance(a, b []rune) int {
	before, above := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := range a {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(above[j]+cost, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above = above, row
	}
	return above[len(b)]
}
