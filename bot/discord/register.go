package discord

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"cloudnative.tw/herald/bot"
)

// Limits of commands
// (https://discord.com/developers/docs/interactions/application-commands).
const (
	maxCommands           = 100
	maxOptions            = 25
	maxCommandDescription = 100
)

// commandName is what a command or an option may be called, if it is lower case
// too
// (https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-naming).
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// locales are Discord's names of Herald's languages
// (https://discord.com/developers/docs/reference#locales).
var locales = map[bot.Lang][]discordgo.Locale{
	bot.TraditionalChinese: {discordgo.ChineseTW},
	bot.English:            {discordgo.EnglishUS, discordgo.EnglishGB},
}

// slashCommand is a command as it is registered. It holds the part of
// discordgo.ApplicationCommand that Herald sets, so that two can be compared.
type slashCommand struct {
	Name                     string                      `json:"name"`
	NameLocalizations        map[discordgo.Locale]string `json:"name_localizations,omitempty"`
	Description              string                      `json:"description"`
	DescriptionLocalizations map[discordgo.Locale]string `json:"description_localizations,omitempty"`
	Options                  []slashOption               `json:"options,omitempty"`
}

type slashOption struct {
	Type                     discordgo.ApplicationCommandOptionType `json:"type"`
	Name                     string                                 `json:"name"`
	NameLocalizations        map[discordgo.Locale]string            `json:"name_localizations,omitempty"`
	Description              string                                 `json:"description"`
	DescriptionLocalizations map[discordgo.Locale]string            `json:"description_localizations,omitempty"`
	Required                 bool                                   `json:"required,omitempty"`
	Autocomplete             bool                                   `json:"autocomplete,omitempty"`
	MinValue                 *int                                   `json:"min_value,omitempty"`
	MaxValue                 *int                                   `json:"max_value,omitempty"`
}

// slashCommands returns the table as Discord takes it. Hidden commands are not
// registered; what Discord would refuse costs itself.
func slashCommands(specs []bot.CommandSpec, lang bot.Lang) []slashCommand {
	var commands []slashCommand
	taken := make(map[string]bool)
	for _, spec := range specs {
		if spec.Hidden || !validName(spec.Name) || taken[spec.Name] || len(commands) == maxCommands {
			continue
		}
		taken[spec.Name] = true
		commands = append(commands, slashCommand{
			Name: spec.Name, NameLocalizations: names(spec.Names, spec.Name, taken),
			Description: description(spec.Summary.In(lang), spec.Name), DescriptionLocalizations: descriptions(spec.Summary),
			Options: slashOptions(spec.Options, lang),
		})
	}
	return commands
}

func slashOptions(specs []bot.OptionSpec, lang bot.Lang) []slashOption {
	var options []slashOption
	taken := make(map[string]bool)
	for _, spec := range specs {
		if !validName(spec.Name) || taken[spec.Name] || len(options) == maxOptions {
			continue
		}
		taken[spec.Name] = true
		o := slashOption{
			Type: discordgo.ApplicationCommandOptionString, Name: spec.Name, NameLocalizations: names(spec.Names, spec.Name, taken),
			Description: description(spec.Summary.In(lang), spec.Name), DescriptionLocalizations: descriptions(spec.Summary),
			Required: spec.Required, Autocomplete: spec.Completes,
		}
		if spec.Number {
			o.Type = discordgo.ApplicationCommandOptionInteger
			o.MinValue, o.MaxValue = &spec.Min, &spec.Max
		}
		options = append(options, o)
	}
	// Discord wants those that are required first.
	slices.SortStableFunc(options, func(a, b slashOption) int {
		switch {
		case a.Required == b.Required:
			return 0
		case a.Required:
			return -1
		}
		return 1
	})
	return options
}

func validName(name string) bool {
	return commandName.MatchString(name) && name == strings.ToLower(name)
}

// names returns the localised names, but for those that another command has.
func names(texts bot.Texts, name string, taken map[string]bool) map[discordgo.Locale]string {
	found := make(map[discordgo.Locale]string)
	for _, lang := range slices.Sorted(maps.Keys(texts)) {
		local := strings.ToLower(texts[lang])
		key := string(lang) + " " + local
		if !validName(local) || local == name || taken[key] {
			continue
		}
		taken[key] = true
		for _, locale := range locales[lang] {
			found[locale] = local
		}
	}
	return orNil(found)
}

