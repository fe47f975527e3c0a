package feeds_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"cloudnative.tw/herald/feeds"
)

// Sources that began together are spread over the interval, and stay where they
// are; so they are after a night without Herald.
func TestSpread(t *testing.T) {
	simulate(t, func(t *testing.T) {
		const n = 1000
		sources := make([]feeds.Watch, n)
		all := make([]*asked, n)
		for i := range sources {
			all[i] = &asked{}
			sources[i] = feeds.Watch{Name: fmt.Sprintf("source %d", i), Source: all[i]}
		}
		r := newRig(t, nil, sources)
		r.run(2 * time.Hour)
		r.stop()
		spread := func(from, poll int) {
			t.Helper()
			var tenths [10]int
			for _, a := range all {
				at := a.seen()[from+poll].at
				tenths[at.Sub(at.Truncate(feeds.DefaultEvery))*10/feeds.DefaultEvery]++
			}
			for i, got := range tenths {
				if got < n/10*7/10 || got > n/10*13/10 {
					t.Errorf("tenth %d of the interval has %d of %d polls", i, got, n)
				}
			}
		}
		spread(0, 1)
		for _, a := range all {
			polls := a.seen()
			if first := polls[1].at.Sub(polls[0].at); first < feeds.DefaultEvery/2 || first > feeds.DefaultEvery*3/2 {
				t.Fatalf("the second poll came after %s", first)
			}
			for i := range polls[2:] {
				if gap := polls[i+2].at.Sub(polls[i+1].at); gap != feeds.DefaultEvery {
					t.Fatalf("polls %d and %d are %s apart", i+1, i+2, gap)
				}
			}
		}
		time.Sleep(12 * time.Hour)
		before := len(all[0].seen())
		for _, a := range all {
			before = min(before, len(a.seen()))
		}
		r = newRig(t, r.store, sources)
		r.run(time.Hour)
		r.stop()
		spread(before, 2)
	})
}

// gaps polls a source for d and returns the times between its polls.
func gaps(t *testing.T, w feeds.Watch, source *asked, d time.Duration) []time.Duration {
	t.Helper()
	w.Name, w.Source = "one", source
	r := newRig(t, nil, []feeds.Watch{w})
	r.run(d)
	r.stop()
	var gaps []time.Duration
	polls := source.seen()
	for i := range polls[1:] {
		gaps = append(gaps, polls[i+1].at.Sub(polls[i].at))
	}
	return gaps
}

// A source is left alone as long as it asks for, and not much longer.
func TestWaits(t *testing.T) {
	for _, test := range []struct{ every, wait, low, high time.Duration }{
		{15 * time.Minute, 0, 15 * time.Minute, 15 * time.Minute},
		{15 * time.Minute, time.Minute, 15 * time.Minute, 15 * time.Minute},
		{15 * time.Minute, 15 * time.Minute, 15 * time.Minute, 19 * time.Minute},
		{15 * time.Minute, time.Hour, time.Hour, 64 * time.Minute},
		{time.Hour, time.Hour, time.Hour, 75 * time.Minute},
		{15 * time.Minute, 1000 * time.Hour, 24 * time.Hour, 24*time.Hour + 4*time.Minute},
		{time.Minute, 0, time.Minute, time.Minute},
	} {
		t.Run(fmt.Sprint(test.every, " ", test.wait), func(t *testing.T) {
			simulate(t, func(t *testing.T) {
				source := &asked{do: func(context.Context, int) (feeds.Batch, error) { return feeds.Batch{Wait: test.wait}, nil }}
				for i, gap := range gaps(t, feeds.Watch{Every: test.every}, source, 100*time.Hour) {
					if i > 0 && (gap < test.low || gap > test.high) {
						t.Fatalf("polled %s apart", gap)
					}
				}
			})
		})
	}
}

// A source that fails is asked less and less, and never given up.
func TestBackoff(t *testing.T) {
	simulate(t, func(t *testing.T) {
		source := failing(1000, errors.New("status 404"))
		got := gaps(t, feeds.Watch{}, source, 100*24*time.Hour)
		for i, want := range []time.Duration{
			15 * time.Minute, 30 * time.Minute, 15 * time.Minute, // to tell within the hour
			2 * time.Hour, 4 * time.Hour, 6 * time.Hour, 6 * time.Hour,
		} {
			if got[i] != want {
				t.Errorf("gap %d is %s, want %s", i+1, got[i], want)
			}
		}
		if n := len(source.seen()); n < 395 || n > 405 {
			t.Errorf("polled %d times in a hundred days, want one each six hours", n)
		}
	})
}

