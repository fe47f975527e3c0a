package announce_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/content"
)

func dated(at time.Time) func(*content.Post) { return func(p *content.Post) { p.Date = at } }

func in(source string) func(*content.Post) { return func(p *content.Post) { p.Source = source } }

func url(address string) func(*content.Post) { return func(p *content.Post) { p.URL = address } }

// Each row is a story of a site that twenty old posts stand on. What it says is
// compared after each chapter's news was delivered.
func TestStories(t *testing.T) {
	const outage = 10 * 24 * time.Hour
	tests := []struct {
		name string
		tell func(s *site)
		want []string
	}{
		{"a new post is news, once", func(s *site) {
			s.write("a", "甲")
			s.look()
			s.deliver()
			s.look()
			s.restart()
			s.look()
		}, []string{"post a sent"}},
		{"posts of one look are said oldest first", func(s *site) {
			s.write("b", "乙", dated(monday.Add(-time.Minute)))
			s.write("a", "甲")
			s.look()
		}, []string{"post b sent", "post a sent"}},
		{"a source that nobody announces is silent", func(s *site) {
			s.write("a", "甲", in("meetups"))
			s.look()
		}, nil},
		{"an old date does not make a new page old", func(s *site) {
			s.write("a", "2019 年的投影片", dated(monday.AddDate(-7, 0, 0)))
			s.look()
		}, []string{"post a sent"}},
		{"nor after weeks without any change", func(s *site) {
			s.wait(outage)
			s.restart()
			s.write("a", "甲", dated(monday.AddDate(-1, 0, 0)))
			s.look()
		}, []string{"post a sent"}},
		{"what appeared while nobody looked may be old", func(s *site) {
			s.now = s.now.Add(outage)
			s.restart()
			s.write("old", "甲", dated(s.now.Add(-4*24*time.Hour)))
			s.write("new", "乙", dated(s.now.Add(-2*24*time.Hour)))
			s.look()
		}, []string{"post new sent"}},
		{"a date in the future is now", func(s *site) {
			s.write("a", "甲", dated(monday.AddDate(1, 0, 0)))
			s.look()
		}, []string{"post a sent"}},
		{"a redated post is no news", func(s *site) {
			s.write("a", "甲")
			s.look()
			s.write("a", "甲", dated(monday.AddDate(0, 1, 0)))
			s.look()
		}, []string{"post a sent"}},
		{"nor is that an edit where no date is shown", func(s *site) {
			s.write("a", "甲")
			s.look()
			s.deliver()
			s.write("a", "甲", dated(monday.AddDate(0, 1, 0)))
			s.look()
			s.wait(time.Hour)
		}, []string{"post a sent"}},
		{"a moved file is the same post", func(s *site) {
			s.write("a", "甲")
			s.look()
			s.remove("a")
			s.write("2026/a", "甲", url("https://example.org/a"))
			s.look()
		}, []string{"post a sent"}},
		{"a file that is away for a moment is not withdrawn", func(s *site) {
			s.write("a", "甲")
			s.look()
			s.remove("a")
			s.look()
			s.write("2026/a", "甲", url("https://example.org/a"))
			s.look()
			s.wait(time.Hour)
		}, []string{"post a sent", "retract a skipped"}},
		{"a file renamed, and its address with it, is an edit", func(s *site) {
			s.write("a", "甲")
			s.look()
			s.remove("a")
			s.write("b", "甲")
			s.look()
			s.wait(time.Hour)
		}, []string{"post a sent", "edit a sent"}},
		{"another slug is an edit, and the new address no news", func(s *site) {
			s.write("a", "甲")
			s.look()
			s.write("a", "甲", url("https://example.org/b"))
			s.look()
			s.remove("a")
			s.write("c", "丙", url("https://example.org/b"))
			s.look()
			s.wait(time.Hour)
		}, []string{"post a sent", "edit a skipped", "edit a sent"}},
		{"a post at an address that was another's is not said", func(s *site) {
			s.write("a", "甲")
			s.look()
			s.write("a", "甲", url("https://example.org/b"))
			s.write("c", "丙", url("https://example.org/a"))
			s.look()
			s.wait(time.Hour)
		}, []string{"post a sent", "edit a sent"}},
		{"edits follow, the last of a burst", func(s *site) {
			s.write("a", "甲")
			s.look()
			for _, title := range []string{"甲一", "甲二", "甲三"} {
				s.write("a", title)
				s.look()
			}
			s.wait(time.Hour)
		}, []string{"post a sent", "edit a skipped", "edit a skipped", "edit a sent"}},
		{"a change that shows nowhere is no edit", func(s *site) {
			s.write("a", "甲")
			s.look()
			s.write("a", "甲", func(p *content.Post) { p.Image = "cover.svg" })
			s.look()
			s.wait(time.Hour)
		}, []string{"post a sent"}},
		{"a post that is removed is taken back", func(s *site) {
			s.write("a", "甲")
			s.look()
			s.remove("a")
			s.look()
			s.wait(time.Hour)
		}, []string{"post a sent", "retract a sent"}},
		{"so is one that is unlisted", func(s *site) {
			s.write("a", "甲")
			s.look()
			s.write("a", "甲", func(p *content.Post) { p.Unlisted = true })
			s.look()
			s.wait(time.Hour)
		}, []string{"post a sent", "retract a sent"}},
		{"one with a slip in its file is not", func(s *site) {
			s.write("a", "甲")
			s.look()
			s.remove("a")
			s.problems = []content.Problem{{Entry: "site", File: "content/a", Line: 3}}
			s.look()
			s.wait(time.Hour)
		}, []string{"post a sent"}},
		{"withdrawn and back, it stays said", func(s *site) {
			s.write("a", "甲")
			s.look()
			s.remove("a")
			s.look()
			s.wait(time.Minute)
			s.write("a", "甲")
			s.look()
			s.wait(time.Hour)
		}, []string{"post a sent", "retract a skipped"}},
		{"what was taken back is not said again", func(s *site) {
			s.write("a", "甲")
			s.look()
			s.remove("a")
			s.look()
			s.wait(time.Hour)
			s.write("a", "甲")
			s.look()
			s.wait(time.Hour)
		}, []string{"post a sent", "retract a sent"}},
		{"four old posts that are new at once wait for a person", func(s *site) {
			for i := range 4 {
				s.write(fmt.Sprint(i), fmt.Sprint(i), dated(monday.AddDate(0, -1, 0)))
			}
			s.look()
		}, []string{"post 0 held", "post 1 held", "post 2 held", "post 3 held"}},
		{"four of today are a busy day", func(s *site) {
			for i := range 4 {
				s.write(fmt.Sprint(i), fmt.Sprint(i))
			}
			s.look()
		}, []string{"post 0 sent", "post 1 sent", "post 2 sent", "post 3 sent"}},
		{"four missing at once wait for a person", func(s *site) {
			s.write("a", "甲")
			s.look()
			for _, path := range []string{"a", "old-1", "old-2", "old-3"} {
				s.remove(path)
			}
			s.look()
			s.wait(time.Hour)
		}, []string{"post a sent", "retract a held"}},
		{"three do not", func(s *site) {
			s.write("a", "甲")
			s.look()
			for _, path := range []string{"a", "old-1", "old-2"} {
				s.remove(path)
			}
			s.look()
			s.wait(time.Hour)
		}, []string{"post a sent", "retract a sent"}},
		{"an empty tree takes nothing back, and nothing in it is news when it is back", func(s *site) {
			s.write("a", "甲")
			s.look()
			posts := s.posts
			s.posts = nil
			s.look()
			s.wait(time.Hour)
			s.restart()
			s.posts = posts
			s.look()
			s.wait(time.Hour)
		}, []string{"post a sent", "retract a skipped"}},
		{"a post with a hostile address costs itself", func(s *site) {
			s.write("bad", "甲", url("https://example.org/"+strings.Repeat("x", 2000)))
			s.write("worse", "甲", url("javascript:alert(1)"))
			s.write("good", "乙")
			s.look()
		}, []string{"post good sent"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			s.delivers = true
			tt.tell(s)
			s.want(tt.want...)
		})
	}
}

