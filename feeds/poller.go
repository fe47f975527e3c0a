package feeds

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"sync"
	"time"
)

const (
	// DefaultEvery is how often a source is polled unless it says otherwise,
	// MinEvery the most often that it may be.
	DefaultEvery = 15 * time.Minute
	MinEvery     = time.Minute
)

// Watch is a source that is to be polled, or one of the feeds that a source in
// config.yaml consists of: each has its own cursor, health and host.
type Watch struct {
	// Name is what no other Watch is called, Address where it is. They make it
	// known again: see State.
	Name, Address string
	// Of is the name in config.yaml, by which Taker, Teller and log hear of it;
	// Name when empty. Feed tells people which of several that have this name it
	// is, and is "" if it is alone.
	Of, Feed string
	// Host is what the sources have in common that burden the same server, such
	// as its name; when empty, the host of Address if that is a URL, else nothing.
	Host string
	// Every is how often to poll, at least MinEvery; when zero, DefaultEvery.
	Every  time.Duration
	Source Source
}

// Taker takes in what sources bring.
type Taker interface {
	// Take records what a poll of the source, by its name in config.yaml, brought,
	// in one transaction: after an error nothing of it is recorded and the same may
	// come again, as it may after a crash. Of a batch that is Unchanged there is
	// nothing to record but that the source was read.
	Take(ctx context.Context, now time.Time, source string, b Batch) error
}

// Config says what a Poller works with. Store, Taker and Owner are required; a
// zero value elsewhere means the default.
type Config struct {
	Sources []Watch
	Store   StateStore
	Taker   Taker
	// Teller tells moderators what they should know; nil: nobody is told.
	Teller Teller
	// Owner names this process and no other that ever ran.
	Owner string
	// Workers is how many sources are polled at once, 16; PerHost how many of one
	// host, 2. At most half of the workers poll sources that failed the last
	// time, so that hosts that hang do not make the others late.
	Workers, PerHost int
	// PollTimeout is how long one poll may take; 2 minutes.
	PollTimeout time.Duration
	// Lease is how long another process waits before it polls a source that was
	// claimed by one that was killed; 5 minutes. It is longer than PollTimeout.
	Lease time.Duration
	// MaxBackoff is the longest that a source which fails is left alone, unless
	// it asks for longer or is polled less often anyway; 6 hours.
	MaxBackoff time.Duration
	// TellAfter is how long a source may fail before moderators are told; a day.
	// Of one that never worked they are told within the hour.
	TellAfter time.Duration
	// Now is the clock, Random returns numbers in [0, 1) for the jitter.
	Now    func() time.Time
	Random func() float64
	Log    *slog.Logger
}

func (c Config) withDefaults() Config {
	c.Workers = cmp.Or(c.Workers, 16)
	c.PerHost = cmp.Or(c.PerHost, 2)
	c.PollTimeout = cmp.Or(c.PollTimeout, 2*time.Minute)
	c.Lease = cmp.Or(c.Lease, 5*time.Minute)
	c.MaxBackoff = cmp.Or(c.MaxBackoff, 6*time.Hour)
	c.TellAfter = cmp.Or(c.TellAfter, 24*time.Hour)
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

// Poller asks each source when it is due, and moves its cursor once what it
// brought was taken in. Make one with New, call Do whenever Next says so or
// Changed tells, and Stop in the end.
type Poller struct {
	config  Config
	flights sync.WaitGroup
	changed chan struct{}
	doing   sync.Mutex // one Do at a time

	mu       sync.Mutex // guards what follows
	all      map[string]*watched
	line     line
	flying   map[*watched]context.CancelFunc
	landed   []landing
	unsaved  []State
	learnt   bool      // what the store knows was read
	broken   time.Time // until when a store that failed is left alone, or zero
	stopping bool
}

// watched is a source and what the Poller remembers of it. Only Do touches it,
// and holds mu where it touches what Next looks at.
type watched struct {
	Watch
	host  *host
	share float64 // of its interval: where in it the source has its place
	// due is when to ask for it, state what is known of it.
	due   time.Time
	state State
	// trying is the line's: w has one of the places for sources that fail.
	trying bool
	// refused counts the batches in a row that the Taker did not take.
	refused int
	// problem is what was said last of items that cannot be read.
	problem string
}

// New returns a poller that has not yet looked at its store.
func New(config Config) (*Poller, error) {
	if config.Store == nil || config.Taker == nil || config.Owner == "" {
		return nil, errors.New("feeds: a store, a taker and an owner are needed")
	}
	p := &Poller{
		config:  config.withDefaults(),
		changed: make(chan struct{}, 1),
		all:     make(map[string]*watched, len(config.Sources)),
		flying:  make(map[*watched]context.CancelFunc),
	}
	hosts := make(map[string]*host)
	for _, w := range config.Sources {
		w.Every = cmp.Or(w.Every, DefaultEvery)
		w.Of = cmp.Or(w.Of, w.Name)
		switch {
		case w.Name == "" || w.Source == nil:
			return nil, errors.New("feeds: a source needs a name and a Source")
		case p.all[w.Name] != nil:
			return nil, fmt.Errorf("feeds: there are two sources named %s", w.Name)
		case w.Every < MinEvery:
			return nil, fmt.Errorf("feeds: source %s is to be polled every %s; at least %s is possible", w.Name, w.Every, MinEvery)
		}
		name := hostOf(w)
		if hosts[name] == nil {
			hosts[name] = &host{}
		}
		p.all[w.Name] = &watched{
			Watch: w, host: hosts[name], share: share(w.Name),
			state: State{Source: w.Name, Address: w.Address},
		}
	}
	return p, nil
}

// String returns what people call w.
func (w Watch) String() string {
	if w.Feed == "" {
		return w.Of
	}
	return w.Of + " (" + w.Feed + ")"
}

// named returns the fields of a line in the log that is about w.
func (w Watch) named(fields ...any) []any {
	if w.Feed != "" {
		fields = append([]any{"feed", w.Feed}, fields...)
	}
	return append([]any{"source", w.Of}, fields...)
}

func hostOf(w Watch) string {
	if w.Host != "" {
		return w.Host
	}
	if u, err := url.Parse(w.Address); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "source " + w.Name // nothing in common with any other
}
