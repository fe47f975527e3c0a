package announce_test

import (
	"testing"
	"time"

	"cloudnative.tw/herald/feeds"
)

const showPage = "https://video.example.org/show"

// episode adds an item of a page that it shares with others. alone tells that
// its feed shows none of these, and so takes the page for the item's own.
func (f *feed) episode(id, title string, alone bool) {
	f.item(id, title, func(i *feeds.Item) {
		i.Origin, i.URL, i.Subject = "feed:videos", showPage, own(id)
		if alone {
			i.Subject = showPage
		}
	})
}

// without drops the items of the IDs from the feed.
func (f *feed) without(ids ...string) {
	var kept []feeds.Item
	for _, item := range f.items {
		drop := false
		for _, id := range ids {
			drop = drop || item.ID == id
		}
		if !drop {
			kept = append(kept, item)
		}
	}
	f.items = kept
}

func own(id string) string { return feeds.ItemSubject("feed:videos", id) }

// Podcasts and status pages have one page for all of their items, which a feed
// that shows one of them does not tell.
func TestItemsOfOnePage(t *testing.T) {
	tests := []struct {
		name string
		tell func(f *feed)
		want []string
	}{
		{"the second is news beside the first", func(f *feed) {
			f.episode("e1", "甲", true)
			f.poll()
			f.wait(time.Hour)
			f.episode("e1", "甲", false)
			f.episode("e2", "乙", false)
			f.poll()
			f.wait(time.Hour)
			f.poll()
			f.wait(time.Hour)
		}, []string{"post show sent", "post " + own("e2") + " sent"}},
		{"and in its place", func(f *feed) {
			f.episode("e1", "甲", true)
			f.poll()
			f.wait(time.Hour)
			f.without("e1")
			f.episode("e2", "乙", true)
			f.poll()
			f.wait(time.Hour)
			f.poll()
			f.without("e2")
			f.episode("e3", "丙", true)
			f.poll()
			f.wait(time.Hour)
			f.poll()
		}, []string{"post show sent", "post " + own("e2") + " sent", "post " + own("e3") + " sent"}},
		{"one article under two IDs is not taken for another of its page", func(f *feed) {
			f.episode("e1", "甲", true)
			f.poll()
			f.wait(time.Hour)
			f.without("e1")
			f.episode("e2", "乙", true)
			f.episode("e3", "乙", true)
			f.poll()
			f.wait(time.Hour)
		}, []string{"post show sent"}},
		{"an item that is only called another is not", func(f *feed) {
			f.episode("e1", "甲", true)
			f.poll()
			f.wait(time.Hour)
			f.without("e1")
			f.episode("guid-of-e1", "甲", true)
			f.poll()
			f.wait(time.Hour)
		}, []string{"post show sent"}},
		{"nor is one with another title and the date that it had", func(f *feed) {
			f.episode("e1", "甲", true)
			f.poll()
			f.wait(time.Hour)
			date := f.items[0].Published
			f.without("e1")
			f.episode("guid-of-e1", "甲二", true)
			f.items[0].Published = date
			f.poll()
			f.wait(time.Hour)
		}, []string{"post show sent", "edit show sent"}},
		{"one without a GUID stays what it is", func(f *feed) {
			f.episode(showPage, "甲", true)
			f.poll()
			f.wait(time.Hour)
			f.without(showPage)
			f.episode("hash:1", "甲", false)
			f.episode("hash:2", "乙", false)
			f.poll()
			f.wait(time.Hour)
			f.poll()
		}, []string{"post show sent", "post " + own("hash:2") + " sent"}},
		{"and is not rewritten by the one that is left", func(f *feed) {
			f.episode(showPage, "甲", true)
			f.poll()
			f.wait(time.Hour)
			f.without(showPage)
			f.episode("hash:1", "甲", false)
			f.episode("hash:2", "乙", false)
			f.poll()
			f.wait(time.Hour)
			f.without("hash:1", "hash:2")
			f.episode(showPage, "乙", true)
			f.poll()
			f.wait(time.Hour)
		}, []string{"post show sent", "post " + own("hash:2") + " sent"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFeed(t)
			tt.tell(f)
			f.wantStory(tt.want...)
		})
	}
}
