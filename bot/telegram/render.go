package telegram

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"cloudnative.tw/herald/bot"
)

const (
	// maxText and maxCaption are the limits of a message and of a caption, after
	// entities (https://core.telegram.org/bots/api#sendmessage, #sendphoto).
	maxText, maxCaption = 4096, 1024
	// maxTitle and maxFooter leave room for the rest.
	maxTitle, maxFooter = 400, 200
)

// Cut tells what a rendered message leaves out, because it does not fit or
// because Telegram would refuse the message for it.
type Cut struct {
	// Part is "title", "url", "body", "footer", "image" or "buttons".
	Part string `json:"part"`
	// Lost is how much: UTF-16 code units of a text, otherwise how many.
	Lost int `json:"lost"`
}

// Render returns the message that m becomes in a channel, and what had to be
// left out. It is always one that Telegram takes.
func Render(m bot.Message, o ChannelConfig) (Content, []Cut) {
	if o.Preview == PreviewPhoto {
		// Rather a preview above the text than half of the text below a photo.
		if content, cuts := renderCaption(m); content.Photo != "" && !textCut(cuts) {
			return content, cuts
		}
	}
	r := renderer{limit: maxText, card: m.Card, mentions: m.Mentions, urlLast: true}
	return r.content(m.Buttons, o.Preview)
}

// renderCaption returns what m becomes below its photo.
func renderCaption(m bot.Message) (Content, []Cut) {
	r := renderer{limit: maxCaption, card: m.Card, mentions: m.Mentions, urlLast: true}
	return r.content(m.Buttons, PreviewPhoto)
}

func textCut(cuts []Cut) bool {
	return slices.ContainsFunc(cuts, func(c Cut) bool { return c.Part != "buttons" && c.Part != "image" })
}

// RenderReply returns the message that answers a command, and what had to be
// left out.
func RenderReply(reply bot.Reply) (Content, []Cut) {
	r := renderer{limit: maxText, card: reply.Card}
	return r.content(reply.Buttons, PreviewAbove)
}

// renderer puts one message together.
type renderer struct {
	limit    int
	card     bot.Card
	mentions []string
	// urlLast puts the address below all else, as in announcements; answers have
	// it below the title.
	urlLast bool
	cuts    []Cut
	writer
}

func (r *renderer) content(buttons []bot.Button, preview PreviewMode) (Content, []Cut) {
	r.write()
	content := Content{}
	content.Text, content.Entities = r.done()
	var dropped int
	content.Keyboard, content.kept, dropped = keyboard(buttons)
	r.cut("buttons", dropped)
	image, ok := webAddress(r.card.Image)
	if r.card.Image != "" && !ok {
		r.cut("image", 1)
	}
	switch {
	case !ok || preview == PreviewNone: // nothing, not the site's own preview either
		content.Preview = Preview{Disabled: true}
	case r.limit == maxCaption:
		content.Photo = image
	default:
		content.Preview = Preview{URL: image, PreferLarge: true, AboveText: preview != PreviewBelow}
	}
	return content, r.cuts
}

func (r *renderer) cut(part string, lost int) {
	if lost > 0 {
		r.cuts = append(r.cuts, Cut{part, lost})
	}
}

// write writes all lines of the message. The title and the address are whole
// unless they are absurd; the body gets what they leave.
func (r *renderer) write() {
	title := r.short("title", r.card.Title, maxTitle)
	footer := r.short("footer", r.card.Footer, maxFooter)
	address, titleLink := r.address()
	around := units(title) + units(footer) + units(address) + len("\n\n\n\n ")
	mentions := r.mentionWords()
	for _, mention := range mentions {
		around += units(mention) + len(" ")
	}
	body := r.body(r.limit - around)

	r.title(title, titleLink, mentions)
	if !r.urlLast {
		r.block(address)
	}
	if len(body) > 0 {
		r.part()
		r.spans(body)
	}
	if footer != "" {
		r.part()
		r.words(footer)
	}
	if r.urlLast {
		r.block(address)
	}
	if !strings.ContainsFunc(r.text.String(), visible) { // Telegram refuses a message of nothing
		r.words("…")
	}
}

