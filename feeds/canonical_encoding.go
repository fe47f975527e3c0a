package feeds

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What may stand unencoded beside letters, digits and "-._~" (RFC 3986,
// sections 3.3 to 3.5).
const (
	pathMarks  = "!$&'()*+,;=:@/"
	queryMarks = pathMarks + "?"
)

// normal returns an encoded part of a URL in its one form: what need not be
// encoded is not, over NFC, with capital hex digits. An encoded character of
// apart stays encoded, because bare it would mean something else.
func normal(s, marks, apart string) string {
	isMark := func(c byte) bool { return strings.IndexByte(marks, c) >= 0 }
	isBare := func(c byte) bool { return isMark(c) && strings.IndexByte(apart, c) < 0 }
	var b strings.Builder
	var text []byte // decoded, not yet written
	flush := func() {
		b.WriteString(encode(text, isBare))
		text = text[:0]
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isEscape(s[i:]):
			c = unhex(s[i+1])<<4 | unhex(s[i+2])
			i += 2
			switch {
			case c >= utf8.RuneSelf || isUnreserved(c):
				text = append(text, c)
			case isBare(c):
				flush()
				b.WriteByte(c)
			default:
				flush()
				writeEscape(&b, c)
			}
		case isMark(c):
			flush()
			b.WriteByte(c)
		default:
			text = append(text, c)
		}
	}
	flush()
	return b.String()
}

// encode returns the text in NFC with everything encoded but unreserved
// characters and marks that stay bare, which a few characters become in NFC: U+037E
// is a semicolon. Bytes that are no UTF-8, such as a path in Big5, stay as they are.
func encode(text []byte, isBare func(byte) bool) string {
	if utf8.Valid(text) {
		text = norm.NFC.Bytes(text)
	}
	var b strings.Builder
	for _, c := range text {
		if isUnreserved(c) || isBare(c) {
			b.WriteByte(c)
		} else {
			writeEscape(&b, c)
		}
	}
	return b.String()
}

// ascii encodes what cannot stand in a URL and leaves the rest as it is.
func ascii(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; isUnreserved(c) || c == '%' || strings.IndexByte(queryMarks, c) >= 0 {
			b.WriteByte(c)
		} else {
			writeEscape(&b, c)
		}
	}
	return b.String()
}

func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// isEscape reports whether s begins with a percent sign and two hex digits.
func isEscape(s string) bool {
	return len(s) >= 3 && s[0] == '%' && isHex(s[1]) && isHex(s[2])
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}

func writeEscape(b *strings.Builder, c byte) {
	const digits = "0123456789ABCDEF"
	b.WriteByte('%')
	b.WriteByte(digits[c>>4])
	b.WriteByte(digits[c&15])
}
