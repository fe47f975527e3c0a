// Package feeds is the vocabulary of news: an Item is one piece of news, a
// Source brings it, the Poller asks each source when it is due. The wire formats
// are packages below this one, and so is the client that fetches from them.
//
// This package imports nothing else of Herald.
package feeds

import "time"

// Item is one piece of news from a source, in plain text. Nothing in it is
// trusted: it comes from outside.
type Item struct {
	// Source is the source's name in config.yaml.
	Source string
	// Origin is what ID is unique within: a content entry, a feed. Several
	// sources may share one, and an item may pass from one to another.
	Origin string
	// ID is the origin's own identity of the item: a GUID, a path in a
	// repository. It is never empty, and is known again within its origin.
	ID string
	// Subject is what the item is about, whichever source it came through: a
	// canonical URL or an event's identity. It is the first part of a ledger key.
	Subject string
	// Title is one line. URL is absolute.
	Title string
	URL   string
	// Summary is what the source says about the item, in whatever language.
	Summary string
	// Excerpt is how the item itself begins, in the language Lang.
	Excerpt string
	Authors []string
	Tags    []string
	// Image is an absolute URL, or "".
	Image string
	// Lang is a BCP 47 tag, or "".
	Lang string
	// Published is when the source says the item appeared, in the location in
	// which it is shown; zero if it does not say.
	Published time.Time
	// Version is the source's own token of the item's state: an item whose
	// Version is the same is the same. "" where the source has none.
	Version string
	// Revision changes exactly when something that is shown changes.
	Revision string
}
