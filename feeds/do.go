package feeds

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// retryStep is how long a store that failed is left alone.
	retryStep = time.Second
	// longLook is when to look again if nothing is known to be due.
	longLook = time.Hour
	// again is when a source is asked for again that another process polls, at
	// the soonest.
	again = time.Second
)

// Next returns when Do should be called next; not after now if it should be
// called at once. What other goroutines do may bring it forward: Changed tells.
func (p *Poller) Next(now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	due := p.line.due()
	switch {
	case !p.broken.IsZero():
		return p.broken
	case !p.learnt || len(p.landed) > 0 || len(p.unsaved) > 0:
		return now
	case p.stopping || due.IsZero() || p.line.busy >= p.config.Workers:
		return now.Add(longLook)
	default:
		return due
	}
}

// Changed receives a value when Next may have been brought forward.
func (p *Poller) Changed() <-chan struct{} { return p.changed }

func (p *Poller) signal() {
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

// Do has taken in what was brought since the last time and begins the polls that
// are due, without waiting for them. That ctx ends does not end those: Stop
// does. An error is the store's or the taker's. Nothing is lost by it: what could
// not be taken in is asked for again, and nothing is polled before the store is
// well.
func (p *Poller) Do(ctx context.Context, now time.Time) error {
	p.doing.Lock()
	defer p.doing.Unlock()
	if err := p.learn(ctx, now); err != nil {
		return err
	}
	taken := p.handOver(ctx, now)
	step := p.step(now)
	if len(step.Save) == 0 && len(step.Claim) == 0 {
		return taken
	}
	turns, err := p.config.Store.Step(ctx, step)
	if err != nil {
		p.failed(step)
		return errors.Join(taken, fmt.Errorf("feeds: writing the states of sources: %w", err))
	}
	p.begin(context.WithoutCancel(ctx), step, turns)
	return taken
}

// Drain polls what is due until nothing is, and waits for each poll to end. It
// is for programs that have nothing else to do meanwhile; nobody else may call
// Do at the same time. It goes on past what cannot be taken in, and not past a
// store that fails.
func (p *Poller) Drain(ctx context.Context) error {
	var errs []error
	for {
		now := p.config.Now()
		if err := p.Do(ctx, now); err != nil {
			errs = append(errs, err)
		}
		if p.Idle(now) {
			return errors.Join(errs...)
		}
		select {
		case <-p.changed:
		case <-ctx.Done():
			return errors.Join(append(errs, ctx.Err())...)
		}
	}
}

// Idle reports whether no source is being asked and none is due. Before the first
// Do that is not known, and none is.
func (p *Poller) Idle(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	due := p.line.due()
	return !p.broken.IsZero() || p.line.busy == 0 && len(p.landed) == 0 && (due.IsZero() || due.After(now))
}

// step takes what is to be written from p, and the sources to poll next from the
// line.
func (p *Poller) step(now time.Time) Step {
	p.mu.Lock()
	defer p.mu.Unlock()
	step := Step{Now: now, Owner: p.config.Owner, Until: now.Add(p.config.Lease), Save: p.unsaved}
	p.unsaved = nil
	for !p.stopping {
		w := p.line.next(now, p.limits())
		if w == nil {
			break
		}
		step.Claim = append(step.Claim, w.state)
	}
	return step
}

func (p *Poller) limits() limits { return limits{p.config.Workers, p.config.PerHost} }

// failed keeps what was to be written for the next time.
func (p *Poller) failed(step Step) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unsaved = append(step.Save, p.unsaved...)
	p.broken = step.Now.Add(retryStep)
	for _, s := range step.Claim {
		p.back(p.all[s.Source], step.Now)
	}
}

// back puts w, which is at work no more, in line again.
func (p *Poller) back(w *watched, due time.Time) {
	p.line.leave(w, p.limits())
	w.due = due
	p.line.push(w)
}

// begin polls the sources that were claimed.
func (p *Poller) begin(ctx context.Context, step Step, turns []Turn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = time.Time{}
	answered := make(map[string]Turn, len(turns))
	for _, turn := range turns {
		answered[turn.State.Source] = turn
	}
	for _, s := range step.Claim {
		w, turn := p.all[s.Source], answered[s.Source]
		if !turn.Claimed {
			p.back(w, later(turn.Again, step.Now.Add(again)))
			if turn.State.Source != "" && turn.State.Address == w.Address {
				w.state = turn.State
			}
			continue
		}
		ctx, abandon := context.WithCancel(ctx)
		p.flying[w] = abandon
		w.know(turn.State)
		p.flights.Go(func() {
			defer abandon()
			p.fly(ctx, step.Now, w, w.state.Cursor)
		})
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
