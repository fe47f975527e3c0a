package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// leaseTable keeps one lease in memory, as a store does.
type leaseTable struct {
	mu     sync.Mutex
	owner  string
	until  time.Time
	broken error
	silent bool // it says nothing more
}

func (l *leaseTable) Lead(ctx context.Context, _, owner string, now, until time.Time) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.silent {
		l.mu.Unlock()
		<-ctx.Done()
		l.mu.Lock()
		return false, ctx.Err()
	}
	if l.broken != nil {
		return false, l.broken
	}
	if l.owner != owner && l.until.After(now) {
		return false, nil
	}
	l.owner, l.until = owner, until
	return true, nil
}

func (l *leaseTable) set(change func(*leaseTable)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(l)
}

// duty is what a leader does, and writes down when.
type duty struct {
	mu          sync.Mutex
	began, over []time.Time
}

func (d *duty) do(ctx context.Context) error {
	d.note(&d.began)
	<-ctx.Done()
	d.note(&d.over)
	return nil
}

func (d *duty) note(when *[]time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	*when = append(*when, time.Now())
}

// does tells whether it is being done.
func (d *duty) does() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.began) > len(d.over)
}

// leading begins a leader that ends with the returned function, after which it
// answers what run returned.
func leading(table *leaseTable, owner string, do func(context.Context) error) (end func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	l := leader{leases: table, name: "commands", owner: owner, now: time.Now, log: slog.New(slog.DiscardHandler)}
	go func() { ended <- l.run(ctx, do) }()
	synctest.Wait()
	return func() error { cancel(); return <-ended }
}

func TestNoTwoProcessesAreOneOwner(t *testing.T) {
	now := time.Now()
	if one, two := newOwner(now), newOwner(now); one == two {
		t.Errorf("two processes that begin at once are %s", one)
	}
}

func passes(d time.Duration) { time.Sleep(d); synctest.Wait() }

func TestOneOfTwoLeads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var table leaseTable
		var first, second duty
		endFirst := leading(&table, "a", first.do)
		endSecond := leading(&table, "b", second.do)
		passes(time.Hour)
		if !first.does() || second.does() {
			t.Fatalf("after an hour: the first %v, the second %v", first.does(), second.does())
		}
		if err := endFirst(); err != nil { // it ends without a word to the other, as in a kill
			t.Error(err)
		}
		passes(leadFor + leadAgain)
		if first.does() || !second.does() {
			t.Errorf("after its end: the first %v, the second %v", first.does(), second.does())
		}
		if err := endSecond(); err != nil || second.does() {
			t.Errorf("it ended with %v, and goes on: %v", err, second.does())
		}
	})
}

func TestLeaderStopsWhenAnotherLeads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var table leaseTable
		var d duty
		end := leading(&table, "a", d.do)
		table.set(func(l *leaseTable) { l.owner, l.until = "b", time.Now().Add(leadFor) })
		passes(leadAgain)
		if d.does() {
			t.Error("two answer the same commands")
		}
		passes(leadFor + leadAgain)
		if !d.does() {
			t.Error("it has not begun again after the other's end")
		}
		if err := end(); err != nil {
			t.Error(err)
		}
	})
}

func TestLeaderOverAStoreInTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var table leaseTable
		var d duty
		end := leading(&table, "a", d.do)
		broken := errors.New("the store is away")
		table.set(func(l *leaseTable) { l.broken = broken })
		passes(leadAgain + leadAgain/2)
		table.set(func(l *leaseTable) { l.broken = nil })
		passes(time.Minute)
		if !d.does() || len(d.began) != 1 {
			t.Error("a short trouble ended it")
		}
		table.set(func(l *leaseTable) { l.broken = broken })
		passes(leadFor)
		if d.does() {
			t.Error("it goes on although another may lead by now")
		}
		table.set(func(l *leaseTable) { l.broken = nil })
		passes(leadAgain)
		if !d.does() {
			t.Error("it has not begun again")
		}
		if err := end(); err != nil {
			t.Error(err)
		}
	})
}

// A leader whose store says nothing more stops before its lease is over.
func TestLeaderOverAStoreThatFallsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var table leaseTable
		var d duty
		end := leading(&table, "a", d.do)
		passes(time.Minute)
		table.set(func(l *leaseTable) { l.silent = true })
		passes(leadFor)
		if d.does() || d.over[0].After(table.until) {
			t.Errorf("it goes on after its lease, which was until %s: %v", table.until, d.over)
		}
		table.set(func(l *leaseTable) { l.silent = false })
		passes(2 * leadAgain) // what it asked before is in vain
		if !d.does() {
			t.Error("it has not begun again")
		}
		if err := end(); err != nil {
			t.Error(err)
		}
	})
}

// Another answers within the time that the README promises.
func TestAnotherLeadsWithin15Seconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var table leaseTable
		var d duty
		killed := time.Now()
		table.owner, table.until = "killed", killed.Add(leadFor)
		passes((leadFor - time.Nanosecond) % leadAgain) // so that it asks just before the lease is over
		end := leading(&table, "a", d.do)
		passes(time.Minute)
		if took := d.began[0].Sub(killed); took >= 15*time.Second {
			t.Errorf("it took %s", took)
		}
		if err := end(); err != nil {
			t.Error(err)
		}
	})
}

func TestLeaderReturnsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		want := errors.New("it cannot begin")
		end := leading(new(leaseTable), "a", func(context.Context) error { return want })
		passes(time.Second)
		if err := end(); !errors.Is(err, want) {
			t.Errorf("run() = %v, want %v", err, want)
		}
	})
}

func TestLeaderWaitsForWhatHasBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		last := false
		end := leading(new(leaseTable), "a", func(ctx context.Context) error {
			<-ctx.Done()
			time.Sleep(5 * time.Second) // an answer on its way
			last = true
			return nil
		})
		if err := end(); err != nil || !last {
			t.Errorf("run() = %v before its last answer: %v", err, !last)
		}
	})
}
