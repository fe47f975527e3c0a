package bot

import "slices"

// Card is the shape that everything said has in common. Every field may be
// empty; platforms leave out what is.
type Card struct {
	// Title is said whole, and first. It is text from outside: never markup.
	Title string `json:"title,omitzero"`
	// URL is what the card is about. It is shown whole, or Title leads to it.
	URL string `json:"url,omitzero"`
	// Body is the text below the title.
	Body Text `json:"body,omitzero"`
	// Fields are short labelled texts below the body.
	Fields []Field `json:"fields,omitzero"`
	// Image is the absolute http(s) URL of a picture, or empty. A platform that
	// cannot show it leaves it out; it never costs the message.
	Image string `json:"image,omitzero"`
	// Footer is a small last line: authors, date, licence.
	Footer string `json:"footer,omitzero"`
	// Tone chooses the accent colour where the platform has one.
	Tone Tone `json:"tone,omitzero"`
}

// Field is a labelled text.
type Field struct {
	Name string `json:"name,omitzero"`
	Text Text   `json:"text,omitzero"`
}

// Tone is what a card is about at a glance. The words always say it too.
type Tone uint8

const (
	News Tone = iota
	Reminder
	Moved
	Cancelled
)

// Message is one thing said, or to be said, in one channel. The ledger stores
// it as JSON, so the names in its tags, and those of the types it is made of,
// stay as they are.
type Message struct {
	Card
	// Mentions are the roles or users to notify, in the platform's own numbers.
	// Nothing else in a message notifies anybody.
	Mentions []string `json:"mentions,omitzero"`
	// Buttons lead to web pages. A link is never only in a button, because
	// published messages lose theirs on Discord.
	Buttons []Button `json:"buttons,omitzero"`
	// Tags are the moderators' words for a forum thread's tags.
	Tags []string `json:"tags,omitzero"`
	// Silent asks the platform not to sound.
	Silent bool `json:"silent,omitzero"`
}

// Page returns the page that the message leads to, of which platforms show a
// preview: its URL, else the first link in its Body; "" if there is neither.
func (m Message) Page() string {
	if m.URL != "" {
		return m.URL
	}
	i := slices.IndexFunc(m.Body, func(s Span) bool { return s.Kind == Link })
	if i < 0 {
		return ""
	}
	return m.Body[i].URL
}

// Button is something to press: it leads to URL, or it runs Command.
type Button struct {
	Label string `json:"label,omitzero"`
	// URL is the absolute http(s) address that the button opens.
	URL string `json:"url,omitzero"`
	// Command is the line of a command, without its slash, that pressing the
	// button runs, such as "recap 2023 3". It is all the state that a button
	// has, so buttons of old messages keep working after a restart. At most 60
	// bytes, because Telegram carries 64 bytes of callback data
	// (https://core.telegram.org/bots/api#inlinekeyboardbutton).
	Command string `json:"command,omitzero"`
}

// Reply is the answer to a command.
type Reply struct {
	Card
	// Buttons are laid out in the given order; platforms break them into rows.
	Buttons []Button
	// Private asks for an answer that only the asking member sees, where the
	// platform has such a thing.
	Private bool
	// Failed marks a reply that tells that the command could not be carried
	// out: wrong words, nothing found, a fault. Herald ask exits with 1 on it.
	Failed bool
}
