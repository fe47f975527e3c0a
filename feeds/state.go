package feeds

import (
	"context"
	"time"
)

// State is what is remembered of a source between two polls.
type State struct {
	// Source is the source's name in config.yaml, Address where it is. A source
	// is known again by either of them, so one may change at a time.
	Source, Address string
	// Cursor is for Source.Poll.
	Cursor string
	// Due is when the source is to be polled next.
	Due    time.Time
	Health Health
}

// Health is how a source has been doing. The zero value is of one that was
// never polled.
type Health struct {
	// Polled is when it was last polled, Good when that last went well, Changed
	// when it last brought something; zero for never.
	Polled, Good, Changed time.Time
	// Failures counts the polls that failed since Good; Since is when the first
	// of them was, Err what the last one said.
	Failures int
	Since    time.Time
	Err      string
	// Told tells that moderators were told that it fails.
	Told bool
}

// StateStore keeps the states of sources, for one process or several that share
// the polling.
type StateStore interface {
	// Claim returns the sources of c that are due and that nobody else is
	// polling, at most c.Limit, the longest due first, and claims them until
	// c.Until. A source that was never seen is due at once. next is when another
	// one falls due, as far as known; zero for never.
	Claim(ctx context.Context, c Claim) (claimed []State, next time.Time, err error)
	// Save writes the state of a source that the owner has claimed, and gives the
	// claim up. It does nothing if the claim had ended and another has taken it.
	Save(ctx context.Context, owner string, s State) error
	// States returns what is known of every source that was ever polled.
	States(ctx context.Context) ([]State, error)
}

// Claim asks for sources to poll.
type Claim struct {
	Now time.Time
	// Owner names this process and no other that ever ran.
	Owner string
	// Until is when the claim ends if it is not saved before.
	Until time.Time
	// Sources are all that the config names, by name and address.
	Sources []State
	// Except are those that the owner is polling.
	Except []string
	Limit  int
}
