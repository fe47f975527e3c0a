package feeds_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/feedstest"
)

func TestNewRefusesWhatCannotWork(t *testing.T) {
	source := &asked{}
	good := func() feeds.Config {
		return feeds.Config{Store: &feedstest.Memory{}, Taker: &rig{}, Owner: "o", Sources: []feeds.Watch{{Name: "a", Source: source}}}
	}
	if _, err := feeds.New(good()); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*feeds.Config){
		"a store, a taker and an owner are needed": func(c *feeds.Config) { c.Owner = "" },
		"a source needs a name and a Source":       func(c *feeds.Config) { c.Sources[0].Source = nil },
		"there are two sources named a":            func(c *feeds.Config) { c.Sources = append(c.Sources, c.Sources[0]) },
		"at least 1m0s is possible":                func(c *feeds.Config) { c.Sources[0].Every = time.Second },
	} {
		c := good()
		spoil(&c)
		if _, err := feeds.New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// A cursor moves only after what came with it was taken in.
func TestTheCursorMovesAfterTheTaker(t *testing.T) {
	simulate(t, func(t *testing.T) {
		source := &asked{}
		r := newRig(t, nil, one(source))
		r.refuse = errors.New("the disk is full")
		r.run(time.Second)
		if err := r.Do(t.Context(), time.Now()); err != nil {
			t.Errorf("the error came twice: %v", err)
		}
		if s := r.state("one"); s.Cursor != "" || s.Health != (feeds.Health{}) || time.Until(s.Due) > time.Minute {
			t.Errorf("after a taker that failed: %+v", s)
		}
		r.run(10 * time.Minute)
		if n := len(source.seen()); n != 4 { // at 0, 1, 3 and 7 minutes
			t.Errorf("polled %d times while nothing could be taken in, want 4", n)
		}
		r.refuse = nil
		r.run(time.Hour)
		r.stop()
		for i, p := range source.seen() {
			want := ""
			if i > 4 {
				want = fmt.Sprint(i)
			}
			if p.cursor != want {
				t.Errorf("poll %d had cursor %q, want %q", i+1, p.cursor, want)
			}
		}
		if r.taken[0] != "one 5" || len(r.taken) != len(source.seen())-4 {
			t.Errorf("taken: %v of %d polls", r.taken, len(source.seen()))
		}
		if got := r.state("one").Cursor; got != fmt.Sprint(len(source.seen())) {
			t.Errorf("cursor %q", got)
		}
	})
}

// What was unchanged moves the cursor, once the taker knows that it was read.
func TestUnchanged(t *testing.T) {
	simulate(t, func(t *testing.T) {
		r := newRig(t, nil, one(failing(0, nil)))
		r.refuse = errors.New("the disk is full")
		r.run(time.Second)
		if s := r.state("one"); s.Cursor != "" {
			t.Errorf("state: %+v", s)
		}
		r.refuse = nil
		r.run(2 * time.Minute)
		r.stop()
		s := r.state("one")
		if s.Cursor != "good" || !s.Health.Changed.IsZero() || s.Health.Good.IsZero() {
			t.Errorf("state: %+v", s)
		}
	})
}

// A cursor that no store can keep is a mistake of the source's, not of the
// store's.
func TestACursorThatCannotBeKept(t *testing.T) {
	for name, cursor := range map[string]string{"long": strings.Repeat("x", 4097), "not UTF-8": "\xff", "NUL": "\x00"} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T) {
				r := newRig(t, nil, one(&asked{do: func(context.Context, int) (feeds.Batch, error) { return feeds.Batch{Cursor: cursor}, nil }}))
				r.run(time.Second)
				r.stop()
				if got := r.state("one").Cursor; got != "" || len(r.log.about("cursor cannot be kept")) != 1 {
					t.Errorf("cursor %q, log %q", got, r.log.all)
				}
			})
		})
	}
}

func TestARestartPollsNothingEarly(t *testing.T) {
	simulate(t, func(t *testing.T) {
		source := &asked{}
		first := newRig(t, nil, one(source))
		first.run(time.Minute)
		first.stop()
		due := first.state("one").Due
		second := newRig(t, first.store, one(source))
		second.run(time.Until(due) - time.Second)
		if n := len(source.seen()); n != 1 {
			t.Errorf("polled %d times before it was due, want 1", n)
		}
		second.run(2 * time.Second)
		second.stop()
		polls := source.seen()
		if len(polls) != 2 || !polls[1].at.Equal(due) || polls[1].cursor != "1" {
			t.Errorf("polls: %v, due %s", polls, due)
		}
	})
}

// Sources are known again by name or by address.
func TestKnownAgain(t *testing.T) {
	simulate(t, func(t *testing.T) {
		source := &asked{}
		r := newRig(t, nil, one(source))
		r.run(time.Second)
		r.stop()
		renamed := newRig(t, r.store, []feeds.Watch{{Name: "new", Address: "https://one.example/feed", Source: source}})
		renamed.run(time.Second)
		if n := len(source.seen()); n != 1 {
			t.Errorf("a new name alone had it polled")
		}
		renamed.run(time.Hour)
		renamed.stop()
		if p := source.seen()[1]; p.cursor != "1" {
			t.Errorf("cursor %q under the new name", p.cursor)
		}
		second := &asked{} // a second name for it knows nothing
		both := newRig(t, r.store, []feeds.Watch{
			{Name: "new", Address: "https://one.example/feed", Source: source}, {Name: "second", Address: "https://one.example/feed", Source: second},
		})
		both.run(time.Second)
		both.stop()
		if p := second.seen(); len(p) != 1 || p[0].cursor != "" {
			t.Errorf("a second name for the same address: %v", p)
		}
		before := len(source.seen())
		moved := newRig(t, r.store, []feeds.Watch{{Name: "new", Address: "https://elsewhere.example/feed", Source: source}})
		moved.run(time.Second)
		moved.stop()
		if got := source.seen()[before:]; len(got) != 1 || got[0].cursor != "" {
			t.Errorf("at a new address: %v", got)
		}
		if s := moved.state("new"); s.Address != "https://elsewhere.example/feed" {
			t.Errorf("state: %+v", s)
		}
	})
}

