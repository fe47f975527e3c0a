package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

func onceCommand(env environment, path *string) *cobra.Command {
	return &cobra.Command{
		Use:   "once",
		Short: "Ask what is due to be asked, say what is owed, and exit: for cron and CI",
		Long: `Ask the sources that are due, decide what is news, say what is owed, and exit.
It speaks, so no other Herald may run from the same store.

Exit code 0: all is well. 1: a source could not be read, or a message was not
said.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load(env, *path)
			if err != nil {
				return err
			}
			a, err := newApp(env, cfg)
			if err != nil {
				return err
			}
			defer a.close()
			return a.once(cmd.Context())
		},
	}
}

// once goes one round.
func (a *app) once(ctx context.Context) (err error) {
	ledger, err := a.openLedger(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ledger.Close()) }()
	before, err := lastAct(ctx, ledger)
	if err != nil {
		return err
	}
	p, err := a.newPlatforms(ledger)
	if err != nil {
		return err
	}
	if err := a.settle(ctx, p, ledger); err != nil {
		return err
	}
	s, err := a.newSpeaker(ctx, ledger, p.senders(a.newConsole()), nil)
	if err != nil {
		return err
	}
	a.load(ctx)
	a.tellProblems()
	waiting := a.env.progress()
	defer waiting.stop()
	waiting.say(askingFeeds.in(a.lang()))
	s.announcer.Offer(a.library.Snapshot())
	err = errors.Join(s.announcer.Do(ctx, a.env.now()), s.poller.Drain(ctx), s.announcer.Do(ctx, a.env.now()), s.sending.Drain(ctx))
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if err = errors.Join(err, s.stop(ending)); err != nil {
		return err
	}
	waiting.stop()
	return a.tellOnce(ctx, ledger, before)
}

func lastAct(ctx context.Context, ledger *store.Store) (int64, error) {
	entries, err := ledger.Ledger(ctx, store.Query{Limit: 1})
	if err != nil {
		return 0, fmt.Errorf("reading the ledger: %w", err)
	}
	if len(entries) == 0 {
		return 0, nil
	}
	return entries[0].ID, nil
}

// tellOnce says what a round came to, and whether all of it went well.
func (a *app) tellOnce(ctx context.Context, ledger *store.Store, before int64) error {
	bad := 0
	for _, state := range []outbox.State{outbox.Failed, outbox.Uncertain} {
		entries, err := ledger.Ledger(ctx, store.Query{State: state})
		if err != nil {
			return fmt.Errorf("reading the ledger: %w", err)
		}
		entries = slices.DeleteFunc(entries, func(e store.Entry) bool { return e.ID <= before })
		bad += len(entries)
		if err := a.cfg.printEntries(a.env.err, a.lang(), entries...); err != nil {
			return err
		}
	}
	states, err := ledger.States(ctx)
	if err != nil {
		return fmt.Errorf("reading how the sources are doing: %w", err)
	}
	for _, s := range states {
		if s.Health.Failures > 0 && a.cfg.Sources.get(s.Source) != nil {
			complain(a.env.err, errors.New(onceUnread.in(a.lang(), s.Source, s.Health.Err)))
			bad++
		}
	}
	acts, due, err := ledger.Owed(ctx)
	if err != nil {
		return fmt.Errorf("reading what is owed: %w", err)
	}
	if acts > 0 {
		fmt.Fprintln(a.env.err, onceOwed.in(a.lang(), acts, a.cfg.moment(due)))
	}
	if bad > 0 {
		return failed()
	}
	return nil
}
