package discord

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// buttonField names a button that Discord refused, in a refusal's Fields.
var buttonField = regexp.MustCompile(`components\.([0-9]+)\.components\.([0-9]+)`)

// degrade returns p without a part that Discord refused; ok is false if the
// error is another or nothing is left to leave out.
func degrade(p Payload, err error) (lesser Payload, ok bool) {
	var refused *Error
	if !errors.As(err, &refused) || refused.Code != codeInvalidBody {
		return p, false
	}
	wrong := strings.Join(refused.Fields, " ")
	switch {
	case strings.Contains(wrong, "components"):
		lesser, ok = withoutButton(p, wrong)
	case wrong == "" || strings.Contains(wrong, "embeds"):
		lesser, ok = withoutPicture(p)
	}
	return lesser, ok && !lesser.empty()
}

// withoutButton leaves out the button that Discord names, or all of them.
func withoutButton(p Payload, wrong string) (lesser Payload, ok bool) {
	lesser = p
	lesser.Components = []discordgo.MessageComponent{}
	named := buttonField.FindStringSubmatch(wrong)
	for i, component := range p.Components {
		row, isRow := component.(discordgo.ActionsRow)
		if !isRow || named == nil {
			continue
		}
		if strconv.Itoa(i) == named[1] {
			j, _ := strconv.Atoi(named[2])
			if j >= len(row.Components) {
				continue
			}
			row.Components = slices.Delete(slices.Clone(row.Components), j, j+1)
		}
		if len(row.Components) > 0 {
			lesser.Components = append(lesser.Components, row)
		}
	}
	return lesser, len(p.Components) > 0
}

// withoutPicture leaves out the picture of the embed, or else the address that
// carries the key.
func withoutPicture(p Payload) (lesser Payload, ok bool) {
	if len(p.Embeds) == 0 {
		return p, false
	}
	embed := *p.Embeds[0]
	switch {
	case embed.Image != nil:
		embed.Image = nil
	case embed.URL != "":
		embed.URL = ""
	default:
		return p, false
	}
	lesser = p
	lesser.Embeds = []*discordgo.MessageEmbed{}
	if embed.Description != "" || embed.Footer != nil || embed.Image != nil || len(embed.Fields) > 0 {
		lesser.Embeds = append(lesser.Embeds, &embed)
	}
	return lesser, true
}
