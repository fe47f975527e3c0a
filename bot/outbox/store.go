package outbox

import (
	"context"
	"time"

	"cloudnative.tw/herald/bot"
)

// Store is the part of the ledger that is not finished.
type Store interface {
	// Step does the following in one transaction, and leaves no trace if it
	// fails. It writes step's outcomes; one whose fencing number is no longer the
	// act's is passed over. It skips the acts that are owed or held past their
	// usefulness. It takes or renews step's lease on each platform that has
	// something to do, unless another owner's lease has not ended; a new owner's
	// fencing number is higher than any before. Of the platforms leased it marks
	// as Sending and returns the heads of lanes, at most as many as step takes:
	// of each lane that neither pauses nor has an act in Sending the act that
	// fell due first, the lane that has waited longest first. Acts in Sending
	// that step does not name as being in flight come back as orphans, under the
	// new fencing number.
	Step(ctx context.Context, step Step) (Taken, error)
	// Release ends the owner's leases, so that another need not wait for it.
	Release(ctx context.Context, owner string) error
}

// Step is what Store.Step is to do.
type Step struct {
	Now time.Time
	// Owner names who speaks, and no other process that ever ran.
	Owner string
	// Until is when the lease ends if it is not renewed.
	Until    time.Time
	Outcomes []Outcome
	// InFlight are the acts that the owner is carrying out.
	InFlight []int64
	// Take is how many acts of each platform may be taken. Platforms that are
	// not named are left alone.
	Take map[bot.Platform]int
}

// Taken is what Store.Step found.
type Taken struct {
	// Acts are now in Sending, and the caller's to carry out.
	Acts []Act
	// Due is when, after Step.Now, the next act can be taken without any outcome
	// being written; zero if there is none.
	Due time.Time
}

// Sender speaks on one platform. Its methods are called from several
// goroutines, never twice at once for one address. They return when ctx ends.
//
// They classify what went wrong by the errors of package bot. Of an error that
// is none of those, trying again is safe, except that the context's own error
// is taken for bot.ErrUnknownOutcome.
type Sender interface {
	// Send says act's message and returns the platform's identifier of it, which
	// is never empty.
	Send(ctx context.Context, act bot.Act) (messageID string, err error)
}

// Editor is what a Sender of a platform is that can change what was said. To
// edit twice does no harm.
type Editor interface {
	Edit(ctx context.Context, act bot.Act) error
}

// Retractor is what a Sender of a platform is that can take back what was said.
// To retract twice does no harm.
type Retractor interface {
	Retract(ctx context.Context, act bot.Act) error
}

// Confirmer is what a Sender of a platform is that can be asked whether a post
// of unknown outcome was said.
type Confirmer interface {
	// Confirm returns the message's identifier, or "" if it certainly was not
	// said and will not be.
	Confirm(ctx context.Context, act bot.Act) (messageID string, err error)
}
