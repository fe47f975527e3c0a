package announce_test

import (
	"fmt"
	"testing"
	"time"

	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
)

// approve has a person let go what is held.
func (s *site) approve() {
	s.t.Helper()
	for _, e := range s.entries() {
		if e.State == outbox.Held {
			if err := s.store.Request(s.t.Context(), s.now, e.ID); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	s.deliver()
}

// A person decides about the digest, not about each of its items too.
func TestADigestIsApprovedAsAWhole(t *testing.T) {
	s := newSite(t, announce.Announcement{Name: "weekly", From: []string{"blog"}, To: to(here), Schedule: every(t, "mon 12:00"), Digest: true, Approve: true})
	s.clock(monday.AddDate(0, 0, 1))
	s.write("a", "甲")
	s.look()
	s.clock(monday.AddDate(0, 0, 8))
	s.want("member a owed", "post announcement:weekly held")
	s.approve()
	s.want("member a sent", "post announcement:weekly sent")
}

// What a person approved does not run out while it waits for its digest.
func TestApprovedItemsWaitForTheirDigest(t *testing.T) {
	s := newSite(t, announce.Announcement{Name: "weekly", From: []string{"blog"}, To: to(here), Schedule: every(t, "mon 12:00"), Digest: true})
	s.clock(monday.AddDate(0, 0, 4))
	for i := range 4 {
		s.write(fmt.Sprint(i), fmt.Sprint(i), dated(monday.AddDate(0, -1, 0)))
	}
	s.look()
	s.clock(monday.AddDate(0, 0, 8))
	s.want("member 0 held", "member 1 held", "member 2 held", "member 3 held")
	s.approve()
	s.clock(monday.AddDate(0, 0, 15))
	s.want("member 0 sent", "member 1 sent", "member 2 sent", "member 3 sent", "post announcement:weekly sent")
}

// What was missed and waits for approval is said once it is given: no digest
// collects it then.
func TestMissedItemsThatAreApproved(t *testing.T) {
	s := newSite(t, announce.Announcement{Name: "x", From: []string{"blog"}, To: to(here), CatchUp: announce.CatchUpDigest, Approve: true})
	s.now = s.now.Add(36 * time.Hour)
	s.restart()
	s.write("a", "甲")
	s.look()
	s.want("post a held")
	s.approve()
	s.want("post a sent")
}

// Moderators are asked only about what there is.
func TestNobodyIsAskedAboutNothing(t *testing.T) {
	filter := announce.FilterConfig{Only: []announce.FilterRule{{Title: []string{"公告"}}}}.
		Compile(func(path string, err error) { t.Errorf("%s: %v", path, err) })
	s := newSite(t, announce.Announcement{Name: "k", From: []string{"blog"}, To: to(here, news), Filter: filter})
	s.options.Moderators = &to(news)[0]
	s.restart()
	for i := range 4 {
		s.write(fmt.Sprint(i), fmt.Sprint(i))
		s.look()
	}
	for i := range 4 {
		s.remove(fmt.Sprint(i))
	}
	s.look()
	s.want() // four are missing at once, and of none was anything said
}
