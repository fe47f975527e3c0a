package feeds_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/feeds"
)

// switched is a Source that fails as it is told to.
type switched struct{ err atomic.Pointer[error] }

func (s *switched) fail(err error) { s.err.Store(&err) }
func (s *switched) mend()          { s.err.Store(nil) }

func (s *switched) source() *asked {
	return &asked{do: func(context.Context, int) (feeds.Batch, error) {
		if err := s.err.Load(); err != nil {
			return feeds.Batch{}, *err
		}
		return feeds.Batch{}, nil
	}}
}

func TestModeratorsAreToldOnce(t *testing.T) {
	simulate(t, func(t *testing.T) {
		var broken switched
		r := newRig(t, nil, one(broken.source()))
		r.run(time.Hour)
		broken.fail(errors.New("status 404"))
		before := time.Now()
		r.run(24 * time.Hour)
		if len(r.notices) != 0 {
			t.Fatalf("told before a day was over: %+v", r.notices)
		}
		r.run(16 * time.Minute) // the first poll that failed was within the interval
		if len(r.notices) != 1 {
			t.Fatalf("told: %+v, want one notice", r.notices)
		}
		got := r.notices[0]
		since := got.Since.Sub(before)
		if got.Source != "one" || got.Kind != feeds.Failing || got.Text != "status 404" || since < 0 || since > feeds.DefaultEvery {
			t.Errorf("told: %+v", got)
		}
		r.run(10 * 24 * time.Hour)
		r.stop()
		again := newRig(t, r.store, one(broken.source())) // also after a restart
		again.run(10 * 24 * time.Hour)
		if len(r.notices)+len(again.notices) != 1 {
			t.Fatalf("told again: %+v %+v", r.notices, again.notices)
		}
		broken.mend()
		again.run(8 * time.Hour)
		if diff := cmp.Diff([]feeds.Notice{{Source: "one", Kind: feeds.Recovered, Since: got.Since}}, again.notices); diff != "" {
			t.Errorf("when it recovered (-want +got):\n%s", diff)
		}
		again.run(24 * time.Hour)
		broken.fail(errors.New("status 500"))
		again.run(48 * time.Hour)
		again.stop()
		if n := len(again.notices); n != 2 || again.notices[1].Kind != feeds.Failing || !again.notices[1].Since.After(got.Since) {
			t.Errorf("when it failed again: %+v", again.notices)
		}
		for _, want := range []string{"status 404", "status 500", "can be read again"} {
			if n := len(r.log.about(want)) + len(again.log.about(want)); n != 1 {
				t.Errorf("%d lines say %q, want 1: %q", n, want, again.log.all)
			}
		}
	})
}

// A failure shorter than a day is nobody's business.
func TestAShortFailureIsNotTold(t *testing.T) {
	simulate(t, func(t *testing.T) {
		source := failing(4, errors.New("status 500"))
		r := newRig(t, nil, one(source), func(c *feeds.Config) { c.TellAfter = 24 * time.Hour })
		source.do = func(_ context.Context, n int) (feeds.Batch, error) {
			if n > 1 && n < 5 {
				return feeds.Batch{}, errors.New("status 500")
			}
			return feeds.Batch{}, nil
		}
		r.run(48 * time.Hour)
		r.stop()
		if len(r.notices) != 0 {
			t.Errorf("told: %+v", r.notices)
		}
		if h := r.state("one").Health; h.Failures != 0 || h.Err != "" || !h.Since.IsZero() {
			t.Errorf("health: %+v", h)
		}
	})
}

// What says that it is gone is told at once, and polled on: YouTube says so to
// feeds that are back the next day.
func TestGone(t *testing.T) {
	simulate(t, func(t *testing.T) {
		var gone switched
		gone.fail(&feeds.PollError{Gone: true, Err: errors.New("status 410")})
		source := gone.source()
		r := newRig(t, nil, one(source))
		r.run(time.Second)
		if len(r.notices) != 1 || r.notices[0].Kind != feeds.Gone {
			t.Errorf("told: %+v", r.notices)
		}
		r.run(10 * 24 * time.Hour)
		if len(source.seen()) < 30 || len(r.notices) != 1 {
			t.Errorf("polled %d times, told %+v", len(source.seen()), r.notices)
		}
		gone.mend()
		r.run(8 * time.Hour)
		r.stop()
		if len(r.notices) != 2 || r.notices[1].Kind != feeds.Recovered {
			t.Errorf("told: %+v", r.notices)
		}
	})
}

