package announce_test

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/content"
)

// newWeekly returns a site of which a digest of 甲, 乙 and 丙 is owed, at noon of
// the second Monday.
func newWeekly(t *testing.T) *site {
	t.Helper()
	s := newSite(t, announce.Announcement{
		Name: "weekly", From: []string{"blog"}, To: to(here), Schedule: every(t, "mon 12:00"), Digest: true, Mentions: []string{"members"},
	})
	s.clock(monday.AddDate(0, 0, 1))
	s.write("a", "甲")
	s.write("b", "乙")
	s.write("c", "丙")
	s.look()
	s.now = monday.AddDate(0, 0, 7).Add(2 * time.Hour)
	if err := s.announcer.Do(t.Context(), s.now); err != nil {
		t.Fatal(err)
	}
	return s
}

// later delivers what is owed some time later.
func (s *site) later(d time.Duration) {
	s.t.Helper()
	s.now = s.now.Add(d)
	s.deliver()
}

// digests returns what was done about digests, the oldest first, as "kind state:
// words".
func (s *site) digests() []string {
	s.t.Helper()
	var lines []string
	for _, e := range s.entries() {
		if e.Subject == "announcement:weekly" {
			line := string(e.Kind) + " " + string(e.State) + ": " + e.Message.Title + "\n" + e.Message.Body.String()
			if e.Message.Footer != "" {
				line += "\n" + e.Message.Footer
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func (s *site) wantDigests(lines ...string) {
	s.t.Helper()
	if diff := cmp.Diff(lines, s.digests()); diff != "" {
		s.t.Errorf("digests (-want +got):\n%s\n%s", diff, s.log.String())
	}
}

const ofThree = "本週 3 則新消息\n• 甲\n• 乙\n• 丙"

func TestADigestIsEditedWhenItsItemsChange(t *testing.T) {
	s := newWeekly(t)
	s.deliver()
	s.wantDigests("post sent: " + ofThree)

	s.write("b", "乙（第二版）")
	s.write("c", "丙（第二版）")
	s.look()
	s.later(10 * time.Minute)
	s.wantDigests("post sent: 本週 3 則新消息\n• 甲\n• 乙（第二版）\n• 丙（第二版）",
		"edit skipped: 本週 3 則新消息\n• 甲\n• 乙（第二版）\n• 丙\n已更新 3/9",
		"edit sent: 本週 3 則新消息\n• 甲\n• 乙（第二版）\n• 丙（第二版）\n已更新 3/9")
	for _, e := range s.entries() {
		if e.Kind == bot.Edit && len(e.Message.Mentions) > 0 {
			t.Errorf("the edit calls %v", e.Message.Mentions)
		}
		if e.Kind == bot.Post && len(e.Message.Mentions) == 0 {
			t.Error("the digest calls nobody")
		}
	}

	before := len(s.entries())
	s.write("b", "乙（第二版）", func(p *content.Post) { p.Description = "digests have no summaries" })
	s.look()
	if got := s.entries()[before:]; len(got) > 0 {
		t.Errorf("a change that does not show: %+v", got)
	}
}

func TestADigestThatWasNotSaidYetIsMadeAnew(t *testing.T) {
	s := newWeekly(t)
	s.write("b", "乙（第二版）")
	s.remove("c")
	s.look()
	s.wantDigests("post owed: 本週 2 則新消息\n• 甲\n• 乙（第二版）")
	s.deliver()
	s.wantDigests("post sent: 本週 2 則新消息\n• 甲\n• 乙（第二版）")

	s.write("c", "丙") // is back, and waits for the next one
	s.look()
	s.clock(monday.AddDate(0, 0, 15))
	if got := s.digests(); len(got) != 2 || got[1] != "post sent: 本週 1 則新消息\n• 丙" {
		t.Errorf("digests: %q", got)
	}
}

func TestWhatIsWithdrawnIsTakenOutOfItsDigest(t *testing.T) {
	s := newWeekly(t)
	s.deliver()
	s.remove("b")
	s.look()
	s.later(10 * time.Minute)
	ofTwo := "本週 2 則新消息\n• 甲\n• 丙"
	s.wantDigests("post sent: "+ofTwo, "edit sent: "+ofTwo+"\n已更新 3/9")
	if diff := cmp.Diff([]string{
		"member a sent", "member b sent", "member c sent", "post announcement:weekly sent", "edit announcement:weekly sent",
	}, s.ledger()); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}

	s.remove("a")
	s.remove("c")
	s.look()
	s.later(10 * time.Minute)
	got := s.digests()
	if last := got[len(got)-1]; last != "retract sent: 此公告已撤回\n" {
		t.Errorf("last of all: %q", last)
	}
	s.write("a", "甲（第三版）") // of a message that is gone nothing can be said
	s.look()
	s.later(10 * time.Minute)
	if diff := cmp.Diff(got, s.digests()); diff != "" {
		t.Errorf("after it was taken back (-want +got):\n%s", diff)
	}
}

// A file that is moved or written anew is gone for a moment.
func TestADigestStandsWhenWhatIsGoneIsBack(t *testing.T) {
	for _, tt := range []struct {
		name string
		gone []string
		away time.Duration
		want []string
	}{
		{"one, at once", []string{"b"}, 2 * time.Minute, []string{"post sent: " + ofThree,
			"edit skipped: 本週 2 則新消息\n• 甲\n• 丙\n已更新 3/9", "edit sent: " + ofThree + "\n已更新 3/9"}},
		{"one, later", []string{"b"}, time.Hour, []string{"post sent: " + ofThree,
			"edit sent: 本週 2 則新消息\n• 甲\n• 丙\n已更新 3/9", "edit sent: " + ofThree + "\n已更新 3/9"}},
		{"all, at once", []string{"a", "b", "c"}, 2 * time.Minute, []string{"post sent: " + ofThree,
			"edit skipped: 本週 2 則新消息\n• 乙\n• 丙\n已更新 3/9", "edit skipped: 本週 1 則新消息\n• 丙\n已更新 3/9", "retract skipped: 此公告已撤回\n",
			"edit skipped: 本週 1 則新消息\n• 甲\n已更新 3/9", "edit skipped: 本週 2 則新消息\n• 甲\n• 乙\n已更新 3/9", "edit sent: " + ofThree + "\n已更新 3/9"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newWeekly(t)
			s.deliver()
			posts := maps.Clone(s.posts)
			for _, path := range tt.gone {
				s.remove(path)
			}
			s.look()
			s.later(tt.away)
			s.posts = posts
			s.look()
			s.later(10 * time.Minute)
			s.wantDigests(tt.want...)
		})
	}
}

// What looks like a mistake takes nothing out.
func TestADigestStandsWhenEverythingIsMissing(t *testing.T) {
	s := newWeekly(t)
	s.deliver()
	for path := range s.posts {
		s.remove(path)
	}
	s.look()
	s.later(time.Hour)
	s.wantDigests("post sent: " + ofThree)
}

// An announcement that is no more cannot say how its digests were made.
func TestADigestOfNoAnnouncementStays(t *testing.T) {
	s := newWeekly(t)
	s.deliver()
	s.options.Announcements = []announce.Announcement{{Name: "other", From: []string{"blog"}, To: to(here)}}
	s.restart()
	s.write("b", "乙（第二版）")
	s.remove("c")
	s.look()
	s.later(time.Hour)
	s.wantDigests("post sent: " + ofThree)
	for _, e := range s.entries() {
		if e.Kind == bot.Member && e.Reason != "" {
			t.Errorf("%s: %s", e.Subject, e.Reason)
		}
	}
}
