package console

import (
	"fmt"
	"strings"

	"cloudnative.tw/herald/bot"
)

// Look is how texts are drawn. The zero value draws plain text without colour
// and without wrapping, as a pipe wants it.
type Look struct {
	// Color allows ANSI styles and clickable links.
	Color bool
	// Accent is the community's colour as "#rrggbb"; "" for none. Other tones
	// than news have their own.
	Accent string
	// Width is where lines are wrapped, in columns; 0 for nowhere.
	Width int
}

// Card draws a card and its buttons. Every line ends with a line break.
func (l Look) Card(card bot.Card, buttons []bot.Button) string {
	var b strings.Builder
	l.head(&b, card)
	var body strings.Builder
	if len(card.Body) > 0 {
		body.WriteString(l.text(card.Body, card.URL) + "\n")
	}
	for _, f := range card.Fields {
		body.WriteString(l.bold(Clean(f.Name)) + "\n" + l.text(f.Text, card.URL) + "\n")
	}
	if card.Image != "" {
		body.WriteString(l.faint(l.link("🖼 "+readable(card.Image), card.Image)) + "\n")
	}
	if card.Footer != "" {
		body.WriteString(l.faint(Clean(card.Footer)) + "\n")
	}
	b.WriteString(l.framed(body.String(), card.Tone))
	b.WriteString(l.buttons(buttons))
	return b.String()
}

func (l Look) head(b *strings.Builder, card bot.Card) {
	if card.Title != "" {
		for _, line := range wrap(Clean(card.Title), l.Width) {
			b.WriteString(l.tinted(line, card.Tone) + "\n")
		}
	}
	if card.URL != "" {
		b.WriteString(l.link(readable(card.URL), card.URL) + "\n")
	}
}

// framed puts the tone's bar before each line and wraps what is too wide.
func (l Look) framed(body string, tone bot.Tone) string {
	if body == "" {
		return ""
	}
	bar := l.bar(tone)
	width := l.Width
	if width > 0 {
		width -= barWidth
	}
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimSuffix(body, "\n"), "\n") {
		for _, part := range wrap(line, width) {
			b.WriteString(strings.TrimRight(bar+part, " ") + "\n")
		}
	}
	return b.String()
}

// buttons draws what can be pressed: "[1] Label", with the address of those
// that lead to a page. Short labels share a line.
func (l Look) buttons(buttons []bot.Button) string {
	if len(buttons) == 0 {
		return ""
	}
	var lines []string
	var row []string
	for i, button := range buttons {
		label := Clean(button.Label)
		key := l.bold(fmt.Sprintf("[%d]", i+1))
		switch {
		case button.URL != "":
			lines = append(lines, fmt.Sprintf("%s %s  %s", key, label, l.link(readable(button.URL), button.URL)))
		case label == fmt.Sprint(i+1): // the label is the number already
			row = append(row, key)
		default:
			row = append(row, key+" "+label)
		}
	}
	if len(row) > 0 {
		lines = append([]string{strings.Join(row, "  ")}, lines...)
	}
	var b strings.Builder
	for _, line := range lines {
		for _, part := range wrap(line, l.Width) {
			b.WriteString(part + "\n")
		}
	}
	return b.String()
}

// text draws spans. about is the address of the card, of which links to a part
// of the same page are not spelled out on a plain console.
func (l Look) text(t bot.Text, about string) string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(l.span(s, about))
	}
	return b.String()
}

func (l Look) span(s bot.Span, about string) string {
	words := Clean(s.Text)
	switch s.Kind {
	case bot.Line:
		return "\n"
	case bot.Item:
		indent := strings.Repeat("  ", min(s.Depth, 8))
		if s.Number > 0 {
			return fmt.Sprintf("%s%d. ", indent, s.Number)
		}
		return indent + "• "
	case bot.Quote:
		return "│ "
	case bot.Mention:
		return l.bold("@" + words)
	case bot.Link:
		return l.linkSpan(s, words, about)
	default:
		return l.styled(s.Style, words)
	}
}

func (l Look) linkSpan(s bot.Span, words, about string) string {
	address := readable(s.URL)
	page, _, _ := strings.Cut(address, "#")
	switch {
	case words == "" || words == address || words == Clean(s.URL):
		return l.link(address, s.URL)
	case l.Color:
		return l.link(l.styled(s.Style, words), s.URL)
	case about != "" && page == readable(about):
		return words
	}
	return words + " <" + address + ">"
}
