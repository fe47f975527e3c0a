package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/console"
	"cloudnative.tw/herald/bot/discord"
	"cloudnative.tw/herald/bot/telegram"
)

func askCommand(env environment, path *string) *cobra.Command {
	var locale string
	var asJSON bool
	var as string
	cmd := &cobra.Command{
		Use:     `ask "/COMMAND WORDS"`,
		Short:   "Answer one command and exit",
		Example: `  herald ask "/recap 2023"` + "\n" + `  herald ask /donate --locale en`,
		Args:    one(`one command in quotes, such as "/recap 2023"`),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withPosts(cmd.Context(), env, *path, func(app *app) error {
				asked := console.ParseCommand(args[0])
				asked.Locale = locale
				asked.Channel = bot.Channel{Address: askedAt(bot.Platform(as)), Lang: app.cfg.Community.Language}
				asked.Direct = true
				reply := app.commands.Handle(cmd.Context(), asked)
				if as != "" {
					return app.printPayload(cmd, reply, bot.Platform(as))
				}
				return app.printReply(reply, asJSON)
			})
		},
	}
	cmd.Flags().StringVar(&locale, "locale", env.locale(), "the member's `language`, such as zh-TW or en")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the answer as JSON")
	cmd.Flags().StringVar(&as, "as", "", "print exactly what this `platform` is sent: discord or telegram")
	return cmd
}

// askedAt is where a command is asked: on the console, or in some chat of the
// platform as which it is answered.
func askedAt(p bot.Platform) bot.Address {
	switch p {
	case bot.Discord:
		return bot.Address{Platform: p, Chat: "1234567890123456789"}
	case bot.Telegram:
		return bot.Address{Platform: p, Chat: "-1001234567890"}
	case bot.Console:
	}
	return consoleAddress
}

// printPayload prints what a platform is sent for an answer.
func (a *app) printPayload(cmd *cobra.Command, reply bot.Reply, platform bot.Platform) error {
	var payload any
	switch platform {
	case bot.Discord:
		look := discord.Look{Lang: a.cfg.Community.Language, Accent: a.cfg.Community.Color}
		payload, _ = look.Reply(reply)
	case bot.Telegram:
		content, _ := telegram.RenderReply(reply)
		payload = content.Send(telegram.Delivery{To: askedAt(platform)})
	default:
		return usageError(cmd, fmt.Errorf("--as takes discord or telegram, not %q", platform))
	}
	encoder := json.NewEncoder(a.env.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(payload); err != nil {
		return fmt.Errorf("printing the payload: %w", err)
	}
	if reply.Failed {
		return failed()
	}
	return nil
}

// printReply prints an answer; a reply that failed makes the exit code 1.
func (a *app) printReply(reply bot.Reply, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(a.env.out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(reply); err != nil {
			return fmt.Errorf("printing the answer: %w", err)
		}
	} else if _, err := fmt.Fprint(a.env.out, a.look().Card(reply.Card, reply.Buttons)); err != nil {
		return fmt.Errorf("printing the answer: %w", err)
	}
	if reply.Failed {
		return failed()
	}
	return nil
}
