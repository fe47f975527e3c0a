package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
)

// site is where pages are that posts link to.
type site struct {
	mu    sync.Mutex
	down  bool
	asked []time.Duration // since noon
	now   func() time.Time
}

var errMissing = errors.New("404 Not Found")

func (s *site) live(_ context.Context, url string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, s.now().Sub(noon))
	if s.down {
		return errMissing
	}
	return nil
}

// newSite returns a desk whose posts wait for pages of a site.
func newSite(t *testing.T, change ...func(*outbox.Config)) (*desk, *site, *platform) {
	t.Helper()
	s, p := &site{down: true}, &platform{}
	d := newDesk(t, p, append(change, func(c *outbox.Config) {
		s.now = c.Now
		c.Lease = 10 * time.Hour // so that nothing but what is due has the desk looked at
		if c.Live == nil {
			c.Live = s.live
		}
	})...)
	return d, s, p
}

// link owes posts that link to one page, in one channel each.
func (d *desk) link(wait time.Duration, missing bot.MissingPage, channels ...string) {
	d.Helper()
	var acts []announce.Act
	for _, c := range channels {
		acts = append(acts, announce.Act{
			Act: bot.Act{
				Kind: bot.Post, Key: bot.Key{Subject: "page in " + c, Address: channel(c), Occasion: bot.OccasionNew},
				Message: bot.Message{Card: bot.Card{URL: "https://example.org/page"}},
			},
			Page: announce.Page{Until: d.now.Add(wait), Missing: missing}, NotBefore: d.now,
		})
	}
	d.record(acts...)
}

// run drains the desk at every moment that is due until a time after noon.
func (d *desk) run(until time.Duration) {
	d.Helper()
	end := noon.Add(until)
	for {
		d.drain()
		next := d.Next(d.now)
		if next.After(end) {
			d.now = end
			return
		}
		d.now = next
	}
}

func TestAPageIsAskedForLessAndLessOften(t *testing.T) {
	d, s, p := newSite(t)
	d.link(30*time.Minute, bot.HoldMissing, "a", "b", "c", "d", "e")
	d.owe(channel("a"), "next")
	d.run(20 * time.Minute)
	if diff := cmp.Diff([]string{"post next"}, p.said()); diff != "" {
		t.Fatalf("said beside what waits (-want +got):\n%s", diff)
	}
	if e := d.entry("page in a"); e.Reason != "its page does not answer yet: 404 Not Found" || e.Attempts != 0 {
		t.Errorf("waiting: %+v", e)
	}
	want := []time.Duration{0, 1, 2, 4, 8, 13, 18} // five channels ask as one
	for i := range want {
		want[i] *= time.Minute
	}
	if diff := cmp.Diff(want, s.asked); diff != "" {
		t.Errorf("asked at (-want +got):\n%s", diff)
	}
	s.down = false
	d.run(24 * time.Minute)
	if got := len(p.said()); got != 6 {
		t.Errorf("said %d, want 6: %v", got, p.said())
	}
}

func TestAPageThatNeverComes(t *testing.T) {
	for _, tt := range []struct {
		missing bot.MissingPage
		want    outbox.State
		reason  string
	}{
		{bot.SayMissing, outbox.Sent, ""},
		{bot.HoldMissing, outbox.Held, "its page does not answer: 404 Not Found"},
		{bot.SkipMissing, outbox.Skipped, "its page does not answer: 404 Not Found"},
	} {
		t.Run(string(tt.missing), func(t *testing.T) {
			d, s, _ := newSite(t)
			d.link(5*time.Minute+30*time.Second, tt.missing, "a")
			d.run(5*time.Minute + 29*time.Second)
			d.want("page in a owed")
			d.run(5*time.Minute + 30*time.Second)
			d.want("page in a " + string(tt.want))
			if e := d.entry("page in a"); e.Reason != tt.reason {
				t.Errorf("reason %q, want %q", e.Reason, tt.reason)
			}
			if last := s.asked[len(s.asked)-1]; last != 5*time.Minute+30*time.Second {
				t.Errorf("asked for the last time after %s: %v", last, s.asked)
			}
		})
	}
}

func TestAPostWithoutAPage(t *testing.T) {
	d, s, _ := newSite(t)
	d.record(announce.Act{
		Act:  bot.Act{Kind: bot.Post, Key: bot.Key{Subject: "1", Address: channel("a"), Occasion: bot.OccasionNew}},
		Page: announce.Page{Until: d.now.Add(time.Hour), Missing: bot.HoldMissing}, NotBefore: d.now,
	})
	d.drain()
	d.want("1 sent")
	if len(s.asked) != 0 {
		t.Errorf("asked %d times for no page", len(s.asked))
	}
}

// In moderators' own words the page is what they link to first: platforms show a
// preview of that.
func TestAPageThatTheWordsLinkTo(t *testing.T) {
	d, s, _ := newSite(t)
	d.record(announce.Act{
		Act: bot.Act{
			Kind: bot.Post, Key: bot.Key{Subject: "page", Address: channel("1"), Occasion: bot.OccasionNew},
			Message: bot.Message{Card: bot.Card{Body: bot.Join(bot.Plain("new: "), bot.LinkTo("page", "https://example.org/page"))}},
		},
		Page: announce.Page{Until: d.now.Add(time.Hour)}, NotBefore: d.now,
	})
	d.drain()
	d.want("page owed")
	if len(s.asked) != 1 {
		t.Errorf("asked %d times", len(s.asked))
	}
}

func TestAPanicOfAPageCostsItself(t *testing.T) {
	d, _, _ := newSite(t, func(c *outbox.Config) {
		c.Live = func(context.Context, string) error { panic("on purpose") }
	})
	d.link(time.Hour, bot.HoldMissing, "a")
	d.owe(channel("a"), "next")
	d.drain()
	d.want("page in a owed", "next sent")
	if e := d.entry("page in a"); e.Reason != "its page does not answer yet: panic: on purpose" {
		t.Errorf("reason %q", e.Reason)
	}
}

// Stopping waits for no page; the act stays as it was.
func TestStopWaitsForNoPage(t *testing.T) {
	asked := make(chan struct{})
	d, _, _ := newSite(t, func(c *outbox.Config) {
		c.Live = func(ctx context.Context, _ string) error {
			close(asked)
			<-ctx.Done()
			return fmt.Errorf("asking: %w", ctx.Err())
		}
	})
	d.link(time.Hour, bot.HoldMissing, "a")
	if err := d.Do(t.Context(), d.now); err != nil {
		t.Fatal(err)
	}
	<-asked
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.want("page in a owed")
	if e := d.entry("page in a"); e.Reason != "" {
		t.Errorf("reason %q", e.Reason)
	}
}
