package outbox_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

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

// memory is a Store without a database, for tests under a simulated clock: it
// gives each act once and keeps what becomes of it.
type memory struct {
	acts     []outbox.Act
	outcomes []outbox.Outcome
	steps    []time.Time
	passed   []int64
}

func (m *memory) Step(_ context.Context, step outbox.Step) (outbox.Taken, error) {
	m.steps = append(m.steps, step.Now)
	m.outcomes = append(m.outcomes, step.Outcomes...)
	acts := m.acts
	m.acts = nil
	return outbox.Taken{Acts: acts, Passed: m.passed}, nil
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
		close(deaf)
	})
}

// ignoring does not care that its context ends.
type ignoring struct{ until chan struct{} }

func (i ignoring) Send(context.Context, bot.Act) (string, error) {
	<-i.until
	return "m", nil
}
