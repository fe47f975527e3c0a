package announce_test

import (
	"testing"
	"time"

	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/feeds"
)

// take has the announcer take what a poll of a feed of "videos" brought.
func (f *feed) take(b feeds.Batch) {
	f.t.Helper()
	f.now = f.now.Add(time.Minute)
	b.Whole = true
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
