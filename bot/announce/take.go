package announce

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cloudnative.tw/herald/feeds"
)

// Take looks at what a poll of a source outside brought, and records what
// follows in one transaction. Only then may the source's cursor move. It
// implements feeds.Taker. What is known is of the batch's origin, of which a
// source may have several; announcements take news from the source.
//
// A feed shows a part of what there is, so an item that is missing from it is
// not gone: the source's own word withdraws an item, or that its page is gone,
// which a Lookout finds out.
func (a *Announcer) Take(ctx context.Context, now time.Time, source string, batch feeds.Batch) error {
	a.doing.Lock()
	defer a.doing.Unlock()
	if err := a.learnRoutes(ctx); err != nil {
		return err
	}
	for again := true; ; again = false {
		err := a.takeOnce(ctx, now, source, batch)
		if err == nil {
			return a.begin(ctx, now, func(s string) bool { return s == source }, func(string) int { return len(batch.Items) })
		}
		if !errors.Is(err, ErrStale) || !again {
			return fmt.Errorf("announcing news of %s: %w", source, err)
		}
	}
}

func (a *Announcer) takeOnce(ctx context.Context, now time.Time, source string, batch feeds.Batch) error {
	batch.Items = slices.DeleteFunc(slices.Clone(batch.Items), a.unfit)
	own, err := a.ownPosts(ctx, batch.Items)
	if err != nil {
		return err
	}
	known, err := a.store.KnownOf(ctx, batch.Origin, wantedOf(batch.Items, batch.Withdrawn))
	if err != nil {
		return fmt.Errorf("reading what is known: %w", err)
	}
	record := Record{Origin: batch.Origin, Generation: known.Generation, Now: now, Seen: now}
	if known.Generation == 0 {
		for _, item := range batch.Items {
			record.Items = append(record.Items, passedOver(item, now))
		}
	} else {
		record = a.decideFeed(record, source, batch, known, own)
		if err := a.miss(ctx, &record, batch, known); err != nil {
			return err
		}
		if record.empty() {
			return nil
		}
	}
	done, err := a.store.Record(ctx, record)
	if err != nil {
		return fmt.Errorf("recording %d items and %d acts: %w", len(record.Items), len(record.Acts), err)
	}
	a.tell(record, done)
	return nil
}

// decideFeed adds to the record what follows from what a feed has that was read
// before.
func (a *Announcer) decideFeed(r Record, source string, batch feeds.Batch, known Known, own map[string]*Item) Record {
	m := newMemory(batch.Origin, known)
	since := latest(known.Seen, batch.Last)
	changes := m.compareFeed(batch.Items, batch.Withdrawn, own)
	silence(changes, own, m.oldest(batch.Items), since, batch.Reread)
	there := map[string]int{source: m.present(batch.Items) + gone(changes)}
	return a.decideAll(r, changes, newGuard(there, changes, since, batch.Due, r.Now), since)
}

// FeedOrigin returns the origin of the items of a feed outside, which has a name
// that no other feed has.
func FeedOrigin(feed string) string { return "feed:" + feed }

// unfit reports whether an item cannot be a key's part; the log says so once.
func (a *Announcer) unfit(item feeds.Item) bool {
	for _, key := range []string{item.ID, item.Subject} {
		if err := checkKey(key); err != nil {
			a.tellOnce(item.Source+" "+item.Title, "an item cannot be announced", err)
			return true
		}
	}
	return false
}

// wantedOf returns what has to be known to compare a batch.
func wantedOf(items []feeds.Item, withdrawn []string) Wanted {
	w := Wanted{IDs: slices.Clone(withdrawn)}
	for _, item := range items {
		w.IDs = append(w.IDs, item.ID)
		w.Subjects = append(w.Subjects, item.Subject)
		if page := feeds.Canonical(item.URL); page != item.Subject { // see renames.byPage
			w.Subjects = append(w.Subjects, page)
		}
	}
	return w
}

