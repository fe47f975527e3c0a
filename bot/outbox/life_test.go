package outbox_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// failing is a store whose steps fail while broken is set.
type failing struct {
	outbox.Store
	broken atomic.Bool
}

var errDisk = errors.New("the disk is full")

func (f *failing) Step(ctx context.Context, step outbox.Step) (outbox.Taken, error) {
	if f.broken.Load() {
		return outbox.Taken{}, errDisk
	}
	return f.Store.Step(ctx, step)
}

// While the store cannot be written nothing is sent, and what was sent before
// is written when it can.
func TestAStoreThatFails(t *testing.T) {
	p := &platform{}
	var f failing
	d := newDesk(t, p, func(c *outbox.Config) {
		f.Store = c.Store
		c.Store = &f
	})
	d.owe(channel("a"), "1", "2")
	<-d.Changed() // by owe
	if err := d.Do(t.Context(), d.now); err != nil {
		t.Fatal(err)
	}
	<-d.Changed() // by the act that ended
	f.broken.Store(true)
	for range 3 {
		if err := d.Do(t.Context(), d.now); !errors.Is(err, errDisk) {
			t.Fatalf("Do on a broken store: %v", err)
		}
		if next := d.Next(d.now); !next.Equal(d.now.Add(time.Second)) {
			t.Fatalf("next in %s, want 1s", next.Sub(d.now))
		}
		d.now = d.now.Add(time.Second)
	}
	d.want("1 sending", "2 owed")
	f.broken.Store(false)
	d.drain()
	d.want("1 sent", "2 sent")
	if got := len(p.said()); got != 2 {
		t.Errorf("said %d things, want 2", got)
	}
}

// mute is a store whose next step is done, but nobody hears of it: the connection
// breaks before the commit is answered.
type mute struct {
	outbox.Store
	once bool
}

func (m *mute) Step(ctx context.Context, step outbox.Step) (outbox.Taken, error) {
	taken, err := m.Store.Step(ctx, step)
	if m.once && err == nil {
		m.once = false
		return outbox.Taken{}, errors.New("the connection broke")
	}
	return taken, err
}

func TestAStoreThatDoesNotAnswerOfACommit(t *testing.T) {
	for _, tt := range []struct {
		name    string
		outcome bool // it is the commit of an outcome, and not of what is taken
		err     error
		want    []string
		told    int
	}{
		{"what was taken is not in doubt", false, nil, []string{"a sent", "b sent"}, 0},
		{"what was sent", true, nil, []string{"a sent", "b sent"}, 0},
		{"a person is told", true, bot.ErrUnknownOutcome, []string{"a uncertain", "b uncertain"}, 2},
		{"once", true, bot.ErrPermanent, []string{"a failed", "b failed"}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &platform{fail: func(bot.Act, int) error { return tt.err }}
			m, told := mute{once: !tt.outcome}, 0
			d := newDesk(t, p, func(c *outbox.Config) {
				m.Store = c.Store
				c.Store = &m
				c.Tell = func(outbox.Act, outbox.Outcome) { told++ }
			})
			d.owe(channel("a"), "a")
			if tt.outcome {
				d.begin()
				m.once = true
			}
			d.owe(channel("b"), "b")
			if err := d.Do(t.Context(), d.now); err == nil || m.once {
				t.Fatalf("Do of a store that does not answer: %v", err)
			}
			d.now = d.now.Add(time.Second)
			d.drain()
			d.want(tt.want...)
			if told != tt.told {
				t.Errorf("told %d times, want %d", told, tt.told)
			}
			for subject, n := range p.calls {
				if n != 1 {
					t.Errorf("%s was tried %d times", subject, n)
				}
			}
		})
	}
}

