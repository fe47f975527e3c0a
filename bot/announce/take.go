package announce

import (
	"cmp"
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
	routes, err := a.beginning(ctx, source, batch.Origin)
	if err != nil {
		return err
	}
	items := len(batch.Items)
	if batch.Unchanged {
		if len(routes) == 0 {
			return nil
		}
		if items, err = a.there(ctx, source, batch.Origin); err != nil {
			return err
		}
	} else {
		passed, err := a.takeAgain(ctx, now, source, batch)
		if err != nil {
			return fmt.Errorf("announcing news of %s: %w", source, err)
		}
		if passed {
			routes = a.routesOf(source, batch.Origin)
		}
	}
	begun, err := a.begin(ctx, now, routes, source, batch.Feed, items)
	if err != nil {
		return err
	}
	return a.tellBegun(ctx, now, begun)
}

// there returns how many items of a source a feed has, as far as it is known.
func (a *Announcer) there(ctx context.Context, source, origin string) (int, error) {
	counts, err := a.store.Count(ctx, origin)
	if err != nil {
		return 0, fmt.Errorf("counting what %s has: %w", source, err)
	}
	return counts[source], nil
}

// takeAgain takes a batch, once more if another process was faster.
func (a *Announcer) takeAgain(ctx context.Context, now time.Time, source string, batch feeds.Batch) (passed bool, err error) {
	for again := true; ; again = false {
		passed, err = a.takeOnce(ctx, now, source, batch)
		if !errors.Is(err, ErrStale) || !again {
			return passed, err
		}
	}
}

// takeOnce records what follows from a batch. passed tells that all of it was
// passed over although the feed was read before: it is another one now.
func (a *Announcer) takeOnce(ctx context.Context, now time.Time, source string, batch feeds.Batch) (passed bool, err error) {
	batch.Items = slices.DeleteFunc(slices.Clone(batch.Items), a.unfit)
	own, err := a.ownPosts(ctx, batch.Items)
	if err != nil {
		return false, err
	}
	known, err := a.store.KnownOf(ctx, batch.Origin, wantedOf(batch.Items, batch.Withdrawn))
	if err != nil {
		return false, fmt.Errorf("reading what is known: %w", err)
	}
	record := Record{Origin: batch.Origin, Generation: known.Generation, Now: now, Seen: now}
	passed = known.Generation > 0 && batch.Last.IsZero() && len(batch.Items) > 0 && len(known.Items) == 0
	if known.Generation == 0 || passed {
		for _, item := range batch.Items {
			record.Items = append(record.Items, passedOver(item, now))
		}
	} else {
		record, err = a.decideFeed(ctx, record, source, batch, known, own)
		if err != nil {
			return false, err
		}
		if err := a.miss(ctx, &record, batch, known); err != nil {
			return false, err
		}
		if record.empty() {
			return false, nil
		}
	}
	done, err := a.store.Record(ctx, record)
	if err != nil {
		return false, fmt.Errorf("recording %d items and %d acts: %w", len(record.Items), len(record.Acts), err)
	}
	a.tell(record, done)
	return passed, nil
}

// decideFeed adds to the record what follows from what a feed has that was read
// before.
func (a *Announcer) decideFeed(ctx context.Context, r Record, source string, batch feeds.Batch, known Known, own map[string]*Item) (Record, error) {
	m := newMemory(batch.Origin, known)
	since := latest(known.Seen, batch.Last)
	changes := m.compareFeed(batch.Items, batch.Withdrawn, own)
	passed, err := a.passedOver(ctx, source, batch.Origin, changes)
	if err != nil {
		return r, err
	}
	for i := range changes {
		if c := &changes[i]; c.kind == isNew {
			c.silent = cmp.Or(noNews(*c, own, m.oldest(batch.Items), since, batch.Reread), passed[c.now.subject])
		}
	}
	there := map[string]int{source: m.present(batch.Items) + gone(changes)}
	return a.decideAll(r, changes, newGuard(there, changes, since, batch.Due, r.Now), since), nil
}

// passedOver returns what is new of which nothing was said when another feed of
// the source had it, and why.
func (a *Announcer) passedOver(ctx context.Context, source, origin string, changes []change) (map[string]string, error) {
	var subjects []string
	for _, c := range changes {
		if c.kind == isNew {
			subjects = append(subjects, c.now.subject)
		}
	}
	if len(subjects) == 0 {
		return nil, nil
	}
	reasons, err := a.store.PassedOver(ctx, source, origin, subjects)
	if err != nil {
		return nil, fmt.Errorf("reading what was passed over: %w", err)
	}
	return reasons, nil
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

// noNews returns why what is new in a feed is no news, or "": it is a post of
// which nothing was to be said; or it is older than all that the feed had, of which
// the oldest is given, and has come back into its window, as happens when a newer
// item is deleted; or a setting that has changed since the last look lets it
// through, before which it was there, as far as it tells.
func noNews(c change, own map[string]*Item, oldest, since time.Time, reread bool) string {
	date := c.now.date
	switch post := own[c.now.subject]; {
	case post != nil:
		return post.Reason
	case reread && !date.After(since):
		return "it was there before a setting of its source let it through"
	case !date.IsZero() && date.Before(oldest) && date.Before(since.Add(-dateGrace)):
		return "it is older than all that its feed showed before"
	}
	return ""
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
