package discord

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"
)

// Discord allows a bot 1,000 sessions in 24 hours; beyond that it ends them all
// and resets the token
// (https://discord.com/developers/docs/events/gateway#session-start-limit). A
// gateway that accepts a session and drops it at once would use them up within
// the hour, so every IDENTIFY passes here, over restarts too:
//
//   - never less than 5 seconds after the last, as max_concurrency asks, and half
//     a second more, because the last may have been long on its way;
//   - of one shard the first five within an hour at once, then after 10, 20, 40 …
//     seconds, at most 10 minutes;
//   - at most 300 in 24 hours for each shard, and 500 in all.
const (
	identifySpacing = 5500 * time.Millisecond
	identifyFree    = 5
	identifyFirst   = 10 * time.Second
	identifyMax     = 10 * time.Minute
	identifyPerDay  = 300
	identifyAllDay  = 500
	day             = 24 * time.Hour
)

// identifyKey is where Memory keeps when sessions were begun.
const identifyKey = "discord/identifies"

// nextIdentify returns when the next session may be begun, after those of log,
// which is in order of time.
func nextIdentify(log []time.Time, now time.Time, shards int) time.Time {
	if len(log) == 0 {
		return now
	}
	hour, today := 0, 0
	for _, at := range log {
		if now.Sub(at) < time.Hour {
			hour++
		}
		if now.Sub(at) < day {
			today++
		}
	}
	spacing := identifySpacing
	if n := hour/max(1, shards) - identifyFree; n >= 0 {
		spacing = min(identifyFirst<<min(n, 16), identifyMax)
	}
	next := log[len(log)-1].Add(spacing)
	if limit := min(identifyPerDay*max(1, shards), identifyAllDay); today >= limit {
		if free := log[len(log)-limit].Add(day); free.After(next) {
			next = free
		}
	}
	if next.Before(now) {
		return now
	}
	return next
}

// identifyGate lets sessions begin one after the other, within the budget.
type identifyGate struct {
	memory Memory
	log    *slog.Logger
	shards int
	turn   chan struct{} // holds a value while somebody begins a session

	mu   sync.Mutex
	past []time.Time
}

// newIdentifyGate recalls when sessions were begun before this process was.
func newIdentifyGate(ctx context.Context, memory Memory, log *slog.Logger, shards int) *identifyGate {
	g := &identifyGate{memory: memory, log: log, shards: shards, turn: make(chan struct{}, 1)}
	stored, err := memory.Recall(ctx, identifyKey)
	var moments []int64 // Unix, in milliseconds
	if err == nil && stored != "" {
		err = json.Unmarshal([]byte(stored), &moments)
	}
	if err != nil {
		log.Warn("discord: when sessions were begun cannot be recalled", "error", err)
	}
	now := time.Now()
	for _, ms := range moments {
		if at := time.UnixMilli(ms); !at.After(now) && now.Sub(at) < day {
			g.past = append(g.past, at)
		}
	}
	return g
}

// wait waits until a session may be begun, and has the caller's turn begin; it
// must end with leave.
func (g *identifyGate) wait(ctx context.Context) error {
	select {
	case g.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	g.mu.Lock()
	now := time.Now()
	wait := nextIdentify(g.past, now, g.shards).Sub(now)
	g.mu.Unlock()
	if wait > identifySpacing {
		g.log.Warn("discord: too many sessions were begun; waiting before the next", "wait", wait)
	}
	if err := sleep(ctx, wait); err != nil {
		g.leave()
		return err
	}
	return nil
}

func (g *identifyGate) leave() { <-g.turn }

// begun writes down that a session is being begun. It is called before that, so
// that a process that is killed has counted it.
func (g *identifyGate) begun(ctx context.Context) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	for len(g.past) > 0 && now.Sub(g.past[0]) >= day {
		g.past = g.past[1:]
	}
	g.past = append(g.past, now)
	moments := make([]int64, len(g.past))
	for i, at := range g.past {
		moments[i] = at.UnixMilli()
	}
	stored, err := json.Marshal(moments)
	if err == nil {
		err = g.memory.Remember(ctx, identifyKey, string(stored))
	}
	if err != nil {
		g.log.Warn("discord: that a session was begun cannot be remembered", "error", err)
	}
}
