package main

import (
	"cmp"
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
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "test NAME",
		Short: "Send an announcement's newest item now, marked as a test",
		Long: `Send what an announcement says of the newest item of its sources, or its text or
its command's answer, by the real path. It is marked as a test, notifies nobody,
and is not in the ledger: the item is announced all the same when it is time.`,
		Example: "  herald test articles\n  herald test articles --to mods",
		Args:    one("the name of an announcement"),
		RunE: func(cmd *cobra.Command, args []string) error {
			env := env
			if asJSON {
				env.out = env.err // what is said on the console
			}
			return withPosts(cmd.Context(), env, *path, func(a *app) error {
				said, err := a.try(cmd.Context(), cmd, args[0], to)
				if asJSON {
					err = errors.Join(err, encodeLines(cmd.OutOrStdout(), said))
				}
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object for each message")
	cmd.Flags().StringVar(&to, "to", "", "only in this `channel`, a name of config.yaml")
	return cmd
}

// triedJSON is a message that was sent as a test, for machines.
type triedJSON struct {
	Channel   string `json:"channel"`
	Address   string `json:"address"`
	Title     string `json:"title,omitempty"`
	Text      string `json:"text,omitempty"`
	URL       string `json:"url,omitempty"`
	MessageID string `json:"message_id"`
}

// try sends an announcement as a test, and returns what was said where.
func (a *app) try(ctx context.Context, cmd *cobra.Command, name, to string) ([]triedJSON, error) {
	config := a.cfg.Announcements.get(name)
	if config == nil {
		return nil, usageError(cmd, fmt.Errorf("there is no announcement %q; %s", name, nearName(name, a.cfg.Announcements.names())))
	}
	channels := config.To
	if to != "" {
		if a.cfg.Channels.get(to) == nil {
			return nil, usageError(cmd, fmt.Errorf("there is no channel %q; %s", to, nearName(to, a.cfg.Channels.names())))
		}
		channels = []string{to}
	}
	p, err := a.newPlatforms(forgetful{})
	if err != nil {
		return nil, err
	}
	senders := p.senders(a.newConsole())
	announcer := announce.New(a.announcing(nil, anywhere))
	item, err := a.newest(ctx, a.cfg.announcementsOn(anywhere)[slices.Index(a.cfg.Announcements.names(), name)])
	if err != nil {
		return nil, err
	}
	var said []triedJSON
	var errs []error
	for _, channel := range channels {
		c := a.cfg.Channels.get(channel)
		sender := senders[c.Channel.Platform]
		if sender == nil {
			complain(a.env.err, errors.New(testIsOff.in(a.lang(), channel)))
			continue
		}
		one, err := a.tryIn(ctx, announcer, sender, name, c.outlet(), item)
		if err != nil {
			errs = append(errs, fmt.Errorf("channel %s: %w", channel, err))
			continue
		}
		said = append(said, one)
	}
	if errs == nil && said == nil {
		return nil, failed() // every one of them is off
	}
	return said, errors.Join(errs...)
}

func (a *app) tryIn(ctx context.Context, announcer *announce.Announcer, sender outbox.Sender, name string, channel announce.Channel, item feeds.Item) (triedJSON, error) {
	m, err := announcer.Try(ctx, a.env.now(), name, channel, item)
	if err != nil {
		return triedJSON{}, err
	}
	id, err := sender.Send(ctx, bot.Act{Kind: bot.Post, Message: m, Key: bot.Key{
		Subject: "test:" + name, Address: channel.Address, Occasion: a.env.now().UTC().Format("2006-01-02T15:04:05.000Z"),
	}})
	return triedJSON{channel.Name, channel.String(), m.Title, m.Body.String(), m.URL, id}, err
}

// newest returns the newest item of an announcement's sources that its filter
// takes: a post, or what a source outside shows now.
func (a *app) newest(ctx context.Context, ann announce.Announcement) (feeds.Item, error) {
	if len(ann.From) == 0 {
		return feeds.Item{}, nil
	}
	held := "" // why the newest of all is not said
	takes := func(item feeds.Item) bool {
		why, passes := ann.Filter.Why(item)
		held = cmp.Or(held, why)
		return passes
	}
	for _, p := range a.library.Snapshot().Listed() { // the newest first
		if slices.Contains(ann.From, p.Source) {
			if item, err := announce.ItemOf(p); err == nil && takes(item) {
				return item, nil
			}
		}
	}
	item, ok, err := a.newestOutside(ctx, ann.From, takes)
	switch {
	case err != nil || ok:
		return item, err
	case held != "":
		return item, fmt.Errorf("its filter takes none of the items that there are; the newest is held back by: %s", held)
	}
	return item, errors.New("its sources have no item yet")
}

// newestOutside asks the sources outside for the newest item that is taken. What
// cannot be read matters only if there is none.
func (a *app) newestOutside(ctx context.Context, sources []string, takes func(feeds.Item) bool) (feeds.Item, bool, error) {
	web := a.newWeb()
	defer web.Close()
	watches, err := a.watches(web)
	if err != nil {
		return feeds.Item{}, false, err
	}
	waiting := a.env.progress()
	defer waiting.stop()
	var newest feeds.Item
	var errs []error
	found := false
	for _, w := range watches {
		if !slices.Contains(sources, w.Of) {
			continue
		}
		waiting.say(w.String())
		batch, err := w.Source.Poll(ctx, a.env.now(), "")
		if err != nil {
			errs = append(errs, fmt.Errorf("source %s: %w", w, err))
		}
		for _, item := range batch.Items {
			if (!found || item.Published.After(newest.Published)) && takes(item) {
				newest, found = item, true
			}
		}
	}
	if !found {
		return newest, false, errors.Join(errs...)
	}
	return newest, true, nil
}

// nearName says which of the names was probably meant.
func nearName(name string, known []string) string {
	hint := refHint(name, known).In(bot.English)
	if hint == "" {
		return "there are none"
	}
	return hint
}
