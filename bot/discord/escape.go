package discord

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Discord's Markdown takes a backslash before any character that is neither a
// letter, a digit nor a space, and shows that character
// (https://support.discord.com/hc/en-us/articles/210298617). So everything that
// could begin a mark, a mention, an emoji or an address gets one.

// special are the characters that mean something wherever they stand.
const special = "\\*_~`|<[@"

var (
	// shortcode is what clients turn into an emoji, ":tada:", or the beginning of
	// one that the next span could end.
	shortcode = regexp.MustCompile(`^:[A-Za-z0-9_+~-]+(?::|$)`)
	// addressMark is what makes an address of the letters before it.
	addressMark = "://"
)

// lineHead is what stands on a line before the present place. Headings, lists,
// quotes and small print begin only at the head of a line.
type lineHead uint8

const (
	headOfLine lineHead = iota // nothing but space
	afterDigits
	insideLine
)

// escape returns s as literal words, and where on its line what follows stands.
func escape(s string, head lineHead) (string, lineHead) {
	var b strings.Builder
	for i, r := range s {
		if needsEscape(r, s[i:], head) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		switch {
		case head == headOfLine && unicode.IsSpace(r):
		case head != insideLine && r >= '0' && r <= '9':
			head = afterDigits
		default:
			head = insideLine
		}
	}
	return b.String(), head
}

// needsEscape reports whether r, with which rest begins, needs a backslash.
func needsEscape(r rune, rest string, head lineHead) bool {
	switch {
	case strings.ContainsRune(special, r):
		return true
	case r == ':':
		return strings.HasPrefix(rest, addressMark) || shortcode.MatchString(rest)
	case head == headOfLine:
		return strings.ContainsRune("#->+", r)
	case head == afterDigits:
		return r == '.' || r == ')'
	}
	return false
}

// clean makes one line of text from outside: valid UTF-8 without control
// characters, and without those that reorder or hide what follows them.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		case r >= 0xE0000 && r <= 0xE007F && !isEmojiTag(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// isEmojiTag reports whether r may spell the region of a flag
// (https://unicode.org/reports/tr51/#def_emoji_tag_sequence).
func isEmojiTag(r rune) bool { return r >= 0xE0020 && r <= 0xE007F }

// cleanLine is clean without space around the words or doubled between them.
func cleanLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// maskable reports whether words may stand in a masked link: no character of
// them may be one that needs escaping, because between the brackets a backslash
// does not escape (https://github.com/discord/discord-api-docs/issues/6185).
func maskable(words string) bool {
	return strings.TrimSpace(words) != "" && !strings.ContainsAny(words, special+"]") &&
		!strings.Contains(words, addressMark) && !shortcodeAnywhere.MatchString(words)
}

var shortcodeAnywhere = regexp.MustCompile(`:[A-Za-z0-9_+~-]+:`)
