package announce_test

import (
	"testing"
	"time"

	"cloudnative.tw/herald/bot/announce"
)

// Whether what was said is taken back is up to the announcement that said it,
// whichever stands first in the config.
func TestWhoKeepsWhatWasWithdrawn(t *testing.T) {
	keeps := announce.Announcement{Name: "keeps", From: []string{"blog"}, To: to(here), KeepWithdrawn: true, KeepEdits: true}
	other := announce.Announcement{Name: "other", From: []string{"meetups"}, To: to(here)}
	swapped := []announce.Announcement{keeps, other}
	swapped[0].From, swapped[1].From = other.From, keeps.From
	tests := []struct {
		name          string
		announcements []announce.Announcement
		want          []string
	}{
		{"it keeps it, and is the second", []announce.Announcement{other, keeps}, []string{"post a sent"}},
		{"it keeps it, and is the first", []announce.Announcement{keeps, other}, []string{"post a sent"}},
		{"another keeps it, which is the first", swapped, []string{"post a sent", "edit a sent", "retract a sent"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, test.announcements...)
			s.delivers = true
			s.write("a", "甲")
			s.look()
			s.write("a", "乙")
			s.look()
			s.wait(time.Hour)
			s.remove("a")
			s.look()
			s.wait(time.Hour)
			s.want(test.want...)
			for _, e := range s.entries() {
				if said := s.entries()[0].Announcement; e.Announcement != said {
					t.Errorf("%s is of announcement %s, and the post of %s", e.Kind, e.Announcement, said)
				}
			}
		})
	}
}

// What was not said yet follows its item, also where what was said is kept.
func TestWhatIsNotSaidYetIsNotKept(t *testing.T) {
	s := newSite(t, announce.Announcement{
		Name: "k", From: []string{"blog"}, To: to(here), KeepWithdrawn: true, KeepEdits: true, Schedule: every(t, "daily 12:00"),
	})
	s.write("a", "甲")
	s.write("b", "乙，錯字")
	s.look()
	s.remove("a")
	s.write("b", "乙")
	s.look()
	s.clock(monday.Add(3 * time.Hour))
	s.wantSaid("Mon 2 Mar 10:00 skipped: 甲摘要。", "Mon 2 Mar 10:00 sent: 乙摘要。")
}

// An edit may make an item what its announcement does not say.
func TestAnEditThatTheFilterHoldsBack(t *testing.T) {
	filter := announce.FilterConfig{Except: []announce.FilterRule{{Title: []string{"草稿"}}}}.
		Compile(func(path string, err error) { t.Errorf("%s: %v", path, err) })
	s := newSite(t, announce.Announcement{Name: "k", From: []string{"blog"}, To: to(here), Filter: filter, Schedule: every(t, "daily 12:00")})
	s.delivers = true
	s.write("a", "甲")
	s.write("b", "乙")
	s.look()
	s.write("a", "甲（草稿，請勿公告）")
	s.look()
	s.clock(monday.Add(3 * time.Hour))
	s.want("post a skipped", "post b sent")
	if got, want := s.entries()[0].Reason, "except title: 「草稿」"; got != want {
		t.Errorf("reason %q, want %q", got, want)
	}

	s.write("b", "乙（又是草稿）")
	s.look()
	s.wait(time.Hour)
	s.want("post a skipped", "post b sent", "edit b sent")
}
