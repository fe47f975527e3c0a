package main

import (
	"context"

	"github.com/spf13/cobra"

	"cloudnative.tw/herald/bot/console"
)

func runCommand(env environment, path *string) *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Run the bot",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withPosts(cmd.Context(), env, *path, func(a *app) error { return a.run(cmd.Context()) })
		},
	}
}

func (a *app) run(ctx context.Context) error {
	c := console.New(console.Config{
		In: a.env.in, Out: a.env.out, Terminal: a.env.terminal, Look: a.look(),
		Name: consoleChat, Locale: a.env.locale(), Lang: a.cfg.Community.Language, Now: a.env.now,
	})
	return c.Run(ctx, a.commands, a.commands.Specs())
}