// An answer of a page is heard of in spite of that, too.
func TestAStoreThatDoesNotAnswerOfAPage(t *testing.T) {
	var m mute
	var told []string
	d, _, _ := newSite(t, func(c *outbox.Config) {
		m.Store = c.Store
		c.Store = &m
		c.Tell = func(act outbox.Act, out outbox.Outcome) { told = append(told, act.Subject+" "+string(out.State)) }
	})
	d.link(0, bot.HoldMissing, "a")
	d.begin()
	m.once = true
	if err := d.Do(t.Context(), d.now); err == nil {
		t.Fatal("the store answered")
	}
	d.now = d.now.Add(time.Second)
	d.drain()
	d.want("page in a held")
	if diff := cmp.Diff([]string{"page in a held"}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// stopping is a store during whose step the bot is asked to stop.
type stopping struct {
	outbox.Store
	stop context.CancelFunc
}

func (s stopping) Step(ctx context.Context, step outbox.Step) (outbox.Taken, error) {
	s.stop()
	if err := ctx.Err(); err != nil { // of a commit PostgreSQL may do this and that
		s.Store.Step(context.WithoutCancel(ctx), step)
		return outbox.Taken{}, err
	}
	return s.Store.Step(ctx, step)
}

// That a bot stops while it takes something leaves nothing that nobody carries
// out.
func TestStopDuringAStep(t *testing.T) {
	p := &platform{}
	ctx, cancel := context.WithCancel(t.Context())
	d := newDesk(t, p, func(c *outbox.Config) { c.Store = stopping{c.Store, cancel} })
	d.owe(channel("a"), "1", "2")
	if err := d.Do(ctx, d.now); err != nil {
		t.Fatal(err)
	}
	if err := d.Do(ctx, d.now); !errors.Is(err, context.Canceled) {
		t.Errorf("Do once it is to stop: %v", err)
	}
	if err := d.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	d.want("1 sent", "2 owed")
}

// silence is a store that says nothing any more, and never a word of why.
type silence struct{ outbox.Store }

func (silence) Step(ctx context.Context, _ outbox.Step) (outbox.Taken, error) {
	<-ctx.Done()
	return outbox.Taken{}, ctx.Err()
}

func TestAStoreThatFallsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, err := outbox.New(outbox.Config{Store: silence{}, Owner: "test", Senders: map[bot.Platform]outbox.Sender{bot.Console: &platform{}}})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if err := o.Do(t.Context(), start); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Do: %v", err)
		}
		if took := time.Since(start); took >= 10*time.Second {
			t.Errorf("it took %s to see that, and the lease is over", took)
		}
	})
}

func TestStopWaitsForWhatIsInFlight(t *testing.T) {
	hold := make(chan struct{})
	p := &platform{}
	d := newDesk(t, blocking{p, hold})
	d.owe(channel("slow"), "1", "2")
	if err := d.Do(t.Context(), d.now); err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error)
	go func() { stopped <- d.Stop(context.Background()) }()
	close(hold)
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	d.want("1 sent", "2 owed")
}

func TestStopAbandonsWhatTakesTooLong(t *testing.T) {
	p := &platform{}
	d := newDesk(t, blocking{p, nil})
	d.owe(channel("slow"), "1", "2")
	if err := d.Do(t.Context(), d.now); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := d.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	d.want("1 uncertain", "2 owed")
}

// asked is a platform whose posts hang, and that knows whether it has them.
type asked struct {
	stuck
	confirm func(context.Context) (string, error)
}

func (a asked) Confirm(ctx context.Context, _ bot.Act) (string, error) { return a.confirm(ctx) }

func TestStopAsksAboutWhatItAbandons(t *testing.T) {
	for _, tt := range []struct {
		name    string
		confirm func(context.Context) (string, error)
		want    outbox.State
		took    time.Duration
	}{
		{"a platform that knows", func(ctx context.Context) (string, error) { return "m", ctx.Err() }, outbox.Sent, time.Second},
		{"one that does not say", func(ctx context.Context) (string, error) { <-ctx.Done(); return "", ctx.Err() }, outbox.Uncertain, 2500 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &memory{acts: []outbox.Act{{ID: 1, Fence: 1, Attempts: 1, Act: bot.Act{Kind: bot.Post, Key: bot.Key{Address: channel("a")}}}}}
				o, err := outbox.New(outbox.Config{
					Store: m, Owner: "test", Senders: map[bot.Platform]outbox.Sender{bot.Console: asked{confirm: tt.confirm}},
				})
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				if err := o.Do(t.Context(), start); err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				if err := o.Stop(ctx); err != nil {
					t.Fatal(err)
				}
				if len(m.outcomes) != 1 || m.outcomes[0].State != tt.want || time.Since(start) != tt.took {
					t.Errorf("after %s: %+v, want %s after %s", time.Since(start), m.outcomes, tt.want, tt.took)
				}
			})
		})
	}
}

// memory is a Store without a database, for tests under a simulated clock: it
// gives each act once and keeps what becomes of it.
type memory struct {
	acts     []outbox.Act
	outcomes []outbox.Outcome
	steps    []time.Time
	passed   []int64
	due      time.Time
	takes    map[bot.Platform]int // by the last step
}

func (m *memory) Step(_ context.Context, step outbox.Step) (outbox.Taken, error) {
	m.steps, m.takes = append(m.steps, step.Now), step.Take
	m.outcomes = append(m.outcomes, step.Outcomes...)
	acts := m.acts
	m.acts = nil
	return outbox.Taken{Acts: acts, Passed: m.passed, Due: m.due}, nil
}

