package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"cloudnative.tw/herald/bot/discord/discordtest"
)

// show writes what stands in a channel as a person reads it: a line of signs
// above each message, "▌" before what is in an embed, buttons in brackets.
func (f *fakeDiscord) show(name string) string {
	r := discordRooms[name]
	var b strings.Builder
	b.WriteString(f.showMessages(r.ID))
	for _, id := range f.Threads(r.ID) {
		f.Change(id, func(c *discordtest.Channel) {
			fmt.Fprintf(&b, "## %s", c.Name)
			for _, tag := range r.Tags {
				for _, applied := range c.Applied {
					if tag.ID == applied {
						fmt.Fprintf(&b, " #%s", tag.Name)
					}
				}
			}
			b.WriteString("\n")
		})
		b.WriteString(f.showMessages(id))
	}
	return b.String()
}

func (f *fakeDiscord) showMessages(channel string) string {
	var b strings.Builder
	for _, m := range f.Messages(channel) {
		b.WriteString("--")
		for _, sign := range []struct {
			is   bool
			word string
		}{{m.Edited, "edited"}, {m.Published, "published"}, {m.Pinned, "pinned"}, {m.Thread != "", "thread"}, {m.Flags&(1<<12) != 0, "silent"}} {
			if sign.is {
				b.WriteString(" " + sign.word)
			}
		}
		for _, who := range m.Pings {
			b.WriteString(" pings " + who)
		}
		b.WriteString("\n" + showDiscord(map[string]any{"content": m.Content, "embeds": m.Embeds, "components": m.Components}))
	}
	return b.String()
}

// inPlace tells whether an answer took the place of the message whose button was
// pressed
// (https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type).
func inPlace(i discordtest.Interaction) bool { return i.First == 6 || i.First == 7 }

// showAnswer writes an answer to a member.
func showAnswer(i discordtest.Interaction) string {
	head := "-- answer"
	if inPlace(i) {
		head = "-- in place"
	}
	message := i.Message
	if len(i.FollowUps) > 0 {
		message = i.FollowUps[0]
	}
	if i.Private() {
		head += " for one"
	}
	return head + "\n" + showDiscord(message)
}

// discordButton is a part of https://discord.com/developers/docs/components/reference#button.
type discordButton struct {
	Label  string          `json:"label"`
	URL    string          `json:"url"`
	ID     string          `json:"custom_id"`
	Inside []discordButton `json:"components"`
}

func buttonsIn(components any) []discordButton {
	var rows []discordButton
	raw, err := json.Marshal(components)
	if err != nil || json.Unmarshal(raw, &rows) != nil {
		return nil
	}
	return rows
}

func buttonID(components any, label string) string {
	for _, row := range buttonsIn(components) {
		for _, button := range row.Inside {
			if button.Label == label {
				return button.ID
			}
		}
	}
	return ""
}

func showDiscord(message map[string]any) string {
	var m struct {
		Content string `json:"content"`
		Embeds  []struct {
			Title, URL, Description string
			Fields                  []struct{ Name, Value string }
			Image                   struct{ URL string }
			Footer                  struct{ Text string }
		} `json:"embeds"`
	}
	raw, err := json.Marshal(message)
	if err != nil || json.Unmarshal(raw, &m) != nil {
		return fmt.Sprintln(message)
	}
	var b strings.Builder
	b.WriteString(indent("", m.Content))
	for _, e := range m.Embeds {
		b.WriteString(indent("▌", strings.TrimSpace(e.Title+" "+e.URL)))
		b.WriteString(indent("▌", e.Description))
		for _, field := range e.Fields {
			b.WriteString(indent("▌", field.Name) + indent("▌", field.Value))
		}
		if e.Image.URL != "" {
			b.WriteString("▌picture " + e.Image.URL + "\n")
		}
		b.WriteString(indent("▌", e.Footer.Text))
	}
	for _, row := range buttonsIn(message["components"]) {
		for _, button := range row.Inside {
			fmt.Fprintf(&b, "[%s %s%s] ", button.Label, button.URL, button.ID)
		}
		b.WriteString("\n")
	}
	return b.String()
}
