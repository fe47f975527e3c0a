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
	spaceOf span
	last    rune // 0 at the beginning
	// mark is where in the text the truncate marker stands, 0 for nowhere.
	mark int
}

// span is a run that ends before the offset end of the text.
type span struct {
	end   int
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

// write adds text.
func (w *runs) write(s string) {
	for _, r := range s {
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
			w.put(r)
		}
	}
}

// put adds a character, after the white space that stands before it.
func (w *runs) put(r rune) {
	if w.last != 0 {
		switch {
		case w.space == hardBreak && !w.oneLine:
			w.append('\n', w.spaceOf)
		case w.space == softBreak && joins(w.last, r):
		case w.space != noSpace:
			w.append(' ', w.spaceOf)
		}
	}
	w.space = noSpace
	w.append(r, span{style: w.style, url: w.url})
}

// pend notes white space; the strongest of several in a row counts.
func (w *runs) pend(s space) {
	if w.space == noSpace {
		w.spaceOf = span{style: w.style, url: w.url}
	}
	w.space = max(w.space, s)
}

func (w *runs) append(r rune, look span) {
	w.text = utf8.AppendRune(w.text, r)
	w.last = r
	look.end = len(w.text)
	if n := len(w.spans); n > 0 && w.spans[n-1].style == look.style && w.spans[n-1].url == look.url {
		w.spans[n-1] = look
		return
	}
	w.spans = append(w.spans, look)
}

// separate adds a separator as it stands, also between empty cells.
func (w *runs) separate(s string) {
	w.space = noSpace
	for _, r := range s {
		w.append(r, span{})
	}
}

// take returns what was written since the last take, and leaves only mark.
func (w *runs) take() []content.Run {
	text, start := string(w.text), 0
	all := make([]content.Run, len(w.spans))
	for i, s := range w.spans {
		all[i] = content.Run{Text: text[start:s.end], Style: s.style, URL: s.url}
		start = s.end
	}
	w.text, w.spans, w.space, w.last = w.text[:0], w.spans[:0], noSpace, 0
	return all
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

// clean returns s without hidden characters; line breaks and tabs stay.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !isHidden(r) {
			return r
		}
		return -1
	}, s)
}
