package announce

import (
	"cmp"
	"time"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/feeds"
)

// change is what happened to one item since it was last looked at.
type change struct {
	kind changeKind
	// was is the item as it is remembered, under an ID that may have changed; nil
	// for one that is new.
	was *Item
	// now is the item as it is; zero for one that is gone.
	now current
	// silent is why nothing is ever said of one that is new, or "".
	silent string
}

// current is an item that is there. Reading all of it may cost something, so
// that is done only for those that changed.
type current struct {
	id, source, subject string
	date                time.Time
	// after orders what has the same date or none: feeds begin with the newest.
	after int
	read  func() (item feeds.Item, ok bool)
}

type changeKind uint8

const (
	isNew changeKind = iota
	isDifferent
	isBack
	isGone
)

// source is the source that the change happened in.
func (c change) source() string {
	if c.now.read != nil {
		return c.now.source
	}
	return c.was.Source
}

// inOrder sorts changes: what is new first, the oldest first, then the others.
func inOrder(a, b change) int {
	if c := cmp.Compare(a.kind, b.kind); c != 0 {
		return c
	}
	if a.now.read == nil || b.now.read == nil {
		return cmp.Compare(a.was.ID, b.was.ID)
	}
	return cmp.Or(a.now.date.Compare(b.now.date), cmp.Compare(a.now.after, b.now.after), cmp.Compare(a.now.id, b.now.id))
}

// reader returns the item that a post is.
type reader func(*content.Post) current
