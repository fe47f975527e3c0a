package feeds

import (
	"context"
	"time"
)

// Source is something outside that is watched for news, in one wire format.
// Its methods are called from several goroutines, never twice at once.
type Source interface {
	// Poll asks the source what it has, and returns when ctx ends. cursor is the
	// Batch.Cursor of the last poll that was taken in, or "" if there was none or
	// the source's address has changed since. An error costs this poll only and
	// is a *PollError where the source could be classified; a bad item is not an
	// error but a Problem.
	Poll(ctx context.Context, now time.Time, cursor string) (Batch, error)
}

// Batch is what one poll brought.
type Batch struct {
	// Unchanged tells that the source says the same as at the last poll. Items
	// are then missing, not gone.
	Unchanged bool
	// Origin is that of Items, also where there are none. Feed tells people which
	// of a source's several feeds it is; the Poller sets it.
	Origin, Feed string
	// Items are in the source's order, each ID once.
	Items []Item
	// Withdrawn are the IDs of items that the source itself says are gone: an
	// Atom tombstone (RFC 6721, section 3).
	Withdrawn []string
	// Whole tells that Items has all that the source shows.
	Whole bool
	// Reread tells that the source is read by other settings than the last time, so
	// that something old may look new.
	Reread bool
	// Problems are the items that cannot be read.
	Problems []Problem
	// Cursor is what the next poll is given once this batch was taken in. It is
	// opaque to everybody but the source, and at most 4 KB of valid UTF-8.
	Cursor string
	// Wait is the shortest time that the source wants to be left alone, as by
	// Cache-Control or a feed's ttl; 0 if it does not say.
	Wait time.Duration
	// Notice is what moderators should know although all is well, such as that
	// the feed has moved for good; or "". It goes on after the source's name, and
	// may be the same each time: they are told once.
	Notice string
	// Last is when the source was last polled at its present address and that went
	// well, also if it brought nothing: what is new has appeared since. The Poller
	// sets it; zero for a first poll.
	Last time.Time
	// Due is when the source was to be polled after Last, for all was well: it has
	// not been missed until then. The Poller sets it; zero after a poll that
	// failed, and for a first one.
	Due time.Time
}

// Problem is what is wrong with one item.
type Problem struct {
	// Item tells which: its title or identity as far as known, or its number.
	Item string
	Err  error
}

// PollError is why a poll failed.
type PollError struct {
	// Wait is how long the source asked to be left alone, as by Retry-After; 0
	// if it did not.
	Wait time.Duration
	// Gone tells that the source says it will never be back (410 Gone).
	Gone bool
	// Host tells that the whole host refuses or cannot be reached, not only this
	// source of it (429, 503, no connection).
	Host bool
	Err  error
}

// Error returns what went wrong.
func (e *PollError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *PollError) Unwrap() error { return e.Err }
