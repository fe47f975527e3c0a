package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/content"
)

// plan plays a span of time: the announcer and the outbox themselves, on a clock
// that jumps from one thing to the next.
func (a *app) plan(ctx context.Context, s span) (p plan, err error) {
	scratch, states, err := a.scratch(ctx, s.past)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, scratch.Close()) }()
	clock := s.from
	if !s.past {
		clock = a.env.now() // what comes before the span is played too, and not shown
	}
	begin := clock
	env := a.env
	env.now = func() time.Time { return clock }
	played, err := newApp(env, a.cfg) // its commands answer on the plan's clock
	if err != nil {
		return p, err
	}
	defer played.close()
	played.log = slog.New(slog.DiscardHandler)
	played.library.Load(ctx)
	heard := &rehearsal{hearing{now: env.now}}
	stage, err := played.stage(ctx, scratch, heard)
	if err != nil {
		return p, err
	}
	news := played.appearances(begin, s)
	waiting := a.env.progress()
	defer waiting.stop()
	for {
		for len(news) > 0 && !news[0].at.After(clock) {
			// Somebody has been looking all the time until it appeared.
			if err := stage.announcer.Do(ctx, clock.Add(-time.Millisecond)); err != nil {
				return p, err
			}
			stage.announcer.Offer(news[0].snapshot)
			news = news[1:]
		}
		waiting.say(planProgress.in(a.lang(), clock.In(a.cfg.Community.Zone).Format("2006-01")))
		if err := stage.round(ctx, clock); err != nil {
			return p, err
		}
		next := earliest(stage.announcer.Next(clock), stage.sending.Next(clock))
		if len(news) > 0 {
			next = earliest(next, news[0].at)
		}
		if next.After(s.to) {
			break
		}
		clock = latestOf(next, clock.Add(time.Millisecond))
	}
	return a.planned(ctx, s, scratch, states, heard)
}

// planned gathers what a rehearsal came to.
func (a *app) planned(ctx context.Context, s span, scratch *store.Store, states map[string]time.Time, heard *rehearsal) (plan, error) {
	p := plan{cfg: a.cfg, lang: a.lang(), look: a.look(), now: a.env.now(), span: s}
	p.said = slices.DeleteFunc(heard.said, func(said planned) bool { return said.at.Before(s.from) })
	for _, state := range []outbox.State{outbox.Held, outbox.Skipped} {
		entries, err := scratch.Ledger(ctx, store.Query{State: state, Limit: maxUnsaid})
		if err != nil {
			return p, fmt.Errorf("reading what is not said: %w", err)
		}
		for _, e := range slices.Backward(entries) { // the newest came first
			p.unsaid(e)
		}
	}
	p.sort()
	for _, name := range a.cfg.Sources.names() {
		p.unknown = append(p.unknown, unknownSource{name, states[name]})
	}
	return p, nil
}

// maxUnsaid bounds how much a plan tells of what is held or came too late.
const maxUnsaid = 10_000

// tooLate is what the outbox puts before the reason of what it skips because it
// is useful no more; waitsForPerson is the reason of what was held until then.
const tooLate = "no longer useful; "

var waitsForPerson = regexp.MustCompile(`^it waits for approval$|look new at once$|are missing at once$`)

// unsaid adds what would have been said in the span, but is held or came too
// late; what was held before is counted.
func (p *plan) unsaid(e store.Entry) {
	if why, ok := strings.CutPrefix(e.Reason, tooLate); ok && e.State == outbox.Skipped && waitsForPerson.MatchString(why) {
		// Nobody lets it go while a plan is played; a person still can.
		e.State, e.Reason = outbox.Held, why
	}
	switch inSpan := !e.NotBefore.Before(p.span.from) && !e.NotBefore.After(p.span.to); {
	case e.Kind.Follows() || e.Kind == bot.Member:
	case inSpan && (e.State == outbox.Held || !e.Until.IsZero() && !e.Done.Before(e.Until)):
		p.said = append(p.said, planned{e.NotBefore, e.Act, e.State, e.Reason})
	case e.State == outbox.Held:
		p.held++
	}
}

// scratch returns a store to play on: a copy of the real one, or an empty one
// where there is none or the past is played. It also returns when each source
// is asked next: when the first of its feeds is.
func (a *app) scratch(ctx context.Context, past bool) (*store.Store, map[string]time.Time, error) {
	next := map[string]time.Time{}
	dsn, err := a.env.ledger(a.cfg)
	if err != nil {
		return nil, nil, err
	}
	ledger, err := store.OpenReadOnly(ctx, dsn)
	switch {
	case errors.Is(err, store.ErrNone):
		s, err := store.OpenScratch(ctx)
		return s, next, err
	case err != nil:
		return nil, nil, troubleIn(a.lang(), err)
	}
	defer ledger.Close()
	if err := a.cfg.recall(ctx, ledger); err != nil {
		return nil, nil, err
	}
	states, err := ledger.States(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("reading how the sources are doing: %w", err)
	}
	parts := a.cfg.parts()
	for _, s := range states {
		part, watched := parts[s.Source]
		if at := next[part.Source]; watched && (at.IsZero() || s.Due.Before(at)) {
			next[part.Source] = s.Due
		}
	}
	if past {
		s, err := store.OpenScratch(ctx)
		return s, next, err
	}
	s, err := ledger.Scratch(ctx)
	return s, next, err
}

