package feeds

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// landing is what became of a poll. It keeps its place among the workers until
// it was handed over, so that what is in memory is bounded.
type landing struct {
	*watched
	batch Batch
	err   error
	// abandoned tells that Stop ended the poll, which says nothing of the source.
	abandoned bool
}

// fly polls w and keeps what it brought for the next Do.
func (p *Poller) fly(ctx context.Context, now time.Time, w *watched, cursor string) {
	batch, err := p.poll(ctx, now, w, cursor)
	p.mu.Lock()
	delete(p.flying, w)
	p.landed = append(p.landed, landing{w, batch, err, err != nil && ctx.Err() != nil})
	p.mu.Unlock()
	p.signal()
}

// poll calls the source. A panic there costs this poll only.
func (p *Poller) poll(ctx context.Context, now time.Time, w *watched, cursor string) (b Batch, err error) {
	defer p.contain(w, "polling a source panicked", &err)
	ctx, cancel := context.WithTimeout(ctx, p.config.PollTimeout)
	defer cancel()
	b, err = w.Source.Poll(ctx, now, cursor)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil {
		err = fmt.Errorf("nothing came within %s", p.config.PollTimeout)
	}
	return b, err
}

// contain turns a panic into an error.
func (p *Poller) contain(w *watched, what string, err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("panic: %v", v)
		p.config.Log.Error(what, w.named("panic", v, "stack", string(debug.Stack()))...)
	}
}

// handOver has taken in what landed, and decides when each source is due again.
func (p *Poller) handOver(ctx context.Context, now time.Time) error {
	p.mu.Lock()
	landed := p.landed
	p.landed = nil
	p.mu.Unlock()
	var errs []error
	for _, l := range landed {
		state, err := p.settle(ctx, now, l)
		if err != nil {
			errs = append(errs, err)
		}
		p.mu.Lock()
		p.unsaved = append(p.unsaved, state)
		l.state = state
		p.back(l.watched, state.Due)
		p.mu.Unlock()
	}
	return errors.Join(errs...)
}

// settle decides what a landing means, and returns the state that its source has
// from now on. An error is the taker's.
func (p *Poller) settle(ctx context.Context, now time.Time, l landing) (State, error) {
	if l.abandoned {
		return l.state, nil
	}
	if l.err != nil {
		return p.bad(ctx, now, l), nil //nolint:nilerr // the source's error is in its state
	}
	if err := p.take(ctx, now, l); err != nil {
		// The source is as it was, and the cursor too: it brings the same again.
		l.refused++
		state := l.state
		state.Due = now.Add(min(minRetry<<min(l.refused-1, 10), l.Every))
		return state, fmt.Errorf("feeds: taking in what %s brought: %w", l.Watch, err)
	}
	l.refused = 0
	return p.good(ctx, now, l), nil
}

func (p *Poller) take(ctx context.Context, now time.Time, l landing) (err error) {
	defer p.contain(l.watched, "taking in what a source brought panicked", &err)
	l.batch.Feed = l.Feed
	l.batch.Last = l.state.Health.Good
	if l.state.Health.Failures == 0 {
		l.batch.Due = l.state.Due
	}
	return p.config.Taker.Take(ctx, now, l.Of, l.batch)
}
