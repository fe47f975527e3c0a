package feeds_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudnative.tw/herald/feeds"
)

// news is a source of two feeds, each on a host of its own.
func news(good, bad feeds.Source) []feeds.Watch {
	return []feeds.Watch{
		{Name: "news/1", Of: "news", Feed: "bad", Address: "https://bad.example/feed", Source: bad},
		{Name: "news/2", Of: "news", Feed: "good", Address: "https://good.example/feed", Source: good},
	}
}

// One feed of a source that hangs or whose host refuses all costs the others
// nothing.
func TestOneFeedOfASourceIsNoneOfTheOthersBusiness(t *testing.T) {
	for name, bad := range map[string]func(context.Context) error{
		"hangs":            func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"its host refuses": func(context.Context) error { return &feeds.PollError{Host: true, Err: errors.New("status 429")} },
		"is gone":          func(context.Context) error { return &feeds.PollError{Gone: true, Err: errors.New("status 410")} },
		"panics":           func(context.Context) error { panic("at the feed") },
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T) {
				good := &asked{}
				r := newRig(t, nil, news(good, &asked{do: func(ctx context.Context, _ int) (feeds.Batch, error) {
					return feeds.Batch{}, bad(ctx)
				}}))
				r.run(10 * time.Hour)
				r.stop()
				if n := len(good.seen()); n < 40 {
					t.Errorf("the other feed was polled %d times in 10 hours", n)
				}
				if got := r.taken[0]; got != "news 1" {
					t.Errorf("taken: %q", got)
				}
				if h := r.state("news/2").Health; h.Failures != 0 || r.state("news/1").Health.Failures == 0 {
					t.Errorf("health of the other: %+v", h)
				}
			})
		})
	}
}

// It is told of a feed which of its source's it is, after the stated time, and
// each thing once, whatever words it fails in.
func TestWhatIsToldOfOneFeedOfASource(t *testing.T) {
	simulate(t, func(t *testing.T) {
		var broken switched
		r := newRig(t, nil, news(&asked{}, broken.source()))
		r.run(time.Hour)
		for _, words := range []string{"status 500", "status 502"} {
			broken.fail(errors.New(words))
			r.run(20 * time.Hour)
		}
		broken.fail(errors.New("status 404"))
		r.run(48 * time.Hour)
		broken.mend()
		r.run(24 * time.Hour)
		r.stop()
		want := []feeds.Notice{
			{Source: "news", Feed: "bad", Kind: feeds.Failing, Text: "status 502"},
			{Source: "news", Feed: "bad", Kind: feeds.Recovered},
		}
		if diff := cmp.Diff(want, r.notices, cmpopts.IgnoreFields(feeds.Notice{}, "Since")); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		if n := len(r.log.about("source=news", "feed=bad", "status 404")); n != 1 {
			t.Errorf("%d lines in the log: %q", n, r.log.all)
		}
	})
}

// What is new in a feed after an outage appeared since that began, whatever the
// others of its source brought meanwhile.
func TestEachFeedHasItsOwnLast(t *testing.T) {
	simulate(t, func(t *testing.T) {
		var broken switched
		source := broken.source()
		bad := &asked{do: func(ctx context.Context, n int) (feeds.Batch, error) {
			b, err := source.do(ctx, n)
			b.Origin = "bad"
			return b, err
		}}
		var lasts []time.Time // of the batches of that feed
		r := newRig(t, nil, news(&asked{}, bad), func(c *feeds.Config) {
			c.Taker = takes(func(b feeds.Batch) {
				if b.Origin == "bad" {
					lasts = append(lasts, b.Last)
				}
			})
		})
		broken.fail(errors.New("status 404"))
		r.run(5 * time.Hour)
		broken.mend()
		r.run(10 * time.Hour)
		if len(lasts) == 0 || !lasts[0].IsZero() {
			t.Fatalf("at its first poll that went well, the last one was at %v", lasts)
		}
		before, good := len(lasts), r.state("news/1").Health.Good
		broken.fail(errors.New("status 404"))
		r.run(48 * time.Hour)
		broken.mend()
		r.run(10 * time.Hour)
		r.stop()
		if got := lasts[before]; !got.Equal(good) {
			t.Errorf("after the outage, the last poll was at %s, want %s", got, good)
		}
	})
}

// takes is a Taker made of a function.
type takes func(feeds.Batch)

func (f takes) Take(_ context.Context, _ time.Time, _ string, b feeds.Batch) error {
	f(b)
	return nil
}
