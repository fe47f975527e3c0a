package discord

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"cloudnative.tw/herald/bot"
)

// interaction is something that a member did: a command, a pressed button, or an
// option being typed
// (https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object).
// It holds what Herald needs and nothing else: discordgo's own type cannot be
// read when the message of a button has a component that is newer than it.
type interaction struct {
	ID      string `json:"id"`
	Token   string `json:"token"`
	App     string `json:"application_id"`
	Kind    int    `json:"type"`
	Guild   string `json:"guild_id"`
	Channel string `json:"channel_id"`
	Locale  string `json:"locale"`
	Data    struct {
		Name     string   `json:"name"`
		CustomID string   `json:"custom_id"`
		Options  []option `json:"options"`
	} `json:"data"`
	Message struct {
		Flags int `json:"flags"`
	} `json:"message"`
}

type option struct {
	Name    string          `json:"name"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
}

// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-interaction-type
const (
	kindCommand  = 2
	kindButton   = 3
	kindComplete = 4
)

// text returns the option's value as it would be typed.
func (o option) text() string {
	var s string
	if json.Unmarshal(o.Value, &s) == nil {
		return cleanLine(s)
	}
	return string(bytes.TrimSpace(o.Value)) // a number, or true and false
}

// command returns what a member typed or pressed; ok is false for anything else.
func (d *Discord) command(i interaction) (cmd bot.Command, ok bool) {
	address := bot.Address{Platform: bot.Discord, Chat: i.Channel}
	cmd = bot.Command{Channel: d.channel(address).Channel, Locale: i.Locale, Direct: i.Guild == ""}
	switch i.Kind {
	case kindCommand, kindComplete:
		cmd.Name = i.Data.Name
		cmd.Args = strings.Join(d.words(i), " ")
		return cmd, true
	case kindButton:
		line, ok := commandOfButton(i.Data.CustomID)
		cmd.Name, cmd.Args, _ = strings.Cut(line, " ")
		cmd.Pressed = true
		return cmd, ok && cmd.Name != ""
	}
	return cmd, false
}

// words returns the values of the options in the order of the command's table,
// up to the one that is being typed.
func (d *Discord) words(i interaction) []string {
	options := slices.Clone(i.Data.Options)
	spec := d.specs[i.Data.Name]
	place := func(o option) int {
		return slices.IndexFunc(spec.Options, func(s bot.OptionSpec) bool { return s.Name == o.Name })
	}
	slices.SortStableFunc(options, func(a, b option) int { return place(a) - place(b) })
	var words []string
	for _, o := range options {
		if text := o.text(); text != "" {
			words = append(words, text)
		}
		if o.Focused {
			break
		}
	}
	return words
}

// focused returns the description of the option that is being typed; the zero
// value if there is none.
func (d *Discord) focused(i interaction) bot.OptionSpec {
	at := slices.IndexFunc(i.Data.Options, func(o option) bool { return o.Focused })
	if at < 0 {
		return bot.OptionSpec{}
	}
	options := d.specs[i.Data.Name].Options
	described := slices.IndexFunc(options, func(s bot.OptionSpec) bool { return s.Name == i.Data.Options[at].Name })
	if described < 0 {
		return bot.OptionSpec{}
	}
	return options[described]
}

// served reports whether commands are answered where i came from.
func (d *Discord) served(i interaction) bool {
	return len(d.config.Guilds) == 0 || i.Guild == "" || slices.Contains(d.config.Guilds, i.Guild)
}

// langOf is the language of what Discord itself is made to say to a member.
func (d *Discord) langOf(cmd bot.Command) bot.Lang {
	if lang, ok := bot.MatchLang(cmd.Locale); ok {
		return lang
	}
	if cmd.Channel.Lang != "" {
		return cmd.Channel.Lang
	}
	return d.config.Lang
}
