package markdown

import (
	"strings"
	"unicode"

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

// saysSomething reports whether a paragraph has a sentence, and is not an
// address, a label with its value ("地點：…", "Speaker: …"), a name, or what
// only leads to a list.
func saysSomething(b content.Block, text string) bool {
	const shortest = 40 // columns: what is longer may do without an end
	text = strings.TrimSpace(text)
	if isLabelled(text) || isAddress(b) {
		return false
	}
	if strings.ContainsAny(text, "。！？!?…") || strings.Contains(text+" ", ". ") {
		return true
	}
	return columnsOf(text) >= shortest && !strings.HasSuffix(text, ":") && !strings.HasSuffix(text, "：")
}

// isLabelled reports whether a text begins with a short label and a colon.
func isLabelled(text string) bool {
	const longest = 20 // columns
	i := strings.IndexAny(text, ":：")
	return i > 0 && columnsOf(text[:i]) <= longest
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
