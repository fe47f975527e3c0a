package announce

import (
	"strings"

	"cloudnative.tw/herald/feeds"
)

// renames finds the items of a feed that are known under an ID that it has no
// more. A feed that names its items in another way must not have all of them
// announced again; but one page may also be the page of several items, one
// after the other, of which each is news.
type renames struct {
	// free are the known items that the feed does not list, by subject.
	free map[string]*Item
	// own are the subjects of the community's own posts, which are what they are.
	own map[string]*Item
	// count is how many items of the feed are about a subject.
	count map[string]int
}

func (m *memory) renames(items []feeds.Item, listed map[string]bool, own map[string]*Item) renames {
	r := renames{free: make(map[string]*Item, len(m.items)), own: own, count: make(map[string]int, len(items))}
	for _, was := range m.items {
		if !listed[was.ID] {
			r.free[was.Subject] = was
		}
	}
	for _, item := range items {
		r.count[item.Subject]++
	}
	return r
}

// take returns the known item that an item with an unknown ID is, or nil. It can
// be that of one only.
func (r renames) take(item feeds.Item) *Item {
	was := r.free[item.Subject]
	if was == nil {
		was = r.byPage(item)
	} else if r.count[item.Subject] > 1 || r.isAnother(was, item) {
		return nil
	}
	if was != nil {
		delete(r.free, was.Subject)
	}
	return was
}

// byPage returns the known item that was told by its page alone, until another
// item of that page appeared beside it: the one with this title.
func (r renames) byPage(item feeds.Item) *Item {
	was := r.free[feeds.Canonical(item.URL)]
	if was == nil || was.Title != item.Title || !toldByPage(was.ID, was.Subject) {
		return nil
	}
	return was
}

// apart returns an item that is new with a subject that is not that of an older
// one, or why nothing is to be said of it: its page is all that it is known by,
// so what was said of that page may have been said of this item.
func (r renames) apart(item feeds.Item) (_ feeds.Item, silent string) {
	was := r.free[item.Subject]
	switch {
	case was == nil || r.count[item.Subject] > 1 || !r.isAnother(was, item):
		return item, ""
	case toldByPage(item.ID, item.Subject):
		return item, addressReused
	}
	item.Subject = feeds.ItemSubject(item.Origin, item.ID)
	return item, ""
}

// isAnother reports whether an item is not the known one with its subject: both
// its title and a date that came later say so. One that was edited, or is only
// called another, has kept one of these.
func (r renames) isAnother(was *Item, item feeds.Item) bool {
	return r.own[item.Subject] == nil && was.Title != item.Title && item.Published.After(was.FirstSeen)
}

// toldByPage reports whether an ID is no more than the page of its item, before
// which those of older stores may have which feed it is of.
func toldByPage(id, subject string) bool { return strings.HasSuffix(id, subject) }