func (m *memory) Release(context.Context, string) error { return nil }

// stuck ignores nothing but waits for its context.
type stuck struct{}

func (stuck) Send(ctx context.Context, _ bot.Act) (string, error) {
	<-ctx.Done()
	return "", ctx.Err()
}

// The loop of a program over Next, Do and Changed: it looks at the store every
// fifth of a lease, and no call takes longer than it may.
func TestTheLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{acts: []outbox.Act{{ID: 1, Fence: 1, Attempts: 1, Act: bot.Act{Kind: bot.Post, Key: bot.Key{Address: channel("a")}}}}}
		o, err := outbox.New(outbox.Config{Store: m, Owner: "test", Senders: map[bot.Platform]outbox.Sender{bot.Console: stuck{}}})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		for time.Since(start) < time.Minute {
			if err := o.Do(t.Context(), time.Now()); err != nil {
				t.Fatal(err)
			}
			select {
			case <-o.Changed():
			case <-time.After(time.Until(o.Next(time.Now()))):
			}
		}
		// Every 2 s; the call ends as one of those looks is due, before it or after.
		if n := len(m.steps); n != 31 && n != 32 {
			t.Errorf("looked %d times in a minute, want 31 or 32", n)
		}
		if len(m.outcomes) != 1 || m.outcomes[0].State != outbox.Uncertain || m.outcomes[0].At.Sub(start) != 30*time.Second {
			t.Errorf("outcomes: %+v", m.outcomes)
		}
	})
}

// A clock that is set back an hour does not make the loop sleep for as long: what
// falls due is known by the monotonic clock, although the store knows only the
// other one.
func TestWhatFallsDueWhileTheClockIsSet(t *testing.T) {
	now := time.Now()
	m := &memory{due: time.UnixMilli(now.UnixMilli() + 500)}
	o, err := outbox.New(outbox.Config{Store: m, Owner: "test", Senders: map[bot.Platform]outbox.Sender{bot.Console: &platform{}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Do(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	next := o.Next(now)
	if !next.Round(0).Equal(m.due) {
		t.Errorf("next at %s, want %s", next, m.due)
	}
	if !strings.Contains(next.String(), " m=") {
		t.Errorf("next at %s is a time of the wall clock alone", next)
	}
}

// A program that drains renews its lease while a call takes long.
func TestDrainKeepsItsLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{acts: []outbox.Act{{ID: 1, Fence: 1, Attempts: 1, Act: bot.Act{Kind: bot.Post, Key: bot.Key{Address: channel("a")}}}}}
		o, err := outbox.New(outbox.Config{Store: m, Owner: "test", Senders: map[bot.Platform]outbox.Sender{bot.Console: stuck{}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := o.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(m.outcomes) != 1 {
			t.Errorf("outcomes: %+v", m.outcomes)
		}
		for i, at := range m.steps[1:] {
			if silence := at.Sub(m.steps[i]); silence > 5*time.Second {
				t.Errorf("it did not look at the store for %s", silence)
			}
		}
	})
}

func TestDrainEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{acts: []outbox.Act{{ID: 1, Fence: 1, Attempts: 1, Act: bot.Act{Kind: bot.Post, Key: bot.Key{Address: channel("a")}}}}}
		o, err := outbox.New(outbox.Config{Store: m, Owner: "test", Senders: map[bot.Platform]outbox.Sender{bot.Console: stuck{}}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if err := o.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("Drain: %v after %s", err, time.Since(start))
		}
		if err := o.Stop(ctx); err != nil || len(m.outcomes) != 1 {
			t.Errorf("outcomes: %+v, error %v", m.outcomes, err)
		}
	})
}

func TestStopIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		deaf := make(chan struct{})
		m := &memory{acts: []outbox.Act{{ID: 1, Fence: 1, Act: bot.Act{Kind: bot.Post, Key: bot.Key{Address: channel("a")}}}}}
		o, err := outbox.New(outbox.Config{Store: m, Owner: "test", Senders: map[bot.Platform]outbox.Sender{bot.Console: ignoring{deaf}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := o.Do(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := o.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("stopping took %s, want 3s", took)
		}
		if len(m.takes) != 0 { // not even with an act that is still in flight
			t.Errorf("the last step takes %v", m.takes)
		}
		close(deaf)
	})
}

// ignoring does not care that its context ends.
type ignoring struct{ until chan struct{} }

func (i ignoring) Send(context.Context, bot.Act) (string, error) {
	<-i.until
	return "m", nil
}
