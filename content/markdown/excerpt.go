package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cloudnative.tw/herald/content"
)

// excerpt finds the first paragraph of a page that says something.
type excerpt struct {
	found string
}

// offer takes the next block of the page; mark is where in its text the
// truncate marker stands, 0 for nowhere.
func (e *excerpt) offer(b content.Block, mark int) {
	if e.found != "" || b.Kind != content.Paragraph || b.Depth > 0 {
		return
	}
	text := b.Text()
	if mark > 0 && mark < len(text) {
		text = text[:mark]
	}
	if saysSomething(b, text) {
		e.found = text
	}
}

// text returns the excerpt on one line.
func (e *excerpt) text() string { return strings.Join(strings.Fields(e.found), " ") }

// saysSomething reports whether a paragraph is a sentence, and not an address,
// a label with its value ("地點：…", "Speaker: …"), or a line of a list that is
// none ("Talk 1").
func saysSomething(b content.Block, text string) bool {
	const shortest = 24 // columns: a sentence without an end is longer than a name
	for line := range strings.Lines(text) {
		if !isLabelled(line) && (columnsOf(line) >= shortest || endsSentence(line)) && !isAddress(b) {
			return true
		}
	}
	return false
}

// isLabelled reports whether a line is a short label, a colon, and its value.
func isLabelled(line string) bool {
	const longest = 12 // columns
	i := strings.IndexAny(line, ":：")
	return i > 0 && columnsOf(line[:i]) <= longest
}

func endsSentence(line string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimSpace(line))
	return strings.ContainsRune("。！？.!?…", r)
}

// isAddress reports whether a block is only links that show their address.
func isAddress(b content.Block) bool {
	for _, r := range b.Runs {
		if r.URL != r.Text && strings.IndexFunc(r.Text, unicode.IsLetter) >= 0 {
			return false
		}
	}
	return true
}

// columnsOf counts wide characters twice, as a screen does.
func columnsOf(s string) int {
	n := 0
	for _, r := range s {
		n++
		if isCJK(r) {
			n++
		}
	}
	return n
}