// What was withdrawn before it was said is said when it is back.
func TestBackBeforeItWasSaid(t *testing.T) {
	s := newSite(t)
	s.write("a", "甲")
	s.look()
	s.want("post a owed")
	s.remove("a")
	s.look()
	s.want("post a skipped")
	s.write("a", "甲一")
	s.look()
	s.want("post a owed")
	s.deliver()
	s.want("post a sent")
	if got := s.entries()[0].Message.Title; got != "甲一" {
		t.Errorf("said %q", got)
	}
}

func TestAnEditBeforeItWasSaid(t *testing.T) {
	s := newSite(t)
	s.write("a", "甲")
	s.look()
	s.write("a", "甲一")
	s.look()
	s.want("post a owed")
	if m := s.entries()[0].Message; m.Title != "甲一" || m.Footer != "" {
		t.Errorf("owed: %+v", m)
	}
}

func TestTheFirstPostOfAnEmptySourceIsNews(t *testing.T) {
	s := newEmptySite(t)
	s.look()
	s.write("a", "甲")
	s.look()
	s.want("post a owed")
}

func TestATreeThatWasNeverReadDecidesNothing(t *testing.T) {
	s := newEmptySite(t)
	s.unread = true
	s.look()
	s.unread = false
	s.write("a", "甲")
	s.look() // the first whole read
	s.want()
	s.unread = true
	s.remove("a")
	s.restart()
	s.look()
	s.want()
}

