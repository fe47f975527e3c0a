package main

import (
	"context"
	"strings"

	"golang.org/x/sync/errgroup"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/command"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/bot/telegram"
	"cloudnative.tw/herald/content"
)

// answer answers commands on the platforms, each in one process at a time.
func (a *app) answer(ctx context.Context, group *errgroup.Group, p platforms, owner string, ledger *store.Store) {
	lead := func(platform string, do func(context.Context) error) {
		l := leader{leases: ledger, name: "commands:" + platform, owner: owner, now: a.env.now, log: a.log}
		group.Go(func() error { a.tellUnanswered(ctx, platform, l.run(ctx, do)); return nil })
	}
	if p.discord != nil {
		lead("discord", p.discord.Run)
	}
	if p.telegram != nil {
		lead("telegram", func(ctx context.Context) error {
			commands, err := a.telegramCommands(ctx, p, ledger)
			if err != nil {
				return err
			}
			return p.telegram.Run(ctx, commands)
		})
	}
}

// tellUnanswered says why a platform's commands are not answered before a person
// has changed something. All else goes on.
func (a *app) tellUnanswered(ctx context.Context, platform string, err error) {
	if err != nil && ctx.Err() == nil {
		a.log.Error("commands are not answered until this is mended and Herald is started again", "platform", platform, "err", err)
	}
}

func (a *app) telegramCommands(ctx context.Context, p platforms, ledger *store.Store) (telegram.Commands, error) {
	commands := telegram.Commands{
		Handler: a.commands, Specs: a.commands.Specs(), Finder: inlineFinder{a}, Language: a.cfg.Community.Language,
		Moved: func(from, to bot.Address) {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noticeTime)
			defer cancel()
			if err := ledger.Move(ctx, a.env.now(), from, to); err != nil {
				a.log.Error("a group that moved cannot be followed", "from", from.String(), "to", to.String(), "err", err)
			}
			a.follow(p.telegram, from, to)
		},
	}
	if hook := p.webhook; hook != nil {
		listener, err := hook.open(ctx)
		if err != nil {
			return commands, err
		}
		commands.Webhook = &telegram.Webhook{URL: hook.url, Secret: hook.secret, Listener: listener}
	}
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

// answering lets announcements say the answers to commands.
type answering struct{ commands *command.Table }

// Answer implements announce.Answerer.
func (a answering) Answer(ctx context.Context, line string, lang bot.Lang) bot.Reply {
	name, args, _ := strings.Cut(line, " ")
	return a.commands.Handle(ctx, bot.Command{Name: name, Args: args, Channel: bot.Channel{Lang: lang}})
}
