package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/console"
)

func askCommand(env environment, path *string) *cobra.Command {
	var locale string
	var asJSON bool
	cmd := &cobra.Command{
		Use:     `ask "/COMMAND WORDS"`,
		Short:   "Answer one command and exit",
		Example: `  herald ask "/recap 2023"` + "\n" + `  herald ask /donate --locale en`,
		Args:    exactly(1, `one command in quotes, such as "/recap 2023"`),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withPosts(cmd.Context(), env, *path, func(app *app) error {
				asked := console.ParseCommand(args[0])
				asked.Locale = locale
				asked.Channel = bot.Channel{Address: consoleAddress, Lang: app.cfg.Community.Language}
				asked.Direct = true
				reply := app.commands.Handle(cmd.Context(), asked)
				return app.printReply(reply, asJSON)
			})
		},
	}
	cmd.Flags().StringVar(&locale, "locale", env.locale(), "the member's `language`, such as zh-TW or en")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the answer as JSON")
	return cmd
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
