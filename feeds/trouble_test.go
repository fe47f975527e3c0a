package feeds_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime/metrics"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/feedstest"
	"cloudnative.tw/herald/feeds/fetch"
)

// misleading are the troubles with which a poll goes well, as far as a poller
// can tell.
var misleading = map[feedstest.Trouble]bool{
	feedstest.Untyped: true, feedstest.NewTags: true, feedstest.NewIDs: true, feedstest.NoTags: true,
	feedstest.SameTag: true, feedstest.ClockAhead: true,
}

// neighbourhood is a web of healthy feeds and of one for each trouble.
type neighbourhood struct {
	web     *feedstest.Web
	client  *fetch.Client
	watches []feeds.Watch
	healthy []*feedstest.Feed
	bad     map[string]*feedstest.Feed // by name of its source
}

func newNeighbourhood(healthy int) *neighbourhood {
	n := &neighbourhood{web: feedstest.NewWeb(), bad: make(map[string]*feedstest.Feed)}
	n.client = fetch.New(fetch.Options{Dial: n.web.Dial, TLS: n.web.TLS(), MaxBody: 1 << 20})
	for i := range healthy {
		feed := &feedstest.Feed{}
		feed.Publish(1)
		n.healthy = append(n.healthy, feed)
		n.add(fmt.Sprint("healthy ", i), fmt.Sprintf("healthy%d.example", i), feed)
	}
	for i, trouble := range feedstest.Troubles() {
		feed := &feedstest.Feed{}
		feed.Publish(1)
		feed.Misbehave(trouble)
		n.bad[string(trouble)] = feed
		n.add(string(trouble), fmt.Sprintf("bad%d.example", i), feed)
	}
	// Hosts that cannot be asked at all.
	n.add("refused", "refused.example", nil)
	n.watch("unknown", "https://unknown.example/rss")
	n.web.ServeUntrusted("untrusted.example", http.NotFoundHandler())
	n.watch("untrusted", "https://untrusted.example/rss")
	return n
}

func (n *neighbourhood) add(name, host string, feed *feedstest.Feed) {
	if feed == nil {
		n.web.Serve(host, nil)
	} else {
		n.web.Serve(host, feed)
	}
	n.watch(name, "http://"+host+"/rss")
}

func (n *neighbourhood) watch(name, url string) {
	n.watches = append(n.watches, feeds.Watch{Name: name, Address: url, Source: &small{n.client, url}})
}

func (n *neighbourhood) close() {
	n.client.Close()
	n.web.Close()
	synctest.Wait()
}

// peak watches how much memory is in use at most.
type peak struct{ most atomic.Uint64 }

func (p *peak) look() {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	if now := sample[0].Value.Uint64(); now > p.most.Load() {
		p.most.Store(now)
	}
}

// Feeds that misbehave in every way we know harm no other: those that are well
// are polled on time, what is in memory is bounded, and each failure is one line
// in the log.
func TestTroublesBesideHealthyFeeds(t *testing.T) {
	simulate(t, func(t *testing.T) {
		n := newNeighbourhood(30)
		defer n.close()
		var memory peak
		for i, w := range n.watches {
			n.watches[i].Source = looking{w.Source, &memory}
		}
		r := newRig(t, nil, n.watches)
		for range 12 {
			for _, feed := range n.healthy {
				feed.Publish(1)
			}
			r.run(time.Hour)
		}
		r.stop()

		for i, feed := range n.healthy {
			visits := feed.Visits()
			for j := range visits[2:] {
				if gap := visits[j+2].At.Sub(visits[j+1].At); gap != feeds.DefaultEvery {
					t.Errorf("healthy feed %d was polled %s apart", i, gap)
				}
				if !visits[j+1].Conditional {
					t.Errorf("healthy feed %d was asked for all of it again", i)
				}
			}
		}
		for i := range n.healthy {
			if want := fmt.Sprintf("healthy %d 13", i); !slices.Contains(r.taken, want) {
				t.Errorf("%s was not taken in", want)
			}
		}
		for _, w := range n.watches {
			health, lines := r.state(w.Name).Health, r.log.about("cannot be read", fmt.Sprintf("source=%s ", quoted(w.Name)))
			if strings.HasPrefix(w.Name, "healthy ") || misleading[feedstest.Trouble(w.Name)] {
				if health.Failures > 0 || len(lines) > 0 {
					t.Errorf("%s: %+v, log %q", w.Name, health, lines)
				}
				continue
			}
			if health.Failures < 2 || len(lines) != 1 || !strings.Contains(lines[0], quoted(health.Err)) {
				t.Errorf("%s: %+v\n%d lines in the log: %q", w.Name, health, len(lines), lines)
			}
			if feed := n.bad[w.Name]; feed != nil && len(feed.Visits()) > 60 { // a chain of redirects is six each
				t.Errorf("%s was asked %d times in half a day", w.Name, len(feed.Visits()))
			}
			if told := len(notices(r, w.Name)); told != 1 {
				t.Errorf("moderators were told %d times of %s", told, w.Name)
			}
		}
		most := memory.most.Load()
		t.Logf("at most %d MiB were in use", most>>20)
		if most > 64<<20 {
			t.Errorf("%d MiB were in use", most>>20)
		}

		for _, feed := range n.bad { // and all is well again
			feed.Misbehave(feedstest.None)
		}
		r = newRig(t, r.store, n.watches)
		r.run(8 * time.Hour)
		r.stop()
		for name := range n.bad {
			if h := r.state(name).Health; h.Failures > 0 || h.Told {
				t.Errorf("%s did not recover: %+v", name, h)
			}
		}
	})
}

func notices(r *rig, source string) []feeds.Notice {
	var found []feeds.Notice
	for _, n := range r.notices {
		if n.Source == source {
			found = append(found, n)
		}
	}
	return found
}

// quoted returns text as slog writes it.
func quoted(text string) string {
	if strings.ContainsAny(text, " \"=") {
		return fmt.Sprintf("%q", text)
	}
	return text
}

// looking is a Source that looks at the memory after each poll.
type looking struct {
	feeds.Source
	memory *peak
}

func (l looking) Poll(ctx context.Context, now time.Time, cursor string) (feeds.Batch, error) {
	b, err := l.Source.Poll(ctx, now, cursor)
	l.memory.look()
	return b, err
}
