package syndication

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

// line returns what the text says on one line of up to limit characters.
func (r rich) line(limit int) string {
	return cut(strings.Join(r.lines(limit), " "), limit)
}

// firstSentence returns how the text begins, as a title.
func (r rich) firstSentence() string {
	const limit = 80
	lines := r.lines(limit)
	if len(lines) == 0 {
		return ""
	}
	sentence := lines[0]
	if end := sentenceEnd.FindStringIndex(sentence); end != nil {
		sentence = strings.TrimSpace(sentence[:end[1]])
	}
	return cut(sentence, limit)
}

var sentenceEnd = regexp.MustCompile(`[。！？]|[.!?] `)

// lines returns the lines of the text, at least as many as have limit
// characters.
func (r rich) lines(limit int) []string {
	// What nobody will see need not be read. A character has up to four bytes,
	// its entity up to ten, and tags take more than text.
	text := r.text
	switch r.kind {
	case plain:
		text = strings.ReplaceAll(head(text, 8*limit), "\n", " ")
	case loose:
		text = html.UnescapeString(withoutKnownTags(head(text, 40*limit)))
	case markup:
		text = htmlText(text, 2*limit)
	}
	var lines []string
	for l := range strings.SplitSeq(text, string(lineBreak)) {
		l = withoutEnding(tidy(l))
		if saysSomething(l) && !isNoise(l) {
			lines = append(lines, l)
		}
	}
	return lines
}

// head returns the first bytes of s, as whole characters.
func head(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

// knownTags matches the HTML that is in titles. Other things in angle brackets,
// such as <multi-cluster> or <實驗>, are what somebody wrote.
var knownTags = regexp.MustCompile(`(?i)</?(a|abbr|b|big|br|center|cite|code|del|div|em|font|h[1-6]|i|img|ins|kbd|mark|p|q|s|samp|small|span|strike|strong|sub|sup|tt|u|var|wbr)(\s[^<>]*)?/?>`)

func withoutKnownTags(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	return knownTags.ReplaceAllString(s, "")
}

// noise matches lines that say nothing about the item: counters of Discourse and
// Hacker News, which change all the time, and what blogs put at the end.
var noise = regexp.MustCompile(`(?i)^(` +
	`[0-9]+ posts? - [0-9]+ participants?|Read full topic|` +
	`(Points|# Comments): [0-9]+|(Article|Comments) URL: .*|` +
	`(Continue reading|Read more)\b.*|閱讀更多.*|繼續閱讀.*|` +
	`The post .* (first )?appeared (first )?on .*|` +
	`No content\.)$`) // of a GitHub release

// isNoise spares long lines the trial.
func isNoise(line string) bool { return len(line) < 300 && noise.MatchString(line) }

// endings are how WordPress ends what it cut.
var endings = []string{"[…]", "[...]", "(…)", "(...)"}

func withoutEnding(line string) string {
	for _, e := range endings {
		if rest, cut := strings.CutSuffix(line, e); cut {
			return strings.TrimRight(rest, " ") + "…"
		}
	}
	return line
}

// saysSomething tells a line from one of dots and dashes.
func saysSomething(line string) bool {
	return strings.ContainsFunc(line, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) })
}

// tidy returns s on one line: NFC, runs of space as one, none where a line of
// Chinese was broken, and no characters that cannot be seen but change how the
// rest is.
func tidy(s string) string {
	var b strings.Builder
	var last rune // written
	gap, broken := false, false
	b.Grow(len(s))
	for _, r := range norm.NFC.String(s) {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			gap, broken = true, broken || r == '\n'
			continue
		case isInvisible(r):
			continue
		}
		within := broken && isWide(last) && isWide(r)
		if gap && last != 0 && !within {
			b.WriteByte(' ')
		}
		gap, broken, last = false, false, r
		b.WriteRune(r)
	}
	return b.String()
}

// isInvisible tells the characters that turn the direction of what follows, or
// that stand where nothing is. Those that join emoji are none of them.
func isInvisible(r rune) bool {
	return r == '\u00ad' || r == '\u200b' || r == '\u2060' || r == '\ufeff' || r >= '\u200e' && r <= '\u200f' ||
		r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// isWide tells the characters of scripts that are written without spaces.
func isWide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo) ||
		r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xff60
}

// cut shortens s to limit characters, the last of which is then an ellipsis.
func cut(s string, limit int) string {
	n := 0
	end := 0 // of the characters before the last
	for i := range s {
		if n == limit-1 {
			end = i
		}
		if n++; n > limit {
			return strings.TrimRight(s[:end], " ，、；：,;:") + "…"
		}
	}
	return s
}
