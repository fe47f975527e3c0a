package announce_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/feeds"
)

// feed is a source "videos" outside that tests write to, beside a site.
type feed struct {
	*site
	items []feeds.Item
	last  time.Time // of the last poll
	due   time.Time // of the next one, if it is known
}

// newFeed returns a feed of ten items that were there before.
func newFeed(t *testing.T, announcements ...announce.Announcement) *feed {
	t.Helper()
	if announcements == nil {
		announcements = []announce.Announcement{{Name: "news", From: []string{"blog", "videos"}, To: to(here)}}
	}
	f := &feed{site: newSite(t, announcements...)}
	f.options.Feeds = []string{"videos"}
	f.restart()
	f.look()
	for i := range 10 {
		f.item(fmt.Sprintf("old-%d", i), "舊")
	}
	f.poll()
	f.want()
	f.delivers = true
	return f
}

// item adds an item, the newest first, or changes the one of that ID.
func (f *feed) item(id, title string, change ...func(*feeds.Item)) {
	item := feeds.Item{
		Source: "videos", ID: id, Title: title, URL: "https://video.example.org/" + id,
		Subject: "https://video.example.org/" + id, Published: f.now,
	}
	for _, c := range change {
		c(&item)
	}
	item.Revision = item.Title + item.URL
	for i := range f.items {
		if f.items[i].ID == item.ID {
			f.items[i] = item
			return
		}
	}
	f.items = append([]feeds.Item{item}, f.items...)
}

// poll has the announcer take what the newest ten items of the feed are.
func (f *feed) poll(withdrawn ...string) {
	f.t.Helper()
	f.now = f.now.Add(time.Second)
	batch := feeds.Batch{
		Origin: announce.FeedOrigin("videos"), Items: f.items[:min(len(f.items), 10)], Withdrawn: withdrawn, Whole: true,
		Last: f.last, Due: f.due,
	}
	f.last = f.now
	if err := f.announcer.Take(f.t.Context(), f.now, "videos", batch); err != nil {
		f.t.Fatal(err)
	}
	if f.delivers {
		f.deliver()
	}
}

func published(at time.Time) func(*feeds.Item) { return func(i *feeds.Item) { i.Published = at } }

func TestFeedStories(t *testing.T) {
	tests := []struct {
		name string
		tell func(f *feed)
		want []string
	}{
		{"a new item is news, once", func(f *feed) {
			f.item("a", "甲")
			f.poll()
			f.poll()
			f.restart()
			f.poll()
		}, []string{"post a sent"}},
		{"what leaves the window is not withdrawn", func(f *feed) {
			f.item("a", "甲")
			f.poll()
			for i := range 10 {
				f.wait(time.Hour)
				f.item(fmt.Sprint("later", i), "乙", published(f.now))
				f.poll()
			}
			f.wait(time.Hour)
		}, append([]string{"post a sent"}, numbered("post later%d sent", 10)...)},
		{"nor is anything when the feed is empty for a while", func(f *feed) {
			f.item("a", "甲")
			f.poll()
			all := f.items
			f.items = nil
			f.poll()
			f.items = all
			f.poll()
			f.wait(time.Hour)
		}, []string{"post a sent"}},
		{"the source's own word withdraws", func(f *feed) {
			f.item("a", "甲")
			f.poll()
			f.items = f.items[1:]
			f.poll("a")
			f.wait(time.Hour)
		}, []string{"post a sent", "retract a sent"}},
		{"an edit follows", func(f *feed) {
			f.item("a", "甲")
			f.poll()
			f.item("a", "甲二")
			f.poll()
			f.wait(time.Hour)
		}, []string{"post a sent", "edit a sent"}},
		{"IDs of another scheme name the same items", func(f *feed) {
			f.item("a", "甲")
			f.poll()
			for i := range f.items {
				f.items[i].ID = "tag:example.org,2026:" + f.items[i].ID
			}
			f.poll()
			f.poll()
			f.wait(time.Hour)
		}, []string{"post a sent"}},
		{"IDs and addresses that all change wait for a person", func(f *feed) {
			for i := range f.items {
				f.items[i].ID += "-2"
				f.items[i].Subject += "-2"
				f.items[i].Published = monday.AddDate(0, -1, -i)
			}
			f.poll()
		}, numbered("post old-%d-2 held", 10)},
		{"three videos of one evening are news", func(f *feed) {
			for i := range 3 {
				f.item(fmt.Sprint(i), "甲", published(f.now))
			}
			f.poll()
		}, []string{"post 0 sent", "post 1 sent", "post 2 sent"}},
		{"what the site has said already is not news", func(f *feed) {
			f.write("a", "甲", url("https://video.example.org/a"))
			f.look()
			f.item("guid-of-a", "甲", func(i *feeds.Item) { i.Subject = "https://video.example.org/a" })
			f.poll()
			f.item("guid-of-a", "甲二", func(i *feeds.Item) { i.Subject = "https://video.example.org/a" })
			f.poll()
			f.wait(time.Hour)
		}, []string{"post a sent"}},
		{"and the other way round", func(f *feed) {
			f.item("a", "甲")
			f.poll()
			f.write("a", "甲", url("https://video.example.org/a"))
			f.look()
			f.wait(time.Hour)
		}, []string{"post a sent"}},
		{"an item that cannot be a key costs itself", func(f *feed) {
			f.item("bad", "甲", func(i *feeds.Item) { i.Subject = "" })
			f.item("good", "乙")
			f.poll()
		}, []string{"post good sent"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFeed(t)
			tt.tell(f)
			f.wantStory(tt.want...)
		})
	}
}

