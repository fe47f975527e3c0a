package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"cloudnative.tw/herald/bot/console"
	"cloudnative.tw/herald/content"
)

const (
	// firstLoad is how long the posts may take before the bot begins without
	// those that are missing; they come later.
	firstLoad = 10 * time.Second
	// stopTime is how long what is being sent may take when the bot stops.
	stopTime = 10 * time.Second
	// garbage is how much may lie around before it is collected, in percent of
	// what is used: half of Go's 100 costs a twentieth more time while the index
	// is built, and nothing at rest.
	garbage = 50
)

func runCommand(env environment, path *string) *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Run the bot: answer commands and announce what is new",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withApp(env, *path, func(a *app) error {
				if env.getenv("GOGC") == "" {
					debug.SetGCPercent(garbage)
				}
				return a.run(cmd.Context())
			})
		},
	}
}

// run speaks until ctx ends or the input does.
func (a *app) run(ctx context.Context) (err error) {
	voice, err := a.openVoice(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, voice.ledger.Close()) }()
	a.share(voice.console)
	told := a.newNarrator(voice.console, voice.ledger)
	s, err := a.newSpeaker(ctx, voice.ledger, voice.senders(), told)
	if err != nil {
		return err
	}
	r := newRounds(s, heartbeat{path: beside(a.cfg.Store, ".alive")}, a.env.now, a.log)
	r.told = told
	return a.speak(ctx, voice, r)
}

// speak runs the parts side by side, and ends them in order.
func (a *app) speak(ctx context.Context, v *voice, r *rounds) error {
	defer r.heart.stop()
	a.finder.path = beside(a.cfg.Store, ".search.db")
	a.library.Subscribe(func(ctx context.Context, u content.Update) {
		if err := a.finder.follow(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("the search index is behind", "err", err)
		}
		a.logProblems(u)
		r.announcer.Offer(u.New)
		r.wake()
	})
	var opening sync.WaitGroup
	opening.Go(func() { _ = a.finder.open(ctx) }) // keep tries again, and tells
	a.loadFirst(ctx)
	opening.Wait()
	running, stop := context.WithCancel(ctx)
	defer stop()
	group, running := errgroup.WithContext(running)
	group.Go(func() error { a.library.Watch(running); return nil })
	group.Go(func() error { a.finder.keep(running); return nil })
	group.Go(func() error { r.run(running); return nil })
	if r.told == nil {
		group.Go(func() error { a.logFirst(running, v, r); return nil })
	}
	group.Go(func() error { r.keepLookout(running); return nil })
	a.answer(running, group, v.platforms, r.owner, v.ledger)
	group.Go(func() error {
		err := v.console.Run(running, a.commands, a.commands.Specs())
		if err == nil && !v.platforms.any() && (a.env.piped || a.env.terminal) {
			<-r.begun // however short the input was
			stop()    // nobody can ask any more
		}
		return err
	})
	err := group.Wait()
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if e := r.stop(ending); e != nil {
		err = errors.Join(err, fmt.Errorf("stopping: %w", e))
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (a *app) loadFirst(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, firstLoad)
	defer cancel()
	a.library.Load(ctx)
}

// logFirst logs what is due next once all was done that was due at the start.
func (a *app) logFirst(ctx context.Context, v *voice, r *rounds) {
	select {
	case <-r.begun:
		a.logNext(ctx, v.ledger, r.announcer)
	case <-ctx.Done():
	}
}

// logProblems tells the log which files an update found malformed, each once. A
// file of which there is a post all the same is not passed over: likely a part of
// it is.
func (a *app) logProblems(u content.Update) {
	known := make(map[string]bool)
	for _, p := range u.Old.Problems() {
		known[p.Error()] = true
	}
	posts := make(map[string]bool)
	for _, p := range u.New.Posts() {
		posts[p.File] = true
	}
	for _, p := range u.New.Problems() {
		switch problem := console.Clean(p.Error()); {
		case known[p.Error()]:
		case p.File == "" || posts[p.File]:
			a.log.Warn("something is wrong in the content", "problem", problem)
		default:
			a.log.Warn("a file is passed over", "problem", problem)
		}
	}
}
