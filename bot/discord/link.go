package discord

import (
	"fmt"
	"net/url"
	"path"
	"strings"
	"unicode"
)

// webAddress returns an address as it can be written anywhere in a message; ok
// is false for all but http and https with a host.
func webAddress(raw string) (address string, ok bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Hostname() == "" {
		return "", false
	}
	if scheme := strings.ToLower(u.Scheme); scheme != "http" && scheme != "https" {
		return "", false
	}
	address = encodeMarks(raw)
	_, err = url.Parse(address) // fails for hosts in brackets, which no site of a community has
	return address, err == nil
}

// encodeMarks encodes what would end an address too early or mark up what
// follows. Letters of all scripts stay readable.
func encodeMarks(address string) string {
	return percentEncode(address, func(r rune) bool {
		return r == unicode.ReplacementChar || strings.ContainsRune("<>[]{}|\\^\"`*", r) || !unicode.IsGraphic(r) || unicode.IsSpace(r)
	})
}

// encodeBrackets encodes what would end the address of a masked link.
func encodeBrackets(address string) string {
	return percentEncode(address, func(r rune) bool { return r == '(' || r == ')' })
}

// percentEncode encodes characters as RFC 3986, section 2.1, says.
func percentEncode(s string, encoded func(rune) bool) string {
	var b strings.Builder
	for _, r := range s {
		if !encoded(r) {
			b.WriteRune(r)
			continue
		}
		for _, c := range []byte(string(r)) {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// picture returns the address of an image that Discord can show. It shows no
// SVG.
func picture(raw string) (address string, ok bool) {
	address, ok = webAddress(raw)
	if !ok || units(address) > maxURL {
		return "", false
	}
	u, err := url.Parse(address)
	return address, err == nil && !strings.EqualFold(path.Ext(u.Path), ".svg")
}
