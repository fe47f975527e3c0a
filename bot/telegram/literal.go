package telegram

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/net/idna"
)

// wordJoiner is invisible and forbids a line break. Between "@" and a name it
// keeps Telegram from finding a mention there.
const wordJoiner = "\u2060"

// maxCluster is how many bytes one user-perceived character may have. The
// longest emoji in use have about 40; a letter with thousands of accents could
// fill a message and could not be cut.
const maxCluster = 64

// units returns the length of s as Telegram counts it: in UTF-16 code units
// (https://core.telegram.org/bots/api#messageentity). Limits given in
// characters are never above that.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// clean makes words from outside safe to stand in a line: valid UTF-8 without
// line breaks, without characters that Telegram would take away (which would
// move every entity behind them), and without those that reorder what follows.
func clean(s string) string { return cleanUpTo(s, maxBytes) }

// maxBytes is how much of a text is looked at: more than any message holds,
// because a UTF-16 code unit has at most three bytes in UTF-8.
const maxBytes = 4 * maxText

// cleanUpTo is clean for at most that many bytes of s.
func cleanUpTo(s string, bytes int) string {
	if len(s) > bytes {
		for bytes > 0 && !utf8.RuneStart(s[bytes]) {
			bytes--
		}
		s = s[:bytes]
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\u2028', r == '\u2029':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r) && r != '\u200e' && r != '\u200f':
			return -1
		}
		return r
	}, s)
	return boundClusters(s)
}

// boundClusters shortens user-perceived characters of absurd size.
func boundClusters(s string) string {
	if len(s) <= maxCluster {
		return s
	}
	var b strings.Builder
	for rest, state := s, -1; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if len(cluster) > maxCluster {
			end := maxCluster
			for !utf8.RuneStart(cluster[end]) {
				end--
			}
			cluster = cluster[:end]
		}
		b.WriteString(cluster)
	}
	return b.String()
}

// literal is clean, and keeps Telegram from finding mentions in the words: it
// looks for them in every text, and rings for the members it finds. An "@" at
// the end may have its name in the words that follow.
func literal(s string) string {
	s = clean(s)
	if !strings.Contains(s, "@") {
		return s
	}
	var b strings.Builder
	var before rune
	for i, r := range s {
		b.WriteRune(r)
		if r == '@' && !inEmail(before) && (i+1 == len(s) || nameByte(s[i+1])) {
			b.WriteString(wordJoiner)
		}
		before = r
	}
	return b.String()
}

// inEmail reports whether an "@" after r is part of an e-mail address, where
// Telegram finds no mention.
func inEmail(r rune) bool { return r < utf8.RuneSelf && nameByte(byte(r)) }

func nameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// visible reports whether r can be seen. Telegram takes a text without such
// characters for an empty one.
func visible(r rune) bool {
	const brailleBlank, hangulFiller, halfwidthFiller = '\u2800', '\u3164', '\uffa0'
	return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) &&
		r != brailleBlank && r != hangulFiller && r != halfwidthFiller
}

// maxURL is the longest address that is passed on, in bytes.
const maxURL = 2048

// webAddress returns an address as Telegram takes it for links, buttons and
// previews, or ok false if it would refuse the whole message for it: anything
// but http and https, and hosts without a dot.
func webAddress(s string) (address string, ok bool) {
	if s == "" || len(s) > maxURL || !utf8.ValidString(s) {
		return "", false
	}
	u, err := url.Parse(s)
	if err != nil || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return "", false
	}
	host, err := idna.Lookup.ToASCII(u.Hostname())
	if dot := strings.IndexByte(host, '.'); err != nil || dot <= 0 || dot == len(host)-1 {
		return "", false
	}
	if host != u.Hostname() && u.Port() == "" { // a name of other letters than ASCII
		u.Host = host
	}
	address = u.String()
	if len(address) > maxURL || strings.ContainsFunc(address, func(r rune) bool {
		return r <= ' ' || r >= utf8.RuneSelf || strings.ContainsRune("\"<>\\^`{|}", r)
	}) {
		return "", false
	}
	return address, true
}
