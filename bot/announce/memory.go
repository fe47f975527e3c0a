package announce

import (
	"strings"
	"time"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/feeds"
)

// memory is what is known of an origin, held in memory.
type memory struct {
	origin     string
	generation int64
	// seen is until when the origin was being watched, recorded what of that is
	// in the store.
	seen, recorded time.Time
	items          map[string]*Item
	// addresses are the items by their present address; nil until they are asked
	// for.
	addresses map[string]*Item
}

func newMemory(origin string, known Known) *memory {
	m := &memory{origin: origin, generation: known.Generation, seen: known.Seen, recorded: known.Seen, items: make(map[string]*Item, len(known.Items))}
	for i := range known.Items {
		m.items[known.Items[i].ID] = &known.Items[i]
	}
	return m
}

// apply takes in what was recorded.
func (m *memory) apply(r Record) {
	m.generation = r.Generation + 1
	m.seen, m.recorded, m.addresses = r.Seen, r.Seen, nil
	for _, id := range r.Forget {
		delete(m.items, id)
	}
	for i := range r.Items {
		m.items[r.Items[i].ID] = &r.Items[i]
	}
}

// byAddress returns the items by the canonical form of their present address, of
// several the one that is there.
func (m *memory) byAddress() map[string]*Item {
	if m.addresses == nil {
		m.addresses = make(map[string]*Item, len(m.items))
		for _, item := range m.items {
			address := feeds.Canonical(item.URL)
			if other := m.addresses[address]; other == nil || !other.Gone.IsZero() {
				m.addresses[address] = item
			}
		}
	}
	return m.addresses
}

// count returns how many items are there of each source.
func (m *memory) count() map[string]int {
	known := make(map[string]int)
	for _, item := range m.items {
		if item.Gone.IsZero() {
			known[item.Source]++
		}
	}
	return known
}

// unreadable returns a function that tells whether a snapshot names a problem
// with an item's file. It would rather think so wrongly than take a file with a
// slip for one that was removed.
func unreadable(problems []content.Problem, entry string) func(id string) bool {
	var files []string
	for _, p := range problems {
		if p.Entry == entry && p.File != "" {
			files = append(files, strings.ReplaceAll(p.File, `\`, "/"))
		}
	}
	return func(id string) bool {
		for _, f := range files {
			if strings.Contains(f, id) {
				return true
			}
		}
		return false
	}
}
