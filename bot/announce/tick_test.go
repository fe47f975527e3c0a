package announce_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/schedule"
)

func every(t *testing.T, words string) schedule.Schedule {
	t.Helper()
	s, err := schedule.Parse(words, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// clock lets time pass until the announcer has nothing to do before end, as a
// program does that is always running.
func (s *site) clock(end time.Time) {
	s.t.Helper()
	for {
		next := s.announcer.Next(s.now)
		if next.After(end) {
			break
		}
		if next.After(s.now) {
			s.now = next
		}
		if err := s.announcer.Do(s.t.Context(), s.now); err != nil {
			s.t.Fatal(err)
		}
		s.deliver()
		s.now = s.now.Add(time.Second)
	}
	s.now = end
}

// said returns what was said, the oldest first, as "time occasion: words".
func (s *site) said() []string {
	s.t.Helper()
	var lines []string
	for _, e := range s.entries() {
		if e.Kind == bot.Post {
			lines = append(lines, fmt.Sprintf("%s %s: %s%s", e.Created.Format("Mon 2 Jan 15:04"), e.State, e.Message.Title, e.Message.Body))
		}
	}
	return lines
}

func (s *site) wantSaid(lines ...string) {
	s.t.Helper()
	if diff := cmp.Diff(lines, s.said()); diff != "" {
		s.t.Errorf("said (-want +got):\n%s\n%s", diff, s.log.String())
	}
}

func (s *site) decisions(subject string) []string {
	s.t.Helper()
	decisions, err := s.store.Decisions(s.t.Context(), subject)
	if err != nil {
		s.t.Fatal(err)
	}
	var all []string
	for _, d := range decisions {
		all = append(all, d.Reason)
	}
	return all
}

func words(s string) map[bot.Lang]bot.Text { return map[bot.Lang]bot.Text{"": bot.Plain(s)} }

func TestATextIsSaidAtEachTick(t *testing.T) {
	s := newEmptySite(t, announce.Announcement{Name: "donations", To: to(here), Text: words("捐款"), Schedule: every(t, "mon,thu 12:00")})
	s.clock(monday.AddDate(0, 0, 8))
	s.wantSaid("Mon 2 Mar 12:00 sent: 捐款", "Thu 5 Mar 12:00 sent: 捐款", "Mon 9 Mar 12:00 sent: 捐款")
}

func TestATextThatWasMissedIsSaidOnce(t *testing.T) {
	daily := announce.Announcement{Name: "daily", To: to(here), Text: words("早"), Schedule: every(t, "daily 12:00"), MaxAge: 48 * time.Hour}
	monthly := announce.Announcement{Name: "monthly", To: to(here), Text: words("月"), Schedule: every(t, "day 3 12:00"), MaxAge: 48 * time.Hour}
	s := newEmptySite(t, daily, monthly)
	s.clock(monday.Add(time.Hour))
	s.now = monday.AddDate(0, 0, 2).Add(5 * time.Hour) // Wednesday 15:00
	s.restart()
	s.clock(s.now.Add(time.Minute))
	s.wantSaid("Wed 4 Mar 15:00 sent: 早", "Wed 4 Mar 15:00 sent: 月")

	s.now = monday.AddDate(0, 2, 0) // 2 May: the third of April is long over
	s.restart()
	s.clock(s.now.Add(time.Minute))
	s.wantSaid("Wed 4 Mar 15:00 sent: 早", "Wed 4 Mar 15:00 sent: 月", "Sat 2 May 10:00 sent: 早")
	want := []string{"it was due on 2026-04-03 12:00, while Herald was not running"}
	if diff := cmp.Diff(want, s.decisions("announcement:monthly")); diff != "" {
		t.Errorf("decisions (-want +got):\n%s", diff)
	}
}

// answers answers each command with its own line.
type answers struct{}

func (answers) Answer(_ context.Context, line string, lang bot.Lang) bot.Reply {
	return bot.Reply{Card: bot.Card{Title: fmt.Sprintf("%s in %s", line, lang)}, Failed: line == "recap 2027"}
}

func TestACommandIsAnsweredOnASchedule(t *testing.T) {
	s := newEmptySite(t, announce.Announcement{
		Name: "year-end", To: to(here, news), Command: "recap {year}", Schedule: every(t, "dec 25 10:00"),
	})
	s.options.Answer, s.options.Heartbeat = answers{}, 30*24*time.Hour
	s.restart()
	s.clock(monday.AddDate(2, 0, 0))
	s.wantSaid("Fri 25 Dec 10:00 sent: recap 2026 in zh-TW", "Fri 25 Dec 10:00 sent: recap 2026 in en")
	want := []string{"/recap 2027 had nothing to say: recap 2027 in zh-TW", "/recap 2027 had nothing to say: recap 2027 in en"}
	if got := s.decisions("announcement:year-end"); !cmp.Equal(got, want) && !cmp.Equal(got, []string{want[1], want[0]}) {
		t.Errorf("decisions: %v", got)
	}
}

func TestWhatIsApprovedWaits(t *testing.T) {
	s := newEmptySite(t, announce.Announcement{Name: "a", To: to(here), Text: words("好"), Schedule: every(t, "daily 12:00"), Approve: true})
	s.options.Moderators = &to(news)[0]
	s.restart()
	s.clock(monday.Add(3 * time.Hour))
	s.wantSaid("Mon 2 Mar 12:00 held: 好", "Mon 2 Mar 12:00 sent: Held until a person decides (1): it waits for approval.\n"+
		"To see: herald log --state held. To let go: herald retry NUMBER")
	if s.entries()[0].Reason != "it waits for approval" {
		t.Errorf("reason: %s", s.entries()[0].Reason)
	}
}

func TestADigestIsWhatWasNotSaidYet(t *testing.T) {
	s := newSite(t,
		announce.Announcement{Name: "weekly", From: []string{"blog", "meetups"}, To: to(here), Schedule: every(t, "mon 12:00"), Digest: true},
		announce.Announcement{Name: "articles", From: []string{"blog"}, To: to(here)},
	)
	s.clock(monday.Add(3 * time.Hour)) // the first tick is empty
	s.write("a", "甲")                  // is said at once
	s.write("m", "聚會", in("meetups"))
	s.look()
	s.clock(monday.AddDate(0, 0, 3))
	s.write("n", "另一場", in("meetups"))
	s.write("o", "撤回的", in("meetups"))
	s.look()
	s.remove("o")
	s.look()
	s.clock(monday.AddDate(0, 0, 15))
	var digest []string
	for _, e := range s.entries() {
		if e.Subject == "announcement:weekly" {
			digest = append(digest, e.Created.Format("2 Jan 15:04 ")+e.Message.Title+"\n"+e.Message.Body.String())
		}
	}
	if len(digest) != 1 {
		t.Fatalf("digests: %q", digest)
	}
	t.Log(digest[0])
	states := s.ledger()
	want := []string{
		"post a sent", "member m sent", "member n sent", "member o skipped", "post announcement:weekly sent",
	}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
	if got := s.decisions("announcement:weekly"); len(got) != 1 || got[0] != "there was nothing to say on 2026-03-16" {
		t.Errorf("decisions: %v", got)
	}
}

func TestMentionsOfAllAnnouncementsRing(t *testing.T) {
	s := newSite(t,
		announce.Announcement{Name: "slow", From: []string{"blog"}, To: to(here), Schedule: every(t, "daily 12:00"), Mentions: []string{"1"}},
		announce.Announcement{Name: "fast", From: []string{"blog"}, To: to(here), Mentions: []string{"2", "1"}},
		announce.Announcement{Name: "last", From: []string{"blog"}, To: to(here), Mentions: []string{"3"}},
	)
	s.write("a", "甲")
	s.look()
	e := s.entries()[0]
	if e.Announcement != "fast" || !cmp.Equal(e.Message.Mentions, []string{"1", "2", "3"}) {
		t.Errorf("said by %s with %v", e.Announcement, e.Message.Mentions)
	}
}

func TestItemsOfAScheduleWaitForIt(t *testing.T) {
	s := newSite(t, announce.Announcement{Name: "noon", From: []string{"blog"}, To: to(here), Schedule: every(t, "mon 12:00"), MaxAge: time.Hour})
	s.now = monday.AddDate(0, 0, 1)
	s.restart()
	s.write("a", "甲")
	s.look()
	e := s.entries()[0]
	if want := monday.AddDate(0, 0, 7).Add(2 * time.Hour); !e.NotBefore.Equal(want) || !e.Until.Equal(want.Add(time.Hour)) {
		t.Errorf("owed from %s to %s, want from %s", e.NotBefore, e.Until, want)
	}
}

func TestNoMoreThanAFewADay(t *testing.T) {
	s := newSite(t, announce.Announcement{
		Name: "few", From: []string{"blog"}, To: to(here), AtMost: announce.Pace{Posts: 2, In: 24 * time.Hour},
	})
	for i := range 3 {
		s.write(fmt.Sprint(i), fmt.Sprint(i))
		s.look()
	}
	var due []string
	for _, e := range s.entries() {
		due = append(due, e.NotBefore.Format("Mon 15:04"))
	}
	if diff := cmp.Diff([]string{"Mon 10:00", "Mon 10:00", "Tue 10:00"}, due); diff != "" {
		t.Errorf("due (-want +got):\n%s", diff)
	}
}

func TestModeratorsAreAskedAboutWhatIsHeld(t *testing.T) {
	s := newSite(t)
	s.options.Moderators = &to(news)[0]
	s.restart()
	for i := range 4 {
		s.write(fmt.Sprint(i), fmt.Sprint(i), dated(monday.AddDate(0, -1, 0)))
	}
	s.look()
	last := s.entries()[len(s.entries())-1]
	want := "Held until a person decides (4): 4 items of blog look new at once.\n" +
		"To see: herald log --state held. To let go: herald retry NUMBER"
	if got := last.Message.Body.String(); got != want || last.Address != news.Address {
		t.Errorf("told %s: %s", last.Address, got)
	}
}

func TestWhatIsBackKeepsToTheSchedule(t *testing.T) {
	s := newSite(t, announce.Announcement{Name: "weekly", From: []string{"blog"}, To: to(here), Schedule: every(t, "mon 12:00"), MaxAge: 48 * time.Hour})
	s.clock(monday.AddDate(0, 0, 1))
	s.write("a", "甲")
	s.look()
	s.remove("a")
	s.look()
	s.write("a", "甲")
	s.look()
	s.clock(monday.AddDate(0, 0, 9))
	var said []string
	for _, e := range s.entries() {
		said = append(said, fmt.Sprintf("%s %s %s: %s", e.Kind, e.State, e.Done.Format("Mon 2 Jan 15:04"), e.Message.Title))
	}
	if diff := cmp.Diff([]string{"post sent Mon 9 Mar 12:00: 甲"}, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Another schedule begins when it is written, and does not make up for what it
// would have said before.
func TestAScheduleIsChanged(t *testing.T) {
	ann := announce.Announcement{Name: "donations", To: to(here), Text: words("捐款"), Schedule: every(t, "daily 12:00")}
	s := newEmptySite(t, ann)
	s.clock(monday.Add(10 * time.Hour)) // 20:00
	said := "Mon 2 Mar 12:00 sent: 捐款"
	s.wantSaid(said)
	ann.Schedule = every(t, "daily 18:00")
	s.options.Announcements = []announce.Announcement{ann}
	s.restart()
	s.clock(monday.Add(30 * time.Hour)) // Tuesday, 16:00
	s.wantSaid(said)
	s.clock(monday.Add(34 * time.Hour))
	s.wantSaid(said, "Tue 3 Mar 18:00 sent: 捐款")
}

// The same times in other words are no other schedule: what was missed is made up
// for.
func TestAScheduleIsWrittenInOtherWords(t *testing.T) {
	ann := announce.Announcement{Name: "donations", To: to(here), Text: words("捐款"), Schedule: every(t, "daily 12:00")}
	s := newEmptySite(t, ann)
	s.clock(monday.Add(time.Hour))
	ann.Schedule = every(t, "0 12 * * *")
	s.options.Announcements = []announce.Announcement{ann}
	s.restart()
	s.now = monday.Add(3 * time.Hour)
	s.clock(monday.Add(4 * time.Hour))
	s.wantSaid("Mon 2 Mar 13:00 sent: 捐款")
}