// ownPosts finds the items that are pages of the community's own posts, gives
// them the subjects of these, and returns the posts by subject. A feed of the
// site names a page by its present address, which may not be its first.
func (a *Announcer) ownPosts(ctx context.Context, items []feeds.Item) (map[string]*Item, error) {
	own := make(map[string]*Item)
	for _, origin := range a.origins() {
		m, err := a.memory(ctx, origin)
		if err != nil {
			return nil, err
		}
		for i := range items {
			if post := m.pageOf(items[i]); post != nil {
				items[i].Subject = post.Subject
				own[post.Subject] = post
			}
		}
	}
	return own, nil
}

// origins are the content entries.
func (a *Announcer) origins() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.offered == nil {
		return nil
	}
	var origins []string
	for _, entry := range a.offered.Entries() {
		origins = append(origins, entry.Entry)
	}
	return origins
}

// silence says of what is new in a feed why it is no news: it is a post of which
// nothing was to be said, or it is older than all that the feed had, of which the
// oldest is given, and has come back into its window, as happens when a newer
// item is deleted; or it was there at the last look already, and a setting that
// has changed since lets it through.
func silence(changes []change, own map[string]*Item, oldest, since time.Time, reread bool) {
	for i := range changes {
		c := &changes[i]
		if c.kind != isNew {
			continue
		}
		date := c.now.date
		old := !date.IsZero() && date.Before(since.Add(-dateGrace))
		switch post := own[c.now.subject]; {
		case post != nil:
			c.silent = post.Reason
		case old && reread:
			c.silent = "it was there before a setting of its source let it through"
		case old && date.Before(oldest):
			c.silent = "it is older than all that its feed showed before"
		}
	}
}

// oldest returns the date of the oldest of the items that were known, or zero if
// none was or one has no date.
func (m *memory) oldest(items []feeds.Item) time.Time {
	var oldest time.Time
	for _, item := range items {
		if m.items[item.ID] == nil {
			continue
		}
		if item.Published.IsZero() {
			return time.Time{}
		}
		if oldest.IsZero() || item.Published.Before(oldest) {
			oldest = item.Published
		}
	}
	return oldest
}

// compareFeed returns what happened to the items of a feed. own are the
// community's own posts among them, by subject.
func (m *memory) compareFeed(items []feeds.Item, withdrawn []string, own map[string]*Item) []change {
	listed := make(map[string]bool, len(items))
	for _, item := range items {
		listed[item.ID] = true
	}
	renamed := m.renames(items, listed, own)
	var changes []change
	for i, item := range items {
		was, silent := m.items[item.ID], ""
		if was == nil {
			was = renamed.take(item)
		}
		if was == nil {
			item, silent = renamed.apart(item)
		}
		now := current{
			id: item.ID, source: item.Source, subject: item.Subject, date: item.Published, after: -i,
			read: func() (feeds.Item, bool) { return item, true },
		}
		switch {
		case was == nil:
			changes = append(changes, change{kind: isNew, now: now, silent: silent})
		case !was.Gone.IsZero():
			changes = append(changes, change{kind: isBack, was: was, now: now})
		case was.ID != item.ID || was.Revision != item.Revision || was.Source != item.Source:
			changes = append(changes, change{kind: isDifferent, was: was, now: now})
		}
	}
	for _, id := range withdrawn {
		if was := m.items[id]; was != nil && was.Gone.IsZero() && !listed[id] {
			changes = append(changes, change{kind: isGone, was: was})
		}
	}
	slices.SortFunc(changes, inOrder)
	return changes
}

// gone counts what is withdrawn.
func gone(changes []change) int {
	n := 0
	for _, c := range changes {
		if c.kind == isGone {
			n++
		}
	}
	return n
}

// present returns how many of the items were known.
func (m *memory) present(items []feeds.Item) int {
	n := 0
	for _, item := range items {
		if m.items[item.ID] != nil {
			n++
		}
	}
	return n
}
