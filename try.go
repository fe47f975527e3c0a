package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/feeds"
)

func testCommand(env environment, path *string) *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:   "test NAME",
		Short: "Send an announcement's newest item now, marked as a test",
		Long: `Send what an announcement says of the newest item of its sources, or its text or
its command's answer, by the real path. It is marked as a test, notifies nobody,
and is not in the ledger: the item is announced all the same when it is time.`,
		Example: "  herald test articles\n  herald test articles --to mods",
		Args:    exactly(1, "the name of an announcement"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withPosts(cmd.Context(), env, *path, func(a *app) error {
				return a.try(cmd.Context(), cmd, args[0], to)
			})
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "only in this `channel`, a name of config.yaml")
	return cmd
}

// try sends an announcement as a test.
func (a *app) try(ctx context.Context, cmd *cobra.Command, name, to string) error {
	config := a.cfg.Announcements.get(name)
	if config == nil {
		return usageError(cmd, fmt.Errorf("there is no announcement %q; %s", name, nearName(name, a.cfg.Announcements.names())))
	}
	channels := config.To
	if to != "" {
		if a.cfg.Channels.get(to) == nil {
			return usageError(cmd, fmt.Errorf("there is no channel %q; %s", to, nearName(to, a.cfg.Channels.names())))
		}
		channels = []string{to}
	}
	senders := map[bot.Platform]outbox.Sender{bot.Console: a.newConsole()}
	announcer := announce.New(a.announcing(nil, func(bot.Platform) bool { return true }))
	item, err := a.newest(ctx, config.From)
	if err != nil {
		return err
	}
	var errs []error
	for _, channel := range channels {
		errs = append(errs, a.tryIn(ctx, announcer, senders, name, a.cfg.Channels.get(channel), item))
	}
	return errors.Join(errs...)
}

func (a *app) tryIn(ctx context.Context, announcer *announce.Announcer, senders map[bot.Platform]outbox.Sender, name string, channel *ChannelConfig, item feeds.Item) error {
	sender := senders[channel.Channel.Platform]
	if sender == nil {
		return fmt.Errorf("channel %s: its platform is off, as there is no token for it", channel.Channel.Name)
	}
	message, err := announcer.Try(ctx, a.env.now(), name, channel.outlet(), item)
	if err != nil {
		return fmt.Errorf("channel %s: %w", channel.Channel.Name, err)
	}
	act := bot.Act{Kind: bot.Post, Message: message, Key: bot.Key{
		Subject: "test:" + name, Address: channel.Channel.Address, Occasion: a.env.now().UTC().Format("2006-01-02T15:04:05.000Z"),
	}}
	if _, err := sender.Send(ctx, act); err != nil {
		return fmt.Errorf("channel %s: %w", channel.Channel.Name, err)
	}
	return nil
}

// newest returns the newest item of the sources: the newest post, or what a
// source outside has first.
func (a *app) newest(ctx context.Context, sources []string) (feeds.Item, error) {
	if len(sources) == 0 {
		return feeds.Item{}, nil
	}
	for _, p := range a.library.Snapshot().Listed() { // the newest first
		if slices.Contains(sources, p.Source) {
			return announce.ItemOf(p)
		}
	}
	web := a.newWeb()
	defer web.Close()
	watches, err := a.watches(web)
	if err != nil {
		return feeds.Item{}, err
	}
	for _, w := range watches {
		if !slices.Contains(sources, w.Name) {
			continue
		}
		batch, err := w.Source.Poll(ctx, a.env.now(), "")
		if err != nil {
			return feeds.Item{}, fmt.Errorf("source %s: %w", w.Name, err)
		}
		if len(batch.Items) > 0 {
			return batch.Items[0], nil
		}
	}
	return feeds.Item{}, &exitError{exitNo, errors.New("its sources have no item yet")}
}

// nearName says which of the names was probably meant.
func nearName(name string, known []string) string {
	hint := refHint(name, known).In(bot.English)
	if hint == "" {
		return "there are none"
	}
	return hint
}
