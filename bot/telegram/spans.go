package telegram

import (
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
)

// maxEntities is how many entities Telegram keeps of a message; it drops the
// rest without a word (https://limits.tginfo.me/en).
const maxEntities = 100

// entityBudget is how many of those a body may have. The rest is for what
// stands around it.
const entityBudget = maxEntities - 8

// literalText returns t as it will stand in a message: what cannot be said on
// Telegram is turned into what can, words are literal, and there are no more
// entities than Telegram takes. Its String is never shorter than what is
// written of it, so it can be measured and cut.
func literalText(t bot.Text) bot.Text {
	out := make(bot.Text, 0, len(t))
	left, written := entityBudget, 0
	for _, s := range t {
		for _, literal := range literalSpan(s, &left) {
			out = append(out, literal)
			written += 1 + len(literal.Text)
		}
		if written > maxBytes { // the rest is cut in any case
			break
		}
	}
	for i := range out { // looks give way to what does something
		for _, style := range []bot.Style{bot.Bold, bot.Italic} {
			if out[i].Style&style == 0 {
				continue
			}
			if left--; left < 0 {
				out[i].Style &^= style
			}
		}
	}
	return out
}

// literalSpan takes the entities that s needs, except for bold and italic, from
// what is left.
func literalSpan(s bot.Span, left *int) bot.Text {
	take := func() bool { *left--; return *left >= 0 }
	switch s.Kind {
	case bot.Line:
		return bot.Text{s}
	case bot.Quote:
		if !take() {
			return nil
		}
		return bot.Text{s}
	case bot.Item:
		s.Depth = min(max(s.Depth, 0), 8)
		return bot.Text{s}
	case bot.Mention: // from a text; only Message.Mention may notify
		return bot.Plain(literal("@" + s.Text))
	case bot.Time:
		return literalTime(s, take)
	case bot.Link:
		return literalLink(s, take)
	case bot.Words:
	}
	return literalWords(s, take)
}

func literalWords(s bot.Span, take func() bool) bot.Text {
	var out bot.Text
	for i, line := range strings.Split(s.Text[:min(len(s.Text), 2*maxBytes)], "\n") {
		if i > 0 {
			out = append(out, bot.Span{Kind: bot.Line})
		}
		style := s.Style
		if style&bot.Code != 0 && line != "" && take() {
			line, style = clean(line), bot.Code // can neither hold nor be part of others
			if strings.HasSuffix(line, "@") {
				line += wordJoiner
			}
		} else {
			line, style = literal(line), style&^bot.Code
		}
		if line != "" {
			out = append(out, bot.Span{Kind: bot.Words, Style: style, Text: line})
		}
	}
	return out
}

func literalTime(s bot.Span, take func() bool) bot.Text {
	s.Text = literal(s.Text)
	if s.Text == "" {
		s.Text = s.At.Format(timeWording(s.Form))
	}
	if s.At.IsZero() || s.At.Unix() <= 0 || !take() {
		return bot.Text{{Kind: bot.Words, Style: s.Style &^ bot.Code, Text: s.Text}}
	}
	s.Style &^= bot.Code
	return bot.Text{s}
}

// timeWording is how a moment is written for which there are no words.
func timeWording(form bot.TimeForm) string {
	switch form {
	case bot.DateOnly:
		return time.DateOnly
	case bot.TimeOnly:
		return "15:04"
	case bot.DateAndTime, bot.Relative:
	}
	return "2006-01-02 15:04"
}

func dateTimeFormat(form bot.TimeForm) string {
	switch form {
	case bot.DateOnly:
		return "wd"
	case bot.TimeOnly:
		return "t"
	case bot.Relative:
		return "r"
	case bot.DateAndTime:
	}
	return "wdt"
}

func literalLink(s bot.Span, take func() bool) bot.Text {
	s.Style &^= bot.Code
	address, ok := webAddress(s.URL)
	words := literal(s.Text)
	switch {
	case ok && (words == "" || s.Text == s.URL):
		if !strings.Contains(address, "@") {
			return bot.Text{{Kind: bot.Words, Text: address}} // Telegram finds it by itself
		}
		// Telegram would find a mention in it; under a link it does not look.
		if !take() {
			return bot.Text{{Kind: bot.Words, Text: literal(address)}}
		}
		return bot.Text{{Kind: bot.Link, Text: address, URL: address}}
	case !ok && words == "":
		return bot.Text{{Kind: bot.Words, Text: literal(s.URL)}}
	case !ok && strings.HasPrefix(s.URL, "mailto:"):
		mail := strings.TrimPrefix(s.URL, "mailto:")
		if mail != s.Text {
			words += " <" + literal(mail) + ">"
		}
		return bot.Text{{Kind: bot.Words, Style: s.Style, Text: words}}
	case !ok || !take():
		return bot.Text{{Kind: bot.Words, Style: s.Style, Text: words}}
	}
	return bot.Text{{Kind: bot.Link, Style: s.Style, Text: words, URL: address}}
}

// spans writes a text that literalText returned.
func (w *writer) spans(t bot.Text) {
	quote := -1 // where the quote began that the present line is in
	for i, s := range t {
		switch s.Kind {
		case bot.Line:
			if quote >= 0 && (i+1 == len(t) || t[i+1].Kind != bot.Quote) {
				w.quoted(quote)
				quote = -1
			}
			w.line()
		case bot.Quote:
			if quote < 0 {
				quote = w.length
			}
		case bot.Item:
			w.words(bot.Text{s}.String())
		default:
			w.marked(s.Text, entitiesOf(s)...)
		}
	}
	if quote >= 0 {
		w.quoted(quote)
	}
}

// quoted marks what was written since from as a quote.
func (w *writer) quoted(from int) {
	if w.length > from {
		w.entities = append(w.entities, Entity{Type: "blockquote", Offset: from, Length: w.length - from})
	}
}

func entitiesOf(s bot.Span) []Entity {
	var entities []Entity
	switch s.Kind {
	case bot.Link:
		entities = append(entities, Entity{Type: "text_link", URL: s.URL})
	case bot.Time:
		entities = append(entities, Entity{
			Type: "date_time", UnixTime: s.At.Unix(), DateTimeFormat: dateTimeFormat(s.Form),
		})
	default:
	}
	if s.Style&bot.Code != 0 {
		entities = append(entities, Entity{Type: "code"})
	}
	if s.Style&bot.Bold != 0 {
		entities = append(entities, Entity{Type: "bold"})
	}
	if s.Style&bot.Italic != 0 {
		entities = append(entities, Entity{Type: "italic"})
	}
	return entities
}
