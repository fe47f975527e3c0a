package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/feeds/syndication"
)

func onceCommand(env environment, path *string) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "once",
		Short: "Ask what is due to be asked, say what is owed, and exit: for cron and CI",
		Long: `Ask the sources that are due, decide what is news, say what is owed, and exit.
It speaks, so no other Herald may run from the same store.

Exit code 0: all is well. 1: content or a source could not be read, or a message
was not said.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON {
				env.out = env.err // what is said on the console
			}
			return withApp(env, *path, func(a *app) error {
				came, err := a.once(cmd.Context())
				if err != nil {
					return err
				}
				if asJSON {
					err = encodeLines(cmd.OutOrStdout(), []onceJSON{came.json(a.cfg)})
				} else {
					err = a.tellOnce(env.err, came)
				}
				if err == nil && came.bad() {
					err = failed()
				}
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object of what it came to")
	return cmd
}

// round is what a round came to.
type round struct {
	// said, failed and uncertain are the acts that were tried.
	said, failed, uncertain []store.Entry
	unread                  []content.EntryState // content that could not be read
	failing                 []failing            // feeds that could not
	owed                    int
	due                     time.Time // when the first falls due; zero if none is owed
}

// failing is a feed that could not be read.
type failing struct {
	syndication.Part
	err string
}

func (r round) bad() bool {
	return len(r.failed)+len(r.uncertain)+len(r.unread)+len(r.failing) > 0
}

// once goes one round.
func (a *app) once(ctx context.Context) (came round, err error) {
	voice, err := a.openVoice(ctx)
	if err != nil {
		return came, err
	}
	defer func() { err = errors.Join(err, voice.ledger.Close()) }()
	begun := a.env.now()
	s, err := a.newSpeaker(ctx, voice.ledger, voice.senders(), nil)
	if err != nil {
		return came, err
	}
	a.load(ctx)
	a.tellProblems()
	if err := a.goRound(ctx, s); err != nil {
		return came, err
	}
	return a.cameTo(ctx, voice.ledger, begun)
}

// goRound asks, decides and says, and ends what did.
func (a *app) goRound(ctx context.Context, s *speaker) error {
	waiting := a.env.progress()
	defer waiting.stop()
	waiting.say(askingFeeds.in(a.lang()))
	s.announcer.Offer(a.library.Snapshot())
	err := errors.Join(s.announcer.Look(ctx, a.env.now()), s.poller.Drain(ctx), s.lookout.Do(ctx, a.env.now()),
		s.announcer.Do(ctx, a.env.now()), s.sending.Drain(ctx))
	s.tidying.Do(ctx, a.env.now())
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return errors.Join(err, s.stop(ending))
}

// cameTo reads from the ledger what a round came to.
func (a *app) cameTo(ctx context.Context, ledger *store.Store, begun time.Time) (r round, err error) {
	for state, acts := range map[outbox.State]*[]store.Entry{
		outbox.Sent: &r.said, outbox.Failed: &r.failed, outbox.Uncertain: &r.uncertain,
	} {
		entries, err := ledger.Ledger(ctx, store.Query{State: state, Limit: 1000})
		if err != nil {
			return r, fmt.Errorf("reading the ledger: %w", err)
		}
		for _, e := range entries {
			if !e.Tried.Before(begun.Truncate(time.Millisecond)) { // as the store keeps times
				*acts = append([]store.Entry{e}, *acts...)
			}
		}
	}
	for _, e := range a.library.Snapshot().Entries() {
		if e.Err != nil {
			r.unread = append(r.unread, e)
		}
	}
	states, err := ledger.States(ctx)
	if err != nil {
		return r, fmt.Errorf("reading how the sources are doing: %w", err)
	}
	parts := a.cfg.parts()
	for _, s := range states {
		if part, watched := parts[s.Source]; watched && s.Health.Failures > 0 {
			r.failing = append(r.failing, failing{part, s.Health.Err})
		}
	}
	if r.owed, r.due, err = ledger.Owed(ctx); err != nil {
		return r, fmt.Errorf("reading what is owed: %w", err)
	}
	return r, nil
}

// tellOnce says what went wrong in a round, and what is still to come. What was
// said has been seen.
func (a *app) tellOnce(w io.Writer, r round) error {
	for _, acts := range [][]store.Entry{r.failed, r.uncertain} {
		if err := a.cfg.printEntries(w, a.lang(), a.env.now(), acts...); err != nil {
			return err
		}
	}
	for _, s := range r.failing {
		complain(w, errors.New(onceUnread.in(a.lang(), feedName(a.lang(), s.Source, s.Feed), sourceTrouble(s.err))))
	}
	if r.owed > 0 {
		fmt.Fprintln(w, onceOwed.in(a.lang(), r.owed, a.cfg.moment(r.due)))
	}
	return nil
}

// onceJSON is a round for machines.
type onceJSON struct {
	Good    bool         `json:"good"`
	Said    []entryJSON  `json:"said"`
	NotSaid []entryJSON  `json:"not_said"`
	Unread  []unreadJSON `json:"unread"`
	Owed    int          `json:"owed"`
	Due     *time.Time   `json:"due,omitempty"`
}

type unreadJSON struct {
	Content string `json:"content,omitempty"`
	Source  string `json:"source,omitempty"`
	Feed    string `json:"feed,omitempty"` // which of the source's feeds
	Error   string `json:"error"`
}

func (r round) json(cfg *Config) onceJSON {
	out := onceJSON{Good: !r.bad(), Said: []entryJSON{}, NotSaid: []entryJSON{}, Unread: []unreadJSON{}, Owed: r.owed, Due: timeOrNil(r.due)}
	for _, e := range r.said {
		out.Said = append(out.Said, cfg.entryJSON(e))
	}
	for _, acts := range [][]store.Entry{r.failed, r.uncertain} {
		for _, e := range acts {
			out.NotSaid = append(out.NotSaid, cfg.entryJSON(e))
		}
	}
	for _, e := range r.unread {
		out.Unread = append(out.Unread, unreadJSON{Content: e.Entry, Error: e.Err.Error()})
	}
	for _, s := range r.failing {
		out.Unread = append(out.Unread, unreadJSON{Source: s.Source, Feed: s.Feed, Error: s.err})
	}
	return out
}