func numbered(form string, n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(form, i))
	}
	return all
}

// wantStory compares the ledger, with the subjects of both sources short.
func (f *feed) wantStory(lines ...string) {
	f.t.Helper()
	var got []string
	for _, e := range f.entries() {
		subject := e.Subject
		for _, prefix := range []string{"https://video.example.org/", "https://example.org/"} {
			if len(subject) > len(prefix) && subject[:len(prefix)] == prefix {
				subject = subject[len(prefix):]
			}
		}
		got = append(got, fmt.Sprintf("%s %s %s", e.Kind, subject, e.State))
	}
	if diff := cmp.Diff(lines, got); diff != "" {
		f.t.Errorf("ledger (-want +got):\n%s", diff)
	}
}

func TestCatchingUp(t *testing.T) {
	missed := func(f *feed) {
		f.now = f.now.Add(36 * time.Hour)
		f.restart()
		f.item("a", "甲", published(f.now.Add(-30*time.Hour)))
		f.item("b", "乙", published(f.now.Add(-20*time.Hour)))
		f.item("c", "丙", published(f.now.Add(-10*time.Hour)))
		f.poll()
	}
	tests := []struct {
		mode announce.CatchUp
		want []string
	}{
		{announce.Drip, []string{"post a sent", "post b owed", "post c owed"}},
		{"", []string{"post a sent", "post b owed", "post c owed"}},
		{announce.SkipMissed, nil},
		{announce.CatchUpDigest, []string{"member a sent", "member b sent", "member c sent", "post announcement:news sent"}},
	}
	for _, tt := range tests {
		t.Run(string(tt.mode), func(t *testing.T) {
			f := newFeed(t, announce.Announcement{Name: "news", From: []string{"videos"}, To: to(here), CatchUp: tt.mode})
			missed(f)
			if err := f.announcer.Do(t.Context(), f.now); err != nil {
				t.Fatal(err)
			}
			f.deliver()
			f.wantStory(tt.want...)
		})
	}
}

func TestDripIsSaidTenMinutesApart(t *testing.T) {
	f := newFeed(t)
	f.now = f.now.Add(36 * time.Hour)
	f.restart()
	for i := range 3 {
		f.item(fmt.Sprint(i), "甲", published(f.now.Add(-time.Hour)))
	}
	f.poll()
	start := f.now
	for _, want := range []int{1, 2, 3} {
		f.deliver()
		sent := 0
		for _, e := range f.entries() {
			if e.State == "sent" {
				sent++
			}
		}
		if sent != want {
			t.Errorf("%s after the restart: %d said, want %d", f.now.Sub(start), sent, want)
		}
		f.now = f.now.Add(10 * time.Minute)
	}
}

// However many sources have something that was missed, a channel hears it one
// after another.
func TestDripIsOneForAllSources(t *testing.T) {
	f := newFeed(t, announce.Announcement{Name: "news", From: []string{"videos", "blog"}, To: to(here)})
	f.delivers = false
	f.now = f.now.Add(36 * time.Hour)
	f.restart()
	f.item("v1", "影片一", published(f.now.Add(-30*time.Hour)))
	f.item("v2", "影片二", published(f.now.Add(-20*time.Hour)))
	f.write("b1", "文章一")
	f.write("b2", "文章二")
	f.look()
	start := f.now
	f.poll()
	for i, e := range f.entries() {
		if got, want := e.NotBefore.Sub(start).Truncate(time.Minute), time.Duration(i)*10*time.Minute; got != want {
			t.Errorf("%s is said %s later, want %s", e.Subject, got, want)
		}
	}
}