// While the origin cannot be reached the time of the last good tree counts: what
// appeared meanwhile may be old.
func TestAnOutageOfTheOrigin(t *testing.T) {
	s := newSite(t)
	s.err = fmt.Errorf("no route to host")
	s.look()
	s.wait(10 * 24 * time.Hour)
	s.err = nil
	s.write("a", "甲", dated(s.now.Add(-5*24*time.Hour)))
	s.look()
	s.want()
	decisions, err := s.store.Decisions(t.Context(), "https://example.org/a")
	if err != nil {
		t.Fatal(err)
	}
	if len(decisions) != 1 || decisions[0].Announcement != "articles" || !strings.Contains(decisions[0].Reason, "it appeared on 2026-03-07, which is more than 3 days ago") {
		t.Errorf("decisions: %+v", decisions)
	}
}

func TestEveryMatchingChannelOnce(t *testing.T) {
	s := newSite(t,
		announce.Announcement{Name: "first", From: []string{"blog", "meetups"}, To: to(news)},
		announce.Announcement{Name: "second", From: []string{"blog"}, To: to(here, news)},
	)
	s.write("a", "甲")
	s.look()
	var got []string
	for _, e := range s.entries() {
		got = append(got, e.Announcement+" "+e.Address.String())
	}
	if diff := cmp.Diff([]string{"first discord:1111", "second console:here"}, got); diff != "" {
		t.Errorf("acts (-want +got):\n%s", diff)
	}
}

// An announcement, a channel or a source that is added begins from its moment,
// and what was there before goes on.
func TestWhatIsAddedBeginsFromItsMoment(t *testing.T) {
	s := newSite(t)
	s.options.Announcements = []announce.Announcement{
		{Name: "more", From: []string{"blog"}, To: to(here, news)},
		{Name: "articles", From: []string{"blog", "meetups"}, To: to(here)},
	}
	s.restart()
	s.write("a", "甲")
	s.write("m", "聚會", in("meetups"))
	s.look()
	s.want("post a owed") // by "articles", here; by nobody in news
	s.write("b", "乙")
	s.write("n", "聚會二", in("meetups"))
	s.look()
	s.want("post a owed", "post b owed", "post b owed", "post n owed")
	for _, line := range []string{
		`msg="announcement begins: it passes over what is there already" announcement=more source=blog address=discord:1111 items=21`,
		`announcement=articles source=meetups address=console:here items=1`,
	} {
		if !strings.Contains(s.log.String(), line) {
			t.Errorf("the log does not say: %s\n%s", line, s.log.String())
		}
	}
}

