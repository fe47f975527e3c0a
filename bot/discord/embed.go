package discord

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"cloudnative.tw/herald/bot"
)

// embed returns the box below the content, or nil if there is nothing in it.
// All its texts share one budget, of which the small ones take their part first.
func (d *drawing) embed(body bot.Text) *discordgo.MessageEmbed {
	e := &discordgo.MessageEmbed{Color: d.color()}
	room := maxEmbedTotal
	if footer, cut := fitPlain(d.card.Footer, min(maxFooter, room)); !blank(footer) {
		e.Footer = &discordgo.MessageEmbedFooter{Text: footer}
		room -= units(footer)
		if cut {
			d.cut("footer", maxFooter)
		}
	}
	if d.card.Image != "" {
		if address, ok := picture(d.card.Image); ok {
			e.Image = &discordgo.MessageEmbedImage{URL: address}
		} else {
			d.cut("image", 0)
		}
	}
	e.Description = d.description(body, min(maxDescription, room))
	e.Fields = d.fields(room - units(e.Description))
	if e.Description == "" && e.Footer == nil && e.Image == nil && len(e.Fields) == 0 {
		return nil
	}
	return e
}

func (d *drawing) description(body bot.Text, room int) string {
	if room <= 0 {
		return ""
	}
	tail := ""
	if address, ok := webAddress(d.card.URL); ok && units(address) <= maxContentURL {
		tail = " [" + readOn.In(d.Lang) + "](" + encodeBrackets(address) + ")"
	}
	s, cut := fit(body, room, tail, d.inEmbed)
	if cut {
		d.cut("body", room)
	}
	if blank(s) {
		return ""
	}
	return s
}

func (d *drawing) fields(room int) []*discordgo.MessageEmbedField {
	var fields []*discordgo.MessageEmbedField
	for i, f := range d.card.Fields {
		part := fmt.Sprintf("field %d", i+1)
		name, _ := fit(bot.Plain(cleanLine(f.Name)), maxFieldName, "", d.inEmbed)
		if blank(name) {
			name = gap
		}
		limit := min(maxFieldValue, room-units(name))
		if len(fields) == maxFields || limit < 1 {
			d.cut(part, 0)
			continue
		}
		value, cut := fit(f.Text, limit, "", d.inEmbed)
		if cut {
			d.cut(part, limit)
		}
		if blank(value) {
			value = gap
		}
		fields = append(fields, &discordgo.MessageEmbedField{Name: name, Value: value})
		room -= units(name) + units(value)
	}
	return fields
}

// Colours of the tones that the community's own colour is not for.
const (
	reminderColor  = 0x2E9E5B
	movedColor     = 0xD98E04
	cancelledColor = 0xC93C37
)

func (d *drawing) color() int {
	switch d.card.Tone {
	case bot.Reminder:
		return reminderColor
	case bot.Moved:
		return movedColor
	case bot.Cancelled:
		return cancelledColor
	case bot.News:
	}
	color, err := strconv.ParseUint(strings.TrimPrefix(d.Accent, "#"), 16, 24)
	if err != nil {
		return 0
	}
	return int(color)
}
