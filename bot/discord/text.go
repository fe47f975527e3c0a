package discord

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"cloudnative.tw/herald/bot"
)

const (
	// gap is a space of no width. It keeps two marks apart that would be read as
	// one, and stands where Discord wants words and there are none.
	gap = "\u200b"
	// maxDepth is how deep lists are nested: a phone shows no more.
	maxDepth = 4
	// maxStamp is the last second, either way, that clients can show
	// (https://tc39.es/ecma262/#sec-time-values-and-time-range).
	maxStamp = 8_640_000_000_000
)

// markdown writes bot.Text as Discord's Markdown. The zero value writes for an
// embed.
type markdown struct {
	lang bot.Lang
	// content tells that addresses would be previewed: they get angle brackets.
	content bool

	b      strings.Builder
	head   lineHead
	marked bool // whether a mark was written last
}

// markdownOf returns t as Markdown.
func markdownOf(t bot.Text, lang bot.Lang, content bool) string {
	m := markdown{lang: lang, content: content}
	for _, span := range t {
		m.span(span)
	}
	return m.b.String()
}

func (m *markdown) span(s bot.Span) {
	switch s.Kind {
	case bot.Line:
		m.raw("\n")
		m.head = headOfLine
	case bot.Item:
		m.item(s)
	case bot.Quote:
		m.raw("> ")
		m.head = headOfLine
	case bot.Time:
		m.time(s)
	case bot.Mention:
		m.inline(mentionOf(s.Text).String())
	case bot.Link:
		m.link(s)
	default:
		m.words(s.Style, clean(s.Text))
	}
}

// raw writes what is Markdown already.
func (m *markdown) raw(s string) {
	m.b.WriteString(s)
	m.marked = false
}

// inline writes what is Markdown already and stands in a line.
func (m *markdown) inline(s string) {
	if s != "" {
		m.raw(s)
		m.head = insideLine
	}
}

func (m *markdown) item(s bot.Span) {
	m.raw(strings.Repeat("  ", min(max(s.Depth, 0), maxDepth)))
	if s.Number > 0 {
		m.raw(strconv.Itoa(s.Number) + ". ")
	} else {
		m.raw("- ")
	}
	m.head = headOfLine
}

// words writes literal words in a style. Space at their ends stays outside the
// marks, which would not be read as such beside it.
func (m *markdown) words(style bot.Style, s string) {
	core := strings.TrimFunc(s, unicode.IsSpace)
	if core == "" || style == 0 {
		m.literal(s)
		return
	}
	before, after, _ := strings.Cut(s, core)
	m.literal(before)
	m.mark(style, core)
	m.literal(after)
}

func (m *markdown) literal(s string) {
	if s == "" {
		return
	}
	escaped, head := escape(s, m.head)
	m.raw(escaped)
	m.head = head
}

// mark writes words between the marks of a style.
func (m *markdown) mark(style bot.Style, words string) {
	inner, ok := "", false
	if style&bot.Code != 0 {
		inner, ok = codeSpan(words)
	}
	if !ok {
		inner, _ = escape(words, insideLine)
	}
	m.between(style, inner, ok)
}

// between writes Markdown between the marks of a style.
func (m *markdown) between(style bot.Style, inner string, code bool) {
	marks := strings.Repeat("*", int(style&bot.Bold)*2+int(style&bot.Italic)/int(bot.Italic))
	if marks == "" && !code {
		m.inline(inner)
		return
	}
	if m.marked {
		m.raw(gap)
	}
	m.inline(marks + inner + marks)
	m.marked = true
}

// codeSpan returns words as code, in which nothing is escaped; ok is false for
// those that cannot be.
func codeSpan(words string) (code string, ok bool) {
	if strings.Contains(words, "``") {
		return "", false // a longer fence would be a code block
	}
	if strings.Contains(words, "`") {
		return "`` " + words + " ``", true
	}
	return "`" + words + "`", true
}

// link writes a link: masked if its words allow that, else the words and then
// the link.
func (m *markdown) link(s bot.Span) {
	words := cleanLine(s.Text)
	address, ok := webAddress(s.URL)
	if !ok || units(address) > maxContentURL {
		m.unlinked(s.Style, words, s.URL)
		return
	}
	switch {
	case words == "" || words == cleanLine(s.URL):
		m.inline(m.bare(address))
	case maskable(words):
		m.between(s.Style&^bot.Code, "["+words+"]("+m.target(address)+")", false)
	default:
		m.words(s.Style, words)
		m.inline(" [" + readWord.In(m.lang) + "](" + m.target(address) + ")")
	}
}

// unlinked writes a link that Discord does not make one: to a mailbox, or to
// nowhere.
func (m *markdown) unlinked(style bot.Style, words, address string) {
	if mailbox, ok := strings.CutPrefix(address, "mailto:"); ok && cleanLine(mailbox) != words {
		words = strings.TrimSpace(words + " " + cleanLine(mailbox))
	}
	m.words(style, words)
}

// bare is an address that shows itself.
func (m *markdown) bare(address string) string { return "<" + address + ">" }

// target is the address of a masked link.
func (m *markdown) target(address string) string {
	address = encodeBrackets(address)
	if m.content {
		return "<" + address + ">"
	}
	return address
}

// time writes a moment, which clients show in the reader's own time
// (https://discord.com/developers/docs/reference#message-formatting).
func (m *markdown) time(s bot.Span) {
	at := s.At.Unix()
	if s.At.IsZero() || at > maxStamp || at < -maxStamp {
		m.words(s.Style, clean(s.Text))
		return
	}
	form := map[bot.TimeForm]string{bot.DateOnly: "D", bot.TimeOnly: "t", bot.Relative: "R"}[s.Form]
	if form == "" {
		form = "f"
	}
	m.between(s.Style&^bot.Code, fmt.Sprintf("<t:%d:%s>", at, form), false)
}