// Moderators are told what an announcement that is added passes over; that all
// begins is nothing new to them.
func TestModeratorsAreToldWhatBegins(t *testing.T) {
	f := newFeed(t)
	mods := to(news)[0]
	f.options.Moderators = &mods
	var begun []announce.Beginning
	f.options.Begun = func(all []announce.Beginning) { begun = append(begun, all...) }
	f.options.Announcements = append(f.options.Announcements,
		announce.Announcement{Name: "more", From: []string{"videos", "blog"}, To: to(here, news)})
	f.restart()
	f.look()
	f.item("a", "甲")
	f.poll()
	want := []announce.Beginning{{Announcement: "more", Source: "blog", Items: 20}, {Announcement: "more", Source: "videos", Items: 10}}
	if diff := cmp.Diff(want, begun); diff != "" {
		t.Errorf("begun (-want +got):\n%s", diff)
	}
	var told []string
	for _, e := range f.entries() {
		if strings.HasPrefix(e.Subject, announce.NoticePrefix) {
			told = append(told, e.Message.Body.String())
		}
	}
	if diff := cmp.Diff([]string{
		"more announces blog from now on: the 20 that are there already are passed over.",
		"more announces videos from now on: the 10 that are there already are passed over.",
	}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}

	s := newEmptySite(t)
	s.options.Moderators = &mods
	s.restart()
	s.write("a", "甲")
	s.look()
	s.want()
}

func TestAnEmptyStoreIsSaidLoudlyWhereItMatters(t *testing.T) {
	quiet := newSite(t)
	if strings.Contains(quiet.log.String(), "level=WARN") {
		t.Errorf("for the console alone:\n%s", quiet.log.String())
	}
	loud := newSite(t, announce.Announcement{Name: "articles", From: []string{"blog"}, To: to(news)})
	if !strings.Contains(loud.log.String(), `level=WARN msg="the store is empty`) {
		t.Errorf("with a channel:\n%s", loud.log.String())
	}
}

// Two processes that look at the same tree owe its news once.
func TestTwoProcesses(t *testing.T) {
	s := newSite(t)
	first := s.announcer
	s.restart()
	second := s.announcer
	s.write("a", "甲")
	for range 2 {
		for _, s.announcer = range []*announce.Announcer{first, second} {
			s.look()
			s.deliver()
		}
		s.write("a", "甲一")
	}
	s.wait(time.Hour)
	s.deliver()
	s.want("post a sent", "edit a sent")
}

// A store that fails costs nothing but time.
func TestAStoreThatFails(t *testing.T) {
	s := newSite(t)
	s.options.Store = &failing{Store: s.store}
	s.restart()
	s.write("a", "甲")
	for i := range 6 { // each call of the store fails once
		if err := s.tryLook(); err != nil && i == 5 {
			t.Fatal(err)
		}
		if err := s.announcer.Next(s.now).Sub(s.now); i == 0 && err != 5*time.Second {
			t.Errorf("next in %s, want 5s", err)
		}
	}
	s.want("post a owed")
}

func TestWhenToLook(t *testing.T) {
	s := newEmptySite(t)
	if next := s.announcer.Next(s.now); next.After(s.now) {
		t.Errorf("before anything was done, schedules included: next in %s", next.Sub(s.now))
	}
	s.announcer.Offer(content.NewSnapshot(nil, nil, nil))
	if next := s.announcer.Next(s.now); next.After(s.now) {
		t.Errorf("after an offer: next in %s", next.Sub(s.now))
	}
	s.look()
	if next := s.announcer.Next(s.now); next.Sub(s.now) != time.Hour {
		t.Errorf("after a look: next in %s", next.Sub(s.now))
	}
}

// A date that moderators' words show is as the post has it.
func TestARedatedPostSaysItsDate(t *testing.T) {
	dated := announce.ParseTemplates(bot.Texts{"": "{title} {date}"}, func(path string, err error) { t.Fatal(path, err) })
	s := newSite(t, announce.Announcement{Name: "articles", From: []string{"blog"}, To: to(here), Templates: dated})
	s.delivers = true
	write := func(day int) {
		s.write("a", "甲", func(p *content.Post) { p.Date = time.Date(2026, 3, day, 0, 0, 0, 0, time.UTC) })
		s.look()
		s.wait(time.Hour)
	}
	write(2)
	write(3)
	s.want("post a sent", "edit a sent")
	if got := s.entries()[1].Message.Body.String(); got != "甲 3/3（二）" {
		t.Errorf("the edit says %q", got)
	}
}
