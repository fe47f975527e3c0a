package markdown

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxURL is how long a bare address may be, in bytes.
const maxURL = 2 << 10

// bareURL is at the colon of "https://" or at the first dot of "www.": it
// writes the address that it belongs to as an autolink, and returns how many
// bytes it took from the colon or dot on; 0 if there is none.
// https://github.github.com/gfm/#autolinks-extension-
//
// A host is taken as ASCII only, so that Chinese may follow it without a space;
// after that, letters of any script belong to the address, as they do on the
// site, and the punctuation of Chinese ends it.
func (p *preparer) bareURL() int {
	start := p.schemeStart()
	if start < 0 || !p.mayLink(start) {
		return 0
	}
	rest := p.src[p.pos:]
	n := urlLength(rest)
	if n == 0 {
		return 0
	}
	scheme := string(p.out[start:])
	if rest[0] == '.' {
		scheme = "http://" + scheme
	}
	p.out = append(p.out[:start], "<"+scheme...)
	p.out = append(p.out, rest[:n]...)
	p.out = append(p.out, '>')
	return n
}

// schemeStart returns where in the output the address begins that goes on at
// the position, or -1.
func (p *preparer) schemeStart() int {
	rest := p.src[p.pos:]
	for _, begin := range []string{"https", "http", "www"} {
		if len(p.out) < len(begin) || !strings.EqualFold(string(p.out[len(p.out)-len(begin):]), begin) {
			continue
		}
		if begin == "www" && rest[0] == '.' || begin != "www" && bytes.HasPrefix(rest, []byte("://")) {
			return len(p.out) - len(begin)
		}
	}
	return -1
}

// mayLink reports whether an address may begin there: not within a word, and
// not as the destination of a link or the address of a reference.
func (p *preparer) mayLink(start int) bool {
	before := p.out[:start]
	if len(before) == 0 {
		return true
	}
	switch c := before[len(before)-1]; {
	case isLetter(c), '0' <= c && c <= '9', c == '<', c == '/', c == '"':
		return false
	}
	before = bytes.TrimRight(before, " ")
	return !bytes.HasSuffix(before, []byte("](")) && !bytes.HasSuffix(before, []byte("]:"))
}

// urlLength returns the length of the address that goes on with s, without the
// punctuation that ends the sentence around it.
func urlLength(s []byte) int {
	s = s[:min(len(s), maxURL)]
	i := 1
	if s[0] == ':' {
		i = len("://")
	}
	host := i
	for i < len(s) && (isLetter(s[i]) || '0' <= s[i] && s[i] <= '9' || s[i] == '.' || s[i] == '-' || s[i] == '_' || s[i] == ':' || s[i] == '@') {
		i++
	}
	if i == host || s[host] == '.' {
		return 0
	}
	if i < len(s) && (s[i] == '/' || s[i] == '?' || s[i] == '#') {
		for i < len(s) {
			r, size := utf8.DecodeRune(s[i:])
			if !inURL(r) {
				break
			}
			i += size
		}
	}
	return trimURL(s[:i])
}

func inURL(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && r != 0x7f && !strings.ContainsRune("<>\"`\\{}|[]^", r)
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

// trimURL returns the length of s without punctuation at its end, or a closing
// bracket that has no partner in it.
func trimURL(s []byte) int {
	for len(s) > 0 {
		switch last := s[len(s)-1]; {
		case strings.IndexByte("?!.,:*_~'", last) >= 0:
		case last == ')' && bytes.Count(s, []byte(")")) > bytes.Count(s, []byte("(")):
		case last == ';' && entityStart(s) >= 0:
			s = s[:entityStart(s)+1]
		default:
			return len(s)
		}
		s = s[:len(s)-1]
	}
	return 0
}

// entityStart returns where the entity begins that s ends with, or -1.
func entityStart(s []byte) int {
	i := len(s) - 2
	for i >= 0 && (isLetter(s[i]) || '0' <= s[i] && s[i] <= '9') {
		i--
	}
	if i >= 0 && i < len(s)-2 && s[i] == '&' {
		return i
	}
	return -1
}
