package outbox

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"cloudnative.tw/herald/bot"
)

const (
	// retryStep is how long a store that failed is left alone.
	retryStep = time.Second
	// stepTimeout is how long a step may take. It is shorter than a lease, so that
	// of a store that says nothing more the outbox knows before others take over.
	stepTimeout = 5 * time.Second
)

// Next returns when Do should be called next; not after now if it should be
// called at once. What other goroutines do may bring it forward: Changed tells.
func (o *Outbox) Next(now time.Time) time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.failing:
		return o.look
	case len(o.outcomes) > 0 || len(o.answers) > 0:
		return now
	case !o.due.IsZero() && o.due.Before(o.look):
		return o.due
	default:
		return o.look
	}
}

// Changed receives a value when Next may have been brought forward.
func (o *Outbox) Changed() <-chan struct{} { return o.changed }

// Wake has the store looked at, because something may be owed since the last
// time.
func (o *Outbox) Wake() {
	o.mu.Lock()
	o.look = time.Time{}
	o.mu.Unlock()
	o.signal()
}

func (o *Outbox) signal() {
	select {
	case o.changed <- struct{}{}:
	default:
	}
}

// Do writes what became of the acts that ended since the last time and begins
// those that are due, without waiting for them. That ctx ends does not end those:
// what has begun may end when the bot stops. Nor does it end what is being
// written: acts might be taken then without anyone to carry them out. An error is
// the store's, or that ctx has ended before; nothing is lost by it, and nothing is
// sent before the store is well again.
func (o *Outbox) Do(ctx context.Context, now time.Time) error {
	o.doing.Lock()
	defer o.doing.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	step, written := o.step(now)
	taken, err := o.take(ctx, step)
	if err != nil {
		o.failed(step, written)
		return fmt.Errorf("outbox: taking what is due: %w", err)
	}
	o.report(taken, written)
	o.begin(ctx, step.Now, taken)
	return nil
}

func (o *Outbox) take(ctx context.Context, step Step) (Taken, error) {
	ctx, cancel := context.WithTimeout(ctx, stepTimeout)
	defer cancel()
	return o.config.Store.Step(ctx, step)
}

// report tells of what was written.
func (o *Outbox) report(taken Taken, written []news) {
	for _, r := range taken.Retried {
		if r.Refused == "" {
			o.config.Log.Info("tried again, as asked", "act", r.ID)
		} else {
			o.config.Log.Warn("not tried again", "act", r.ID, "reason", r.Refused)
		}
	}
	for _, n := range written {
		switch {
		case slices.Contains(taken.Passed, n.act.ID):
		case n.out.MovedTo != bot.Address{}:
			o.config.Moved(n.act.Address, n.out.MovedTo)
		default:
			o.config.Tell(n.act, n.out)
		}
	}
}

// Drain does what is due until nothing is, and waits for each act to end, or
// until ctx ends. It is for programs that have nothing else to do meanwhile; nobody
// else may call Do at the same time.
func (o *Outbox) Drain(ctx context.Context) error {
	for {
		busy := o.busy() // asked first: what ends after that is due at once
		now := o.config.Now()
		if wait := o.Next(now).Sub(now); wait > 0 {
			if !busy {
				return nil
			}
			o.await(ctx, wait)
		}
		if err := o.Do(ctx, o.config.Now()); err != nil {
			return err
		}
	}
}

// busy reports whether something is being carried out or asked for.
func (o *Outbox) busy() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.flying)+len(o.asking) > 0
}

// await waits until something has ended, or for a time: so the lease is renewed
// while a call takes long.
func (o *Outbox) await(ctx context.Context, longest time.Duration) {
	timer := time.NewTimer(longest)
	defer timer.Stop()
	select {
	case <-o.changed:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// step takes the outcomes from o and returns what the store is to do, and who is
// to be told of what when it is done.
func (o *Outbox) step(now time.Time) (Step, []news) {
	o.mu.Lock()
	defer o.mu.Unlock()
	step := Step{
		Now:      now,
		Owner:    o.config.Owner,
		Until:    now.Add(o.config.Lease),
		Outcomes: o.outcomes,
		Answers:  o.answers,
		Quiet:    func(a bot.Address) time.Time { return o.config.Quiet(a, now) },
		Take:     make(map[bot.Platform]int),
	}
	written := o.news
	o.outcomes, o.answers, o.news = nil, nil, nil
	o.look = now.Add(o.config.Lease / 5)
	if !o.stopping {
		for platform := range o.config.Senders {
			step.Take[platform] = o.config.Workers
		}
	}
	for id, flight := range o.flying {
		step.InFlight = append(step.InFlight, id)
		if _, ok := step.Take[flight.platform]; ok { // a platform that is named is taken from
			step.Take[flight.platform]--
		}
	}
	if o.config.Live != nil {
		step.Ask = o.config.Workers
		step.Asking = slices.Collect(maps.Keys(o.asking))
	}
	return step, written
}

// failed keeps the outcomes for the next time.
func (o *Outbox) failed(step Step, written []news) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.outcomes = append(step.Outcomes, o.outcomes...)
	o.answers = append(step.Answers, o.answers...)
	o.news = append(written, o.news...)
	o.failing = true
	o.look = step.Now.Add(retryStep)
}

// begin carries out the acts taken at a time.
func (o *Outbox) begin(ctx context.Context, now time.Time, taken Taken) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.failing = false
	o.due = taken.Due
	if !o.due.IsZero() { // by the clock that nobody sets, as now is
		o.due = now.Add(taken.Due.Sub(now))
	}
	for _, act := range taken.Acts {
		ctx, abandon := context.WithCancel(ctx)
		o.flying[act.ID] = flight{act.Address.Platform, abandon}
		o.flights.Go(func() {
			defer abandon()
			o.fly(ctx, act)
		})
	}
	for _, page := range taken.Pages {
		ctx, abandon := context.WithCancel(ctx)
		o.asking[page.ID] = abandon
		o.flights.Go(func() {
			defer abandon()
			o.ask(ctx, page)
		})
	}
}

// fly carries out act and keeps what became of it for the next Do.
func (o *Outbox) fly(ctx context.Context, act Act) {
	outcome := o.carryOut(ctx, act)
	o.mu.Lock()
	delete(o.flying, act.ID)
	o.outcomes = append(o.outcomes, outcome)
	if outcome.State == Uncertain || outcome.State == Failed || outcome.MovedTo != (bot.Address{}) {
		o.news = append(o.news, news{act, outcome})
	}
	o.mu.Unlock()
	o.signal()
}
