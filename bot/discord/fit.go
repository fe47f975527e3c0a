package discord

import (
	"strings"

	"github.com/rivo/uniseg"

	"cloudnative.tw/herald/bot"
)

// Cut is something that a message was to say and does not, because Discord has
// no room for it or would refuse it.
type Cut struct {
	// Part is what was cut: "title", "url", "body", "field 3", "image", "footer",
	// "button 2", "mention", "name".
	Part string
	// Limit is how many characters of it could stay; 0 if it was left out.
	Limit int
}

const ellipsis = "…"

// fit returns t as Markdown of at most limit units. What is longer is cut where
// a reader would pause, never inside a mark, a link or an emoji, and ends with
// an ellipsis and tail.
func fit(t bot.Text, limit int, tail string, write func(bot.Text) string) (s string, cut bool) {
	t, rest := t.Cut(limit, units) // no text is shorter as Markdown, but for times
	if s = write(t); len(rest) == 0 && units(s) <= limit {
		return s, false
	}
	tail = ellipsis + tail
	if units(tail) > limit {
		tail = ""
	}
	return fitHead(t, limit-units(tail), write, tail), true
}

// fitHead returns the longest beginning of t that has room, and tail. A longer
// beginning never takes less room, so it is searched for by halves.
func fitHead(t bot.Text, room int, write func(bot.Text) string, tail string) string {
	best, low, high := "", 1, room
	for low <= high {
		middle := (low + high) / 2
		head, _ := t.Cut(middle, units)
		if s := write(head); units(s) <= room {
			best, low = s, middle+1
		} else {
			high = middle - 1
		}
	}
	if best == "" {
		return ""
	}
	return best + tail
}

// fitPlain returns words that are no Markdown (names of threads, footers,
// labels), cut at a character and ended with an ellipsis if they are too long.
func fitPlain(s string, limit int) (fitting string, cut bool) {
	s = cleanLine(s)
	if units(s) <= limit {
		return s, false
	}
	head, _ := bot.Plain(s).Cut(limit-units(ellipsis), units)
	s = strings.TrimRight(head.String(), " ，、；：,;:")
	for units(s)+units(ellipsis) > limit { // one character alone was too long
		s = dropLast(s)
	}
	return s + ellipsis, true
}

// dropLast takes code points off one user-perceived character that is longer
// than any limit.
func dropLast(s string) string {
	runes := []rune(s)
	return string(runes[:len(runes)*9/10])
}

// blank reports whether s shows nothing at all: Discord refuses such messages.
func blank(s string) bool { return uniseg.StringWidth(strings.ReplaceAll(s, gap, "")) == 0 }
