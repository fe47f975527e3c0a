package announce

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudnative.tw/herald/content"
)

// compareAndRecord records what happened in an entry since m.
func (a *Announcer) compareAndRecord(ctx context.Context, now time.Time, m *memory, snapshot *content.Snapshot, entry content.EntryState) error {
	posts := posts(snapshot, entry.Entry)
	record := Record{Origin: entry.Entry, Generation: m.generation, Now: now, Seen: now}
	if entry.Err != nil { // what is served is the last good tree
		record.Seen = later(m.seen, entry.Read)
	}
	if m.generation == 0 {
		a.prime(&record, posts)
	} else {
		a.decideAll(&record, m, m.compare(now, posts, unreadable(snapshot.Problems(), entry.Entry)))
		if record.empty() && record.Seen.Sub(m.seen) < heartbeat {
			return nil
		}
	}
	owed, err := a.store.Record(ctx, record)
	if err != nil {
		return fmt.Errorf("recording %d items and %d acts: %w", len(record.Items), len(record.Acts), err)
	}
	m.apply(record)
	a.tell(record, owed)
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (r Record) empty() bool {
	return len(r.Forget) == 0 && len(r.Items) == 0 && len(r.Decisions) == 0 && len(r.Acts) == 0
}

// prime takes everything that is there as known.
func (a *Announcer) prime(r *Record, posts []*content.Post) {
	for _, p := range posts {
		item, ok := a.read(p)
		if !ok {
			continue
		}
		r.Items = append(r.Items, Item{
			ID: item.ID, Source: item.Source, Subject: item.Subject, URL: item.URL, Title: item.Title,
			Version: item.Version, Revision: item.Revision, FirstSeen: r.Now,
			Reason: "it was there when its source was first read",
		})
	}
}

func (a *Announcer) decideAll(r *Record, m *memory, changes []change) {
	d := decider{Announcer: a, guard: newGuard(m, changes), since: m.seen, record: *r}
	for _, c := range changes {
		if c.kind == isGone {
			d.retract(c)
		} else if item, ok := a.read(c.post); ok {
			d.decide(c, item)
		}
	}
	*r = d.record
}

// tell logs what people should know of a record.
func (a *Announcer) tell(r Record, owed int) {
	log := a.log.With("origin", r.Origin)
	if r.Generation == 0 {
		log.Info("first read: what is there is known, and not announced", "items", len(r.Items))
		return
	}
	if owed > 0 {
		log.Info("owed", "acts", owed)
	}
	held := make(map[string]int)
	for _, act := range r.Acts {
		if act.Held {
			held[act.Reason]++
		}
	}
	for reason, n := range held {
		log.Warn("held until a person decides", "reason", reason, "acts", n)
	}
}

// posts returns the posts of an entry that stand in lists.
func posts(snapshot *content.Snapshot, entry string) []*content.Post {
	return slices.DeleteFunc(snapshot.Listed(), func(p *content.Post) bool { return p.Entry != entry })
}
