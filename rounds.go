package main

import (
	"context"
	"log/slog"
	"slices"
	"time"
)

// rounds calls the poller, the announcer and the outbox when they are due.
type rounds struct {
	*speaker
	heart heartbeat
	now   func() time.Time
	log   *slog.Logger
	told  *narrator // nil tells nobody

	woken chan struct{}
	// begun is closed when each was called for what was there at the start.
	begun chan struct{}
}

func newRounds(s *speaker, heart heartbeat, now func() time.Time, log *slog.Logger) *rounds {
	return &rounds{
		speaker: s, heart: heart, now: now, log: log,
		woken: make(chan struct{}, 1), begun: make(chan struct{}),
	}
}

// wake makes the next round begin at once.
func (r *rounds) wake() {
	select {
	case r.woken <- struct{}{}:
	default:
	}
}

// run goes round until ctx ends.
func (r *rounds) run(ctx context.Context) {
	r.round(ctx)
	close(r.begun)
	for {
		timer := time.NewTimer(max(r.next().Sub(r.now()), time.Millisecond))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-r.woken:
		case <-r.poller.Changed():
		case <-r.sending.Changed():
		case <-timer.C:
		}
		timer.Stop()
		r.round(ctx)
	}
}

// next returns when there is something to do.
func (r *rounds) next() time.Time {
	now := r.now()
	return earliest(r.announcer.Next(now), r.poller.Next(now), r.sending.Next(now), r.tidying.Next())
}

func earliest(times ...time.Time) time.Time {
	return slices.MinFunc(times, time.Time.Compare)
}

// round does what is due. Errors are the store's. All try again by themselves.
func (r *rounds) round(ctx context.Context) {
	now := r.now()
	defer r.told.tell(ctx, now, r.announcer)
	if !r.poller.Next(now).After(now) {
		if err := r.poller.Do(ctx, now); err != nil && ctx.Err() == nil {
			r.log.Error("asking the sources", "err", err)
		}
		r.sending.Wake()
	}
	if !r.announcer.Next(now).After(now) {
		if err := r.announcer.Do(ctx, now); err != nil && ctx.Err() == nil {
			r.log.Error("deciding what is news", "err", err)
		}
		r.sending.Wake()
	}
	r.send(ctx, now)
	if !r.tidying.Next().After(now) {
		r.tidying.Do(ctx, now)
	}
}

// send says what is owed.
func (r *rounds) send(ctx context.Context, now time.Time) {
	if r.sending.Next(now).After(now) {
		return
	}
	// The outbox writes to the store every few seconds, so this tells of it too.
	if err := r.sending.Do(ctx, now); err == nil {
		r.heart.beat(now)
	} else if ctx.Err() == nil {
		r.log.Error("sending what is owed", "err", err)
	}
}

// keepLookout looks at pages when that is due, until ctx ends. They may be slow,
// so it is beside the rounds.
func (r *rounds) keepLookout(ctx context.Context) {
	for {
		timer := time.NewTimer(max(r.lookout.Next().Sub(r.now()), time.Millisecond))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		if err := r.lookout.Do(ctx, r.now()); err != nil && ctx.Err() == nil {
			r.log.Error("looking at what feeds show no more", "err", err)
		}
		r.wake()
	}
}