// What cannot be told comes again.
func TestATellerThatFails(t *testing.T) {
	simulate(t, func(t *testing.T) {
		var broken switched
		broken.fail(errors.New("status 404"))
		r := newRig(t, nil, one(broken.source()))
		r.untold = errors.New("the disk is full")
		r.run(12 * time.Hour)
		if r.state("one").Health.Told || len(r.log.about("could not be told", "the disk is full")) == 0 {
			t.Errorf("health %+v, log %q", r.state("one").Health, r.log.all)
		}
		r.untold = nil
		r.run(7 * time.Hour)
		r.untold = errors.New("the disk is full")
		broken.mend()
		r.run(7 * time.Hour)
		r.untold = nil
		r.run(time.Hour)
		r.stop()
		if len(r.notices) != 2 || r.notices[0].Kind != feeds.Failing || r.notices[1] != (feeds.Notice{Source: "one", Kind: feeds.Recovered, Since: r.notices[0].Since}) {
			t.Errorf("told: %+v", r.notices)
		}
	})
}

// A remark is told once, however often the source makes it.
func TestRemarks(t *testing.T) {
	simulate(t, func(t *testing.T) {
		source := &asked{do: func(_ context.Context, n int) (feeds.Batch, error) {
			switch {
			case n == 3:
				return feeds.Batch{}, nil
			case n < 10:
				return feeds.Batch{Unchanged: true, Notice: "has moved to a"}, nil
			}
			return feeds.Batch{Notice: "has moved to b"}, nil
		}}
		r := newRig(t, nil, one(source))
		r.run(time.Hour)
		r.stop()
		r2 := newRig(t, r.store, one(source))
		r2.run(10 * time.Hour)
		r2.stop()
		want := []feeds.Notice{{Source: "one", Kind: feeds.Remark, Text: "has moved to a"}, {Source: "one", Kind: feeds.Remark, Text: "has moved to b"}}
		if diff := cmp.Diff(want, append(r.notices, r2.notices...)); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
	})
}

// Without anybody to tell, nothing is told.
func TestNobodyToTell(t *testing.T) {
	simulate(t, func(t *testing.T) {
		var broken switched
		broken.fail(errors.New("status 404"))
		r := newRig(t, nil, one(broken.source()), func(c *feeds.Config) { c.Teller = nil })
		r.run(48 * time.Hour)
		r.stop()
		if !r.state("one").Health.Told {
			t.Error("it is to be told for ever")
		}
	})
}

// An error is one line that every store can keep, and logged when it changes.
func TestErrorsAreOneLine(t *testing.T) {
	simulate(t, func(t *testing.T) {
		source := &asked{do: func(_ context.Context, n int) (feeds.Batch, error) {
			return feeds.Batch{}, errors.New("two\nlines \xff\x00" + string(make([]byte, 1000)))
		}}
		r := newRig(t, nil, one(source))
		r.run(24 * time.Hour)
		r.stop()
		if got := r.state("one").Health.Err; got != "two lines \uFFFD" {
			t.Errorf("kept %q", got)
		}
		if got := r.log.all; len(got) != 1 {
			t.Errorf("log: %q", got)
		}
	})
}

// Items that cannot be read are told of when that is news.
func TestProblems(t *testing.T) {
	simulate(t, func(t *testing.T) {
		source := &asked{do: func(_ context.Context, n int) (feeds.Batch, error) {
			b := feeds.Batch{Items: []feeds.Item{{ID: "good"}}}
			if n != 3 {
				b.Problems = []feeds.Problem{{Item: "item 7", Err: errors.New("has no link")}, {Item: "item 9", Err: errors.New("has no link")}}
			}
			return b, nil
		}}
		r := newRig(t, nil, one(source))
		r.run(2 * time.Hour)
		r.stop()
		if got := r.log.about(`problems="2, the first: item 7: has no link"`); len(got) != 2 || len(r.log.all) != 2 {
			t.Errorf("log: %q", r.log.all)
		}
	})
}
