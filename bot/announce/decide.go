package announce

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

const (
	// editAfter lets a writer save several times before the change is shown;
	// retractAfter lets a file be moved or written anew before what was said of
	// it is taken back.
	editAfter    = time.Minute
	retractAfter = 5 * time.Minute
	// missedAfter is how long nobody may have looked before what appeared
	// meanwhile counts as missed: twice the time in which it is usually recorded
	// that somebody did.
	missedAfter = 2 * defaultHeartbeat
	// dripEvery is how far apart missed items are said.
	dripEvery = 10 * time.Minute
)

// decider turns the changes of one origin into a Record.
type decider struct {
	*Announcer
	guard guard
	// since is until when the origin was being watched: what is new appeared
	// after that.
	since  time.Time
	record Record
}

// decideAll adds to the record what follows from the changes.
func (a *Announcer) decideAll(r Record, changes []change, guard guard, since time.Time) Record {
	r.Kept = a.kept
	r.Redigest = func(d Digest) (Act, bool) { return a.redigest(d, r.Now) }
	r.drip = maps.Clone(a.drip)
	d := decider{Announcer: a, guard: guard, since: since, record: r}
	for _, c := range changes {
		if c.kind == isGone {
			d.retract(c)
		} else if item, ok := c.now.read(); ok {
			d.decide(c, item)
		}
	}
	a.askAboutHeld(&d.record, fmt.Sprintf("%s:%d", r.Origin, r.Generation))
	return d.record
}

// decide adds to the record what follows from c.
func (d *decider) decide(c change, item feeds.Item) {
	remembered := remember(item, d.record.Now)
	if c.was != nil {
		remembered.Subject, remembered.FirstSeen, remembered.Reason = c.was.Subject, c.was.FirstSeen, c.was.Reason
		item.Subject = c.was.Subject
		if c.was.ID != item.ID {
			d.record.Forget = append(d.record.Forget, c.was.ID)
		}
	}
	switch {
	case c.silent != "":
		remembered.Reason = c.silent
	case remembered.Reason != "": // nothing was said, so there is nothing to change
	case c.kind == isNew:
		d.announce(item)
	case c.kind == isBack:
		d.restore(c, item)
		d.edit(c, item)
	case c.kind == isDifferent:
		d.edit(c, item)
	}
	d.record.Items = append(d.record.Items, remembered)
}

// remember returns what is remembered of an item that was first seen now.
func remember(item feeds.Item, now time.Time) Item {
	return Item{
		ID: item.ID, Source: item.Source, Subject: item.Subject, URL: item.URL, Title: item.Title,
		Version: item.Version, Revision: item.Revision, FirstSeen: now,
	}
}

// announce owes the news of an item to every channel that an announcement takes
// it to, once each.
func (d *decider) announce(item feeds.Item) {
	appeared := d.appeared(item)
	speakers, silences := d.places(item)
	if len(speakers)+len(silences) == 0 {
		d.silence(item, place{}, fmt.Sprintf("no announcement takes news of %s anywhere", item.Source))
	}
	for _, p := range silences {
		d.silence(item, p, p.why)
	}
	for _, p := range speakers {
		act, why := d.news(item, p, appeared)
		if why != "" {
			d.silence(item, p, why)
			continue
		}
		if held := d.guard.holdNew(item.Source); held != "" && !act.Held {
			act.Reason, act.Held = held, true
		}
		d.owe(item.Subject, p, act)
	}
}

// news returns how an item that appeared then is said in a place, or why it is
// not.
func (d *decider) news(item feeds.Item, p place, appeared time.Time) (act Act, why string) {
	now, ann := d.record.Now, p.announcement
	due, until := d.useful(ann, appeared)
	if !appeared.Add(ann.maxAge()).After(now) {
		return Act{}, fmt.Sprintf("it appeared on %s, which is more than %s ago",
			appeared.In(d.zone).Format(time.DateOnly), days(ann.maxAge()))
	}
	digest := ann.Digest
	if ann.Schedule.IsZero() && d.guard.missed {
		switch ann.CatchUp {
		case SkipMissed:
			return Act{}, "it appeared while Herald was not running"
		case CatchUpDigest: // what waits for a person waits for it alone
			digest = !ann.Approve && d.guard.holdNew(item.Source) == ""
		default:
			wait := d.dripped(p.channel.Address, due).Sub(due)
			due, until = due.Add(wait), until.Add(wait)
		}
	}
	act = Act{
		Act:       bot.Act{Kind: bot.Post, Key: bot.Key{Occasion: bot.OccasionNew}, Message: d.say(item, p)},
		News:      true,
		NotBefore: due, Until: until,
	}
	if !ann.Digest { // else the digest waits for it
		act.approval(ann)
	}
	if digest {
		act.Kind, act.Item = bot.Member, &item
		act.NotBefore = now // the digest decides
		if ann.Schedule.IsZero() {
			d.gather(now)
		}
		return act, ""
	}
	act.Followers = ann.followers(p.channel)
	act.Page = ann.page(p.channel, item, due, !slices.Contains(d.feeds, item.Source))
	act.AtMost = ann.AtMost
	return act, ""
}

