package discord

import (
	"strings"

	"github.com/bwmarrin/discordgo"

	"cloudnative.tw/herald/bot"
)

// Look is how messages are drawn. The zero value draws Chinese without colour.
type Look struct {
	// Lang is the language of Herald's own words in a message.
	Lang bot.Lang
	// Accent is the community's colour as "#rrggbb"; "" for none. Tones other
	// than news have their own.
	Accent string
	// Preview leaves the picture to Discord, which shows the page's own preview
	// below the message; there is then no embed of ours.
	Preview bool
}

// Render returns the request body that says m, and what of m had to be cut.
// Title and address stand in the content, because members who switched
// previews off, and notifications, see no embeds
// (https://github.com/discord/discord-api-docs/issues/1087).
func (l Look) Render(m bot.Message) (Payload, []Cut) {
	written, allowed := mentions(m.Mentions)
	d := drawing{Look: l, card: m.Card, mention: written}
	if len(m.Mentions) > 0 && written == "" {
		d.cut("mention", 0)
	}
	p := d.payload(m.Buttons)
	p.AllowedMentions = allowed
	if m.Silent {
		p.Flags |= discordgo.MessageFlagsSuppressNotifications
	}
	return p, d.cuts
}

// Reply returns the message that answers a command, and what of r had to be
// cut. It notifies nobody.
func (l Look) Reply(r bot.Reply) (Payload, []Cut) {
	d := drawing{Look: l, card: r.Card}
	p := d.payload(r.Buttons)
	if p.empty() {
		p.Content = gap // a reply always says something, or Discord shows a failure
	}
	if r.Private {
		p.Flags |= discordgo.MessageFlagsEphemeral
	}
	return p, d.cuts
}

// unnamed is what a thread is called about a message without words.
const unnamed = "#"

// ThreadName returns what a thread about m is called: its title, or else how
// its text begins.
func ThreadName(m bot.Message) string {
	for _, s := range []string{m.Title, m.Body.String(), m.URL} {
		if name, _ := fitPlain(s, maxThreadName); !blank(name) {
			return name
		}
	}
	return unnamed
}

// drawing is a card on its way to a payload.
type drawing struct {
	Look
	card    bot.Card
	mention string
	cuts    []Cut
}

func (d *drawing) cut(part string, limit int) { d.cuts = append(d.cuts, Cut{Part: part, Limit: limit}) }

func (d *drawing) inContent(t bot.Text) string { return markdownOf(t, d.Lang, true) }

func (d *drawing) inEmbed(t bot.Text) string { return markdownOf(t, d.Lang, false) }

func (d *drawing) payload(buttons []bot.Button) Payload {
	p := Payload{
		Embeds:          []*discordgo.MessageEmbed{},
		AllowedMentions: nobody(),
		Components:      []discordgo.MessageComponent{},
	}
	body := d.card.Body
	p.Content, body = d.content(body)
	if !d.Preview {
		if embed := d.embed(body); embed != nil {
			p.Embeds = append(p.Embeds, embed)
		} else {
			p.Flags |= discordgo.MessageFlagsSuppressEmbeds
		}
	}
	rows, cuts := buttonsOf(buttons)
	p.Components = append(p.Components, rows...)
	d.cuts = append(d.cuts, cuts...)
	return p
}

// content returns what stands above the embed, and what of the body is left for
// the embed.
func (d *drawing) content(body bot.Text) (string, bot.Text) {
	address := d.address()
	room := maxContent - units(address) - units(d.mention) - len("\n \n\n")
	lines := []string{strings.TrimSpace(d.title(room) + " " + d.mention)}
	room -= units(lines[0])
	switch {
	case d.Preview:
		lines = append(lines, d.below(body, room))
		body = nil
	case d.card.Title == "" && room > 0: // words that stand alone are no embed
		if s := d.inContent(body); units(s) <= room {
			lines = append(lines, s)
			body = nil
		}
	}
	lines = append(lines, address)
	return strings.Join(dropEmpty(lines), "\n"), body
}

func dropEmpty(lines []string) []string {
	var kept []string
	for _, line := range lines {
		if strings.TrimSpace(line) != "" {
			kept = append(kept, line)
		}
	}
	return kept
}

func (d *drawing) title(room int) string {
	title := cleanLine(d.card.Title)
	if blank(title) {
		return ""
	}
	s, cut := fit(bot.Styled(bot.Bold, title), room, "", d.inContent)
	if cut {
		d.cut("title", room)
	}
	return s
}

// address returns the line that leads to what the card is about.
func (d *drawing) address() string {
	if d.card.URL == "" {
		return ""
	}
	address, ok := webAddress(d.card.URL)
	if !ok || units(address) > maxContentURL {
		d.cut("url", 0)
		return ""
	}
	if d.Preview {
		return address
	}
	return "<" + address + ">"
}

// below is what stands below the title where there is no embed.
func (d *drawing) below(body bot.Text, room int) string {
	for _, f := range d.card.Fields {
		body = bot.Join(body, bot.NewLine(), bot.Styled(bot.Bold, cleanLine(f.Name)), bot.NewLine(), f.Text)
	}
	if d.card.Footer != "" {
		body = bot.Join(body, bot.NewLine(), bot.Plain(cleanLine(d.card.Footer)))
	}
	if room <= 0 {
		return ""
	}
	s, cut := fit(body, room, "", d.inContent)
	if cut {
		d.cut("body", room)
	}
	return strings.Trim(s, "\n")
}
