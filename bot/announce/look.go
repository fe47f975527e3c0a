package announce

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/feeds"
)

// compareAndRecord records what happened in an entry since m.
func (a *Announcer) compareAndRecord(ctx context.Context, now time.Time, m *memory, snapshot *content.Snapshot, entry content.EntryState) error {
	posts := posts(snapshot, entry.Entry)
	record := Record{Origin: entry.Entry, Generation: m.generation, Whole: true, Now: now, Seen: now}
	if entry.Err != nil { // what is served is the last good tree
		record.Seen = latest(m.seen, entry.Read)
	}
	if m.generation == 0 {
		for _, p := range posts {
			if item, ok := a.read(p); ok {
				record.Items = append(record.Items, passedOver(item, now))
			}
		}
	} else {
		changes := m.compare(now, posts, unreadable(snapshot.Problems(), entry.Entry), a.current)
		record = a.decideAll(record, changes, newGuard(m.count(), changes, m.seen, m.seen, now), m.seen)
		if record.empty() && record.Seen.Sub(m.recorded) < a.heartbeat {
			m.seen = record.Seen
			return nil
		}
	}
	done, err := a.store.Record(ctx, record)
	if err != nil {
		return fmt.Errorf("recording %d items and %d acts: %w", len(record.Items), len(record.Acts), err)
	}
	m.apply(record)
	a.tell(record, done)
	return nil
}

// current returns a post as an item that is there.
func (a *Announcer) current(p *content.Post) current {
	return current{
		id: p.Path, source: p.Source, subject: feeds.Canonical(p.URL), date: p.Date,
		read: func() (feeds.Item, bool) { return a.read(p) },
	}
}

// passedOver returns what is remembered of an item that is taken as known
// already, of which nothing is ever said.
func passedOver(item feeds.Item, now time.Time) Item {
	remembered := remember(item, now)
	remembered.Reason = "it was there when its source was first read"
	return remembered
}

func (r Record) empty() bool {
	return len(r.Forget)+len(r.Items)+len(r.Absent)+len(r.Settled)+len(r.Decisions)+len(r.Acts) == 0
}

// tell logs what people should know of a record, and remembers what only memory
// does.
func (a *Announcer) tell(r Record, done Recorded) {
	log := a.log
	if r.Origin != "" {
		log = log.With("origin", r.Origin)
	}
	if r.Origin != "" && r.Generation == 0 {
		log.Info("first read: what is there is known, and not announced", "items", len(r.Items))
		return
	}
	if done.Owed > 0 {
		log.Info("owed", "acts", done.Owed)
	}
	for reason, n := range done.Held {
		log.Warn("held until a person decides", "reason", reason, "acts", n)
	}
	if r.drip != nil {
		a.drip = r.drip
	}
}

// posts returns the posts of an entry that stand in lists.
func posts(snapshot *content.Snapshot, entry string) []*content.Post {
	return slices.DeleteFunc(snapshot.Listed(), func(p *content.Post) bool { return p.Entry != entry })
}
