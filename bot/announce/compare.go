package announce

import (
	"slices"
	"time"

	"cloudnative.tw/herald/content"
)

// compare returns what happened to the items since m: those that are new, the
// oldest first, then the others. excused tells of an item without a post that
// its file is there but cannot be read.
func (m *memory) compare(now time.Time, posts []*content.Post, excused func(id string) bool, read reader) []change {
	present := make(map[string]bool, len(posts))
	for _, p := range posts {
		present[p.Path] = true
	}
	var (
		unknown []*content.Post
		changes []change
	)
	for _, p := range posts {
		was := m.items[p.Path]
		switch {
		case was == nil:
			unknown = append(unknown, p)
		case !was.Gone.IsZero():
			changes = append(changes, change{kind: isBack, was: was, now: read(p)})
		case was.Version != version(p) || was.Source != p.Source:
			changes = append(changes, change{kind: isDifferent, was: was, now: read(p)})
		}
	}
	missing := m.missing(now, present, excused)
	if len(unknown) > 0 {
		changes = append(changes, m.identify(unknown, present, missing, read)...)
	}
	for _, was := range missing {
		if was.Gone.IsZero() {
			changes = append(changes, change{kind: isGone, was: was})
		}
	}
	slices.SortFunc(changes, inOrder)
	return changes
}

// missing returns the items that have no post, without those that are gone for
// good.
func (m *memory) missing(now time.Time, present map[string]bool, excused func(id string) bool) map[string]*Item {
	missing := make(map[string]*Item)
	for id, item := range m.items {
		lately := item.Gone.IsZero() || now.Sub(item.Gone) < retractAfter
		if lately && !present[id] && !excused(id) {
			missing[id] = item
		}
	}
	return missing
}

// addressReused is why nothing is said of a new post whose address was that of
// another, which is still there under a new one.
const addressReused = "its address was announced as that of another post"

// identify finds out which of the posts with unknown paths are new. A post that
// has the address of an item without a post is that item: its file was moved.
// So is one that has the title of a single missing item of its source: its
// file's name, which makes its address, was changed. Items found so are taken
// out of missing.
func (m *memory) identify(unknown []*content.Post, present map[string]bool, missing map[string]*Item, read reader) []change {
	var (
		changes  []change
		unplaced []*content.Post
		byURL    = m.byURL()
	)
	for _, p := range unknown {
		was := byURL[p.URL]
		switch {
		case was == nil:
			unplaced = append(unplaced, p)
		case present[was.ID]:
			changes = append(changes, change{kind: isNew, now: read(p), silent: addressReused})
		default:
			delete(missing, was.ID)
			changes = append(changes, found(was, read(p)))
		}
	}
	byTitle := titles(missing)
	for _, p := range unplaced {
		key := titleKey{p.Source, oneLine(p.Title)}
		was := byTitle[key]
		if was == nil {
			changes = append(changes, change{kind: isNew, now: read(p)})
			continue
		}
		delete(byTitle, key)
		delete(missing, was.ID)
		changes = append(changes, found(was, read(p)))
	}
	return changes
}

func found(was *Item, now current) change {
	if was.Gone.IsZero() {
		return change{kind: isDifferent, was: was, now: now}
	}
	return change{kind: isBack, was: was, now: now}
}

// byURL returns the items by every address they are known to have had, the
// present one before a former one of another.
func (m *memory) byURL() map[string]*Item {
	all := make(map[string]*Item, len(m.items))
	for _, item := range m.items {
		all[item.Subject] = item
	}
	for _, item := range m.items {
		all[item.URL] = item
	}
	return all
}

type titleKey struct{ source, title string }

// titles returns the items by title, without titles that several share.
func titles(items map[string]*Item) map[titleKey]*Item {
	all := make(map[titleKey]*Item, len(items))
	for _, item := range items {
		key := titleKey{item.Source, item.Title}
		if _, several := all[key]; several {
			all[key] = nil
			continue
		}
		all[key] = item
	}
	return all
}
