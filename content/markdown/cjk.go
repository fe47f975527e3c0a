package markdown

import "unicode"

// isCJK reports whether r is a Han character, kana or bopomofo, or punctuation
// that is written with them: text that has no spaces between words. Korean has.
func isCJK(r rune) bool {
	return r >= 0x2e80 && (isWidePunct(r) ||
		unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo))
}

// isWidePunct reports whether r is punctuation that brings its own space: 。，「」
// and the full-width forms of ASCII's.
func isWidePunct(r rune) bool {
	return 0x3000 <= r && r <= 0x303f || 0xff00 <= r && r <= 0xff65 && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// joins reports whether a line that ends with a and one that begins with b are
// one text without a space between them.
func joins(a, b rune) bool {
	return isWidePunct(a) || isWidePunct(b) || isCJK(a) && isCJK(b)
}
