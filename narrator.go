package main

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/console"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/feeds"
)

// narrator tells a person at the terminal what is said on other platforms, and
// what is due next: at the start, and after each announcement.
type narrator struct {
	cfg     *Config
	lang    bot.Lang
	console *console.Console
	ledger  *store.Store
	// news tells that something was said since what is due next was told, tick is
	// when the next schedule was due then.
	news atomic.Bool
	tick time.Time
	// start is when the narrator began, held the last act whose being held was
	// looked at.
	start time.Time
	held  int64
}

// newNarrator returns a narrator for a terminal, else nil, which says nothing: a
// log tells a service's operator.
func (a *app) newNarrator(c *console.Console, ledger *store.Store) *narrator {
	if !a.env.terminal {
		return nil
	}
	n := &narrator{cfg: a.cfg, lang: a.lang(), console: c, ledger: ledger, start: a.env.now()}
	n.news.Store(true)
	return n
}

// heard takes notice of what was said.
func (n *narrator) heard(act outbox.Act) {
	if n == nil {
		return
	}
	n.news.Store(true)
	if act.Address.Platform != bot.Console && !act.Kind.Follows() {
		// That the terminal is gone, whoever reads from it finds out.
		_ = n.console.Say(runSaid.in(n.lang, n.cfg.channelName(act.Address), titleOf(act.Message)))
	}
}

var outcomeLines = map[outbox.State]phrase{
	outbox.Held: runHeld, outbox.Failed: runFailed, outbox.Uncertain: runUncertain,
}

// unsaid tells of an act that waits for a person.
func (n *narrator) unsaid(act outbox.Act, out outbox.Outcome) {
	if n != nil {
		n.waits(out.State, act.ID, act.Act, out.Reason)
	}
}

// waits says that an act waits for a person, and what that one can do.
func (n *narrator) waits(state outbox.State, id int64, act bot.Act, reason string) {
	form, ok := outcomeLines[state]
	if !ok || strings.HasPrefix(act.Subject, announce.NoticePrefix) {
		return
	}
	if reason != "" {
		reason = bracketed.in(n.lang, reasonIn(n.lang, reason))
	}
	_ = n.console.Say(form.in(n.lang, id, n.cfg.channelName(act.Address), titleOf(act.Message), reason))
}

// manyHeld is how many acts that are held at once are told one by one.
const manyHeld = 3

// tellHeld tells of what was held from the beginning since it was told last:
// nobody tries to say that, so that nobody but the ledger knows.
func (n *narrator) tellHeld(ctx context.Context) error {
	held, err := n.ledger.Ledger(ctx, store.Query{State: outbox.Held})
	if err != nil {
		return err
	}
	held = slices.DeleteFunc(held, func(e store.Entry) bool {
		return e.ID <= n.held || !e.Tried.IsZero() || e.Created.Before(n.start.Truncate(time.Millisecond)) || e.Kind == bot.Member
	})
	slices.Reverse(held) // the oldest first
	for i, e := range held {
		if i < manyHeld {
			n.waits(e.State, e.ID, e.Act, e.Reason)
		}
		n.held = e.ID
	}
	if more := len(held) - manyHeld; more > 0 {
		_ = n.console.Say(runManyHeld.in(n.lang, more))
	}
	return nil
}

// begun says what is passed over because it was there before it was announced.
func (n *narrator) begun(all []announce.Beginning) {
	if n == nil {
		return
	}
	for _, b := range all {
		_ = n.console.Say(runBegun.in(n.lang, b.Announcement, feedName(n.lang, b.Source, b.Feed), b.Items))
	}
}

// tell says what is held, and what is due next if there is reason to: something
// was said, or the time of a schedule has passed. In trouble with the store it
// says nothing: the next round tells of that.
func (n *narrator) tell(ctx context.Context, now time.Time, announcer *announce.Announcer) {
	if n == nil || n.tellHeld(ctx) != nil {
		return
	}
	_, tick := announcer.NextTick(now)
	if !n.news.Swap(false) && tick.Equal(n.tick) {
		return
	}
	n.tick = tick
	if due, err := n.due(ctx, now, announcer); err == nil {
		_ = n.console.Say(n.line(now, due))
	}
}

// logNext has a log tell what is due next, where there is nobody to tell it to.
func (a *app) logNext(ctx context.Context, ledger *store.Store, announcer *announce.Announcer) {
	n := &narrator{cfg: a.cfg, lang: bot.English, ledger: ledger}
	now := a.env.now()
	if due, err := n.due(ctx, now, announcer); err == nil {
		a.log.Info(n.line(now, due))
	}
}

// due is something that will be done, and when.
type due struct {
	at   time.Time
	what phrase
	args []any
}

// due returns what will be done next of each kind.
func (n *narrator) due(ctx context.Context, now time.Time, announcer *announce.Announcer) ([]due, error) {
	var all []due
	if name, at := announcer.NextTick(now); name != "" {
		all = append(all, due{at, runTick, []any{name}})
	}
	acts, at, err := n.ledger.Owed(ctx)
	if err != nil {
		return nil, err
	}
	if acts > 0 && at.After(now) {
		all = append(all, due{at, runOwed, []any{acts}})
	}
	states, err := n.ledger.States(ctx)
	if err != nil {
		return nil, err
	}
	parts := n.cfg.parts()
	states = slices.DeleteFunc(states, func(s feeds.State) bool { return parts[s.Source].Name == "" || !s.Due.After(now) })
	if len(states) > 0 {
		first := slices.MinFunc(states, func(a, b feeds.State) int {
			return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Source, b.Source))
		})
		part := parts[first.Source]
		all = append(all, due{first.Due, runPoll, []any{feedName(n.lang, part.Source, part.Feed)}})
	}
	return all, nil
}

// line says what is due next, the first first.
func (n *narrator) line(now time.Time, all []due) string {
	if len(all) == 0 {
		return runNothing.in(n.lang)
	}
	slices.SortStableFunc(all, func(a, b due) int { return a.at.Compare(b.at) })
	var parts []string
	for _, d := range all {
		at := d.at.In(n.cfg.Community.Zone)
		when := sayMoment(at, now, n.lang)
		if at.Format(time.DateOnly) == now.In(at.Location()).Format(time.DateOnly) {
			when = at.Format("15:04")
		}
		parts = append(parts, d.what.in(n.lang, append([]any{when}, d.args...)...))
	}
	return runNext.in(n.lang, strings.Join(parts, runSemicolon.in(n.lang)))
}
