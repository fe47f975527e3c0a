package content

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Library keeps the posts of all content entries up to date. Make one with
// NewLibrary, Subscribe, Load it, then Watch.
type Library struct {
	shelves     []*shelf
	subscribers []func(context.Context, Update)

	publishing sync.Mutex // one update at a time
	snapshot   atomic.Pointer[Snapshot]
}

// Update is the step from one snapshot to the next. Posts are the same if they
// have the same ID and differ if their Hash does.
type Update struct {
	Old, New *Snapshot
	Added    []*Post
	// Changed are the posts as they are in New.
	Changed []*Post
	// Removed are the posts as they were in Old. A post may also be missing
	// because its file cannot be read any more: Problems of New tell.
	Removed []*Post
}

// NewLibrary returns a library of the entries, which are in the order of
// config.yaml. It holds no posts yet. now is the clock for EntryState.Read.
func NewLibrary(entries []Entry, now func() time.Time, log *slog.Logger) *Library {
	l := &Library{}
	for _, e := range entries {
		l.shelves = append(l.shelves, newShelf(e, now, log))
	}
	l.snapshot.Store(l.gather())
	return l
}

// Snapshot returns all posts as they are now. It is never nil.
func (l *Library) Snapshot() *Snapshot { return l.snapshot.Load() }

// Subscribe has tell called after each new snapshot, one call at a time, in
// the order of subscribing. Load and Watch call it and wait for it; ctx is
// theirs. An update may be without any change of posts, when only the state of
// an entry or a problem changed. Subscribe before Load or Watch is called.
func (l *Library) Subscribe(tell func(context.Context, Update)) {
	l.subscribers = append(l.subscribers, tell)
}

// Load reads all entries, side by side. An entry that cannot be read costs only
// itself: EntryState.Err says why, its posts of the last good tree stay, and
// Watch tries it again.
func (l *Library) Load(ctx context.Context) {
	var reads sync.WaitGroup
	for _, s := range l.shelves {
		reads.Go(func() { s.read(ctx) })
	}
	reads.Wait()
	l.publish(ctx)
}

// Watch keeps the library up to date until ctx ends. It also reads what Load
// has not read.
func (l *Library) Watch(ctx context.Context) {
	changed := make(chan struct{}, 1)
	var watches sync.WaitGroup
	defer watches.Wait()
	for _, s := range l.shelves {
		watches.Go(func() {
			s.watch(ctx, func() {
				if !s.read(ctx) {
					return
				}
				select {
				case changed <- struct{}{}:
				default: // the update that is due will have it
				}
			})
		})
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
			l.publish(ctx)
		}
	}
}

// publish makes what the shelves hold the new snapshot and tells subscribers.
func (l *Library) publish(ctx context.Context) {
	l.publishing.Lock()
	defer l.publishing.Unlock()
	old, now := l.Snapshot(), l.gather()
	l.snapshot.Store(now)
	if len(l.subscribers) == 0 {
		return
	}
	update := newUpdate(old, now)
	for _, tell := range l.subscribers {
		tell(ctx, update)
	}
}

func (l *Library) gather() *Snapshot {
	var (
		posts    []*Post
		problems []Problem
		entries  = make([]EntryState, 0, len(l.shelves))
	)
	for _, s := range l.shelves {
		stock := s.stock.Load()
		posts = append(posts, stock.posts...)
		for _, p := range slices.Concat(stock.files, stock.pages) {
			p.Entry = s.Name
			problems = append(problems, p)
		}
		entries = append(entries, stock.state)
	}
	posts, doubles := unique(posts)
	return NewSnapshot(posts, append(problems, doubles...), entries)
}

// unique returns posts without those whose page is another one's too, and a
// problem for each of these. Of one entry the first by path stays, of several
// entries the first entry's.
func unique(posts []*Post) ([]*Post, []Problem) {
	byURL := make(map[string]*Post, len(posts))
	for _, p := range posts {
		first := byURL[p.URL]
		if first == nil || p.Entry == first.Entry && p.Path < first.Path {
			byURL[p.URL] = p
		}
	}
	if len(byURL) == len(posts) {
		return posts, nil
	}
	var problems []Problem
	kept := make([]*Post, 0, len(byURL))
	for _, p := range posts {
		first := byURL[p.URL]
		if p == first {
			kept = append(kept, p)
			continue
		}
		problems = append(problems, Problem{
			Entry: p.Entry,
			File:  p.File,
			Err:   fmt.Errorf("its page %s is also that of %s", p.URL, first.File),
			Hint:  "give one of them another slug; until then only the other one counts",
		})
	}
	return kept, problems
}

func newUpdate(old, now *Snapshot) Update {
	u := Update{Old: old, New: now}
	for _, p := range now.posts {
		switch before := old.byID[p.ID]; {
		case before == nil:
			u.Added = append(u.Added, p)
		case before != p && before.Hash != p.Hash:
			u.Changed = append(u.Changed, p)
		}
	}
	for _, p := range old.posts {
		if now.byID[p.ID] == nil {
			u.Removed = append(u.Removed, p)
		}
	}
	return u
}
