package store

import (
	"context"

	"cloudnative.tw/herald/bot/announce"
)

// Known is what is remembered of an item, and of which origin it is.
type Known struct {
	announce.Item
	Origin string
}

// Find returns the items that are about a subject or have an address, the first
// seen first.
func (s *Store) Find(ctx context.Context, subject, url string) ([]Known, error) {
	items, err := collect(ctx, s.read, func(scan func(...any) error) (k Known, err error) {
		k.Item, err = scanItem(func(dest ...any) error { return scan(append(dest, &k.Origin)...) })
		return k, err
	}, `SELECT `+itemColumns+`, origin FROM item WHERE subject = $1 OR url = $2 ORDER BY first_seen, origin, id`, subject, url)
	return items, explain(err)
}

// Newest returns the item of the sources that was seen last, and false if none
// was.
func (s *Store) Newest(ctx context.Context, sources ...string) (Known, bool, error) {
	list, args := listed(sources)
	items, err := collect(ctx, s.read, func(scan func(...any) error) (k Known, err error) {
		k.Item, err = scanItem(func(dest ...any) error { return scan(append(dest, &k.Origin)...) })
		return k, err
	}, `SELECT `+itemColumns+`, origin FROM item WHERE source IN (`+list+`) AND gone IS NULL
		ORDER BY first_seen DESC, id DESC LIMIT 1`, args...)
	if err != nil || len(items) == 0 {
		return Known{}, false, explain(err)
	}
	return items[0], true, nil
}
