package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	tele "gopkg.in/telebot.v3"
)

// update is something that happened in a chat.
type update struct {
	id int64
	// chat is the queue that it waits in: the chat's number, or the member's for
	// what happens in no chat.
	chat int64
	tele.Update
}

// allowedUpdates are the kinds of updates that are asked for
// (https://core.telegram.org/bots/api#update).
var allowedUpdates = []string{"message", "channel_post", "callback_query", "inline_query"}

var errNoChat = errors.New("a message without a chat")

// readUpdate reads one update. The number is known even if the rest makes no
// sense; it is 0 if even that cannot be read.
func readUpdate(raw json.RawMessage) (u update, err error) {
	var number struct {
		ID int64 `json:"update_id"`
	}
	if err := json.Unmarshal(raw, &number); err != nil {
		return update{}, fmt.Errorf("reading an update: %w", err)
	}
	u.id = number.ID
	if err := json.Unmarshal(raw, &u.Update); err != nil {
		return u, fmt.Errorf("reading update %d: %w", u.id, err)
	}
	for _, m := range []*tele.Message{u.Message, u.ChannelPost} {
		if m != nil && m.Chat == nil { // telebot's routing trusts that there is one
			return u, fmt.Errorf("reading update %d: %w", u.id, errNoChat)
		}
	}
	u.chat = u.place()
	return u, nil
}

func (u update) place() int64 {
	switch {
	case u.Message != nil:
		return u.Message.Chat.ID
	case u.ChannelPost != nil:
		return u.ChannelPost.Chat.ID
	case u.Callback != nil && u.Callback.Message != nil && u.Callback.Message.Chat != nil:
		return u.Callback.Message.Chat.ID
	case u.Callback != nil && u.Callback.Sender != nil:
		return u.Callback.Sender.ID
	case u.Query != nil && u.Query.Sender != nil:
		return u.Query.Sender.ID
	}
	return 0
}

const (
	// handleTime is how long one update may take, waiting for its chat's turn
	// included.
	handleTime = 20 * time.Second
	// rememberTime is how long writing that it was handled may take after that.
	rememberTime = 5 * time.Second
	// stopTime is how long what has begun may take when the bot stops.
	stopTime = handleTime + rememberTime
)

// handle answers one update and remembers that it did. What goes wrong costs
// this update only.
func (r *receiver) handle(ctx context.Context, u update) {
	if r.handled.has(ctx, u) {
		return
	}
	answered := false
	func() {
		ctx, cancel := context.WithTimeout(ctx, handleTime)
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				r.log.Error("handling an update panicked", "update", u.id, "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			}
		}()
		answered = r.route(ctx, u.Update)
	}()
	if answered {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rememberTime)
		defer cancel()
		r.handled.add(ctx, u)
	}
}

// route has telebot find what an update is. It reports whether something was
// answered.
func (r *receiver) route(ctx context.Context, u tele.Update) (answered bool) {
	b, err := tele.NewBot(tele.Settings{Offline: true, Updates: 1, Synchronous: true})
	if err != nil {
		r.log.Error("routing updates", "err", err)
		return false
	}
	b.Me = &tele.User{ID: r.me.ID, Username: r.me.Username}
	did := func(handler func(c tele.Context) bool) tele.HandlerFunc {
		return func(c tele.Context) error { answered = handler(c); return nil }
	}
	b.Handle(tele.OnText, did(func(c tele.Context) bool { return r.said(ctx, c.Message()) }))
	b.Handle(tele.OnChannelPost, did(func(c tele.Context) bool { return r.said(ctx, c.Message()) }))
	b.Handle(tele.OnCallback, did(func(c tele.Context) bool { return r.pressed(ctx, c.Callback()) }))
	b.Handle(tele.OnQuery, did(func(c tele.Context) bool { return r.asked(ctx, c.Query()) }))
	b.Handle(tele.OnMigration, did(func(c tele.Context) bool { return r.migrated(c.Message()) }))
	b.ProcessUpdate(u)
	return answered
}