// description returns a line of help; one is demanded.
func description(s, name string) string {
	s, _ = fitPlain(s, maxCommandDescription)
	if blank(s) {
		return name
	}
	return s
}

func descriptions(texts bot.Texts) map[discordgo.Locale]string {
	found := make(map[discordgo.Locale]string)
	for lang, text := range texts {
		if text, _ = fitPlain(text, maxCommandDescription); blank(text) {
			continue
		}
		for _, locale := range locales[lang] {
			found[locale] = text
		}
	}
	return orNil(found)
}

func orNil(m map[discordgo.Locale]string) map[discordgo.Locale]string {
	if len(m) == 0 {
		return nil
	}
	return m
}

// keepRegistered registers the commands, again and again until that worked or is
// refused for good.
func (d *Discord) keepRegistered(ctx context.Context) {
	for attempt := 0; ctx.Err() == nil; attempt++ {
		err := d.Register(ctx)
		switch {
		case err == nil:
			return
		case errors.Is(err, bot.ErrPermanent):
			d.log.Error("discord: commands cannot be registered", "error", err)
			return
		case ctx.Err() != nil:
			return
		}
		d.log.Warn("discord: commands are not registered yet", "error", err)
		if waitFor(ctx, err, attempt) != nil {
			return
		}
	}
}

// Register has Discord show the table's commands, in the servers of the config
// or else everywhere. Nothing is sent where they have not changed: Discord allows
// 200 new commands a day
// (https://discord.com/developers/docs/interactions/application-commands#registering-a-command).
func (d *Discord) Register(ctx context.Context) error {
	var app created
	err := d.rest.call(ctx, request{doing: "asking which application the bot is", method: "GET", path: "/applications/@me", into: &app})
	if err != nil {
		return err
	}
	commands := slashCommands(d.config.Commands, d.config.Lang)
	if len(d.config.Guilds) == 0 {
		return d.overwrite(ctx, "/applications/%s/commands", []string{app.ID}, commands)
	}
	// What was registered everywhere before would be shown twice.
	err = d.overwrite(ctx, "/applications/%s/commands", []string{app.ID}, []slashCommand{})
	for _, guild := range d.config.Guilds {
		err = errors.Join(err, d.overwrite(ctx, "/applications/%s/guilds/%s/commands", []string{app.ID, guild}, commands))
	}
	return err
}

func (d *Discord) overwrite(ctx context.Context, path string, args []string, commands []slashCommand) error {
	var present []slashCommand
	err := d.rest.call(ctx, request{
		doing: "looking at the registered commands", method: "GET", path: path, args: args,
		query: map[string][]string{"with_localizations": {"true"}}, into: &present,
	})
	if err != nil || sameCommands(present, commands) {
		return err
	}
	err = d.rest.call(ctx, request{doing: "registering commands", method: "PUT", path: path, args: args, body: commands})
	if err == nil {
		d.log.Info("discord: commands registered", "commands", len(commands), "where", fmt.Sprint(args[1:]))
	}
	return err
}

// sameCommands reports whether two sets of commands are the same, in whatever
// order and whether what is not there is empty or missing.
func sameCommands(a, b []slashCommand) bool {
	normal := func(commands []slashCommand) []slashCommand {
		commands = slices.Clone(commands)
		for i := range commands {
			c := &commands[i]
			c.NameLocalizations, c.DescriptionLocalizations = orNil(c.NameLocalizations), orNil(c.DescriptionLocalizations)
			c.Options = slices.Clone(c.Options)
			for j := range c.Options {
				o := &c.Options[j]
				o.NameLocalizations, o.DescriptionLocalizations = orNil(o.NameLocalizations), orNil(o.DescriptionLocalizations)
			}
			if len(c.Options) == 0 {
				c.Options = nil
			}
		}
		slices.SortFunc(commands, func(a, b slashCommand) int { return strings.Compare(a.Name, b.Name) })
		return commands
	}
	return len(a) == len(b) && (len(a) == 0 || reflect.DeepEqual(normal(a), normal(b)))
}
