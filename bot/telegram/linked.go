package telegram

import (
	"context"
	"strconv"
	"sync"
	"time"

	"cloudnative.tw/herald/bot"
)

// linkedChats knows which groups are the discussion groups of channels.
type linkedChats struct {
	mu    sync.Mutex
	known map[int64]linkedChat
}

type linkedChat struct {
	linked int64
	until  time.Time
}

const (
	linkedFor = time.Hour
	maxLinked = 1000
)

// isLinked reports whether a group is the discussion group of a channel of
// config.yaml. What it learns it keeps for an hour.
func (r *receiver) isLinked(ctx context.Context, group int64) bool {
	now := r.now()
	r.linked.mu.Lock()
	known, ok := r.linked.known[group]
	r.linked.mu.Unlock()
	if !ok || now.After(known.until) {
		info, err := r.chat(ctx, strconv.FormatInt(group, 10))
		if err != nil {
			r.log.Warn("asking for a group's channel", "err", err)
		}
		known = linkedChat{info.Linked, now.Add(linkedFor)}
		r.linked.mu.Lock()
		if len(r.linked.known) >= maxLinked {
			clear(r.linked.known)
		}
		r.linked.known[group] = known
		r.linked.mu.Unlock()
	}
	if known.linked == 0 {
		return false
	}
	_, ok = r.channel(bot.Address{Platform: bot.Telegram, Chat: strconv.FormatInt(known.linked, 10)})
	return ok
}
