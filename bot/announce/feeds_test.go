package announce_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/feeds"
)

// take has the announcer take what a poll of a feed of "videos" brought.
func (f *feed) take(b feeds.Batch) {
	f.t.Helper()
	b.Last = f.last
	f.takeFirst(b)
}

// takeFirst is as take, at an address where the feed was never polled.
func (f *feed) takeFirst(b feeds.Batch) {
	f.t.Helper()
	f.now = f.now.Add(time.Minute)
	b.Whole = true
	f.last = f.now
	if err := f.announcer.Take(f.t.Context(), f.now, "videos", b); err != nil {
		f.t.Fatal(err)
	}
	f.deliver()
}

// reasons returns of each item of a feed why nothing was ever said of it.
func (f *feed) reasons(origin string) map[string]string {
	f.t.Helper()
	known, err := f.store.Known(f.t.Context(), origin)
	if err != nil {
		f.t.Fatal(err)
	}
	all := map[string]string{}
	for _, item := range known.Items {
		all[item.ID] = item.Reason
	}
	return all
}

// Another feed of the same source begins silently, and what it calls an item is
// its own affair.
func TestAnotherFeedOfTheSource(t *testing.T) {
	f := newFeed(t)
	f.item("a", "甲")
	f.poll()
	second := func(ids ...string) feeds.Batch {
		b := feeds.Batch{Origin: announce.FeedOrigin("videos/second")}
		for _, id := range ids {
			b.Items = append(b.Items, feeds.Item{
				Source: "videos", ID: id, Title: id, URL: "https://video.example.org/second/" + id,
				Subject: "https://video.example.org/second/" + id, Published: f.now,
			})
		}
		return b
	}
	f.take(second("a", "b"))
	f.wantStory("post a sent")
	f.take(second("a", "b", "c"))
	f.wantStory("post a sent", "post second/c sent")
}

// batch is one of a feed of "videos" that is called so, with items of the given
// names, each a day older than the one before.
func (f *feed) batch(feed string, ids ...string) feeds.Batch {
	b := feeds.Batch{Origin: announce.FeedOrigin("videos/" + feed), Feed: feed}
	for i, id := range ids {
		page := "https://video.example.org/" + id
		b.Items = append(b.Items, feeds.Item{
			Source: "videos", ID: id, Title: id, URL: page, Subject: page, Published: f.now.AddDate(0, 0, -i),
		})
	}
	return b
}

// An announcement begins with each feed of a source when that is read, also if the
// feed says that it has not changed.
func TestAnAnnouncementBeginsWithEachFeed(t *testing.T) {
	f := newFeed(t)
	f.take(f.batch("first", "a"))
	f.take(f.batch("second", "b"))
	f.take(f.batch("third", "c"))
	mods := to(news)[0]
	f.options.Moderators = &mods
	f.options.Announcements = []announce.Announcement{{Name: "other", From: []string{"videos"}, To: to(here)}}
	f.restart()
	f.take(f.batch("first", "meanwhile a", "a"))
	f.take(f.batch("second", "meanwhile b", "b"))
	f.take(feeds.Batch{Origin: announce.FeedOrigin("videos/third"), Feed: "third", Unchanged: true})
	f.take(f.batch("third", "news", "c"))
	f.take(f.batch("first", "more", "meanwhile a", "a"))
	var said, told []string
	for _, e := range f.entries() {
		if strings.HasPrefix(e.Subject, announce.NoticePrefix) {
			told = append(told, e.Message.Body.String())
		} else {
			said = append(said, e.Subject)
		}
	}
	slices.Sort(said)
	if diff := cmp.Diff([]string{"https://video.example.org/more", "https://video.example.org/news"}, said); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		"other announces videos (first) from now on: the 2 that are there already are passed over.",
		"other announces videos (second) from now on: the 2 that are there already are passed over.",
		"other announces videos (third) from now on: the 1 that are there already are passed over.",
	}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// What was passed over in one feed of a source is no news in another.
func TestAPageThatWasPassedOver(t *testing.T) {
	f := newFeed(t)
	f.take(f.batch("first", "page", "a"))
	f.take(f.batch("second", "b"))
	f.take(f.batch("second", "news", "page", "b"))
	f.wantStory("post news sent")
	if got := f.reasons(announce.FeedOrigin("videos/second"))["page"]; got != "it was there when its source was first read" {
		t.Errorf("reason %q", got)
	}
}

// A feed that is elsewhere and has nothing of what is known is another one, which
// begins silently; what has something is the same.
func TestAFeedInThePlaceOfAnother(t *testing.T) {
	f := newFeed(t)
	f.take(f.batch("first", "a"))
	f.takeFirst(f.batch("first", "news", "a"))
	f.takeFirst(f.batch("first", "x"))
	f.take(f.batch("first", "y", "x"))
	f.wantStory("post news sent", "post y sent")
}

// A process that knows a route for new looks whether another has begun it.
func TestARouteThatAnotherProcessBegan(t *testing.T) {
	f := newFeed(t)
	f.options.Announcements = []announce.Announcement{{Name: "other", From: []string{"videos"}, To: to(here)}}
	first, second := announce.New(f.options), announce.New(f.options)
	take := func(by *announce.Announcer, b feeds.Batch) {
		t.Helper()
		f.now = f.now.Add(time.Minute)
		if err := by.Take(t.Context(), f.now, "videos", b); err != nil {
			t.Fatal(err)
		}
	}
	take(second, f.batch("second"))
	take(first, f.batch("first", "a"))
	take(second, f.batch("first", "news", "a"))
	f.deliver()
	f.wantStory("post news sent")
}

// What a setting lets through that was not let through before is no news if it is
// older than the last look, however much of it there is; what is new beside it is.
func TestALoosenedSetting(t *testing.T) {
	f := newFeed(t)
	batch := feeds.Batch{Origin: announce.FeedOrigin("videos/one")}
	item := func(id string, age time.Duration) {
		page := "https://video.example.org/one/" + id
		batch.Items = append(batch.Items, feeds.Item{
			Source: "videos", ID: id, Title: id, URL: page, Subject: page, Published: f.now.Add(-age),
		})
	}
	item("a", 30*24*time.Hour)
	item("b", time.Hour)
	f.take(batch)
	f.now = f.now.Add(time.Hour)
	batch.Reread = true
	for _, id := range []string{"short 1", "short 2", "short 3", "short 4"} {
		item(id, 3*24*time.Hour)
	}
	item("yesterday", 5*time.Hour)
	item("undated", 0)
	batch.Items[len(batch.Items)-1].Published = time.Time{}
	item("c", time.Minute)
	f.take(batch)
	f.wantStory("post one/c sent")
	const why = "it was there before a setting of its source let it through"
	if got := f.reasons(batch.Origin); got["short 1"] != why || got["yesterday"] != why || got["undated"] != why || got["c"] != "" {
		t.Errorf("reasons %q", got)
	}
}
