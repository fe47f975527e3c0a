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
	item("c", time.Minute)
	f.take(batch)
	f.wantStory("post one/c sent")
	const why = "it was there before a setting of its source let it through"
	if got := f.reasons(batch.Origin); got["short 1"] != why || got["c"] != "" {
		t.Errorf("reasons %q", got)
	}
}
