package announce_test

import (
	"context"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/store"
)

// racing is a store on which something happens before what it returned is used.
type racing struct {
	*store.Store
	meanwhile func()
}

func (r *racing) Waiting(ctx context.Context, announcement string, at bot.Address, now time.Time) ([]announce.Waiting, error) {
	waiting, err := r.Store.Waiting(ctx, announcement, at, now)
	if do := r.meanwhile; do != nil && len(waiting) > 0 {
		r.meanwhile = nil
		do()
	}
	return waiting, err
}

// Of two processes that both find what was missed only one says it.
func TestTwoProcessesGatherOnce(t *testing.T) {
	s := newSite(t, announce.Announcement{Name: "x", From: []string{"blog"}, To: to(here), CatchUp: announce.CatchUpDigest})
	s.now = s.now.Add(36 * time.Hour)
	first, slow := announce.New(s.options), &racing{Store: s.store}
	s.options.Store = slow
	s.restart()
	s.write("a", "甲")
	slow.meanwhile = func() {
		s.now = s.now.Add(time.Second)
		if err := first.Do(t.Context(), s.now); err != nil {
			t.Fatal(err)
		}
	}
	s.look()
	s.clock(s.now.Add(time.Minute))
	s.want("member a sent", "post announcement:x sent")
}

// What is withdrawn while the digest is made is left out of it; the rest is said.
func TestAnItemIsWithdrawnWhileItsDigestIsMade(t *testing.T) {
	s := newSite(t, announce.Announcement{Name: "weekly", From: []string{"blog"}, To: to(here), Schedule: every(t, "mon 12:00"), Digest: true})
	slow := &racing{Store: s.store}
	s.options.Store = slow
	s.clock(monday.AddDate(0, 0, 1))
	s.write("a", "甲")
	s.write("b", "乙")
	s.look()
	other := announce.New(s.options)
	s.restart()
	slow.meanwhile = func() {
		s.remove("a")
		s.announcer, other = other, s.announcer
		s.look()
		s.announcer, other = other, s.announcer
	}
	s.clock(monday.AddDate(0, 0, 8))
	s.want("member a skipped", "member b sent", "post announcement:weekly sent")
}

// What waits for a digest is said although its announcement makes none any more.
func TestADigestIsGivenUp(t *testing.T) {
	ann := announce.Announcement{Name: "weekly", From: []string{"blog"}, To: to(here), Schedule: every(t, "mon 12:00"), Digest: true}
	s := newSite(t, ann)
	s.clock(monday.AddDate(0, 0, 1))
	s.write("a", "甲")
	s.look()
	ann.Digest, ann.Schedule = false, every(t, "daily 12:00")
	s.options.Announcements = []announce.Announcement{ann}
	s.restart()
	s.clock(monday.AddDate(0, 0, 1).Add(time.Hour))
	s.want("member a owed", "post announcement:weekly owed")
	s.clock(monday.AddDate(0, 0, 2))
	s.deliver()
	s.want("member a sent", "post announcement:weekly sent")
}

// A missed item that was withdrawn and is back is gathered again.
func TestAMissedItemIsBack(t *testing.T) {
	s := newSite(t, announce.Announcement{Name: "x", From: []string{"blog"}, To: to(here), CatchUp: announce.CatchUpDigest})
	asking := true
	s.options.Asking = func(time.Time) bool { return asking }
	s.now = s.now.Add(36 * time.Hour)
	s.restart()
	s.write("a", "甲")
	s.look()
	s.remove("a")
	s.look()
	asking = false
	s.clock(s.now.Add(time.Minute))
	s.write("a", "甲")
	s.look()
	s.clock(s.now.Add(time.Hour))
	s.want("member a sent", "post announcement:x sent")
}

// After a downtime digests wait for what the sources have to say.
func TestDigestsWaitForTheSources(t *testing.T) {
	f := newFeed(t, announce.Announcement{Name: "weekly", From: []string{"videos"}, To: to(here), Schedule: every(t, "mon 12:00"), Digest: true})
	f.clock(monday.AddDate(0, 0, 5))
	f.poll()
	f.now = monday.AddDate(0, 0, 7).Add(3 * time.Hour) // Monday, 13:00
	asking := true
	f.options.Asking = func(time.Time) bool { return asking }
	f.restart()
	f.item("a", "甲", published(f.now.Add(-20*time.Hour)))
	if err := f.announcer.Do(t.Context(), f.now); err != nil {
		t.Fatal(err)
	}
	if next := f.announcer.Next(f.now); !next.After(f.now) || next.After(f.now.Add(time.Minute)) {
		t.Errorf("looks again %s later", next.Sub(f.now))
	}
	f.poll()
	asking = false
	f.clock(f.now.Add(time.Minute))
	f.wantStory("member a sent", "post announcement:weekly sent")
}
