package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/bot/telegram"
	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/fetch"
	"cloudnative.tw/herald/feeds/syndication"
)

// speaker is everything that announces: it asks the sources, decides what is
// news, and says it.
type speaker struct {
	owner     string
	announcer *announce.Announcer
	poller    *feeds.Poller
	sending   *outbox.Outbox
	lookout   *announce.Lookout
	tidying   tidying
	web       *fetch.Client
}

// firstPolls is how long the digests that were missed wait for what the sources
// have to say, which may be news for them.
const firstPolls = 2 * time.Minute

// newSpeaker joins the parts that announce over a store, on the platforms that
// there are senders for. told may be nil.
func (a *app) newSpeaker(ctx context.Context, ledger *store.Store, senders map[bot.Platform]outbox.Sender, told *narrator) (*speaker, error) {
	owner := newOwner(a.env.now())
	if err := a.adopt(ctx, ledger); err != nil {
		return nil, err
	}
	s := &speaker{owner: owner, web: a.newWeb(), tidying: tidying{store: ledger, log: a.log}}
	options := a.announcing(ledger, func(p bot.Platform) bool { return senders[p] != nil })
	patience := a.env.now().Add(firstPolls)
	options.Begun = told.begun
	options.Asking = func(now time.Time) bool { return now.Before(patience) && !s.poller.Idle(now) }
	s.announcer = announce.New(options)
	s.lookout = s.announcer.Lookout(func(ctx context.Context, url string) (bool, error) { return s.web.Lost(ctx, a.env.now(), url) })
	watches, err := a.watches(s.web)
	if err != nil {
		return nil, err
	}
	s.poller, err = feeds.New(feeds.Config{
		Sources: watches, Store: ledger.Feeds(), Taker: s.announcer, Teller: sourceNotices{a.cfg, s.announcer}, Owner: owner,
		Now: a.env.now, Log: a.log,
	})
	if err != nil {
		return nil, err
	}
	notify := a.outcomeNotices(ctx, s.announcer)
	s.sending, err = outbox.New(outbox.Config{
		Store: ledger, Owner: owner, Senders: senders,
		Resend: a.cfg.resends, Quiet: a.cfg.quietUntil,
		Live: func(ctx context.Context, url string) error { return s.web.Live(ctx, a.env.now(), url) },
		Tell: func(act outbox.Act, out outbox.Outcome) { told.unsaid(act, out); notify(act, out) }, Said: told.heard,
		Moved: func(from, to bot.Address) {
			groups, _ := senders[bot.Telegram].(*telegram.Telegram)
			a.follow(groups, from, to)
		},
		Now: a.env.now, Log: a.log,
	})
	return s, err
}

// newOwner names a process that begins at a time, and no other that ever ran:
// replicas may begin at once, by clocks that tick slowly.
func newOwner(now time.Time) string {
	return "herald-" + strconv.FormatInt(now.UnixNano(), 36) + "-" + rand.Text()
}

// stop ends what is in flight, the sources first.
func (s *speaker) stop(ctx context.Context) error {
	defer s.web.Close()
	return errors.Join(s.poller.Stop(ctx), s.sending.Stop(ctx))
}

// newWeb returns the client for everything that is read from the web.
func (a *app) newWeb() *fetch.Client {
	return fetch.New(fetch.Options{
		UserAgent:    fmt.Sprintf("Herald/%s (+%s)", programVersion(), a.cfg.Community.URL),
		AllowPrivate: a.env.getenv("HERALD_ALLOW_PRIVATE") == "1",
	})
}

// announcing returns what an announcer works with, on the platforms that are on.
func (a *app) announcing(ledger announce.Store, on func(bot.Platform) bool) announce.Options {
	options := announce.Options{
		Store:         ledger,
		Announcements: a.cfg.announcementsOn(on),
		Feeds:         a.cfg.Sources.names(),
		Community:     a.cfg.Community.Name,
		Answer:        answering{a.commands},
		Zone:          a.cfg.Community.Zone,
		Log:           a.log,
	}
	if channel := a.cfg.Channels.get(a.cfg.Moderators.Channel); channel != nil && channel.isOn(on) {
		outlet := channel.outlet()
		options.Moderators, options.Reason = &outlet, reasonIn
	}
	return options
}

// adopt has what was renamed or moved in the config known again.
func (a *app) adopt(ctx context.Context, ledger *store.Store) error {
	changes, err := ledger.Adopt(ctx, a.env.now(), a.cfg.identities())
	if err != nil {
		return err
	}
	for _, c := range changes {
		log := a.log.With("kind", c.Kind, "name", c.Name)
		if !c.Moved || c.Kind == "channel" { // an address of a source may hold a secret
			log = log.With("from", c.From, "to", c.To)
		}
		log.Info("known again by another name or address in the config")
	}
	return nil
}

// identities returns the names and addresses of all that is known again.
func (c *Config) identities() announce.Names {
	n := announce.Names{
		Origins: map[string]string{}, Sources: map[string]string{},
		Channels: map[string]bot.Address{}, Was: map[string]string{},
	}
	for _, e := range c.Content {
		address := e.Value.address()
		n.Origins[e.Name] = address
		for _, source := range e.Value.Site.Sources(e.Name) {
			n.Sources[source] = address + "#" + e.Value.Site.Folders[source]
		}
	}
	for _, s := range c.Sources {
		n.Sources[s.Name] = s.Value.Feed.Address()
		for _, part := range s.Value.Feed.Parts(s.Name) {
			n.Origins[announce.FeedOrigin(part.Name)] = part.Address
		}
	}
	for _, channel := range c.Channels {
		if at := channel.Value.Channel.Address; !isName(at) { // else it is not known where it is
			n.Channels[channel.Name] = at
		}
	}
	for _, a := range c.Announcements {
		n.Announcements = append(n.Announcements, a.Name)
		if a.Value.Was != "" {
			n.Was[a.Name] = a.Value.Was
		}
	}
	return n
}

// address returns where an entry's files come from, as one text.
func (e Entry) address() string {
	if e.Git.URL == "" {
		return e.Path
	}
	return strings.Join([]string{e.Git.URL, e.Git.Ref, e.Git.Dir}, "#")
}

// watches returns the feeds of the sources outside, as they are polled.
func (a *app) watches(web *fetch.Client) ([]feeds.Watch, error) {
	var watches []feeds.Watch
	for _, s := range a.cfg.Sources {
		parts, err := syndication.New(s.Value.Feed, s.Name, announce.FeedOrigin, a.cfg.Community.Zone, web)
		if err != nil {
			return nil, &exitError{exitUsage, fmt.Errorf("sources.%s: %w", s.Name, err)}
		}
		watches = append(watches, parts...)
	}
	return watches, nil
}

// channelAt returns the channel at an address, or nil.
func (c *Config) channelAt(a bot.Address) *ChannelConfig {
	for i := range c.Channels {
		if at := c.Channels[i].Value.Channel.Address; at == a || c.moves.now(at) == a {
			return &c.Channels[i].Value
		}
	}
	return nil
}

// resends tells whether a message of unknown fate is sent again at an address.
func (c *Config) resends(a bot.Address) bool {
	channel := c.channelAt(a)
	return channel != nil && channel.Uncertain == uncertainResend
}

// quietUntil returns until when a channel is quiet, or the zero time.
func (c *Config) quietUntil(a bot.Address, now time.Time) time.Time {
	channel := c.channelAt(a)
	if channel == nil || !channel.QuietHours.In(now) {
		return time.Time{}
	}
	return channel.QuietHours.End(now)
}
