package syndication

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// toUTF8 returns the text of a body. Labels are often wrong, so bytes that are
// UTF-8 are taken for it whatever the label says; else a byte order mark, the
// XML declaration and the Content-Type say what they are, in this order. What
// cannot be decoded becomes U+FFFD.
func toUTF8(data []byte, contentType string) []byte {
	if order := utf16Order(data); order != nil {
		return fromUTF16(data, order)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	for _, label := range []string{declaredCharset(data), headerCharset(contentType)} {
		encoding, name := charset.Lookup(label)
		if encoding == nil || name == "utf-8" || strings.HasPrefix(name, "utf-16") || name == "replacement" {
			continue
		}
		if utf8.Valid(data) && name != "iso-2022-jp" { // which is written in ASCII
			break
		}
		if decoded, err := encoding.NewDecoder().Bytes(data); err == nil {
			return decoded
		}
	}
	return bytes.ToValidUTF8(data, []byte("\ufffd"))
}

// byteOrder reads one unit of UTF-16.
type byteOrder func(hi, lo byte) uint16

func littleEndian(a, b byte) uint16 { return uint16(b)<<8 | uint16(a) }
func bigEndian(a, b byte) uint16    { return uint16(a)<<8 | uint16(b) }

// utf16Order tells UTF-16 by its byte order mark, or by its first character
// being "<" or "{"; nil for anything else.
func utf16Order(data []byte) byteOrder {
	if len(data) < 4 {
		return nil
	}
	switch first := [2]byte(data); first {
	case [2]byte{0xff, 0xfe}, [2]byte{'<', 0}, [2]byte{'{', 0}:
		return littleEndian
	case [2]byte{0xfe, 0xff}, [2]byte{0, '<'}, [2]byte{0, '{'}:
		return bigEndian
	}
	return nil
}

func fromUTF16(data []byte, order byteOrder) []byte {
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i+1 < len(data); i += 2 {
		units = append(units, order(data[i], data[i+1]))
	}
	return []byte(strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff"))
}

var encodingOf = regexp.MustCompile(`^\s*<\?xml[^>]{0,200}\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']`)

// declaredCharset returns the encoding that an XML declaration names, or "".
func declaredCharset(data []byte) string {
	if m := encodingOf.FindSubmatch(data[:min(len(data), 512)]); m != nil {
		return string(m[1])
	}
	return ""
}

func headerCharset(contentType string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	return params["charset"]
}

// withoutForbidden drops the characters that XML does not allow
// (https://www.w3.org/TR/xml/#charsets), for each of which the parser would
// refuse the whole feed, and blanks references to them. It changes data.
func withoutForbidden(data []byte) []byte {
	kept := data[:0]
	for i := 0; i < len(data); {
		r, size := rune(data[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(data[i:])
		}
		if allowed(r) {
			kept = append(kept, data[i:i+size]...)
		}
		i += size
	}
	blankReferences(kept)
	return kept
}

func allowed(r rune) bool {
	return r >= ' ' && r != 0xfffe && r != 0xffff || r == '\t' || r == '\n' || r == '\r'
}

// blankReferences overwrites references such as &#8; with spaces.
func blankReferences(data []byte) {
	for i := 0; ; {
		at := bytes.Index(data[i:], []byte("&#"))
		if at < 0 {
			return
		}
		i += at
		length, forbidden := reference(data[i:])
		if forbidden {
			copy(data[i:i+length], "                    ")
		}
		i += max(length, 2)
	}
}

// reference returns how long the character reference is that s begins with, 0
// if it is none, and whether XML forbids what it stands for.
func reference(s []byte) (length int, forbidden bool) {
	const longest = 12
	base, i, r := rune(10), 2, rune(0)
	if len(s) > 2 && (s[2] == 'x' || s[2] == 'X') {
		base, i = 16, 3
	}
	for first := i; i < min(len(s), longest); i++ {
		digit := strings.IndexByte("0123456789abcdef", s[i]|0x20)
		switch {
		case s[i] == ';' && i > first:
			return i + 1, !allowed(r) || !utf8.ValidRune(r)
		case digit < 0 || rune(digit) >= base:
			return 0, false
		}
		r = min(r*base+rune(digit), utf8.MaxRune+1)
	}
	return 0, false
}
