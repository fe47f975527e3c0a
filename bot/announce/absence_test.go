package announce_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/feeds"
)

// pages is a feed of which the pages can be lost.
type pages struct {
	*feed
	// lost are the IDs of the items whose page answers 404, unsure those of which
	// nobody knows.
	lost, unsure map[string]bool
	looks        []string // the IDs of the items whose pages were looked at
	looking      sync.Mutex
	lookout      *announce.Lookout
	meanwhile    func() // happens while a page is looked at
}

func newPages(t *testing.T, announcements ...announce.Announcement) *pages {
	p := &pages{feed: newFeed(t, announcements...), lost: make(map[string]bool), unsure: make(map[string]bool)}
	p.reopen()
	return p
}

// reopen forgets what is held in memory.
func (p *pages) reopen() {
	p.restart()
	p.lookout = p.announcer.Lookout(p.look)
}

func (p *pages) look(_ context.Context, url string) (bool, error) {
	p.looking.Lock() // several at once
	defer p.looking.Unlock()
	id := strings.TrimPrefix(url, "https://video.example.org/")
	p.looks = append(p.looks, id)
	if p.meanwhile != nil {
		p.meanwhile()
	}
	if p.unsure[id] {
		return false, errors.New("look at " + url + ": status 503 Service Unavailable")
	}
	return p.lost[id], nil
}

// remove takes an item out of the feed, and its page from the web.
func (p *pages) remove(id string) {
	p.hide(id)
	p.lost[id] = true
}

// hide takes an item out of the feed.
func (p *pages) hide(id string) {
	p.items = slices.DeleteFunc(p.items, func(i feeds.Item) bool { return i.ID == id })
}

// watch lets time pass in which pages are looked at when that is due.
func (p *pages) watch(d time.Duration) {
	p.t.Helper()
	for end := p.now.Add(d); p.now.Before(end); {
		p.now = p.now.Add(time.Hour)
		if !p.lookout.Next().After(p.now) {
			if err := p.lookout.Do(p.t.Context(), p.now); err != nil {
				p.t.Fatal(err)
			}
		}
		p.deliver()
	}
}

// say publishes items and has them announced.
func (p *pages) say(ids ...string) {
	for _, id := range ids {
		p.item(id, "題 "+id)
		p.poll()
		p.now = p.now.Add(time.Hour)
	}
}

const day = 24 * time.Hour

