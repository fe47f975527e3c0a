package main

import (
	"context"
	"log/slog"
	"time"
)

const (
	// leadFor is how long another process waits before it answers commands in
	// place of one that was killed; leadAgain is how often the lease is renewed.
	leadFor   = 12 * time.Second
	leadAgain = 4 * time.Second
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
		if leads, err := l.lead(ctx); leads && err == nil {
			if err := l.hold(ctx, do); err != nil {
				return err
			}
		}
		pause(ctx, leadAgain)
	}
	return nil
}

// lead takes or renews the lease, and reports whether this process has it.
func (l leader) lead(ctx context.Context) (leads bool, err error) {
	now := l.now()
	leads, err = l.leases.Lead(ctx, l.name, l.owner, now, now.Add(leadFor))
	if err != nil && ctx.Err() == nil {
		l.log.Error("the lease to answer commands cannot be had", "lease", l.name, "err", err)
	}
	return leads, err
}

// hold does do and renews the lease meanwhile.
func (l leader) hold(ctx context.Context, do func(context.Context) error) error {
	l.log.Info("this process answers commands", "lease", l.name)
	holding, release := context.WithCancel(ctx)
	defer release()
	done := make(chan error, 1)
	go func() { done <- do(holding) }()
	// Of a store that does not answer for a while nobody else can take the lease
	// either, but its time runs.
	for until := l.now().Add(leadFor); ; {
		select {
		case err := <-done:
			return err
		case <-time.After(leadAgain):
		}
		switch leads, err := l.lead(ctx); {
		case leads && err == nil:
			until = l.now().Add(leadFor)
		case err == nil, !l.now().Before(until.Add(-leadAgain)): // another has it, or may soon
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