// dripped returns when a missed item that is due is said at an address, one after
// another.
func (d *decider) dripped(at bot.Address, due time.Time) time.Time {
	if d.record.drip == nil {
		d.record.drip = make(map[bot.Address]time.Time)
	}
	due = latest(due, d.record.drip[at])
	d.record.drip[at] = due.Add(dripEvery)
	return due
}

// useful returns when the announcement says what appeared then, and until when
// that is worth it.
func (d *decider) useful(ann *Announcement, appeared time.Time) (due, until time.Time) {
	if ann.Schedule.IsZero() {
		return d.record.Now, appeared.Add(ann.maxAge())
	}
	due = ann.Schedule.Next(d.record.Now)
	return due, due.Add(ann.maxAge())
}

// restore owes what was not said yet when its subject was withdrawn, now that
// it is back.
func (d *decider) restore(c change, item feeds.Item) {
	speakers, _ := d.places(item)
	for _, p := range speakers {
		due, until := d.useful(p.announcement, d.record.Now)
		if p.announcement.Digest {
			due = d.record.Now // the digest decides
		} else {
			d.gather(d.record.Now) // it may have waited for one that no schedule makes
		}
		d.owe(item.Subject, p, Act{
			Act:  bot.Act{Kind: bot.Post, Key: bot.Key{Occasion: bot.OccasionNew}, Message: d.say(item, p)},
			News: true, NotBefore: due, Until: until,
			Again: c.was.Gone, Item: &item,
		})
	}
}

// appeared returns when the item can have appeared: on its own date, but not
// before anyone last looked. So a page of years ago that is added today is news
// today, and one that was added while Herald was down for a week is old.
func (d *decider) appeared(item feeds.Item) time.Time {
	t, now := item.Published, d.record.Now
	if t.IsZero() || t.After(now) {
		return now
	}
	return latest(t, d.since)
}

// edit owes the change of what was said of an item, if that shows. What waits to
// be said and is held back by its filter now is not said.
func (d *decider) edit(c change, item feeds.Item) {
	if c.was.Revision == item.Revision {
		return
	}
	speakers, silences := d.places(item)
	for _, p := range speakers {
		d.change(item, p, "")
	}
	for _, p := range silences {
		at := func(q place) bool { return q.channel.Address == p.channel.Address }
		if !slices.ContainsFunc(speakers, at) {
			speakers = append(speakers, p)
			d.change(item, p, p.why)
		}
	}
}

// change owes the change of what was said of an item in a place; unwanted is why
// it would not be said there now, or "".
func (d *decider) change(item feeds.Item, p place, unwanted string) {
	d.owe(item.Subject, p, Act{
		Act: bot.Act{
			Kind:    bot.Edit,
			Key:     bot.Key{Occasion: "edit:" + item.Revision},
			Message: d.sayEdit(item, p, d.record.Now),
		},
		Unsaid:    d.say(item, p),
		Unwanted:  unwanted,
		Item:      &item,
		NotBefore: d.record.Now.Add(editAfter), Until: d.record.Now.Add(p.announcement.maxAge()),
	})
}

// retract owes the withdrawal of what was said of an item that is gone.
func (d *decider) retract(c change) {
	gone := *c.was
	gone.Gone = d.record.Now
	d.record.Items = append(d.record.Items, gone)
	if gone.Reason != "" {
		return
	}
	held := d.guard.holdGone(gone.Source)
	for _, p := range d.everywhere() {
		d.owe(gone.Subject, p, Act{
			Act: bot.Act{
				Kind:    bot.Retract,
				Key:     bot.Key{Occasion: "retract"},
				Message: composeRetraction(p.channel.Lang),
			},
			Reason: held, Held: held != "",
			NotBefore: d.record.Now.Add(retractAfter),
		})
	}
}

func (d *decider) owe(subject string, p place, act Act) {
	act.Subject, act.Address = subject, p.channel.Address
	act.Announcement = p.announcement.Name
	d.record.Acts = append(d.record.Acts, act)
}

func (d *decider) silence(item feeds.Item, p place, why string) {
	s := Decision{Subject: item.Subject, Address: p.channel.Address, Reason: why}
	if p.announcement != nil {
		s.Announcement = p.announcement.Name
	}
	d.record.Decisions = append(d.record.Decisions, s)
}

// days says a number of days, or what is less in hours.
func days(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d == day:
		return "a day"
	case d%day == 0:
		return fmt.Sprintf("%d days", d/day)
	default:
		return d.String()
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