// stage is what a plan is played on.
type stage struct {
	announcer *announce.Announcer
	sending   *outbox.Outbox
}

func (a *app) stage(ctx context.Context, scratch *store.Store, heard *rehearsal) (*stage, error) {
	if err := a.adopt(ctx, scratch); err != nil {
		return nil, err
	}
	options := a.announcing(scratch, func(bot.Platform) bool { return true })
	options.Answer = &answersHeard{answering{a.commands}, options.Announcements, &heard.hearing}
	options.Heartbeat = 10 * 365 * 24 * time.Hour // nothing is restarted here
	senders := map[bot.Platform]outbox.Sender{bot.Console: &heard.hearing, bot.Discord: heard, bot.Telegram: heard}
	sending, err := outbox.New(outbox.Config{
		Store: scratch, Owner: "plan", Senders: senders, Quiet: a.cfg.quietUntil,
		Workers: 1, Lease: 10 * 365 * 24 * time.Hour, Now: a.env.now,
	})
	return &stage{announcer: announce.New(options), sending: sending}, err
}

// round does what is due at a moment, all of it.
func (s *stage) round(ctx context.Context, now time.Time) error {
	if !s.announcer.Next(now).After(now) {
		if err := s.announcer.Do(ctx, now); err != nil {
			return err
		}
		s.sending.Wake()
	}
	return s.sending.Drain(ctx)
}

// answersHeard writes down which scheduled commands have no answer when they are
// due, because that is why nothing is said.
type answersHeard struct {
	announce.Answerer
	announcements []announce.Announcement
	heard         *hearing
}

// Answer implements announce.Answerer.
func (h *answersHeard) Answer(ctx context.Context, line string, lang bot.Lang) bot.Reply {
	reply := h.Answerer.Answer(ctx, line, lang)
	if !reply.Failed {
		return reply
	}
	now := h.heard.now()
	why := fmt.Sprintf("/%s had nothing to say: %s", line, answerLine(reply))
	for _, ann := range h.announcements {
		if ann.Command == "" || announce.CommandAt(ann.Command, ann.Schedule.Prev(now)) != line {
			continue
		}
		for _, channel := range ann.To {
			if channel.Lang == lang {
				h.heard.unanswered(ann.Name, channel.Address, line, why)
			}
		}
	}
	return reply
}

// unanswered notes once that a command has no answer for a channel.
func (r *hearing) unanswered(announcement string, at bot.Address, line, why string) {
	act := bot.Act{
		Kind: bot.Post, Key: bot.Key{Subject: "announcement:" + announcement, Address: at},
		Message: bot.Message{Card: bot.Card{Title: "/" + line}},
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.ContainsFunc(r.said, func(p planned) bool { return p.act.Key == act.Key && p.at.Equal(r.now()) }) {
		r.said = append(r.said, planned{r.now(), act, outbox.Skipped, why})
	}
}

// appearance is the content as it is from a time on.
type appearance struct {
	at       time.Time
	snapshot *content.Snapshot
}

// appearances returns how the content grows: all of it is there from the
// beginning, or in a past that is played each post appears on its date.
func (a *app) appearances(begin time.Time, s span) []appearance {
	whole := a.library.Snapshot()
	if !s.past {
		return []appearance{{begin, whole}}
	}
	var dates []time.Time
	for _, p := range whole.Posts() {
		if !p.Date.Before(s.from) && !p.Date.After(s.to) {
			dates = append(dates, p.Date)
		}
	}
	slices.SortFunc(dates, time.Time.Compare)
	dates = slices.CompactFunc(dates, time.Time.Equal)
	all := []appearance{{s.from, until(whole, s.from.Add(-1))}}
	for _, at := range dates {
		all = append(all, appearance{at, until(whole, at)})
	}
	return all
}

// until returns the posts that were there at a time. Undated ones always were.
func until(whole *content.Snapshot, at time.Time) *content.Snapshot {
	posts := slices.DeleteFunc(slices.Clone(whole.Posts()), func(p *content.Post) bool { return p.Date.After(at) })
	entries := slices.Clone(whole.Entries())
	for i := range entries {
		if !entries[i].Read.IsZero() {
			entries[i].Read = at
		}
	}
	return content.NewSnapshot(posts, nil, entries)
}

func latestOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
