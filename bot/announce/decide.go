package announce

import (
	"fmt"
	"slices"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

const (
	// maxAge is how long after it appeared an item is still news.
	maxAge = 72 * time.Hour
	// editAfter lets a writer save several times before the change is shown;
	// retractAfter lets a file be moved or written anew before what was said of
	// it is taken back.
	editAfter    = time.Minute
	retractAfter = 5 * time.Minute
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

// decide adds to the record what follows from c.
func (d *decider) decide(c change, item feeds.Item) {
	now := d.record.Now
	remembered := Item{
		ID: item.ID, Source: item.Source, Subject: item.Subject, URL: item.URL, Title: item.Title,
		Version: item.Version, Revision: item.Revision, FirstSeen: now,
	}
	if c.was != nil {
		remembered.Subject, remembered.FirstSeen, remembered.Reason = c.was.Subject, c.was.FirstSeen, c.was.Reason
		item.Subject = c.was.Subject
		if c.was.ID != item.ID {
			d.record.Forget = append(d.record.Forget, c.was.ID)
		}
	}
	switch {
	case c.reused:
		remembered.Reason = "its address was announced as that of another post"
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

// announce owes the news of an item to every channel that an announcement takes
// it to, once each.
func (d *decider) announce(item feeds.Item) {
	appeared := d.appeared(item)
	until := appeared.Add(maxAge)
	held := d.guard.holdNew(item.Source)
	places := d.places(item.Source)
	if len(places) == 0 {
		d.silence(item, place{}, fmt.Sprintf("no announcement takes news of %s anywhere", item.Source))
	}
	for _, p := range places {
		switch {
		case p.begins:
			d.silence(item, p, "it was there when the announcement began")
		case !until.After(d.record.Now):
			d.silence(item, p, fmt.Sprintf("it appeared on %s, which is more than %d days ago",
				appeared.Format(time.DateOnly), maxAge/(24*time.Hour)))
		default:
			act := newPost(item, p, until)
			act.Reason, act.Held = held, held != ""
			d.owe(item.Subject, p, act, 0)
		}
	}
}

// restore owes what was not said yet when its subject was withdrawn, now that
// it is back.
func (d *decider) restore(c change, item feeds.Item) {
	for _, p := range d.places(item.Source) {
		act := newPost(item, p, d.record.Now.Add(maxAge))
		act.Again = c.was.Gone
		d.owe(item.Subject, p, act, 0)
	}
}

func newPost(item feeds.Item, p place, until time.Time) Act {
	return Act{
		Act:   bot.Act{Kind: bot.Post, Key: bot.Key{Occasion: bot.OccasionNew}, Message: compose(item, p.channel.Lang)},
		Until: until,
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
	if t.Before(d.since) {
		return d.since
	}
	return t
}

// edit owes the change of what was said of an item, if that shows.
func (d *decider) edit(c change, item feeds.Item) {
	if c.was.Revision == item.Revision {
		return
	}
	for _, p := range d.places(item.Source) {
		d.owe(item.Subject, p, Act{
			Act: bot.Act{
				Kind:    bot.Edit,
				Key:     bot.Key{Occasion: "edit:" + item.Revision},
				Message: composeEdit(item, p.channel.Lang, d.record.Now.In(d.zone)),
			},
			Unsaid: compose(item, p.channel.Lang),
			Until:  d.record.Now.Add(maxAge),
		}, editAfter)
	}
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
		}, retractAfter)
	}
}

func (d *decider) owe(subject string, p place, act Act, after time.Duration) {
	act.Subject, act.Address = subject, p.channel.Address
	act.Announcement = p.announcement
	act.NotBefore = d.record.Now.Add(after)
	d.record.Acts = append(d.record.Acts, act)
}

func (d *decider) silence(item feeds.Item, p place, why string) {
	d.record.Decisions = append(d.record.Decisions, Decision{
		Subject: item.Subject, Announcement: p.announcement, Address: p.channel.Address, Reason: why,
	})
}

// place is a channel that an announcement takes news to.
type place struct {
	announcement string
	channel      bot.Channel
	// begins tells that it does so for the first time.
	begins bool
}

// places returns where news of the source goes, each address once: of several
// announcements the first in config.yaml speaks, but one that only begins lets
// the others go first.
func (a *Announcer) places(source string) []place {
	var places []place
	for _, ann := range a.announcements {
		if !slices.Contains(ann.From, source) {
			continue
		}
		for _, channel := range ann.To {
			p := place{ann.Name, channel, a.beginning[Route{ann.Name, source, channel.Address}]}
			i := slices.IndexFunc(places, func(q place) bool { return q.channel.Address == channel.Address })
			switch {
			case i < 0:
				places = append(places, p)
			case places[i].begins:
				places[i] = p
			}
		}
	}
	return places
}

// everywhere returns every address that any announcement speaks at.
func (a *Announcer) everywhere() []place {
	var places []place
	for _, ann := range a.announcements {
		for _, channel := range ann.To {
			if !slices.ContainsFunc(places, func(q place) bool { return q.channel.Address == channel.Address }) {
				places = append(places, place{announcement: ann.Name, channel: channel})
			}
		}
	}
	return places
}
