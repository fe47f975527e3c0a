package announce

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// lookoutEvery is how often it is found out whether a page is to be looked at.
	lookoutEvery = 10 * time.Minute
	// looksAtOnce bounds how many pages are looked at in one Do, sideBySide how
	// many of them at the same time.
	looksAtOnce, sideBySide = 20, 4
	// lookTakes is how long nobody else looks at a page that is being looked at.
	lookTakes = 30 * time.Minute
)

// AbsentItem is an absence with the item that it is of.
type AbsentItem struct {
	Absence
	Origin string
	Item   Item
}

// Lookout looks at the pages of items that their feeds show no more. An item is
// withdrawn when its page is not there at two looks a day apart. Make one with
// Announcer.Lookout.
type Lookout struct {
	announcer *Announcer
	lost      func(ctx context.Context, url string) (bool, error)

	mu  sync.Mutex
	due time.Time
}

// Lookout returns what looks at pages with lost, which tells whether the page at
// an address answers 404 or 410; an error is why that is not known.
func (a *Announcer) Lookout(lost func(ctx context.Context, url string) (bool, error)) *Lookout {
	return &Lookout{announcer: a, lost: lost}
}

// Next returns when Do should be called next.
func (l *Lookout) Next() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.due
}

// Do looks at the pages that are due and records what follows. It takes as long
// as the pages do, and keeps nobody else waiting meanwhile. An error is the
// store's; what it cost is looked at later.
func (l *Lookout) Do(ctx context.Context, now time.Time) error {
	l.mu.Lock()
	l.due = now.Add(lookoutEvery)
	l.mu.Unlock()
	absent, err := l.announcer.store.TakeAbsent(ctx, now, now.Add(lookTakes), looksAtOnce)
	if err != nil {
		return fmt.Errorf("looking for what feeds show no more: %w", err)
	}
	looks := make([]look, len(absent))
	var group errgroup.Group
	group.SetLimit(sideBySide)
	for i, item := range absent {
		group.Go(func() error {
			looks[i].AbsentItem = item
			looks[i].lost, looks[i].err = l.lost(ctx, item.Item.URL)
			return nil
		})
	}
	_ = group.Wait() // each look has its own error
	if ctx.Err() != nil {
		return ctx.Err()
	}
	byOrigin := make(map[string][]look)
	for _, look := range looks {
		byOrigin[look.Origin] = append(byOrigin[look.Origin], look)
	}
	var errs []error
	for origin, looks := range byOrigin {
		if err := l.announcer.lookedAt(ctx, now, origin, looks); err != nil {
			errs = append(errs, fmt.Errorf("recording what became of the pages of %s: %w", origin, err))
		}
	}
	return errors.Join(errs...)
}

// look is what became of the page of an item.
type look struct {
	AbsentItem
	lost bool
	err  error
}

// lookedAt records what became of the pages of an origin. What another process
// recorded meanwhile is looked at once more.
func (a *Announcer) lookedAt(ctx context.Context, now time.Time, origin string, looks []look) error {
	a.doing.Lock()
	defer a.doing.Unlock()
	var ids []string
	for _, look := range looks {
		ids = append(ids, look.ID)
	}
	known, err := a.store.KnownOf(ctx, origin, Wanted{IDs: ids})
	if err != nil {
		return err
	}
	record := Record{Origin: origin, Generation: known.Generation, Now: now, Seen: known.Seen}
	changes := record.judge(looks, known)
	if len(changes) > 0 {
		there, err := a.store.Count(ctx, origin)
		if err != nil {
			return err
		}
		record = a.decideAll(record, changes, newGuard(there, changes, now, now, now), now)
	}
	done, err := a.store.Record(ctx, record)
	if errors.Is(err, ErrStale) {
		return nil
	}
	if err == nil {
		a.tell(record, done)
	}
	return err
}

// judge adds to the record what the looks led to, and returns which items are
// withdrawn. One that its feed shows again meanwhile is not.
func (r *Record) judge(looks []look, known Known) []change {
	absent := make(map[string]bool, len(known.Absent))
	for _, absence := range known.Absent {
		absent[absence.ID] = true
	}
	items := newMemory(r.Origin, known).items
	var changes []change
	for _, look := range looks {
		item := items[look.ID]
		if item == nil || !absent[look.ID] {
			continue
		}
		after, withdrawn := look.seen(r.Now, look.lost, look.err)
		if withdrawn {
			r.Settled = append(r.Settled, look.ID)
			changes = append(changes, change{kind: isGone, was: item})
		} else {
			r.Absent = append(r.Absent, after)
		}
	}
	return changes
}
