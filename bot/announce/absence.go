package announce

import (
	"context"
	"fmt"
	"time"

	"cloudnative.tw/herald/feeds"
)

const (
	// missedFor is how long after an item appeared it is missed when its feed shows
	// it no more: nobody takes back what was said longer ago.
	missedFor = 30 * 24 * time.Hour
	// lookEvery is how far apart the looks at a page are, and how long a page has
	// to be gone until that is for good: a site that is being moved has its pages
	// back by then. lookFor is how long a page is looked at that is there, and
	// again as long one that is lost.
	lookEvery = 24 * time.Hour
	lookFor   = 7 * lookEvery
)

// Absence is an item that its feed shows no more, although it shows older ones.
// That alone withdraws nothing: what becomes of the item's page does.
type Absence struct {
	ID string // of the item
	// Since is when it was missed first.
	Since time.Time
	// Look is when to look at its page next; zero for never.
	Look time.Time
	// Lost is since when its page answers 404 or 410; zero if it does not.
	Lost time.Time
}

// seen returns the absence after a look at the page: it was lost, or was not, or
// err tells why nobody knows. Withdrawn tells that it is for good.
func (s Absence) seen(now time.Time, lost bool, err error) (after Absence, withdrawn bool) {
	after = s
	after.Look = now.Add(lookEvery)
	switch {
	case err != nil: // it may have been lost all the time, or not
	case !lost:
		after.Lost = time.Time{}
	case s.Lost.IsZero():
		after.Lost = now
	default:
		withdrawn = now.Sub(s.Lost) >= lookEvery
	}
	end := s.Since.Add(lookFor)
	if !after.Lost.IsZero() {
		end = end.Add(lookFor)
	}
	if !now.Before(end) {
		after.Look = time.Time{}
	}
	return after, withdrawn
}

// miss adds to the record which items a feed shows no more, and which it shows
// again.
func (a *Announcer) miss(ctx context.Context, r *Record, batch feeds.Batch, known Known) error {
	shown := newShowing(batch, known)
	for _, id := range r.Forget { // they have another ID
		shown.ids[id] = true
	}
	missed := make(map[string]bool, len(known.Absent))
	for _, absence := range known.Absent {
		missed[absence.ID] = true
		if shown.ids[absence.ID] {
			r.Settled = append(r.Settled, absence.ID)
		}
	}
	if !batch.Whole || shown.since.IsZero() {
		return nil
	}
	items, err := a.store.SeenSince(ctx, r.Origin, latest(shown.since, r.Now.Add(-missedFor)))
	if err != nil {
		return fmt.Errorf("reading which items there were lately: %w", err)
	}
	for _, item := range items {
		if !missed[item.ID] && shown.lacks(item) {
			r.Absent = append(r.Absent, Absence{ID: item.ID, Since: r.Now, Look: r.Now})
		}
	}
	return nil
}

// showing is what the feed of a batch shows.
type showing struct {
	ids, subjects map[string]bool
	// since is when the first of the items was seen that it shows still; zero if it
	// shows none that is known.
	since time.Time
}

func newShowing(batch feeds.Batch, known Known) showing {
	s := showing{ids: make(map[string]bool), subjects: make(map[string]bool)}
	for _, item := range batch.Items {
		s.ids[item.ID], s.subjects[item.Subject] = true, true
	}
	for _, item := range known.Items {
		if s.ids[item.ID] && (s.since.IsZero() || item.FirstSeen.Before(s.since)) {
			s.since = item.FirstSeen
		}
	}
	return s
}

// lacks reports whether an item is not shown although the feed shows one that is
// as old, since which all are given. One without a page of its own cannot be
// looked for, and is never missed.
func (s showing) lacks(item Item) bool {
	return !s.ids[item.ID] && !s.subjects[item.Subject] && feeds.Canonical(item.URL) == item.Subject
}
