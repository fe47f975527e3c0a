package main

import (
	"strings"

	"cloudnative.tw/herald/bot"
)

// nearest returns the known word that word was probably meant to be, or "".
// Capital letters make no difference.
func nearest(word string, known []string) string {
	small := make([]string, len(known))
	meant := make(map[string]string, len(known))
	for i, k := range known {
		small[i] = strings.ToLower(k)
		meant[small[i]] = k
	}
	return meant[bot.Nearest(strings.ToLower(word), small)]
}
