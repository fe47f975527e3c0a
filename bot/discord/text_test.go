package discord

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"cloudnative.tw/herald/bot"
)

// literal reads Markdown as Discord does where every mark is escaped: a
// backslash shows the next character. It reports any character that means
// something and is not escaped.
func literal(t *testing.T, markdown string) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.SplitSeq(markdown, "\n") {
		head := headOfLine
		escaped := false
		for i, r := range line {
			switch {
			case escaped:
				escaped = false
			case r == '\\':
				escaped = true
				if head == headOfLine || head == afterDigits {
					head = insideLine
				}
				continue
			case needsEscape(r, line[i:], head):
				t.Errorf("%q: %q at %d is markup", markdown, r, i)
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
		b.WriteByte('\n')
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func TestWordsArriveAsWritten(t *testing.T) {
	for words, want := range map[string]string{
		"plain 12:30 a-b #7 (x)":     "plain 12:30 a-b #7 (x)",
		"*a* _b_ ~~c~~ `d` ||e||":    "\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\`d\\` \\|\\|e\\|\\|",
		"<@&1> <#2> <:x:3> <t:4:R>":  "\\<\\@&1> \\<#2> \\<\\:x:3> \\<t\\:4:R>",
		"@everyone @here":            "\\@everyone \\@here",
		"# heading":                  "\\# heading",
		"-# small":                   "\\-# small",
		"  - item":                   "  \\- item",
		"1. item":                    "1\\. item",
		"12) item":                   "12\\) item",
		"3.14":                       "3\\.14",
		"> quote":                    "\\> quote",
		">>> all":                    "\\>>> all",
		"https://evil.example :tada": "https\\://evil.example \\:tada",
		"[Workshop] x":               "\\[Workshop] x",
		"C:\\dir\\":                  "C:\\\\dir\\\\",
		"¯\\_(ツ)_/¯":                 "¯\\\\\\_(ツ)\\_/¯",
		"a\u202eb\x00c\x1bd":         "abcd",
	} {
		got := markdownOf(bot.Text{{Text: words}}, bot.English, true)
		if got != want {
			t.Errorf("%q is written %q, want %q", words, got, want)
		}
		if read := literal(t, got); read != clean(words) {
			t.Errorf("%q arrives as %q", words, read)
		}
	}
}

func TestSpansAsMarkdown(t *testing.T) {
	at := time.Unix(1_700_000_000, 0)
	tests := []struct {
		text bot.Text
		want string
	}{
		{bot.Text{{Text: "a", Style: bot.Bold}, {Text: "b", Style: bot.Italic}, {Text: "c", Style: bot.Bold | bot.Italic}}, "**a**\u200b*b*\u200b***c***"},
		{bot.Text{{Text: " a ", Style: bot.Bold}, {Text: "b"}}, " **a** b"},
		{bot.Text{{Text: "  ", Style: bot.Bold}}, "  "},
		{bot.Text{{Text: "*", Style: bot.Bold}}, "**\\***"},
		{bot.Text{{Text: "x<y", Style: bot.Code}}, "`x<y`"},
		{bot.Text{{Text: "a`b", Style: bot.Code}}, "`` a`b ``"},
		{bot.Text{{Text: "a``b", Style: bot.Code}}, "a\\`\\`b"},
		{bot.Text{{Text: "x", Style: bot.Code | bot.Bold}}, "**`x`**"},
		{bot.LinkTo("clean title", "https://e.org/a b"), ""},
		{bot.LinkTo("clean (1): title", "https://e.org/a_(b)*"), "[clean (1): title](https://e.org/a_%28b%29%2A)"},
		{bot.LinkTo("[W] x", "https://e.org"), "\\[W] x [read](https://e.org)"},
		{bot.LinkTo("see https://x.org", "https://e.org"), "see https\\://x.org [read](https://e.org)"},
		{bot.LinkTo("", "https://e.org/中文"), "<https://e.org/中文>"},
		{bot.LinkTo("https://e.org/", "https://e.org/"), "<https://e.org/>"},
		{bot.LinkTo("", "https://e.org/~a_(b)'>*x"), "<https://e.org/~a_(b)'%3E%2Ax>"},
		{bot.LinkTo("mail", "mailto:a@b.org"), "mail a\\@b.org"},
		{bot.LinkTo("bad", "javascript:alert(1)"), "bad"},
		{bot.Text{{Kind: bot.Link, Text: "b", URL: "https://e.org", Style: bot.Bold}}, "**[b](https://e.org)**"},
		{bot.Text{{Kind: bot.Time, At: at}}, "<t:1700000000:f>"},
		{bot.Text{{Kind: bot.Time, At: at, Form: bot.DateOnly}}, "<t:1700000000:D>"},
		{bot.Text{{Kind: bot.Time, At: at, Form: bot.TimeOnly}}, "<t:1700000000:t>"},
		{bot.Text{{Kind: bot.Time, At: at, Form: bot.Relative, Style: bot.Bold}}, "**<t:1700000000:R>**"},
		{bot.Text{{Kind: bot.Time, Text: "some day"}}, "some day"},
		{bot.Text{{Kind: bot.Mention, Text: "77"}, {Kind: bot.Mention, Text: "@88"}, {Kind: bot.Mention, Text: "everyone"}}, "<@&77><@88>"},
		{bot.Text{{Kind: bot.Item, Depth: 9}, {Text: "- deep"}}, "        - \\- deep"},
		{bot.Text{{Text: "1"}, {Text: ". x"}}, "1\\. x"},
		{bot.Text{{Kind: bot.Quote}, {Text: "# q"}, {Kind: bot.Line}, {Text: "# w"}}, "> \\# q\n\\# w"},
	}
	for _, tt := range tests {
		want := tt.want
		if want == "" { // an address with a space is no address
			want = "[clean title](https://e.org/a%20b)"
		}
		if got := markdownOf(tt.text, bot.English, false); got != want {
			t.Errorf("%v is written %q, want %q", tt.text, got, want)
		}
	}
}

func TestFitCutsWhereAReaderWouldPause(t *testing.T) {
	write := func(t bot.Text) string { return markdownOf(t, bot.English, false) }
	tests := []struct {
		text  bot.Text
		limit int
		want  string
	}{
		{bot.Plain("第一句話。第二句話。"), 10, "第一句話。第二句話。"},
		{bot.Plain("第一句話。第二句話。"), 9, "第一句話。…"},
		{bot.Plain("one two three"), 9, "one two…"},
		{bot.Plain("一👩‍👩‍👧‍👦"), 10, "一…"},
		{bot.Plain("****************"), 9, "\\*\\*\\*\\*…"},
		{bot.Styled(bot.Bold, "abc def"), 9, "**abc**…"},
		{bot.Join(bot.Plain("see "), bot.LinkTo("a page", "https://example.org/long")), 20, "see…"},
		{bot.Plain("abc"), 1, ""},
		{bot.LinkTo("x", "https://example.org/"), 3, ""},
	}
	for _, tt := range tests {
		got, _ := fit(tt.text, tt.limit, "", write)
		if got != tt.want {
			t.Errorf("fit(%q, %d) = %q, want %q", tt.text, tt.limit, got, tt.want)
		}
		if units(got) > tt.limit {
			t.Errorf("fit(%q, %d) = %q is too long", tt.text, tt.limit, got)
		}
	}
}

func FuzzWordsArriveAsWritten(f *testing.F) {
	f.Add("[Workshop] *x* <@&1> https://a.b :tada: \\")
	f.Add("1. a\n- b")
	f.Add("::::a:b:c://::")
	f.Fuzz(func(t *testing.T, words string) {
		if read := literal(t, markdownOf(bot.Text{{Text: words}}, bot.English, true)); read != clean(words) {
			t.Errorf("%q arrives as %q", words, read)
		}
	})
}
