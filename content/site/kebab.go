package site

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// kebab returns the part of a URL that Docusaurus makes of a tag: the words of
// s in lower case with "-" between them, by the rules of lodash's kebabCase
// (https://lodash.com/docs#kebabCase). Words end at a change from lower to
// upper case or between letters and digits, so "k8s" is "k-8-s"; letters
// without case, such as Chinese, are kept.
func kebab(s string) string {
	rs := []rune(withoutMarks(s))
	var words []string
	for i := 0; i < len(rs); {
		n := wordLen(rs[i:])
		if n == 0 {
			i++
			continue
		}
		words = append(words, strings.ToLower(string(rs[i:i+n])))
		i += n
	}
	return strings.Join(words, "-")
}

// withoutMarks returns s with accented Latin letters as plain ones and without
// apostrophes.
func withoutMarks(s string) string {
	var b strings.Builder
	for _, r := range s {
		plain, ok := ligatures[r]
		switch {
		case r == '\'' || r == '’' || isMark(r):
		case ok:
			b.WriteString(plain)
		case r >= 0xc0 && r <= 0x17f && r != '×' && r != '÷':
			for _, d := range norm.NFD.String(string(r)) {
				if !isMark(d) {
					b.WriteRune(d)
				}
			}
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isMark reports whether r combines with the letter before it, in the ranges
// that lodash drops.
func isMark(r rune) bool {
	return r >= 0x300 && r <= 0x36f || r >= 0xfe20 && r <= 0xfe2f || r >= 0x20d0 && r <= 0x20ff
}

// ligatures are the letters of U+00C0 to U+017F that do not come apart into a
// letter and a mark.
var ligatures = map[rune]string{
	'Æ': "Ae", 'æ': "ae", 'Ð': "D", 'ð': "d", 'Ø': "O", 'ø': "o", 'Þ': "Th", 'þ': "th", 'ß': "ss",
	'Đ': "D", 'đ': "d", 'Ħ': "H", 'ħ': "h", 'ı': "i", 'Ĳ': "IJ", 'ĳ': "ij", 'ĸ': "k", 'Ŀ': "L", 'ŀ': "l",
	'Ł': "L", 'ł': "l", 'ŉ': "n", 'Ŋ': "N", 'ŋ': "n", 'Œ': "Oe", 'œ': "oe", 'Ŧ': "T", 'ŧ': "t", 'ſ': "s",
}

// wordLen returns how many runes at the start of rs make one word, 0 if none
// does. The cases are in lodash's order.
func wordLen(rs []rune) int {
	upper, lower := span(rs, isUpper), 0
	if upper <= 1 {
		lower = span(rs[upper:], isLower)
	}
	if lower > 0 && endsWord(rs[upper+lower:], isUpper) { // Word, word
		return upper + lower
	}
	for n := span(rs, isUpperOrOther); n > 0; n-- { // HTTP in HTTPServer
		rest := rs[n:]
		if endsWord(rest, nil) || len(rest) > 1 && isUpper(rest[0]) && isLowerOrOther(rest[1]) {
			return n
		}
	}
	if upper <= 1 {
		if n := span(rs[upper:], isLowerOrOther); n > 0 {
			return upper + n
		}
	}
	if upper > 0 {
		return upper
	}
	if n := ordinal(rs); n > 0 {
		return n
	}
	if n := span(rs, isDigit); n > 0 {
		return n
	}
	return emoji(rs)
}

// endsWord reports whether a word may end before rest: at its end, before a
// break, or before a rune that next accepts.
func endsWord(rest []rune, next func(rune) bool) bool {
	return len(rest) == 0 || isBreak(rest[0]) || next != nil && next(rest[0])
}

// ordinal returns the length of a word such as 1st, 22nd or 4TH.
func ordinal(rs []rune) int {
	n := span(rs, isDigit)
	if n == 0 || len(rs) < n+2 {
		return 0
	}
	suffix := string(rs[n : n+2])
	folded := strings.ToLower(suffix)
	if suffix != folded && suffix != strings.ToUpper(suffix) {
		return 0
	}
	want, ok := map[rune]string{'1': "st", '2': "nd", '3': "rd"}[rs[n-1]]
	if !ok {
		want = "th"
	}
	if folded != want {
		return 0
	}
	if rest := rs[n+2:]; len(rest) > 0 && rest[0] != '_' && isASCIIWord(rest[0]) &&
		(isUpper(rest[0]) == isUpper(rs[n]) || isDigit(rest[0])) {
		return 0
	}
	return n + 2
}

// emoji returns the length of a picture: a rune beyond the basic plane or a
// dingbat, with what modifies it or is joined to it.
func emoji(rs []rune) int {
	if len(rs) == 0 || !isPicture(rs[0]) {
		return 0
	}
	n := 1
	if isFlagLetter(rs[0]) && len(rs) > 1 && isFlagLetter(rs[1]) {
		n = 2
	}
	for n < len(rs) {
		switch r := rs[n]; {
		case r == 0xfe0e || r == 0xfe0f || r >= 0x1f3fb && r <= 0x1f3ff: // variant, skin
			n++
		case r == 0x200d && n+1 < len(rs) && rs[n+1] > 0x7f: // joined
			n += 2
		default:
			return n
		}
	}
	return n
}

func span(rs []rune, is func(rune) bool) int {
	n := 0
	for n < len(rs) && is(rs[n]) {
		n++
	}
	return n
}

func isDigit(r rune) bool      { return r >= '0' && r <= '9' }
func isFlagLetter(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }
func isPicture(r rune) bool    { return r > 0xffff || r >= 0x2700 && r <= 0x27bf }

func isUpper(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 0xc0 && r <= 0xde && r != 0xd7
}

func isLower(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 0xdf && r <= 0xff && r != 0xf7
}

func isASCIIWord(r rune) bool {
	return r < 0x80 && (isDigit(r) || isUpper(r) || isLower(r) || r == '_')
}

// isBreak reports whether r stands between words.
func isBreak(r rune) bool {
	return r <= 0xbf && !isDigit(r) && !isUpper(r) && !isLower(r) || r == 0xd7 || r == 0xf7 ||
		r >= 0x2000 && r <= 0x206f || r == 0xfeff || r == 0x180e || unicode.Is(unicode.Zs, r)
}

// isOther reports whether r is a letter without case, as lodash sees it.
func isOther(r rune) bool {
	return !isBreak(r) && !isDigit(r) && !isUpper(r) && !isLower(r) && !isPicture(r)
}

func isUpperOrOther(r rune) bool { return isUpper(r) || isOther(r) }
func isLowerOrOther(r rune) bool { return isLower(r) || isOther(r) }
