package site

import (
	"strings"
	"unicode"
)

// oneLine returns s as one line: runs of space and of characters that cannot be
// seen, among them those that turn the direction of text, become one space.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, invisible), " ")
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
const guessWindow = 4 << 10

// guessLang returns "zh" or "en" by the letters of the text, "" for a text
// that is in neither or too short to tell.
func guessLang(title string, body []byte) string {
	text := title + "\n" + string(body[:min(len(body), guessWindow)])
	var han, latin, other int
	for _, r := range text {
		switch {
		case r < 0x80:
			if unicode.IsLetter(r) {
				latin++
			}
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.IsLetter(r):
			other++
		}
	}
	// A Chinese page about software is full of names and addresses in Latin
	// letters, and a Chinese character says as much as several of those.
	switch {
	case other > han && other > latin/10:
		return ""
	case han > latin/8 && han > 0:
		return "zh"
	case latin > 20:
		return "en"
	}
	return ""
}
