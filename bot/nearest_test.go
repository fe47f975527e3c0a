package bot_test

import (
	"strings"
	"testing"

	"cloudnative.tw/herald/bot"
)

func TestNearest(t *testing.T) {
	names := []string{"recap", "latest", "search", "id", "捐款", "回顧"}
	tests := map[string]string{
		"recpa": "recap", "recaps": "recap", "latst": "latest", "serach": "search", "ip": "id", "捐錢": "捐款",
		"dog": "", "x": "", "": "", "frobnicate": "", strings.Repeat("a", 4000): "",
	}
	for word, want := range tests {
		if got := bot.Nearest(word, names); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}
