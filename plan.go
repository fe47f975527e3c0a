package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/console"
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
	flags.StringVar(&to, "to", "", "when to end, the same way (default: a week after the beginning)")
	flags.BoolVar(&short, "short", false, "one line for each message, without its words")
	flags.BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return cmd
}

// span is the time that a plan is about.
type span struct{ from, to time.Time }

func (a *app) parseSpan(from, to string) (span, error) {
	s := span{from: a.env.now()}
	var err error
	if from != "" {
		if s.from, err = a.parseMoment(from); err != nil {
			return s, fmt.Errorf("--from: %w", err)
		}
	}
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

// planned is something that would be done on a platform.
type planned struct {
	at  time.Time
	act bot.Act
}

func (r *hearing) note(act bot.Act) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, planned{r.now(), act})
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

// plan is what a rehearsal came to.
type plan struct {
	cfg  *Config
	look console.Look
	span span
	said []planned
	// held counts what waits for a person, unknown are the sources that will
	// bring nobody knows what, with when they are asked next.
	held    int
	unknown []unknownSource
}

type unknownSource struct {
	name string
	next time.Time // zero if it was never polled
}

// plannedJSON is something planned, for machines.
type plannedJSON struct {
	At           time.Time `json:"at"`
	Kind         string    `json:"kind"`
	Channel      string    `json:"channel"`
	Address      string    `json:"address"`
	Subject      string    `json:"subject"`
	Occasion     string    `json:"occasion"`
	Title        string    `json:"title"`
	Text         string    `json:"text,omitempty"`
	URL          string    `json:"url,omitempty"`
	Mentions     []string  `json:"mentions,omitempty"`
	Silent       bool      `json:"silent,omitempty"`
	Announcement string    `json:"-"`
}

func (p plan) print(w io.Writer, asJSON, short bool) error {
	if asJSON {
		var lines []plannedJSON
		for _, s := range p.said {
			m := s.act.Message
			lines = append(lines, plannedJSON{
				At: s.at.In(p.cfg.Community.Zone), Kind: string(s.act.Kind), Channel: p.cfg.channelName(s.act.Address),
				Address: s.act.Address.String(), Subject: s.act.Subject, Occasion: s.act.Occasion,
				Title: titleOf(m), Text: m.Body.String(), URL: m.URL, Mentions: m.Mentions, Silent: m.Silent,
			})
		}
		return encodeLines(w, lines)
	}
	for _, s := range p.said {
		p.printOne(w, s, short)
	}
	p.printRest(w)
	return nil
}

func (p plan) printOne(w io.Writer, s planned, short bool) {
	zone := p.cfg.Community.Zone
	head := fmt.Sprintf("%s  %s  %s", s.at.In(zone).Format("Mon 2006-01-02 15:04"), pad(p.cfg.channelName(s.act.Address), 10), s.act.Kind)
	if short || s.act.Kind.Follows() {
		fmt.Fprintf(w, "%s  %s\n", head, console.Clean(titleOf(s.act.Message)))
		return
	}
	fmt.Fprintln(w, head)
	io.WriteString(w, p.look.Card(s.act.Message.Card, s.act.Message.Buttons)+"\n")
}

func (p plan) printRest(w io.Writer) {
	zone := p.cfg.Community.Zone
	if len(p.said) == 0 {
		fmt.Fprintf(w, "nothing is said from %s to %s, as far as it is known now\n", p.span.from.In(zone).Format("2006-01-02 15:04"), p.span.to.In(zone).Format("2006-01-02 15:04"))
	}
	if p.held > 0 {
		fmt.Fprintf(w, "%d more wait for a person: herald log --state held\n", p.held)
	}
	slices.SortFunc(p.unknown, func(a, b unknownSource) int { return a.next.Compare(b.next) })
	for _, u := range p.unknown {
		when := "has not been asked yet"
		if !u.next.IsZero() {
			when = "is asked next on " + u.next.In(zone).Format("2006-01-02 15:04")
		}
		fmt.Fprintf(w, "not known: what %s brings, which %s\n", u.name, when)
	}
}