func TestAbsences(t *testing.T) {
	tests := []struct {
		name string
		tell func(p *pages)
		want []string
	}{
		{"a page that is gone for a day is withdrawn", func(p *pages) {
			p.remove("a")
			p.poll()
			p.watch(23 * time.Hour)
			if n := len(p.ledger()); n != 2 {
				p.t.Errorf("%d acts before a day is over", n)
			}
			p.watch(3 * time.Hour)
		}, []string{"post a sent", "post b sent", "retract a sent"}},
		{"also over restarts", func(p *pages) {
			p.remove("a")
			p.poll()
			for range 13 {
				p.reopen()
				p.watch(2 * time.Hour)
			}
		}, []string{"post a sent", "post b sent", "retract a sent"}},
		{"absence alone withdraws nothing", func(p *pages) {
			p.hide("a")
			p.poll()
			p.watch(30 * day)
		}, []string{"post a sent", "post b sent"}},
		{"nor does a page alone", func(p *pages) {
			p.lost["a"] = true
			p.poll()
			p.watch(30 * day)
		}, []string{"post a sent", "post b sent"}},
		{"nor a page that is back the next day", func(p *pages) {
			p.remove("a")
			p.poll()
			p.watch(2 * time.Hour)
			p.lost["a"] = false
			p.watch(30 * day)
		}, []string{"post a sent", "post b sent"}},
		{"nor one of which nobody knows", func(p *pages) {
			p.hide("a")
			p.unsure["a"] = true
			p.poll()
			p.watch(30 * day)
		}, []string{"post a sent", "post b sent"}},
		{"what nobody knows does not make it less gone", func(p *pages) {
			p.remove("a")
			p.poll()
			p.watch(2 * time.Hour)
			p.unsure["a"] = true
			p.watch(day)
			p.unsure["a"] = false
			p.watch(day)
		}, []string{"post a sent", "post b sent", "retract a sent"}},
		{"what is back in its feed is not withdrawn", func(p *pages) {
			all := p.items
			p.items = slices.Clone(all)
			p.remove("a")
			p.poll()
			p.watch(2 * time.Hour)
			p.items = all
			p.poll()
			p.watch(30 * day)
		}, []string{"post a sent", "post b sent"}},
		{"not even if it comes while its page is looked at", func(p *pages) {
			all := p.items
			p.items = slices.Clone(all)
			p.remove("a")
			p.poll()
			p.watch(2 * time.Hour)
			p.meanwhile = func() {
				p.items = all
				p.poll()
			}
			p.watch(30 * day)
		}, []string{"post a sent", "post b sent"}},
		{"what was taken back is not said again when it is there again", func(p *pages) {
			all := p.items
			p.items = slices.Clone(all)
			p.remove("a")
			p.poll()
			p.watch(2 * day)
			p.items = all
			p.item("a", "又來了")
			p.poll()
			p.watch(time.Hour)
		}, []string{"post a sent", "post b sent", "retract a sent"}},
		{"what was there before Herald came is not looked at", func(p *pages) {
			p.remove("old-9")
			p.poll()
			p.watch(30 * day)
		}, []string{"post a sent", "post b sent"}},
		{"an item without a page of its own is not looked at", func(p *pages) {
			p.item("note", "無頁", func(i *feeds.Item) { i.Subject = "item:0123" })
			p.poll()
			p.remove("note")
			p.poll()
			p.watch(30 * day)
		}, []string{"post a sent", "post b sent", "post item:0123 sent"}},
		{"an announcement may keep what was withdrawn", func(p *pages) {
			p.options.Announcements[0].KeepWithdrawn = true
			p.reopen()
			p.remove("a")
			p.poll()
			p.watch(3 * day)
		}, []string{"post a sent", "post b sent"}},
		{"four at once are for a person to decide", func(p *pages) {
			p.say("c", "d", "e")
			for _, id := range []string{"a", "b", "c", "d"} {
				p.remove(id)
			}
			p.poll()
			p.watch(3 * day)
		}, []string{
			"post a sent", "post b sent", "post c sent", "post d sent", "post e sent",
			"retract a held", "retract b held", "retract c held", "retract d held",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newPages(t)
			p.say("a", "b")
			test.tell(p)
			got := p.ledger()
			for i := range got {
				got[i] = strings.ReplaceAll(got[i], "https://video.example.org/", "")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("ledger (-want +got):\n%s", diff)
			}
		})
	}
}

// A page is looked at once a day, for a week.
func TestPagesAreLookedAtSparingly(t *testing.T) {
	p := newPages(t)
	p.say("a", "b")
	p.hide("a")
	p.poll()
	p.watch(60 * day)
	p.poll()
	p.watch(60 * day)
	if got := len(p.looks); got != 8 {
		t.Errorf("%d looks, want 8", got)
	}
}

// What left the window of its feed is not looked at, and not what is missing from
// a batch that has not all of the feed.
func TestWhatNobodyCanMissIsNotLookedAt(t *testing.T) {
	p := newPages(t)
	p.say("a")
	for i := range 12 {
		p.say(fmt.Sprint("later", i))
	}
	p.watch(2 * day)
	p.hide("later5")
	batch := feeds.Batch{Origin: announce.FeedOrigin("videos"), Items: p.items[:5], Last: p.last}
	if err := p.announcer.Take(t.Context(), p.now, "videos", batch); err != nil {
		t.Fatal(err)
	}
	p.watch(2 * day)
	if len(p.looks) > 0 {
		t.Errorf("looked at %v", p.looks)
	}
}
