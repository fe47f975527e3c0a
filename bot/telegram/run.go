package telegram

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"cloudnative.tw/herald/bot"
)

// Commands is what answers members. Handler is needed.
type Commands struct {
	Handler bot.Handler
	// Specs is the table of commands: the menu is computed from it, and in groups
	// only its commands are answered.
	Specs []bot.CommandSpec
	// Finder answers inline mode; nil for none.
	Finder Finder
	// Language is the community's.
	Language bot.Lang
	// Anywhere has commands answered also in groups and channels that config.yaml
	// does not name. Private chats are always answered, and so is /id.
	Anywhere bool
	// Webhook receives updates instead of polling for them; nil for polling.
	Webhook *Webhook
	// Moved is told that a group has become a supergroup with another number; nil
	// for nobody.
	Moved func(from, to bot.Address)
}

// maxHandlers is how many commands are answered at once, over all chats.
const maxHandlers = 32

// recentUpdates is more than how many updates can be on their way at once.
const recentUpdates = 4096

// receiver is one Run of a Telegram.
type receiver struct {
	*Telegram
	Commands
	me         me
	names      map[string]bool
	dispatcher *dispatcher
	handled    handled
	taken      *recent
	// seen is the highest number of an update.
	seen    int64
	members members
	slots   chan struct{}
	linked  linkedChats
}

// Run answers members until ctx ends. What has begun is then finished, within
// half a minute; what has not is answered by the next Run. It returns an error
// only if it cannot begin.
func (t *Telegram) Run(ctx context.Context, c Commands) error {
	if c.Handler == nil {
		return errors.New("telegram: a handler is needed")
	}
	r := &receiver{
		Telegram: t, Commands: c, names: commandNames(c.Specs),
		handled: handled{memory: t.memory, now: t.now, log: t.log, last: make(map[int64]int64), ordered: c.Webhook == nil},
		taken:   newRecent(recentUpdates), members: members{all: make(map[int64]*member)},
		slots: make(chan struct{}, maxHandlers), linked: linkedChats{known: make(map[int64]linkedChat)},
	}
	r.dispatcher = newDispatcher(r.handle)
	if !r.identify(ctx) {
		return nil
	}
	r.updateMenus(ctx)
	if c.Webhook != nil {
		return r.serveWebhook(ctx, *c.Webhook)
	}
	r.poll(ctx)
	return nil
}

// identify asks Telegram who the bot is until it says so or ctx ends.
func (r *receiver) identify(ctx context.Context) bool {
	var b backoff
	for ctx.Err() == nil {
		asking, cancel := context.WithTimeout(ctx, handleTime)
		m, err := r.Telegram.me(asking)
		cancel()
		if err == nil {
			r.me = m
			r.pollWorks(&b)
			return true
		}
		if ctx.Err() == nil {
			r.pollFailed(ctx, err, &b)
		}
	}
	return false
}

// commandNames returns every name that a command of the table is known by,
// folded.
func commandNames(specs []bot.CommandSpec) map[string]bool {
	names := make(map[string]bool)
	for _, s := range specs {
		names[foldName(s.Name)] = true
		for _, name := range s.Names {
			names[foldName(name)] = true
		}
		for _, name := range s.Aliases {
			names[foldName(name)] = true
		}
	}
	return names
}

func foldName(name string) string { return strings.ToLower(norm.NFKC.String(name)) }

// place returns the channel at an address, as config.yaml names it or as far as
// it is known; ok is whether config.yaml names the chat.
func (r *receiver) place(chat int64, thread int) (c bot.Channel, ok bool) {
	a := bot.Address{Platform: bot.Telegram, Chat: strconv.FormatInt(chat, 10)}
	whole, known := r.channel(a)
	if thread != 0 {
		a.Thread = strconv.Itoa(thread)
		if topic, ok := r.channel(a); ok {
			return topic.Channel, true
		}
	}
	if !known {
		whole.Channel = r.anyTopic(a.Chat)
		known = whole.Chat != ""
	}
	if thread == 0 && whole.Thread == "" && known {
		return whole.Channel, true
	}
	return bot.Channel{Address: a, Lang: whole.Lang}, known
}

// anyTopic returns a channel that is a topic of a chat.
func (t *Telegram) anyTopic(chat string) bot.Channel {
	t.mu.Lock()
	defer t.mu.Unlock()
	for a, c := range t.channels {
		if a.Chat == chat {
			return c.Channel
		}
	}
	return bot.Channel{}
}

// lang is the language of what the bot itself says: the member's, else the
// channel's, else the community's.
func (r *receiver) lang(locale string, c bot.Channel) bot.Lang {
	if lang, ok := bot.MatchLang(locale); ok {
		return lang
	}
	if c.Lang != "" {
		return c.Lang
	}
	if r.Language != "" {
		return r.Language
	}
	return bot.Langs()[0]
}

// ask has a command answered, when one of the slots is free.
func (r *receiver) ask(ctx context.Context, cmd bot.Command) (bot.Reply, error) {
	select {
	case r.slots <- struct{}{}:
	case <-ctx.Done():
		return bot.Reply{}, fmt.Errorf("waiting to answer a command: %w", ctx.Err())
	}
	defer func() { <-r.slots }()
	return r.Handler.Handle(ctx, cmd), nil
}
