package feeds_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/feedstest"
)

func TestMain(m *testing.M) {
	if os.Getenv(serverEnv) != "" {
		feedstest.ServeChanging(os.Stdin, os.Stdout)
		return
	}
	goleak.VerifyTestMain(m)
}

// asked is a Source made of a function, which is given the number of the poll.
type asked struct {
	mu    sync.Mutex
	polls []poll
	do    func(ctx context.Context, n int) (feeds.Batch, error)
}

type poll struct {
	at     time.Time
	cursor string
}

func (a *asked) Poll(ctx context.Context, _ time.Time, cursor string) (feeds.Batch, error) {
	a.mu.Lock()
	a.polls = append(a.polls, poll{time.Now(), cursor})
	n := len(a.polls)
	a.mu.Unlock()
	if a.do == nil {
		return feeds.Batch{Cursor: fmt.Sprint(n), Items: []feeds.Item{{ID: fmt.Sprint(n)}}}, nil
	}
	return a.do(ctx, n)
}

// seen returns the polls so far.
func (a *asked) seen() []poll {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.polls
}

// failing returns a Source that fails in the first n polls.
func failing(n int, err error) *asked {
	return &asked{do: func(_ context.Context, i int) (feeds.Batch, error) {
		if i <= n {
			return feeds.Batch{}, err
		}
		return feeds.Batch{Unchanged: true, Cursor: "good"}, nil
	}}
}

// rig is a Poller with all that it needs, under the clock of testing/synctest.
type rig struct {
	*feeds.Poller
	t     *testing.T
	store feeds.StateStore

	taken   []string // source and item
	refuse  error    // what Take answers
	notices []feeds.Notice
	untold  error // what Tell answers
	log     lines
}

// Take is the rig's Taker.
func (r *rig) Take(_ context.Context, _ time.Time, source string, b feeds.Batch) error {
	if r.refuse != nil {
		return r.refuse
	}
	for _, item := range b.Items {
		r.taken = append(r.taken, source+" "+item.ID)
	}
	return nil
}

// Tell is the rig's Teller.
func (r *rig) Tell(_ context.Context, _ time.Time, n feeds.Notice) error {
	if r.untold == nil {
		r.notices = append(r.notices, n)
	}
	return r.untold
}

// lines is a log as a list of lines.
type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, strings.TrimSpace(string(p)))
	return len(p), nil
}

// about returns the lines with each of words.
func (l *lines) about(words ...string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []string
next:
	for _, line := range l.all {
		for _, word := range words {
			if !strings.Contains(line, word) {
				continue next
			}
		}
		found = append(found, line)
	}
	return found
}

// newRig returns a rig that polls sources from a store, which may be nil for an
// empty one.
func newRig(t *testing.T, store feeds.StateStore, sources []feeds.Watch, change ...func(*feeds.Config)) *rig {
	t.Helper()
	if store == nil {
		store = &feedstest.Memory{}
	}
	r := &rig{t: t, store: store}
	config := feeds.Config{
		Sources: sources, Store: store, Taker: r, Teller: r, Owner: "rig",
		Random: func() float64 { return 0.5 }, Log: slog.New(slog.NewTextHandler(&r.log, nil)),
	}
	for _, c := range change {
		c(&config)
	}
	p, err := feeds.New(config)
	if err != nil {
		t.Fatal(err)
	}
	r.Poller = p
	return r
}

// run is the loop of a program, for d.
func (r *rig) run(d time.Duration) {
	end := time.NewTimer(d)
	defer end.Stop()
	for {
		now := time.Now()
		if !r.Next(now).After(now) {
			if err := r.Do(r.t.Context(), now); err != nil && r.refuse == nil {
				r.t.Errorf("Do: %v", err)
			}
			continue
		}
		due := time.NewTimer(time.Until(r.Next(now)))
		select {
		case <-r.Changed():
		case <-due.C:
		case <-end.C:
			due.Stop()
			return
		}
		due.Stop()
	}
}

// stop ends the rig as a program does.
func (r *rig) stop() {
	r.t.Helper()
	if err := r.Stop(context.Background()); err != nil {
		r.t.Errorf("Stop: %v", err)
	}
}

// state returns what the store knows of a source.
func (r *rig) state(name string) feeds.State {
	r.t.Helper()
	states, err := r.store.States(context.Background())
	if err != nil {
		r.t.Fatal(err)
	}
	for _, s := range states {
		if s.Source == name {
			return s
		}
	}
	r.t.Fatalf("%s is not known", name)
	return feeds.State{}
}

// simulate runs a test under a clock of its own.
func simulate(t *testing.T, test func(t *testing.T)) { synctest.Test(t, test) }

// one returns a list of one source, of a host of its own.
func one(s feeds.Source) []feeds.Watch {
	return []feeds.Watch{{Name: "one", Address: "https://one.example/feed", Source: s}}
}
