package discord

import (
	"fmt"
	"strings"

	"github.com/bwmarrin/discordgo"

	"cloudnative.tw/herald/bot"
)

// commandMark begins the custom id of a button that runs a command. The rest is
// the command's line: all the state there is, so that buttons of old messages
// work after a restart.
const commandMark = "/"

// buttonsOf lays out buttons in rows. Those that Discord would refuse are left
// out: they would cost the whole message.
func buttonsOf(buttons []bot.Button) (rows []discordgo.MessageComponent, cuts []Cut) {
	var row discordgo.ActionsRow
	seen := make(map[string]bool) // a custom id may stand once in a message
	for i, b := range buttons {
		button, ok := buttonOf(b)
		if !ok || button.CustomID != "" && seen[button.CustomID] || len(rows) == maxRows {
			cuts = append(cuts, Cut{Part: fmt.Sprintf("button %d", i+1)})
			continue
		}
		seen[button.CustomID] = true
		row.Components = append(row.Components, button)
		if len(row.Components) == buttonsPerRow {
			rows = append(rows, row)
			row = discordgo.ActionsRow{}
		}
	}
	if len(row.Components) > 0 {
		rows = append(rows, row)
	}
	return rows, cuts
}

func buttonOf(b bot.Button) (button discordgo.Button, ok bool) {
	label, _ := fitPlain(b.Label, maxButtonLabel)
	if blank(label) {
		return button, false
	}
	if b.URL != "" {
		address, ok := webAddress(b.URL)
		return discordgo.Button{Label: label, Style: discordgo.LinkButton, URL: address}, ok && units(address) <= maxButtonURL
	}
	id := commandMark + cleanLine(b.Command)
	return discordgo.Button{Label: label, Style: discordgo.SecondaryButton, CustomID: id},
		id != commandMark && units(id) <= maxCustomID
}

// commandOfButton returns the line that a pressed button runs.
func commandOfButton(customID string) (line string, ok bool) {
	return strings.CutPrefix(customID, commandMark)
}
