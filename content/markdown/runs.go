package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cloudnative.tw/herald/content"
)

// runs collects the text of one block in runs of one style and link. It writes
// white space as a browser shows it.
type runs struct {
	style content.Style
	url   string
	// oneLine is whether line breaks become spaces, as in a heading.
	oneLine bool

	text  []byte
	spans []span
	space space
	// spaceOf is how the space looks; a link does not begin with it.
	spaceOf look
	// mark is where in the text the truncate marker stands, 0 for nowhere.
	mark int
}

// span is a run that ends before the offset end of the text.
type span struct {
	end int
	look
}

type look struct {
	style content.Style
	url   string
}

// space is the white space between the text written so far and the next.
type space uint8

const (
	noSpace space = iota
	softBreak
	oneSpace
	hardBreak
)

// set changes the style and link of what is written from now on.
func (w *runs) set(style content.Style, url string) {
	w.style, w.url = style, url
}

// length returns how much has been written.
func (w *runs) length() int { return len(w.text) }

func (w *runs) writeString(s string) { w.write([]byte(s)) }

// write adds text.
func (w *runs) write(s []byte) {
	start := 0 // of what is not written yet
	for i, r := range string(s) {
		if r > ' ' && r < 0x7f || r > 0xff && !isSpecial(r) {
			continue
		}
		w.words(s[start:i])
		start = i + utf8.RuneLen(r)
		switch {
		case r == '\n':
			w.pend(softBreak)
		case r == ' ' || r == '\t':
			w.pend(oneSpace)
		case r == '\u2028':
			w.pend(hardBreak)
		case r == '\u2029':
			w.mark = len(w.text)
		case !isHidden(r):
			w.words(s[i:start])
		}
	}
	w.words(s[start:])
}

// words adds text without white space, after the white space that stands
// before it.
func (w *runs) words(s []byte) {
	if len(s) == 0 {
		return
	}
	if len(w.text) > 0 {
		switch {
		case w.space == hardBreak && !w.oneLine:
			w.append([]byte("\n"), w.spaceOf)
		case w.space == softBreak && w.joins(s):
		case w.space != noSpace:
			w.append([]byte(" "), w.spaceOf)
		}
	}
	w.space = noSpace
	w.append(s, look{style: w.style, url: w.url})
}

func (w *runs) joins(s []byte) bool {
	last, _ := utf8.DecodeLastRune(w.text)
	next, _ := utf8.DecodeRune(s)
	return joins(last, next)
}

// pend notes white space; the strongest of several in a row counts.
func (w *runs) pend(s space) {
	if w.space == noSpace {
		w.spaceOf = look{style: w.style, url: w.url}
	}
	w.space = max(w.space, s)
}

func (w *runs) append(s []byte, l look) {
	w.text = append(w.text, s...)
	if n := len(w.spans); n > 0 && w.spans[n-1].look == l {
		w.spans[n-1].end = len(w.text)
		return
	}
	w.spans = append(w.spans, span{end: len(w.text), look: l})
}

// separate adds a separator as it stands, also between empty cells.
func (w *runs) separate(s string) {
	w.space = noSpace
	w.append([]byte(s), look{})
}

// take returns what was written since the last take, and leaves only mark.
func (w *runs) take() []content.Run {
	text, start := string(w.text), 0
	all := make([]content.Run, len(w.spans))
	for i, s := range w.spans {
		all[i] = content.Run{Text: text[start:s.end], Style: s.style, URL: s.url}
		start = s.end
	}
	w.text, w.spans, w.space = w.text[:0], w.spans[:0], noSpace
	return all
}

// isSpecial reports whether r is not simply text: isHidden, or a separator.
func isSpecial(r rune) bool {
	return 0x2000 <= r && r <= 0x206f || r == 0x061c || r >= 0xfeff
}

// isHidden reports whether r is a character that shows nothing and can only
// confuse: a control, a change of the direction of text, or a mark of the
// encoding. Joiners stay, emoji and many scripts need them.
func isHidden(r rune) bool {
	if r < utf8.RuneSelf {
		return r < ' ' || r == 0x7f
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u200b' || r == '\ufeff' || r == utf8.RuneError
}

// clean returns s without hidden characters and marks; line breaks and tabs
// stay.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\u2028':
			return '\n'
		case r == '\u2029' || isHidden(r):
			return -1
		}
		return r
	}, s)
}
