package site

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// oneLine returns s as one line: runs of space and of characters that cannot be
// seen, among them those that turn the direction of text, become one space.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\ufffd"), invisible), " ")
}

func invisible(r rune) bool {
	const zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d' // Persian and emoji need them
	if r < 0x7f {
		return r <= ' '
	}
	return unicode.IsSpace(r) || unicode.IsControl(r) ||
		unicode.Is(unicode.Cf, r) && r != zeroWidthJoiner && r != zeroWidthNonJoiner
}

// guessWindow is how many bytes of a page are looked at for its language.
const guessWindow = 2 << 10

// guessLang returns "zh" or "en" by the letters of the text, "" for a text
// that is in neither or too short to tell.
func guessLang(title string, body []byte) string {
	l := countLetters([]byte(title)).plus(countLetters(body[:min(len(body), guessWindow)]))
	// A Chinese page about software is full of names and addresses in Latin
	// letters, and a Chinese character says as much as several of those.
	switch {
	case l.other > l.han && l.other > l.latin/10:
		return ""
	case l.han > l.latin/10:
		return "zh"
	case l.latin > 20:
		return "en"
	}
	return ""
}

// letters is how many letters of each script a text has.
type letters struct{ han, latin, other int }

func (l letters) plus(m letters) letters {
	return letters{l.han + m.han, l.latin + m.latin, l.other + m.other}
}

func countLetters(text []byte) letters {
	var l letters
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		i += size
		switch {
		case r|0x20 >= 'a' && r|0x20 <= 'z':
			l.latin++
		case r < utf8.RuneSelf:
		case r >= 0x4e00 && r <= 0x9fff: // the common ones, without a table
			l.han++
		case unicode.Is(unicode.Han, r):
			l.han++
		case unicode.IsLetter(r):
			l.other++
		}
	}
	return l
}
