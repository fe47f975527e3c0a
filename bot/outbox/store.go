package outbox

import (
	"context"
	"time"

	"cloudnative.tw/herald/bot"
)

// Store is the part of the ledger that is not finished.
type Store interface {
	// Step does the following in one transaction, and leaves no trace if it
	// fails.
	//
	// It writes step's outcomes and answers. An outcome whose fencing number is no
	// longer the act's is passed over, and so is an answer for an act that does not
	// wait for it any more; neither is one that was written before. The members of a digest become what it is. Of a channel
	// that moved, what is owed and what was said goes to its new address, and what
	// is recorded for the old one from then on.
	//
	// It has acts be owed again that persons asked for, and skips those that are
	// owed or held past their usefulness. What was to follow a post that is skipped
	// is skipped with it. News that is due in a quiet channel falls due when it is
	// quiet no longer.
	//
	// It takes or renews step's lease on each platform that has something to do,
	// unless another owner's lease has not ended; a new owner's fencing number is
	// higher than any before. Where others may speak from the same store, a lease is
	// renewed also while there is nothing to do. Of the platforms leased it marks as Sending and
	// returns the heads of lanes, at most as many as step takes: of each lane that
	// neither pauses nor has an act in Sending the act that fell due first, the
	// lane that has waited longest first. A head that waits for a page is not taken
	// but returned as such, and its lane waits until step answers for it. Beside
	// the lanes go the followers that are due and whose post is sent. Acts in
	// Sending that step does not name as being in flight come back, under the new
	// fencing number: as orphans, unless the owner took them under that number
	// itself and was not told, because that step failed after it was done.
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
	// Ask is how many pages may be asked for at once; at 0 no act waits for its
	// page. Asking are the acts whose pages are being asked for.
	Ask     int
	Asking  []int64
	Answers []Answer
	// Quiet returns until when a channel hears no news, the zero time if it does;
	// nil: all do.
	Quiet func(bot.Address) time.Time
}

// Taken is what Store.Step found.
type Taken struct {
	// Acts are now in Sending, and the caller's to carry out.
	Acts []Act
	// Pages are the caller's to ask for.
	Pages []Page
	// Passed are the acts whose outcomes or answers were passed over, because they
	// were no longer the caller's.
	Passed []int64
	// Retried are the acts that a person wanted to be tried again.
	Retried []Retried
	// Due is when, after Step.Now, the next act can be taken without any outcome
	// being written; zero if there is none.
	Due time.Time
}
