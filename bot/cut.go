package bot

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Characters counts every user-perceived character as one: the size for Cut
// where a limit is meant for readers and not for a platform's payload.
func Characters(string) int { return 1 }

// Cut divides t in two, so that the first part measures at most limit and ends
// where a reader would pause: best at the end of a line, else of a sentence, a
// clause, a word, and in any case between two user-perceived characters. It
// never divides a link, a time or a mention, except a link that alone is longer
// than limit: both halves then lead to its URL.
//
// size measures one user-perceived character in the units of the limit, such as
// columns or UTF-16 code units, and t measures the sum over String. A t that
// fits is returned whole, with an empty rest; a limit too small for anything still
// takes one character, so that cutting on ends.
func (t Text) Cut(limit int, size func(character string) int) (head, rest Text) {
	c := cutter{text: slices.Clone(t), max: limit, size: size}
	at, fits := c.place()
	if fits {
		return t, nil
	}
	head, rest = c.divide(at)
	if head == nil { // nothing but space stood before the cut
		return rest.Cut(limit, size)
	}
	return head, rest
}

// pause is how willingly a reader stops at a place.
type pause uint8

const (
	noPause pause = iota
	afterWord
	afterClause
	afterSentence
	afterLine
	pauses
)

// place is before the byte at offset of a span's text; offset 0 is before the
// whole span.
type place struct{ span, offset int }

type cutter struct {
	text Text
	max  int
	size func(string) int
	used int
	// begun is whether there is anything but marks of lists and quotes yet.
	begun bool
	// last is the character before the present place, "" at the start of a line.
	last string
	// best holds the last place of each pause, and how much stands before it.
	best [pauses]struct {
		at   place
		used int
		ok   bool
	}
}

// place returns where to divide, or that all of the text fits.
func (c *cutter) place() (at place, fits bool) {
	for i := range c.text {
		span := &c.text[i]
		if span.Kind == Line {
			c.offer(afterLine, place{i, 0})
		}
		whole := span.plain()
		cost := c.measure(whole)
		if span.Kind == Link && cost > c.max {
			span.Text = whole
		} else if span.Kind != Words {
			c.between(whole, place{i, 0})
			if c.full(cost) {
				return c.choose(), false
			}
			c.take(span, whole, cost)
			continue
		}
		if at, fits := c.words(i); !fits {
			return at, false
		}
	}
	return place{}, true
}

// words goes through the characters of span i.
func (c *cutter) words(i int) (at place, fits bool) {
	text := c.text[i].Text
	for offset := 0; offset < len(text); {
		character, _, _, _ := uniseg.FirstGraphemeClusterInString(text[offset:], -1)
		c.between(character, place{i, offset})
		cost := c.size(character)
		if c.full(cost) {
			return c.choose(), false
		}
		offset += len(character)
		c.used += cost
		c.last, c.begun = character, true
	}
	return place{}, true
}

// full reports whether as much as cost more is too much. Nothing is before the
// first character is taken, or cutting might never end.
func (c *cutter) full(cost int) bool { return c.begun && c.used+cost > c.max }

func (c *cutter) take(span *Span, whole string, cost int) {
	c.used += cost
	switch span.Kind {
	case Line, Item, Quote:
		c.last = ""
	default:
		if whole != "" {
			r, _ := utf8.DecodeLastRuneInString(whole)
			c.last, c.begun = string(r), true
		}
	}
}

// measure returns the size of s, or something above the limit.
func (c *cutter) measure(s string) int {
	n := 0
	for s != "" && n <= c.max {
		character, rest, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
		n += c.size(character)
		s = rest
	}
	return n
}

// between offers the place before next, which follows c.last.
func (c *cutter) between(next string, at place) {
	if c.last != "" && next != "" {
		c.offer(pauseBetween(c.last, next), at)
	}
}

func (c *cutter) offer(p pause, at place) {
	if c.begun {
		b := &c.best[p]
		b.at, b.used, b.ok = at, c.used, true
	}
}

// choose returns the place of the longest pause that does not waste more than
// half of what is allowed, or else the last place of all.
func (c *cutter) choose() place {
	for p := pauses; p > 0; p-- {
		if b := c.best[p-1]; b.ok && b.used*2 >= c.max {
			return b.at
		}
	}
	latest := c.best[noPause]
	for _, b := range c.best {
		if b.ok && (!latest.ok || b.used > latest.used) {
			latest = b
		}
	}
	return latest.at
}

// pauseBetween says how willingly a reader stops between two characters.
func pauseBetween(before, after string) pause {
	a, _ := utf8.DecodeLastRuneInString(before)
	b, _ := utf8.DecodeRuneInString(after)
	switch {
	case strings.ContainsRune("，。、；：！？…,.;:!?", b), unicode.In(b, unicode.Pe, unicode.Pf),
		unicode.In(a, unicode.Ps, unicode.Pi):
		return noPause
	case strings.ContainsRune("。！？", a), strings.ContainsRune(".!?", a) && unicode.IsSpace(b):
		return afterSentence
	case strings.ContainsRune("，、；：", a), strings.ContainsRune(",;:", a) && unicode.IsSpace(b):
		return afterClause
	case unicode.IsSpace(a), unicode.IsSpace(b), ideographic(a), ideographic(b):
		return afterWord
	}
	return noPause
}

func ideographic(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// divide cuts the text at a place and takes away the space around the cut. A
// quote that is cut goes on as a quote.
func (c *cutter) divide(at place) (head, rest Text) {
	head = slices.Clone(c.text[:at.span])
	rest = slices.Clone(c.text[at.span:])
	if at.offset > 0 {
		first := rest[0]
		first.Text = first.Text[:at.offset]
		head = append(head, first)
		rest[0].Text = rest[0].Text[at.offset:]
	}
	quoted := inQuote(head) && len(rest) > 0 && rest[0].Kind != Line
	head, rest = trimRight(head), trimLeft(rest)
	if trimRight(rest) == nil {
		return head, nil
	}
	if quoted {
		rest = append(Text{{Kind: Quote}}, rest...)
	}
	return head, rest
}

func inQuote(t Text) bool {
	for _, s := range slices.Backward(t) {
		switch s.Kind {
		case Line:
			return false
		case Quote:
			return true
		default:
		}
	}
	return false
}

func trimLeft(t Text) Text {
	for len(t) > 0 {
		switch first := &t[0]; first.Kind {
		case Words:
			first.Text = strings.TrimLeftFunc(first.Text, unicode.IsSpace)
			if first.Text != "" {
				return t
			}
		case Line:
		default:
			return t
		}
		t = t[1:]
	}
	return nil
}

func trimRight(t Text) Text {
	t = slices.Clone(t)
	for len(t) > 0 {
		switch last := &t[len(t)-1]; last.Kind {
		case Words:
			last.Text = strings.TrimRightFunc(last.Text, unicode.IsSpace)
			if last.Text != "" {
				return t
			}
		case Line, Item, Quote:
		default:
			return t
		}
		t = t[:len(t)-1]
	}
	return nil
}
