// Package outbox carries out what is owed to the platforms: each act once, in
// order within a channel, and with a reason for each that is not.
//
// Every address has a lane, the queue of its acts. Of each lane only the head
// is taken, so that a channel reads things in order and one channel's trouble
// holds up no other. Lanes are leased together, all those of a platform by one
// process, because a platform has one budget for the whole bot; the lease's
// fencing number stands on every act that is taken under it. That an act is
// being sent is written before the platform is called, and what became of it
// after, so that a process killed in between leaves a trace:
//
//	   ┌──────────── wait, try later ───────────┐
//	   ▼                                        │
//	 owed ── head of its lane, leased ──▶ sending ──▶ sent
//	  ▲ │                                  │   │
//	  │ └─ no longer useful,               │   ├──▶ failed     refused for good, or too often
//	  │    replaced, withdrawn ──▶ skipped │   └──▶ skipped    the platform cannot do it
//	held ── no longer useful ──────▶ ▲     │
//	                                       └─ killed, or the outcome unknown
//	                                          ├─ the platform knows:  sent, or owed again
//	                                          ├─ policy "resend":     owed again
//	                                          └─ policy "hold":       uncertain
//
// Nothing leaves uncertain, failed or held by itself: a person may have such an
// act, or a skipped one, be owed again.
//
// A post that waits for its page is still owed: the page is asked for before the
// act is taken, so that a kill meanwhile leaves nothing uncertain. News is not
// due while its channel is quiet.
//
// Followers (publish, pin, thread) wait until their post is sent and then run
// beside the lane: their own waits, such as Discord's hourly budget for
// publishing, hold up no message, and no message holds up them.
package outbox

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"cloudnative.tw/herald/bot"
)

// Config says what an Outbox works with. Store, Owner and Senders are required;
// a zero value elsewhere means the default.
type Config struct {
	Store Store
	// Owner names this process and no other that ever ran.
	Owner string
	// Senders are the platforms to speak on. Acts for others stay owed.
	Senders map[bot.Platform]Sender
	// Resend tells for an address whether an act of unknown outcome is sent
	// again, which may say it twice, rather than become uncertain. nil: never.
	Resend func(bot.Address) bool
	// Live tells whether a page is there that a post links to; nil: no act waits
	// for a page. It is not asked for the same page twice within a minute.
	Live func(ctx context.Context, url string) error
	// Quiet returns until when a channel is quiet at a time, the zero time if it
	// is not; nil: none is. News waits as long, everything else is said without
	// a sound.
	Quiet func(address bot.Address, now time.Time) (until time.Time)
	// Workers is how many acts of one platform are carried out at once; 16.
	Workers int
	// SendTimeout is the longest that one call of a Sender may take; 30 seconds.
	SendTimeout time.Duration
	// Lease is how long another process waits before it takes over from one that
	// was killed; 10 seconds. The store is looked at five times in that time.
	Lease time.Duration
	// Attempts is how often an act is tried before it fails; 30, which is about
	// three and a half hours.
	Attempts int
	// Tell is called once when an act waits for a person: it is uncertain, it
	// failed, or it is held because its page never answered. It is called after
	// that is written, from within Do, and must not call Do itself; nil: nobody is
	// told.
	Tell func(act Act, out Outcome)
	// Moved is called when a channel turned out to be at another address, after
	// that is written and before anything is said there; nil: nobody is told.
	Moved func(from, to bot.Address)
	// Said is called when a platform has done what an act says, from the goroutine
	// that asked it, before that is written; nil: nobody is told.
	Said func(act Act)
	// Now is the clock, Random returns numbers in [0, 1) for the jitter.
	Now    func() time.Time
	Random func() float64
	Log    *slog.Logger
}

func (c Config) withDefaults() Config {
	c.Workers = cmp.Or(c.Workers, 16)
	c.SendTimeout = cmp.Or(c.SendTimeout, 30*time.Second)
	c.Lease = cmp.Or(c.Lease, 10*time.Second)
	c.Attempts = cmp.Or(c.Attempts, 30)
	if c.Resend == nil {
		c.Resend = func(bot.Address) bool { return false }
	}
	if c.Quiet == nil {
		c.Quiet = func(bot.Address, time.Time) time.Time { return time.Time{} }
	}
	if c.Tell == nil {
		c.Tell = func(Act, Outcome) {}
	}
	if c.Moved == nil {
		c.Moved = func(_, _ bot.Address) {}
	}
	if c.Said == nil {
		c.Said = func(Act) {}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Float64
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// Outbox carries out what a Store owes. Make one with New, call Do whenever
// Next says so or Changed tells, and Stop in the end.
type Outbox struct {
	config  Config
	flights sync.WaitGroup
	changed chan struct{}
	doing   sync.Mutex // one Do at a time
	pages   pages

	mu       sync.Mutex // guards what follows
	flying   map[int64]flight
	outcomes []Outcome
	asking   map[int64]context.CancelFunc // acts whose pages are being asked for
	answers  []Answer
	news     []news    // of outcomes and answers
	due      time.Time // as Taken.Due
	look     time.Time // when to look at the store even if nothing is known to be due
	failing  bool      // whether the last Step failed
	stopping bool
}

// flight is an act that is being carried out.
type flight struct {
	platform bot.Platform
	abandon  context.CancelFunc
}

// news is what became of an act that somebody has to be told of.
type news struct {
	act Act
	out Outcome
}

// New returns an outbox that has not yet looked at its store.
func New(config Config) (*Outbox, error) {
	if config.Store == nil || config.Owner == "" || len(config.Senders) == 0 {
		return nil, errors.New("outbox: a store, an owner and a sender are needed")
	}
	return &Outbox{
		config:  config.withDefaults(),
		changed: make(chan struct{}, 1),
		flying:  make(map[int64]flight),
		asking:  make(map[int64]context.CancelFunc),
		pages:   pages{known: make(map[string]*page)},
	}, nil
}
