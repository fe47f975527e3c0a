package store

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// view is what a step finds to do.
type view struct {
	// shared tells that other owners may be there, who take a lease that ends.
	shared bool
	// work tells that there is something to write.
	work bool
	// platforms are those with something to do that another owner has not
	// leased, by name. To renew a lease is something to do.
	platforms []platformView
	// quiet are lanes whose head is news that has to wait, and until when.
	quiet map[string]time.Time
	due   time.Time
}

type platformView struct {
	name    bot.Platform
	orphans []sendingView
	// heads and followers may be taken now.
	heads, followers []headView
	// pages are heads that wait for one.
	pages []headView
}

type sendingView struct {
	id, fence int64
	address   string
	platform  bot.Platform
	beside    bool
}

// headView is the head of a lane, or a follower.
type headView struct {
	beside   bool // it is a follower, which runs beside its lane
	page     bool // it waits for a page
	news     bool // it waits while its channel is quiet
	address  string
	platform bot.Platform
	taken    int64
	paused   int64
	id       int64
	due      int64
}

// leaseView is what is known of a platform.
type leaseView struct {
	name          bot.Platform
	owner         string
	until, paused int64
}

// keeps reports whether another owner has it.
func (l leaseView) keeps(step outbox.Step) bool {
	return l.owner != step.Owner && l.until > step.Now.UnixMilli() && l.until <= soonest(step.Now, step.Until)
}

// renewable reports whether half of the owner's lease is gone. An owner that has
// nothing to say keeps its lease: another one would not know what this one has
// learned by speaking.
func (l leaseView) renewable(step outbox.Step) bool {
	half := step.Now.Add(step.Until.Sub(step.Now) / 2)
	return l.owner == step.Owner && (l.until < half.UnixMilli() || l.until > step.Until.UnixMilli())
}

// arrange sorts what was found by platform.
func (v *view) arrange(step outbox.Step, leases map[bot.Platform]leaseView, sending []sendingView, heads []headView) {
	busy := make(map[string]bool) // lanes with an act in Sending
	for _, a := range sending {
		busy[a.address] = busy[a.address] || !a.beside
	}
	for _, name := range slices.Sorted(maps.Keys(step.Take)) {
		lease := leases[name]
		if lease.keeps(step) {
			continue
		}
		p := platformView{name: name}
		for _, a := range sending {
			if a.platform == name && !slices.Contains(step.InFlight, a.id) {
				p.orphans = append(p.orphans, a)
			}
		}
		for _, h := range heads {
			if h.platform == name && (h.beside || !busy[h.address]) {
				h.due = max(h.due, standing(h.paused, step.Now), standing(lease.paused, step.Now))
				v.place(&p, h, step)
			}
		}
		p.choose(step.Take[name], step.Ask-len(step.Asking))
		if p.work() || len(step.InFlight) > 0 || v.shared && lease.renewable(step) {
			v.work = true
			v.platforms = append(v.platforms, p)
		}
	}
}

// place puts an act that waits for no other where it belongs.
func (v *view) place(p *platformView, h headView, step outbox.Step) {
	switch {
	case h.due > step.Now.UnixMilli():
		v.wait(h.due)
	case h.beside:
		p.followers = append(p.followers, h)
	case h.news && v.waits(step, h.address):
	case h.page && step.Ask > 0:
		if !slices.Contains(step.Asking, h.id) {
			p.pages = append(p.pages, h)
		}
	default:
		p.heads = append(p.heads, h)
	}
}

// waits reports whether a lane is quiet, and notes until when.
func (v *view) waits(step outbox.Step, lane string) bool {
	address, ok := bot.ParseAddress(lane)
	if step.Quiet == nil || !ok {
		return false
	}
	until := step.Quiet(address)
	if !until.After(step.Now) {
		return false
	}
	if v.quiet == nil {
		v.quiet = make(map[string]time.Time)
	}
	v.quiet[lane] = until
	v.work = true
	return true
}

// wait notes that something falls due at a time.
func (v *view) wait(due int64) {
	if at := time.UnixMilli(due); v.due.IsZero() || at.Before(v.due) {
		v.due = at
	}
}

func (p *platformView) work() bool {
	return len(p.heads) > 0 || len(p.followers) > 0 || len(p.orphans) > 0 || len(p.pages) > 0
}

// choose leaves as many heads and followers as may be taken, and as many pages
// as may be asked for. Neither heads nor followers keep the other waiting: while
// there are both, each gets a half, and a single place goes to what has been due
// for longer.
func (p *platformView) choose(take, ask int) {
	take, ask = max(take, 0), max(ask, 0)
	slices.SortFunc(p.pages, fairly)
	p.pages = p.pages[:min(len(p.pages), ask)]
	slices.SortFunc(p.heads, fairly)
	beside := max((take+1)/2, take-len(p.heads))
	if take == 1 && p.headIsOlder() {
		beside = 0
	}
	p.followers = p.followers[:min(len(p.followers), beside)]
	p.heads = p.heads[:min(len(p.heads), take-len(p.followers))]
}

// headIsOlder reports whether the first head has been due for longer than all
// followers.
func (p *platformView) headIsOlder() bool {
	return len(p.heads) > 0 && len(p.followers) > 0 && p.heads[0].due < p.followers[0].due
}

// fairly puts the lane first that has waited longest.
func fairly(a, b headView) int {
	return cmp.Or(cmp.Compare(a.taken, b.taken), cmp.Compare(a.due, b.due), cmp.Compare(a.id, b.id))
}
