package announce_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/feeds"
)

// page changes an item to one of the site's own feed, which names a post by its
// page.
func page(path string) func(*feeds.Item) {
	return func(i *feeds.Item) {
		i.ID, i.URL = "https://example.org/"+path, "https://example.org/"+path
		i.Subject = feeds.Canonical(i.URL)
	}
}

// A community's site has a feed of its own, which is watched beside its files.
func TestStoriesOfASiteAndItsFeed(t *testing.T) {
	tests := []struct {
		name string
		tell func(f *feed)
		want []string
	}{
		{"a post with another address is not news to the feed", func(f *feed) {
			f.write("a", "甲")
			f.look()
			f.item("a", "甲", page("a"))
			f.poll()
			f.write("a", "甲", url("https://example.org/b"))
			f.look()
			f.items = f.items[1:]
			f.item("b", "甲", page("b"))
			f.poll()
			f.wait(time.Hour)
		}, []string{"post a sent", "edit a sent"}},
		{"nor is one whose new address the feed has first", func(f *feed) {
			f.write("a", "甲")
			f.look()
			f.item("a", "甲", page("a"))
			f.poll()
			f.items = f.items[1:]
			f.item("b", "甲", page("b"))
			f.poll()
			f.wait(time.Hour)
			f.write("a", "甲", url("https://example.org/b"))
			f.look()
			f.wait(time.Hour)
		}, []string{"post a sent", "edit a sent"}},
		{"a post with the title of another is news as the site says", func(f *feed) {
			f.write("a", "甲")
			f.look()
			f.item("b", "甲", page("b"))
			f.poll()
			f.write("b", "甲")
			f.look()
			f.wait(time.Hour)
		}, []string{"post a sent", "post b sent"}},
		{"what others say under the title of a post is news", func(f *feed) {
			f.write("a", "甲")
			f.look()
			f.item("b", "甲")
			f.poll()
		}, []string{"post a sent", "post b sent"}},
		{"nor is one that was there before, when the feed comes to show it", func(f *feed) {
			f.item("old-5", "舊文 5", page("old-5"), published(monday.AddDate(0, -1, 0)))
			f.poll()
			f.wait(time.Hour)
		}, nil},
		{"nor is one that was there before and has another address", func(f *feed) {
			f.write("old-5", "舊文 5", url("https://example.org/new-5"))
			f.look()
			f.item("new-5", "舊文 5", page("new-5"), published(monday.AddDate(0, -1, 0)))
			f.poll()
			f.wait(time.Hour)
		}, nil},
		{"a restart in between changes nothing", func(f *feed) {
			f.write("old-5", "舊文 5", url("https://example.org/new-5"))
			f.look()
			f.restart()
			f.look()
			f.item("new-5", "舊文 5", page("new-5"), published(monday.AddDate(0, -1, 0)))
			f.poll()
			f.wait(time.Hour)
		}, nil},
		{"what the feed had first is edited and withdrawn as the site says", func(f *feed) {
			f.item("a", "甲", page("a"))
			f.poll()
			f.write("a", "甲")
			f.look()
			f.write("a", "甲二")
			f.look()
			f.wait(time.Hour)
			f.remove("a")
			f.look()
			f.wait(time.Hour)
		}, []string{"post a sent", "edit a sent", "retract a sent"}},
		{"the feed's word about the site's own post does not count", func(f *feed) {
			f.item("a", "甲", page("a"))
			f.poll()
			f.write("a", "甲")
			f.look()
			f.item("https://example.org/a", "甲二", page("a"))
			f.poll()
			f.items = f.items[1:]
			f.poll("https://example.org/a")
			f.wait(time.Hour)
		}, []string{"post a sent"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFeed(t)
			tt.tell(f)
			f.wantStory(tt.want...)
		})
	}
}

// When an item is deleted, an older one is back in the window of a feed that
// shows only its newest.
func TestWhatComesBackIntoTheWindowIsNotNews(t *testing.T) {
	f := newFeed(t)
	for i := range f.items {
		f.items[i].Published = monday.AddDate(0, 0, -1-i)
	}
	f.poll()
	f.items = append(f.items[1:], feeds.Item{
		Source: "videos", ID: "ancient", Title: "古", URL: "https://video.example.org/ancient",
		Subject: "https://video.example.org/ancient", Published: monday.AddDate(0, 0, -30),
	})
	f.poll()
	f.wait(time.Hour)
	f.wantStory()
}

// A source that is asked once a day is not one that nobody looked at.
func TestNewsOfASeldomPolledSourceIsNotMissed(t *testing.T) {
	f := newFeed(t, announce.Announcement{Name: "news", From: []string{"videos"}, To: to(here), CatchUp: announce.SkipMissed})
	for i := range 3 {
		f.now = f.now.Add(24 * time.Hour)
		f.due = f.now
		f.item(fmt.Sprint(i), "甲", published(f.now.Add(-6*time.Hour)))
		f.poll()
	}
	f.wantStory("post 0 sent", "post 1 sent", "post 2 sent")

	f.now = f.now.Add(24 * time.Hour)
	f.due = f.now.Add(-3 * time.Hour) // nobody polled when it was due
	f.item("late", "甲", published(f.now.Add(-6*time.Hour)))
	f.poll()
	f.wantStory("post 0 sent", "post 1 sent", "post 2 sent")
}

// Of several sources, the site's own posts wait for their pages.
func TestOwnPostsWaitForTheirPages(t *testing.T) {
	wait := 10 * time.Minute
	for _, tt := range []struct {
		name       string
		config     announce.Config
		own        bool
		site, feed bool
	}{
		{"by default", announce.Config{From: []string{"blog", "videos"}}, false, true, false},
		{"of the site alone", announce.Config{From: []string{"blog"}}, true, true, false},
		{"of the feed alone", announce.Config{From: []string{"videos"}}, false, false, false},
		{"if all shall", announce.Config{From: []string{"blog", "videos"}, WaitForPage: &wait}, false, true, true},
		{"if none shall", announce.Config{From: []string{"blog", "videos"}, WaitForPage: new(time.Duration)}, false, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			outlets := to(news)
			outlets[0].Previews = true
			f := newFeed(t, tt.config.Resolve("news", time.UTC, outlets, tt.own))
			f.delivers = false
			f.write("a", "甲")
			f.look()
			f.item("b", "乙")
			f.poll()
			asked := make(map[string]bool)
			f.asking(func(url string) { asked[url] = true })
			if asked["https://example.org/a"] != tt.site || asked["https://video.example.org/b"] != tt.feed {
				t.Errorf("pages asked for: %v", asked)
			}
		})
	}
}

// asking carries out what is owed, and tells which pages were asked for.
func (f *feed) asking(tell func(url string)) {
	f.t.Helper()
	var mu sync.Mutex
	o, err := outbox.New(outbox.Config{
		Store: f.store, Owner: "asking", Now: func() time.Time { return f.now },
		Senders: map[bot.Platform]outbox.Sender{bot.Discord: deaf{}},
		Live: func(_ context.Context, url string) error {
			mu.Lock()
			defer mu.Unlock()
			tell(url)
			return nil
		},
	})
	if err != nil {
		f.t.Fatal(err)
	}
	if err := o.Drain(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
}
