package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"golang.org/x/sync/errgroup"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/discord"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/bot/telegram"
	"cloudnative.tw/herald/content"
)

// answer answers commands on the platforms, each in one process at a time.
func (a *app) answer(ctx context.Context, group *errgroup.Group, p platforms, owner string, ledger *store.Store) {
	if p.discord != nil {
		lead := leader{leases: ledger, name: "commands:discord", owner: owner, now: a.env.now, log: a.log}
		group.Go(func() error { return a.stays(lead.run(ctx, p.discord.Run)) })
	}
	if p.telegram != nil {
		lead := leader{leases: ledger, name: "commands:telegram", owner: owner, now: a.env.now, log: a.log}
		group.Go(func() error {
			return a.stays(lead.run(ctx, func(ctx context.Context) error {
				commands, err := a.telegramCommands(ctx, p.telegram, ledger)
				if err != nil {
					return err
				}
				return p.telegram.Run(ctx, commands)
			}))
		})
	}
}

// stays keeps the others going where a platform will not answer before a person
// has changed something, which the log says.
func (a *app) stays(err error) error {
	var fatal *discord.FatalError
	if errors.As(err, &fatal) {
		a.log.Error("Discord's commands are not answered until this is mended and Herald is started again", "err", err)
		return nil
	}
	return err
}

func (a *app) telegramCommands(ctx context.Context, t *telegram.Telegram, ledger *store.Store) (telegram.Commands, error) {
	commands := telegram.Commands{
		Handler: a.commands, Specs: a.commands.Specs(), Finder: inlineFinder{a}, Language: a.cfg.Community.Language,
		Moved: func(from, to bot.Address) {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noticeTime)
			defer cancel()
			if err := ledger.Move(ctx, a.env.now(), from, to); err != nil {
				a.log.Error("a group that moved cannot be followed", "from", from.String(), "to", to.String(), "err", err)
			}
			a.cfg.moves.move(from, to)
			t.SetChannels(a.cfg.telegramChannels())
			a.log.Info("a group has a new number and is followed there", "from", from.String(), "to", to.String())
		},
	}
	url := a.env.getenv("TELEGRAM_WEBHOOK_URL")
	if url == "" {
		return commands, nil
	}
	secret, err := a.env.secret("TELEGRAM_WEBHOOK_SECRET")
	if err != nil {
		return commands, err
	}
	address := a.env.getenv("TELEGRAM_WEBHOOK_LISTEN")
	if address == "" {
		address = "127.0.0.1:8443"
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", address)
	if err != nil {
		return commands, fmt.Errorf("listening for Telegram's updates: %w", err)
	}
	commands.Webhook = &telegram.Webhook{URL: url, Secret: bot.Secret(secret), Listener: listener}
	return commands, nil
}

// inlineFinder finds posts for Telegram's inline mode.
type inlineFinder struct{ app *app }

// Find implements telegram.Finder.
func (f inlineFinder) Find(ctx context.Context, words string, lang bot.Lang, limit int) ([]telegram.Found, error) {
	var found []telegram.Found
	if strings.TrimSpace(words) == "" {
		for _, p := range f.app.library.Snapshot().Listed() {
			if len(found) == limit {
				break
			}
			found = append(found, telegram.Found{Title: p.Title, Summary: p.Description, URL: p.URL, Image: p.Image})
		}
		return found, nil
	}
	result, err := f.app.finder.Search(ctx, content.Query{Text: words, Limit: limit})
	if err != nil {
		return nil, err
	}
	for _, hit := range result.Hits {
		found = append(found, telegram.Found{
			Title: hit.Post.Title, Summary: fragments(hit.Snippet), URL: hit.Post.URL, Image: hit.Post.Image,
		})
	}
	return found, nil
}

func fragments(snippet []content.Fragment) string {
	var b strings.Builder
	for _, f := range snippet {
		b.WriteString(f.Text)
	}
	return b.String()
}
