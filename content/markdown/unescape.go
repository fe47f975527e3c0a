package markdown

import (
	"bytes"
	"html"
	"strings"

	"github.com/yuin/goldmark/util"
)

// unescape returns text of Markdown without its backslashes and with the
// characters that entities stand for. Most text has neither and is not copied.
func unescape(s []byte) []byte {
	if bytes.IndexByte(s, '\\') < 0 && bytes.IndexByte(s, '&') < 0 {
		return s
	}
	var out []byte
	start := 0
	for i := 0; i < len(s)-1; i++ {
		if s[i] == '\\' && util.IsPunct(s[i+1]) {
			out = append(out, unescapeEntities(string(s[start:i]))...)
			out = append(out, s[i+1])
			i++
			start = i + 1
		}
	}
	return append(out, unescapeEntities(string(s[start:]))...)
}

// unescapeEntities decodes entities that end in a semicolon, as CommonMark
// does: html.UnescapeString alone also takes the "&copy" of "?a=1&copy=2".
func unescapeEntities(s string) string {
	const longest = 32 // bytes; CounterClockwiseContourIntegral; has 33 with its ampersand
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		s = s[i:]
		n := strings.IndexByte(s[:min(len(s), longest+2)], ';') + 1
		if n > 0 && strings.IndexFunc(s[1:n-1], notEntity) < 0 {
			b.WriteString(html.UnescapeString(s[:n]))
		} else {
			n = 1
			b.WriteByte('&')
		}
		s = s[n:]
	}
	if b.Len() == 0 {
		return s
	}
	b.WriteString(s)
	return b.String()
}

func notEntity(r rune) bool {
	return r != '#' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}
