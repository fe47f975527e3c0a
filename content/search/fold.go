package search

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:generate go run gen.go

// The characters of foldFrom lie between these, all in the Basic Multilingual
// Plane. The few traditional characters beyond it are left alone.
const (
	firstHan = '\u3400'
	lastHan  = '\u9fff'
)

// simplified holds for every character from firstHan to lastHan what it is
// searched as, 0 for itself.
var simplified = sync.OnceValue(func() *[lastHan - firstHan + 1]rune {
	var table [lastHan - firstHan + 1]rune
	to := foldTo
	for _, from := range foldFrom {
		r, size := utf8.DecodeRuneInString(to)
		to = to[size:]
		table[from-firstHan] = r
	}
	return &table
})

// appendFold appends what r is searched as to dst: without regard to case,
// diacritics, full and half width (Unicode NFKD without marks), and with
// traditional Chinese as simplified. Marks become nothing.
func appendFold(dst []rune, r rune) []rune {
	switch {
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(dst, r)
	case firstHan <= r && r <= lastHan:
		if s := simplified()[r-firstHan]; s != 0 {
			r = s
		}
		return append(dst, r)
	}
	var utf [utf8.UTFMax]byte
	n := utf8.EncodeRune(utf[:], r)
	d := norm.NFKD.Properties(utf[:n]).Decomposition()
	if d == nil {
		return appendPlain(dst, r)
	}
	for len(d) > 0 {
		c, size := utf8.DecodeRune(d)
		d = d[size:]
		if firstHan <= c && c <= lastHan { // a compatibility ideograph
			dst = appendFold(dst, c)
			continue
		}
		dst = appendPlain(dst, c)
	}
	return dst
}

// appendPlain appends a rune that has no decomposition.
func appendPlain(dst []rune, r rune) []rune {
	if unicode.Is(unicode.Mn, r) {
		return dst
	}
	return append(dst, unicode.ToLower(r))
}
