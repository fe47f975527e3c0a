package discord

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"cloudnative.tw/herald/bot"
)

// Publish passes act's message on to the channels that follow its channel.
func (d *Discord) Publish(ctx context.Context, act bot.Act) error {
	id := target(act.Address)
	if err := d.publish.take(id, time.Now()); err != nil {
		return fmt.Errorf("publishing message %s: %w", act.MessageID, err)
	}
	err := d.rest.call(ctx, request{
		doing: "publishing message " + act.MessageID, method: "POST", path: "/channels/%s/messages/%s/crosspost", args: []string{id, act.MessageID},
	})
	if code(err) == codeAlreadyPublished {
		return nil
	}
	return err
}

// pinnedThread is PINNED
// (https://discord.com/developers/docs/resources/channel#channel-object-channel-flags).
const pinnedThread = 1 << 1

// Pin keeps act's message in sight: among the pins of its channel, or, in a
// forum, as the thread at the top.
func (d *Discord) Pin(ctx context.Context, act bot.Act) error {
	where, channel, err := d.room(ctx, act)
	if err != nil {
		return err
	}
	if where.forum() {
		return d.rest.call(ctx, request{
			doing: "pinning thread " + channel, method: "PATCH", path: "/channels/%s", args: []string{channel},
			body: map[string]int{"flags": pinnedThread},
		})
	}
	return d.rest.call(ctx, request{
		doing: "pinning message " + act.MessageID, method: "PUT", path: "/channels/%s/messages/pins/%s", args: []string{channel, act.MessageID},
	})
}

// Thread opens a thread below act's message, called like it. In a forum there is
// one already, and inside a thread there can be none.
func (d *Discord) Thread(ctx context.Context, act bot.Act) error {
	where, channel, err := d.room(ctx, act)
	if err != nil || where.forum() || where.thread() {
		return err
	}
	name := ThreadName(act.Message)
	if name == unnamed {
		if name, err = d.firstLine(ctx, channel, act.MessageID); err != nil {
			return err
		}
	}
	err = d.rest.call(ctx, request{
		doing: "opening a thread below message " + act.MessageID, method: "POST", path: "/channels/%s/messages/%s/threads",
		args: []string{channel, act.MessageID}, body: map[string]string{"name": name},
	})
	if code(err) == codeHasThread {
		return nil
	}
	return err
}

// markup is what our first lines hold beside their words.
var markup = regexp.MustCompile(`\*\*|<@&?[0-9]+>|\\`)

// firstLine names a thread after how its message begins.
func (d *Discord) firstLine(ctx context.Context, channel, message string) (string, error) {
	var m standing
	err := d.rest.call(ctx, request{
		doing: "reading message " + message, method: "GET", path: "/channels/%s/messages/%s", args: []string{channel, message}, into: &m,
	})
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(m.Content, "\n")
	return ThreadName(bot.Message{Card: bot.Card{Title: markup.ReplaceAllString(line, "")}}), nil
}

const (
	// publishLimit messages of a channel can be published in publishWindow. Discord
	// does not document it; users report it
	// (https://github.com/discordjs/discord.js/issues/4956).
	publishLimit = 10
	// Discord counts a request when it carries it out, which is up to its timeout
	// after it was begun.
	publishWindow = time.Hour + requestTimeout
)

var errPublishBudget = errors.New("a channel may publish 10 messages an hour")

// publishBudget counts what was published, so that the limit is not found out by
// a refusal of an hour.
type publishBudget struct {
	mu   sync.Mutex
	used map[string][]time.Time
}

// take counts one more for a channel, or says how long to wait for it.
func (p *publishBudget) take(channel string, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	used := p.used[channel]
	for len(used) > 0 && now.Sub(used[0]) >= publishWindow {
		used = used[1:]
	}
	if len(used) >= publishLimit {
		p.used[channel] = used
		return &bot.RetryAfterError{Wait: used[0].Add(publishWindow).Sub(now), Err: errPublishBudget}
	}
	if p.used == nil {
		p.used = make(map[string][]time.Time)
	}
	p.used[channel] = append(used, now)
	return nil
}