// What a second source brings is not said again in a channel that has moved since.
func TestAMovedChannelAndASecondSource(t *testing.T) {
	f := newFeed(t)
	adopt := func(at bot.Address) {
		if _, err := f.store.Adopt(t.Context(), f.now, announce.Names{Channels: map[string]bot.Address{"here": at}}); err != nil {
			t.Fatal(err)
		}
	}
	adopt(here.Address)
	f.write("a", "甲")
	f.look()
	moved := here
	moved.Chat = "elsewhere"
	adopt(moved.Address)
	f.options.Announcements = []announce.Announcement{{Name: "news", From: []string{"blog", "videos"}, To: to(moved)}}
	f.restart()
	f.look()
	f.item("a", "甲", page("a"))
	f.poll()
	f.want("post a sent")
}

// A post that waits for approval gives what another announcement says no pin.
func TestAHeldDuplicateChangesNothing(t *testing.T) {
	f := newFeed(t,
		announce.Announcement{Name: "feed", From: []string{"videos"}, To: to(here)},
		announce.Announcement{Name: "blog", From: []string{"blog"}, To: to(here), Pin: true, Approve: true})
	f.delivers = false
	f.item("a", "甲", page("a"))
	f.poll()
	f.write("a", "甲")
	f.look()
	f.want("post a owed")
}

// What is new without a date is said in the order of the feed, whose newest is
// the first.
func TestUndatedItemsAreInTheFeedsOrder(t *testing.T) {
	f := newFeed(t)
	for _, id := range []string{"c", "a", "b"} { // c is the oldest
		f.item(id, id, published(time.Time{}))
	}
	f.poll()
	var got []string
	for _, e := range f.entries() {
		got = append(got, e.Message.Title)
	}
	if want := []string{"c", "a", "b"}; !slices.Equal(got, want) {
		t.Errorf("said in the order %v, want %v", got, want)
	}
}

// What its source withdraws was a part of it: one of two is no reason to ask, and
// the last one is.
func TestTombstonesAndTheGuard(t *testing.T) {
	f := newFeed(t)
	f.item("a", "甲")
	f.poll()
	f.items = f.items[1:2]
	f.poll("a")
	f.wait(time.Hour)
	f.wantStory("post a sent", "retract a sent")

	f = newFeed(t)
	f.item("a", "甲")
	f.poll()
	f.items = nil
	f.poll("a")
	f.wait(time.Hour)
	f.wantStory("post a sent", "retract a held")
}

// A feed in which nothing is known any more has changed how it names its items,
// whatever their dates say.
func TestAFeedOfWhichNothingIsKnown(t *testing.T) {
	f := newFeed(t)
	f.wait(time.Hour)
	f.items = nil
	for i := range 10 {
		f.item(fmt.Sprint("scheme-", i), "舊", published(f.now))
	}
	f.poll()
	f.wantStory(numbered("post scheme-%d held", 10)...)
}

// The date of a post is as the site shows it. What a feed of another zone says is
// said in the community's.
func TestDatesAreInTheZoneOfTheirReaders(t *testing.T) {
	dated := announce.ParseTemplates(bot.Texts{"": "{title} {date} {time}"}, func(path string, err error) { t.Fatal(path, err) })
	f := newFeed(t, announce.Announcement{Name: "news", From: []string{"blog", "videos"}, To: to(here), Templates: dated})
	f.options.Zone = time.FixedZone("CST", 8*60*60)
	f.restart()
	evening := time.Date(2026, 3, 1, 18, 0, 0, 0, time.UTC)
	f.write("a", "甲", func(p *content.Post) { p.Date = evening })
	f.look()
	f.item("b", "乙", published(evening.Add(time.Hour)))
	f.poll()
	var said []string
	for _, e := range f.entries() {
		said = append(said, e.Message.Body.String())
	}
	if want := []string{"甲 3/1（日） 18:00", "乙 3/2（一） 03:00"}; !slices.Equal(said, want) {
		t.Errorf("said %q, want %q", said, want)
	}
}