// A panic costs the poll it is in.
func TestPanics(t *testing.T) {
	simulate(t, func(t *testing.T) {
		bad := &asked{do: func(context.Context, int) (feeds.Batch, error) { panic("a nil somewhere") }}
		good := &asked{}
		r := newRig(t, nil, []feeds.Watch{{Name: "bad", Source: bad}, {Name: "good", Source: good}})
		r.run(time.Hour)
		r.stop()
		if s := r.state("bad"); s.Health.Failures != len(bad.seen()) || s.Health.Err != "panic: a nil somewhere" {
			t.Errorf("health: %+v", s.Health)
		}
		if r.state("good").Health.Good.IsZero() || len(r.log.about("panicked", "stack=")) != len(bad.seen()) {
			t.Errorf("log: %q", r.log.all)
		}
	})
}

func TestAPanicOfTheTaker(t *testing.T) {
	simulate(t, func(t *testing.T) {
		source := &asked{}
		r := newRig(t, nil, one(source), func(c *feeds.Config) { c.Taker = panicking{} })
		if err := r.Do(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if err := r.Stop(t.Context()); err == nil || !strings.Contains(err.Error(), "taking in what one brought: panic: oh") {
			t.Errorf("error %v", err)
		}
		if s := r.state("one"); s.Cursor != "" || s.Health.Failures != 0 {
			t.Errorf("state: %+v", s)
		}
	})
}

type panicking struct{}

func (panicking) Take(context.Context, time.Time, string, feeds.Batch) error { panic("oh") }

// A poll that takes too long ends, and says so.
func TestPollTimeout(t *testing.T) {
	simulate(t, func(t *testing.T) {
		source := &asked{do: func(ctx context.Context, _ int) (feeds.Batch, error) {
			<-ctx.Done()
			return feeds.Batch{}, fmt.Errorf("asking: %w", ctx.Err())
		}}
		r := newRig(t, nil, one(source))
		r.run(3 * time.Minute)
		r.stop()
		if got := r.state("one").Health.Err; got != "nothing came within 2m0s" {
			t.Errorf("health says %q", got)
		}
	})
}

func TestDrain(t *testing.T) {
	simulate(t, func(t *testing.T) {
		var sources []feeds.Watch
		for i := range 40 {
			sources = append(sources, feeds.Watch{Name: fmt.Sprint(i), Address: "https://one.example/" + fmt.Sprint(i), Source: &asked{}})
		}
		slow := &asked{do: func(ctx context.Context, _ int) (feeds.Batch, error) {
			return feeds.Batch{}, pause(ctx, 10*time.Second)
		}}
		sources = append(sources, feeds.Watch{Name: "slow", Source: slow})
		r := newRig(t, nil, sources)
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(r.taken) != 40 || len(slow.seen()) != 1 || r.state("slow").Health.Good.IsZero() {
			t.Errorf("taken: %v", r.taken)
		}
		if err := r.Drain(t.Context()); err != nil || len(slow.seen()) != 1 {
			t.Errorf("drained again: %v", err)
		}
		r.stop()
	})
}

func TestDrainEnds(t *testing.T) {
	simulate(t, func(t *testing.T) {
		slow := &asked{do: func(ctx context.Context, _ int) (feeds.Batch, error) { return feeds.Batch{}, pause(ctx, time.Hour) }}
		r := newRig(t, nil, one(slow))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := r.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		if err := r.Stop(ctx); err != nil {
			t.Error(err)
		}
		refusing := newRig(t, nil, one(&asked{}))
		refusing.refuse = errors.New("the disk is full")
		if err := refusing.Drain(t.Context()); !errors.Is(err, refusing.refuse) {
			t.Errorf("error %v", err)
		}
		refusing.refuse = nil
		refusing.stop()
	})
}

// pause waits unless ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestStop(t *testing.T) {
	for name, test := range map[string]struct {
		takes, patience, want time.Duration
		cursor                string
	}{
		"waits for what is in flight":    {takes: 5 * time.Second, patience: 10 * time.Second, want: 5 * time.Second, cursor: "came"},
		"abandons what takes too long":   {takes: time.Minute, patience: 10 * time.Second, want: 10 * time.Second},
		"has a bound for what is deaf":   {takes: -1, patience: time.Second, want: 3 * time.Second},
		"has nothing to wait for at all": {takes: 0, patience: time.Second, cursor: "came"},
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T) {
				deaf := make(chan struct{})
				source := &asked{do: func(ctx context.Context, _ int) (feeds.Batch, error) {
					if test.takes < 0 {
						<-deaf
						return feeds.Batch{}, nil
					}
					return feeds.Batch{Cursor: "came"}, pause(ctx, test.takes)
				}}
				r := newRig(t, nil, one(source))
				if err := r.Do(t.Context(), time.Now()); err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), test.patience)
				defer cancel()
				if err := r.Stop(ctx); err != nil {
					t.Error(err)
				}
				if took := time.Since(start); took != test.want {
					t.Errorf("stopping took %s, want %s", took, test.want)
				}
				// An abandoned poll is nobody's failure, and due for the next process.
				if diff := cmp.Diff(test.cursor, r.state("one").Cursor); diff != "" || r.state("one").Health.Failures != 0 {
					t.Errorf("state %+v", r.state("one"))
				}
				close(deaf)
			})
		})
	}
}
