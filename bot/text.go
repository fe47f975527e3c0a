package bot

import (
	"strconv"
	"strings"
	"time"
)

// Text is what is said: a flat list of spans, read from left to right. It is
// never a markup string, so nothing that comes from outside can become markup
// or a mention; a platform escapes each span's words as its own rules ask.
// The zero value says nothing.
type Text []Span

// SpanKind says what a span is.
type SpanKind uint8

const (
	// Words is text, in the span's Style.
	Words SpanKind = iota
	// Link is text, in the span's Style, that leads to URL. With an empty Text
	// the URL itself is shown.
	Link
	// Time is the moment At, shown in the reader's own time where the platform
	// can do that, else in the channel's zone. Text is the wording for platforms
	// that cannot.
	Time
	// Mention notifies the role or user of Text (the platform's own number).
	// Only a configured mention makes one: text from outside never does.
	Mention
	// Line ends a line. Two in a row make an empty line.
	Line
	// Item begins a list item, which lasts until the next Line. Depth is its
	// nesting, 0 for the outermost; Number is its number in an ordered list, 0
	// in an unordered one.
	Item
	// Quote begins a quoted line, which lasts until the next Line.
	Quote
)

// Style is how words look. Styles combine; the zero value is plain.
type Style uint8

const (
	Bold Style = 1 << iota
	Italic
	Code
)

// Span is one piece of a Text. Fields that its Kind does not name are zero.
type Span struct {
	Kind   SpanKind  `json:"kind,omitzero"`
	Style  Style     `json:"style,omitzero"`
	Text   string    `json:"text,omitzero"`
	URL    string    `json:"url,omitzero"`
	At     time.Time `json:"at,omitzero"`
	Form   TimeForm  `json:"form,omitzero"`
	Depth  int       `json:"depth,omitzero"`
	Number int       `json:"number,omitzero"`
}

// TimeForm says which parts of a moment a Time span shows.
type TimeForm uint8

const (
	DateAndTime TimeForm = iota
	DateOnly
	TimeOnly
	Relative
)

// Plain returns a text of unstyled words. Line breaks in s become Line spans.
func Plain(s string) Text { return Styled(0, s) }

// Styled returns a text of words in one style. Line breaks in s become Line
// spans.
func Styled(style Style, s string) Text {
	var t Text
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			t = append(t, Span{Kind: Line})
		}
		if line != "" {
			t = append(t, Span{Kind: Words, Style: style, Text: line})
		}
	}
	return t
}

// LinkTo returns a text that leads to url.
func LinkTo(text, url string) Text { return Text{{Kind: Link, Text: text, URL: url}} }

// NewLine returns a text that ends a line.
func NewLine() Text { return Text{{Kind: Line}} }

// Join concatenates texts.
func Join(texts ...Text) Text {
	var all Text
	for _, t := range texts {
		all = append(all, t...)
	}
	return all
}

// String returns the words alone, for logs, searches and tests: styles are
// dropped, a link shows its text, or its URL if it has none, list items begin
// with "• " or their number, quotes with "> ".
func (t Text) String() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.plain())
	}
	return b.String()
}

func (s Span) plain() string {
	switch s.Kind {
	case Line:
		return "\n"
	case Item:
		indent := strings.Repeat("  ", s.Depth)
		if s.Number > 0 {
			return indent + strconv.Itoa(s.Number) + ". "
		}
		return indent + "• "
	case Quote:
		return "> "
	case Mention:
		return "@" + s.Text
	case Link:
		if s.Text == "" {
			return s.URL
		}
		return s.Text
	default:
		return s.Text
	}
}
