package main

import (
	"context"
	"log/slog"
	"time"
)

const (
	// leadFor is how long another process waits before it answers commands in
	// place of one that was killed; leadAgain is how often the lease is renewed, and
	// how long that may take. With both another answers within 15 seconds.
	leadFor   = 10 * time.Second
	leadAgain = 3 * time.Second
	// leadMargin is how long before the end of a lease that could not be renewed
	// its owner answers no more.
	leadMargin = time.Second
)

// leaser keeps leases for processes that share a store.
type leaser interface {
	Lead(ctx context.Context, name, owner string, now, until time.Time) (bool, error)
}

// leader does something in one process at a time, of those that share a store.
type leader struct {
	leases leaser
	name   string
	owner  string
	now    func() time.Time
	log    *slog.Logger
}

// run does do while this process has the lease, until ctx ends or do returns an
// error. Its context ends when the lease is lost.
func (l leader) run(ctx context.Context, do func(context.Context) error) error {
	for ctx.Err() == nil {
		if until, err := l.lead(ctx, leadAgain); !until.IsZero() && err == nil {
			if err := l.hold(ctx, until, do); err != nil {
				return err
			}
		}
		pause(ctx, leadAgain)
	}
	return nil
}

// lead takes or renews the lease, and returns until when this process has it; the
// zero time if another has it. A store that says nothing within a time is an
// error.
func (l leader) lead(ctx context.Context, within time.Duration) (until time.Time, err error) {
	asking, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	now := l.now() // the lease runs from here, however long the store takes
	leads, err := l.leases.Lead(asking, l.name, l.owner, now, now.Add(leadFor))
	if err != nil && ctx.Err() == nil {
		l.log.Error("the lease to answer commands cannot be had", "lease", l.name, "err", err)
	}
	if leads {
		until = now.Add(leadFor)
	}
	return until, err
}

// hold does do and renews the lease meanwhile, which it has until a time.
func (l leader) hold(ctx context.Context, until time.Time, do func(context.Context) error) error {
	l.log.Info("this process answers commands", "lease", l.name)
	holding, release := context.WithCancel(ctx)
	defer release()
	done := make(chan error, 1)
	go func() { done <- do(holding) }()
	// Of a store that does not answer for a while nobody else can take the lease
	// either, but its time runs. The ticker does not wait for it.
	again := time.NewTicker(leadAgain)
	defer again.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-again.C:
		}
		left := until.Add(-leadMargin).Sub(l.now())
		switch renewed, err := l.lead(ctx, min(leadAgain, left)); {
		case !renewed.IsZero() && err == nil:
			until = renewed
		case err == nil, !l.now().Before(until.Add(-leadMargin)): // another has it, or may soon
			release()
			return <-done
		}
	}
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
