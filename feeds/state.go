package feeds

import (
	"context"
	"time"
)

// State is what is remembered of a source between two polls.
type State struct {
	// Source is the Name of its Watch, Address where it is. A source is known again
	// by either of them, so one may change at a time.
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
	// Notice is the Batch.Notice that they were told last.
	Notice string
}

// StateStore keeps the states of sources, for one process or several that share
// the polling.
type StateStore interface {
	// Step does the following in one transaction, and leaves no trace if it
	// fails. It writes the states of step.Save and ends the owner's claims on
	// them; one that the owner does not hold any more is passed over. Of
	// step.Claim it claims until step.Until those that are due and that nobody
	// holds: a claim ends at its Until, and the owner's own counts as nobody's. A
	// source that is not known is written as it stands in step.Claim, and known by
	// its Source from then on. One whose Address is not the one that is known is
	// due whatever its state says; the state keeps the address that it was polled
	// at.
	//
	// It returns one Turn for each of step.Claim, in any order.
	Step(ctx context.Context, step Step) ([]Turn, error)
	// States returns what is known of every source that was ever claimed.
	States(ctx context.Context) ([]State, error)
}

// Step is what StateStore.Step is to do.
type Step struct {
	Now time.Time
	// Owner names this process and no other that ever ran.
	Owner string
	// Until is when the claims end if they are not saved before.
	Until time.Time
	Save  []State
	// Claim are the sources to poll now, each as far as the owner knows it.
	Claim []State
}

// Turn is whose turn it is to poll a source.
type Turn struct {
	// State is what is known of the source.
	State State
	// Claimed tells that the owner may poll it. If not, Again is when it may be
	// asked for again: when it falls due, or when the claim of another ends.
	Claimed bool
	Again   time.Time
}