func TestBackoffIsJittered(t *testing.T) {
	simulate(t, func(t *testing.T) {
		for random, want := range map[float64]time.Duration{0: 45 * time.Minute, 1: 75 * time.Minute} {
			source := failing(1000, errors.New("status 500"))
			r := newRig(t, nil, []feeds.Watch{{Name: "one", Every: time.Hour, Source: source}}, func(c *feeds.Config) {
				c.Random = func() float64 { return random }
				c.MaxBackoff = time.Minute // never sooner than the interval
				c.TellAfter = time.Nanosecond
			})
			r.run(10 * time.Hour)
			r.stop()
			polls := source.seen()
			if gap := polls[2].at.Sub(polls[1].at); gap != want {
				t.Errorf("with %v a gap of %s, want %s", random, gap, want)
			}
		}
	})
}

// Retry-After is kept to, also where that is longer than any backoff.
func TestAFailureThatAsksForAWait(t *testing.T) {
	simulate(t, func(t *testing.T) {
		source := failing(2, &feeds.PollError{Wait: 20 * time.Hour, Err: errors.New("status 429")})
		for _, gap := range gaps(t, feeds.Watch{}, source, 48*time.Hour)[:2] {
			if gap < 20*time.Hour || gap > 20*time.Hour+4*time.Minute {
				t.Errorf("gap %s, want 20h and a little", gap)
			}
		}
	})
}

// A host that refuses is left alone with all of its sources; others are not.
func TestAHostThatRefuses(t *testing.T) {
	simulate(t, func(t *testing.T) {
		var mu sync.Mutex
		polls := 0
		refusal := &feeds.PollError{Host: true, Wait: 3 * time.Hour, Err: errors.New("status 429")}
		var sources []feeds.Watch
		for i := range 50 {
			sources = append(sources, feeds.Watch{Name: fmt.Sprint(i), Address: fmt.Sprintf("https://busy.example/%d", i), Source: &asked{
				do: func(context.Context, int) (feeds.Batch, error) {
					mu.Lock()
					defer mu.Unlock()
					polls++
					return feeds.Batch{}, refusal
				},
			}})
		}
		other := &asked{}
		sources = append(sources, feeds.Watch{Name: "other", Address: "https://other.example/", Source: other})
		r := newRig(t, nil, sources)
		r.run(2*time.Hour + 59*time.Minute)
		if polls != 2 {
			t.Errorf("a host that asked for three hours was asked %d times by 50 sources, want 2", polls)
		}
		if n := len(other.seen()); n < 11 {
			t.Errorf("the other host was asked %d times", n)
		}
		r.run(3 * time.Hour)
		r.stop()
		if polls > 6 {
			t.Errorf("asked %d times in six hours", polls)
		}
	})
}

// A host that cannot be reached is tried less and less, and all of its sources
// come back with it.
func TestAHostThatIsDown(t *testing.T) {
	simulate(t, func(t *testing.T) {
		start := time.Now()
		down := &feeds.PollError{Host: true, Err: errors.New("the connection is refused")}
		var sources []feeds.Watch
		var all []*asked
		for i := range 20 {
			a := &asked{}
			a.do = func(context.Context, int) (feeds.Batch, error) {
				if time.Since(start) < 5*time.Hour {
					return feeds.Batch{}, down
				}
				return feeds.Batch{}, nil
			}
			all = append(all, a)
			sources = append(sources, feeds.Watch{Name: fmt.Sprint(i), Address: "https://down.example/", Source: a})
		}
		r := newRig(t, nil, sources)
		r.run(5 * time.Hour)
		polls := 0
		for _, a := range all {
			polls += len(a.seen())
		}
		if polls > 30 {
			t.Errorf("a host that is down was asked %d times in five hours by 20 sources", polls)
		}
		r.run(8 * time.Hour)
		r.stop()
		for i := range all {
			if r.state(fmt.Sprint(i)).Health.Good.IsZero() {
				t.Errorf("source %d is not back", i)
			}
		}
	})
}
