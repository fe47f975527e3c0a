package announce

import (
	"net/url"
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
	// pages are the items by their present address, and by title and site; nil
	// until they are asked for.
	pages map[string]*Item
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
	m.seen, m.recorded, m.pages = r.Seen, r.Seen, nil
	for _, id := range r.Forget {
		delete(m.items, id)
	}
	for i := range r.Items {
		m.items[r.Items[i].ID] = &r.Items[i]
	}
}

// pageOf returns the post whose page a feed's item is, or nil: the one with its
// address, else the only one on the same site with its title. If that is another
// post after all, it is news when its file is read.
func (m *memory) pageOf(item feeds.Item) *Item {
	if m.pages == nil {
		m.pages = pages(m.items)
	}
	if post := m.pages[item.Subject]; post != nil {
		return post
	}
	return m.pages[titleOn(item.URL, item.Title)]
}

// pages returns the items by the canonical form of their present address, of
// several the one that is there, and by title and site, if it is the only one.
func pages(items map[string]*Item) map[string]*Item {
	all := make(map[string]*Item, 2*len(items))
	for _, item := range items {
		address := feeds.Canonical(item.URL)
		if other := all[address]; other == nil || !other.Gone.IsZero() {
			all[address] = item
		}
		title := titleOn(item.URL, item.Title)
		if _, several := all[title]; several {
			item = nil
		}
		all[title] = item
	}
	return all
}

// titleOn returns a key for a title on the site of an address. It is no address.
func titleOn(address, title string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "\x00" + address
	}
	return "\x00" + u.Host + "\x00" + oneLine(title)
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