// part begins a new part of the message, if there is one before. Answers are
// longer than announcements and get an empty line between their parts.
func (r *renderer) part() {
	if r.length > 0 {
		r.line()
		if !r.urlLast {
			r.line()
		}
	}
}

// block writes s on a line of its own.
func (r *renderer) block(s string) {
	if s == "" {
		return
	}
	if r.length > 0 {
		r.line()
	}
	if strings.Contains(s, "@") && strings.HasPrefix(s, "http") {
		r.marked(s, Entity{Type: "text_link", URL: s}) // else Telegram may find a mention in it
		return
	}
	r.words(s)
}

func (r *renderer) title(title, link string, mentions []string) {
	entities := []Entity{{Type: "bold"}}
	if link != "" {
		entities = append(entities, Entity{Type: "text_link", URL: link})
	}
	r.marked(title, entities...)
	for _, mention := range mentions {
		r.words(" ")
		name := strings.TrimPrefix(mention, "@")
		if id, err := strconv.ParseInt(name, 10, 64); err == nil {
			r.marked(mention, Entity{Type: "text_mention", User: &EntityUser{ID: id, FirstName: name}})
			continue
		}
		r.words(mention)
	}
}

// maxMentions is far above what a community wants; each takes an entity.
const maxMentions = 20

// mentionWords returns the words of the message's mentions: "@name" notifies by
// itself, a number by an entity. A number that no Telegram user has, such as a
// Discord role's, is not one of ours
// (https://core.telegram.org/bots/api#user: 52 bits).
func (r *renderer) mentionWords() []string {
	var words []string
	for _, mention := range r.mentions {
		name := strings.TrimPrefix(mention, "@")
		strange := strings.ContainsFunc(name, func(c rune) bool { return c > unicode.MaxASCII || !nameByte(byte(c)) })
		if name == "" || len(name) > 32 || strange || len(words) == maxMentions {
			continue
		}
		if id, err := strconv.ParseUint(name, 10, 64); err == nil && id >= 1<<52 {
			continue
		}
		words = append(words, "@"+name)
	}
	return words
}

// address returns the card's address as it stands in the text. One that would
// crowd the text out becomes a link under the title.
func (r *renderer) address() (words, titleLink string) {
	if r.card.URL == "" {
		return "", ""
	}
	address, ok := webAddress(r.card.URL)
	switch {
	case !ok:
		r.cut("url", 1)
		return "", ""
	case len(address) > r.limit/4 && strings.TrimSpace(clean(r.card.Title)) != "":
		return "", address
	case len(address) > r.limit/2:
		r.cut("url", 1)
		return "", ""
	}
	return address, ""
}

// short returns a line of words from outside, with an ellipsis where it was cut.
func (r *renderer) short(part, s string, limit int) string {
	s = strings.TrimSpace(literal(s))
	if units(s) <= limit {
		return s
	}
	head, rest := bot.Plain(s).Cut(limit-1, units)
	r.cut(part, units(rest.String()))
	return head.String() + "…"
}

// body returns the card's body and fields, cut to the limit.
func (r *renderer) body(limit int) bot.Text {
	parts := []bot.Text{r.card.Body}
	for _, f := range r.card.Fields {
		parts = append(parts, bot.NewLine(), bot.Styled(bot.Bold, f.Name), bot.NewLine(), f.Text)
	}
	text := trimLines(literalText(bot.Join(parts...)))
	head, rest := text.Cut(limit, units)
	if len(rest) == 0 {
		return head
	}
	head, rest = text.Cut(limit-1, units)
	r.cut("body", units(rest.String()))
	return append(head, bot.Plain("…")...)
}

func trimLines(t bot.Text) bot.Text {
	for len(t) > 0 && t[0].Kind == bot.Line {
		t = t[1:]
	}
	for len(t) > 0 && t[len(t)-1].Kind == bot.Line {
		t = t[:len(t)-1]
	}
	return t
}
