package store

import (
	"context"
	"database/sql"
	"time"

	"cloudnative.tw/herald/bot/announce"
)

// Known is what is remembered of an item, and of which origin it is.
type Known struct {
	announce.Item
	Origin string
	// Missed is since when its feed shows it no more, Lost since when its page
	// answers that it is not there; each zero while that is not so.
	Missed, Lost time.Time
}

const knownColumns = itemColumns + `, origin,
	(SELECT a.since FROM absence a WHERE a.origin = item.origin AND a.id = item.id),
	(SELECT a.lost FROM absence a WHERE a.origin = item.origin AND a.id = item.id)`

func scanKnown(scan func(...any) error) (k Known, err error) {
	var missed, lost sql.NullInt64
	k.Item, err = scanItem(func(dest ...any) error { return scan(append(dest, &k.Origin, &missed, &lost)...) })
	k.Missed, k.Lost = fromMillis(missed), fromMillis(lost)
	return k, err
}

// Find returns the items that are about a subject or have an address, the first
// seen first.
func (s *Store) Find(ctx context.Context, subject, url string) ([]Known, error) {
	items, err := collect(ctx, s.read, scanKnown, `
		SELECT `+knownColumns+` FROM item WHERE subject = $1 OR url = $2 ORDER BY first_seen, origin, id`, subject, url)
	return items, explain(err)
}
