// Package feeds is the vocabulary of news: an Item is one piece of news from a
// source, and later an Event an item with a start. Sources are packages below
// this one, one wire format each; they, the Poller and the state of sources
// come with the announcing of news from elsewhere.
//
// This package imports nothing else of Herald.
package feeds

import "time"

// Item is one piece of news from a source, in plain text. Nothing in it is
// trusted: it comes from outside.
type Item struct {
	// Source is the source's name in config.yaml.
	Source string
	// ID is the source's own identity of the item: a GUID, a path in a
	// repository. It is never empty, and is known again within its source.
	ID string
	// Subject is what the item is about, whichever source it came through: a
	// canonical URL or an event's identity. It is the first part of a ledger key.
	Subject string
	// Title is one line. URL is absolute.
	Title   string
	URL     string
	Summary string
	Authors []string
	Tags    []string
	// Image is an absolute URL, or "".
	Image string
	// Lang is a BCP 47 tag, or "".
	Lang string
	// Published is when the source says the item appeared, in the location in
	// which it is shown; zero if it does not say.
	Published time.Time
	// Revision changes exactly when something that is shown changes.
	Revision string
}
