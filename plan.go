package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// planAhead is how far a plan looks if nothing else is asked for.
const planAhead = 7 * 24 * time.Hour

func planCommand(env environment, path *string) *cobra.Command {
	var from, to string
	var asJSON, short bool
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what will be said, where, when and in which words",
		Long: `Show what will be said, where, when and in which words: what is owed, what is
new in the content, and what schedules bring, in the next seven days or any
other span. It is the program itself on a clock of its own, over a copy of the
store, on platforms that only write down what they get. It needs no token and
changes nothing.

A span that begins in the past is played from an empty store: each post appears
on its own date. What sources outside will bring is not known; it says so.`,
		Example: "  herald plan\n  herald plan --from 2023-01-01 --to 2024-01-01 --short",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withPosts(cmd.Context(), env, *path, func(a *app) error {
				span, err := a.parseSpan(from, to)
				if err != nil {
					return usageError(cmd, err)
				}
				p, err := a.plan(cmd.Context(), span)
				if err != nil {
					return err
				}
				return p.print(env.out, asJSON, short)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&from, "from", "", "when to begin, as `2026-12-31` or 2026-12-31T18:00 in the community's zone (default: now)")
	flags.StringVar(&to, "to", "", "when to end, as `2026-12-31` or 2026-12-31T18:00 (default: a week after the beginning)")
	flags.BoolVar(&short, "short", false, "one line for each message, without its words")
	flags.BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return cmd
}

// span is the time that a plan is about.
type span struct {
	from, to time.Time
	// past tells that it began before now, so that it is played from nothing.
	past bool
}

func (a *app) parseSpan(from, to string) (span, error) {
	now := a.env.now()
	s := span{from: now}
	var err error
	if from != "" {
		if s.from, err = a.parseMoment(from); err != nil {
			return s, fmt.Errorf("--from: %w", err)
		}
	}
	if from == now.In(a.cfg.Community.Zone).Format(time.DateOnly) {
		s.from = now // "from today on" is about what will be
	}
	s.past = s.from.Before(now)
	s.to = s.from.Add(planAhead)
	if to != "" {
		if s.to, err = a.parseMoment(to); err != nil {
			return s, fmt.Errorf("--to: %w", err)
		}
	}
	if !s.to.After(s.from) {
		return s, errors.New("--to must be after --from")
	}
	return s, nil
}

// parseMoment reads a day or a time in the community's zone.
func (a *app) parseMoment(text string) (time.Time, error) {
	for _, form := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(form, text, a.cfg.Community.Zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time; write 2026-12-31 or 2026-12-31T18:00", text)
}

// hearing is a platform that can only say things, and writes them down;
// rehearsal is one that can do everything.
type hearing struct {
	now  func() time.Time
	mu   sync.Mutex
	said []planned
}

type rehearsal struct{ hearing }

var _ interface {
	outbox.Editor
	outbox.Retractor
	outbox.Publisher
	outbox.Pinner
	outbox.Threader
} = (*rehearsal)(nil)

// planned is something that would be done on a platform, or that would not be.
type planned struct {
	at  time.Time
	act bot.Act
	// state is held for what waits for a person, skipped for what came too late,
	// "" for all else; why is the reason.
	state outbox.State
	why   string
}

func (r *hearing) note(act bot.Act) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, planned{at: r.now(), act: act})
}

// Send implements outbox.Sender.
func (r *hearing) Send(_ context.Context, act bot.Act) (string, error) {
	r.note(act)
	return act.Token(), nil
}

// Edit implements outbox.Editor.
func (r *rehearsal) Edit(_ context.Context, act bot.Act) error { r.note(act); return nil }

// Retract implements outbox.Retractor.
func (r *rehearsal) Retract(_ context.Context, act bot.Act) error { r.note(act); return nil }

// Publish implements outbox.Publisher.
func (r *rehearsal) Publish(_ context.Context, act bot.Act) error { r.note(act); return nil }

// Pin implements outbox.Pinner.
func (r *rehearsal) Pin(_ context.Context, act bot.Act) error { r.note(act); return nil }

// Thread implements outbox.Threader.
func (r *rehearsal) Thread(_ context.Context, act bot.Act) error { r.note(act); return nil }
