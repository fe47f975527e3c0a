package feeds_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/feedstest"
)

// gauge counts what goes on at once.
type gauge struct {
	mu             sync.Mutex
	now, most, all int
}

// during has a poll take d.
func (g *gauge) during(ctx context.Context, d time.Duration) error {
	g.mu.Lock()
	g.now++
	g.all++
	g.most = max(g.most, g.now)
	g.mu.Unlock()
	err := pause(ctx, d)
	g.mu.Lock()
	g.now--
	g.mu.Unlock()
	return err
}

func TestNoMoreAtOnceThanAllowed(t *testing.T) {
	simulate(t, func(t *testing.T) {
		var all gauge
		hosts := make(map[int]*gauge)
		var sources []feeds.Watch
		for i := range 400 {
			h := i % 20
			if hosts[h] == nil {
				hosts[h] = &gauge{}
			}
			sources = append(sources, feeds.Watch{Name: fmt.Sprint(i), Address: fmt.Sprintf("https://host%d.example/%d", h, i), Source: &asked{
				do: func(ctx context.Context, _ int) (feeds.Batch, error) {
					var group sync.WaitGroup
					group.Go(func() { _ = hosts[h].during(ctx, time.Second) })
					defer group.Wait()
					return feeds.Batch{}, all.during(ctx, time.Second)
				},
			}})
		}
		r := newRig(t, nil, sources)
		r.run(time.Minute)
		r.stop()
		if all.most != 16 || all.all != 400 {
			t.Errorf("%d polls, %d at once; want 400, 16 at once", all.all, all.most)
		}
		for h, g := range hosts {
			if g.most > 2 || g.all != 20 {
				t.Errorf("host %d: %d polls, %d at once; want 20, at most 2 at once", h, g.all, g.most)
			}
		}
	})
}

// Sources that fail have half of the workers, so that the others are on time
// however many of them hang.
func TestFailingSourcesKeepToTheirPlaces(t *testing.T) {
	simulate(t, func(t *testing.T) {
		var hanging gauge
		var sources []feeds.Watch
		for i := range 200 {
			sources = append(sources, feeds.Watch{Name: fmt.Sprint("bad", i), Source: &asked{
				do: func(ctx context.Context, _ int) (feeds.Batch, error) {
					_ = hanging.during(ctx, 30*time.Second)
					return feeds.Batch{}, errors.New("no answer")
				},
			}})
		}
		good := &asked{}
		sources = append(sources, feeds.Watch{Name: "good", Every: time.Minute, Source: good})
		r := newRig(t, nil, sources)
		r.run(15 * time.Minute) // until each was polled once
		hanging.mu.Lock()
		hanging.most = 0
		hanging.mu.Unlock()
		from := len(good.seen())
		r.run(12 * time.Hour)
		r.stop()
		if hanging.most != 8 {
			t.Errorf("%d that failed were polled at once, want 8", hanging.most)
		}
		polls := good.seen()[from:]
		for i := range polls[1:] {
			if gap := polls[i+1].at.Sub(polls[i].at); gap != time.Minute {
				t.Fatalf("the good one was polled %s apart", gap)
			}
		}
		for i := range 200 {
			if h := r.state(fmt.Sprint("bad", i)).Health; h.Failures < 4 {
				t.Errorf("source %d was polled %d times", i, h.Failures)
			}
		}
	})
}

// fragile is a store that fails while broken is set.
type fragile struct {
	feedstest.Memory
	mu     sync.Mutex
	broken error
}

func (f *fragile) Step(ctx context.Context, step feeds.Step) ([]feeds.Turn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken != nil {
		return nil, f.broken
	}
	return f.Memory.Step(ctx, step)
}

func (f *fragile) States(ctx context.Context) ([]feeds.State, error) {
	if f.broken != nil {
		return nil, f.broken
	}
	return f.Memory.States(ctx)
}

// While the store cannot be written nothing is polled, and what was polled
// before is written when it can.
func TestAStoreThatFails(t *testing.T) {
	simulate(t, func(t *testing.T) {
		source := &asked{}
		store := &fragile{broken: errors.New("the disk is full")}
		r := newRig(t, store, one(source))
		do := func(want error) {
			t.Helper()
			if err := r.Do(t.Context(), time.Now()); !errors.Is(err, want) {
				t.Errorf("Do: %v, want %v", err, want)
			}
			synctest.Wait()
		}
		do(store.broken)
		if next := r.Next(time.Now()); time.Until(next) != time.Second {
			t.Errorf("next in %s, want 1s", time.Until(next))
		}
		err := store.broken
		store.broken = nil
		do(nil)
		store.broken = err
		for range 3 {
			do(store.broken)
			time.Sleep(time.Second)
		}
		if len(source.seen()) != 1 || len(r.taken) != 1 {
			t.Errorf("polled %d times, taken %v", len(source.seen()), r.taken)
		}
		store.broken = nil
		do(nil)
		if s := r.state("one"); s.Cursor != "1" {
			t.Errorf("state: %+v", s)
		}
		store.broken = err
		if err := r.Drain(t.Context()); err != nil { // nothing to do, and so no error
			t.Errorf("Drain: %v", err)
		}
		time.Sleep(time.Hour)
		if e := r.Drain(t.Context()); !errors.Is(e, err) {
			t.Errorf("Drain: %v", e)
		}
		store.broken = nil
		r.stop()
	})
}

// Several processes share the polling, and what one of them was killed over is
// polled by another.
func TestReplicas(t *testing.T) {
	simulate(t, func(t *testing.T) {
		const n = 60
		store := &feedstest.Memory{}
		var polls gauge
		var hang atomic.Bool
		hang.Store(true)
		sources := make([]feeds.Watch, n)
		all := make([]*asked, n)
		for i := range sources {
			all[i] = &asked{do: func(ctx context.Context, _ int) (feeds.Batch, error) {
				if i == 0 && hang.Load() {
					<-ctx.Done() // until its process is killed
					return feeds.Batch{}, ctx.Err()
				}
				return feeds.Batch{}, polls.during(ctx, time.Second)
			}}
			sources[i] = feeds.Watch{Name: fmt.Sprint(i), Source: all[i]}
		}
		killed := newRig(t, store, sources[:1], func(c *feeds.Config) { c.Owner = "killed"; c.PollTimeout = time.Hour })
		if err := killed.Do(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		hang.Store(false)
		start := time.Now()
		var group sync.WaitGroup
		for i := range 3 {
			r := newRig(t, store, sources, func(c *feeds.Config) { c.Owner = fmt.Sprint("replica", i) })
			group.Go(func() {
				r.run(3*time.Hour + time.Minute)
				r.stop()
			})
		}
		group.Wait()
		for i, a := range all {
			got := a.seen()
			if len(got) < 12 || len(got) > 15 {
				t.Errorf("source %d was polled %d times in three hours by three", i, len(got))
			}
			for j := range got[1:] {
				if gap := got[j+1].at.Sub(got[j].at); gap < feeds.DefaultEvery/2 && i > 0 {
					t.Errorf("source %d was polled %s apart", i, gap)
				}
			}
		}
		if taken := all[0].seen()[1].at.Sub(start); taken != 5*time.Minute {
			t.Errorf("taken over after %s, want 5m", taken)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := killed.Stop(ctx); err != nil { // it saves nothing: its claim has ended
			t.Error(err)
		}
		if s := killed.state("0"); s.Health.Good.IsZero() {
			t.Errorf("the killed one's state was written: %+v", s)
		}
	})
}
