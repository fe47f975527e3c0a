package console

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escaped matches a run of percent-encoded bytes beyond ASCII (RFC 3986,
// section 2.1).
var escaped = regexp.MustCompile(`(?:%[89A-Fa-f][0-9A-Fa-f])+`)

// readable returns an address as a person reads it: Chinese instead of percent
// signs. It leads to the same place in every browser and is safe to print. What
// does not decode to letters, digits and other visible characters stays as it is.
func readable(address string) string {
	return escaped.ReplaceAllStringFunc(Clean(address), func(run string) string {
		bytes := make([]byte, 0, len(run)/3)
		for i := 0; i < len(run); i += 3 {
			bytes = append(bytes, unhex(run[i+1])<<4|unhex(run[i+2]))
		}
		decoded := string(bytes)
		if !utf8.ValidString(decoded) || strings.ContainsFunc(decoded, func(r rune) bool {
			return !unicode.IsGraphic(r) || unicode.IsSpace(r) || unicode.Is(unicode.Bidi_Control, r)
		}) {
			return run
		}
		return decoded
	})
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
