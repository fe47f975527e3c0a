package syndication_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/fetch"
	"cloudnative.tw/herald/feeds/syndication"
)

// web is what is there to get. It answers as fetch.Client does.
type web struct {
	pages map[string]string
	fails map[string]error
	// etag tells that pages have validators; moving that these are new each time.
	etag, moving bool
	wait         time.Duration
	notice       string
	asked        []fetch.Request
}

func (w *web) Get(ctx context.Context, _ time.Time, r fetch.Request) (*fetch.Response, error) {
	w.asked = append(w.asked, r)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := w.fails[r.URL]; err != nil {
		return nil, err
	}
	page, there := w.pages[r.URL]
	if !there {
		return nil, &feeds.PollError{Err: fmt.Errorf("get %s: 404", fetch.Redact(r.URL))}
	}
	res := &fetch.Response{URL: r.URL, Wait: w.wait, Notice: w.notice, ContentType: "application/xml"}
	if w.etag {
		res.Validators.ETag = fmt.Sprintf(`"%x"`, len(page)) + page[max(0, len(page)-60):]
		if w.moving {
			res.Validators.ETag += fmt.Sprint(len(w.asked))
		}
		res.NotModified = res.Validators.ETag == r.Validators.ETag
	}
	if !res.NotModified {
		res.Body = []byte(page)
	}
	return res, nil
}

func source(t *testing.T, c syndication.Config, w *web) *syndication.Source {
	t.Helper()
	s, err := syndication.New(c, "news", "feed:news", taipei, w)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func poll(t *testing.T, s *syndication.Source, cursor string) feeds.Batch {
	t.Helper()
	b, err := s.Poll(t.Context(), now, cursor)
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Cursor) > 4096 || !utf8.ValidString(b.Cursor) || b.Cursor == "" {
		t.Errorf("cursor of %d bytes: %.200q", len(b.Cursor), b.Cursor)
	}
	if b.Unchanged && len(b.Items) > 0 {
		t.Errorf("unchanged, with %d items", len(b.Items))
	}
	return b
}

func channelOf(items ...string) string {
	var b strings.Builder
	for _, item := range items {
		fmt.Fprintf(&b, "<item><title>%s</title><guid isPermaLink=\"false\">%s</guid><link>/%s</link></item>", item, item, item)
	}
	return `<rss version="2.0"><channel><title>Site</title><link>https://a.example/</link>` + b.String() + `</channel></rss>`
}

const here = "https://a.example/feed"

func batchIDs(b feeds.Batch) []string {
	var all []string
	for _, item := range b.Items {
		all = append(all, item.ID)
	}
	return all
}

func TestPollUntilSomethingChanges(t *testing.T) {
	for name, w := range map[string]*web{
		"with validators":         {etag: true},
		"without":                 {},
		"with ones that say none": {etag: true, moving: true},
	} {
		t.Run(name, func(t *testing.T) {
			w.pages = map[string]string{here: channelOf("1", "2")}
			s := source(t, syndication.Config{Feed: []string{here}}, w)
			first := poll(t, s, "")
			if got := batchIDs(first); first.Unchanged || !slices.Equal(got, []string{"1", "2"}) {
				t.Fatalf("first: unchanged %v, %q", first.Unchanged, got)
			}
			if item := first.Items[0]; item.Source != "news" || item.Origin != "feed:news" || item.URL != "https://a.example/1" {
				t.Errorf("item %+v", item)
			}
			again := poll(t, s, first.Cursor)
			if !again.Unchanged {
				t.Error("the same is something new")
			}
			if got := w.asked[1].Validators; (got.ETag != "") != w.etag {
				t.Errorf("asked with %+v", got)
			}
			w.pages[here] = channelOf("0", "1", "2")
			changed := poll(t, s, again.Cursor)
			if got := batchIDs(changed); changed.Unchanged || !slices.Equal(got, []string{"0", "1", "2"}) {
				t.Errorf("changed: unchanged %v, %q", changed.Unchanged, got)
			}
		})
	}
}

// A batch tells of each feed whether it has all that it shows, so that what is
// missing from it is missed, and not what was not asked for.
func TestWhichFeedsABatchHasWhole(t *testing.T) {
	const second, broken = "https://b.example/feed", "https://c.example/feed"
	w := &web{pages: map[string]string{here: channelOf("1"), second: channelOf("2", "3"), broken: channelOf("4") + "<"}}
	s := source(t, syndication.Config{Feed: []string{here, second, broken}}, w)
	feedsOf := func(b feeds.Batch) string {
		var all []string
		for _, id := range []string{b.Items[0].ID, "unknown"} {
			prefix, whole := b.FeedOf(id)
			all = append(all, fmt.Sprint(len(prefix) > 0, whole))
		}
		return strings.Join(all, ", ")
	}
	first := poll(t, s, "")
	if got := feedsOf(first); got != "false true, false true" {
		t.Errorf("the first feed, read whole: %s", got)
	}
	if prefix, whole := first.FeedOf(first.Items[1].ID); prefix == "" || !whole {
		t.Errorf("the second feed %q, read whole: %v", prefix, whole)
	}
	w.pages[second] = channelOf("3")
	changed := poll(t, s, first.Cursor)
	if got := feedsOf(changed); got != "true true, false false" {
		t.Errorf("the second feed alone: %s", got)
	}
	if got, whole := (feeds.Batch{}).FeedOf("a"); got != "" || whole {
		t.Errorf("a batch that tells nothing: %q %v", got, whole)
	}
}

// TestABuildIsNoChange: the bytes differ, the items do not.
func TestABuildIsNoChange(t *testing.T) {
	w := &web{pages: map[string]string{here: channelOf("1")}}
	s := source(t, syndication.Config{Feed: []string{here}}, w)
	first := poll(t, s, "")
	w.pages[here] = strings.Replace(w.pages[here], "<item>", "<lastBuildDate>Fri, 20 Nov 2026 02:03:04 +0000</lastBuildDate><item>", 1)
	if b := poll(t, s, first.Cursor); !b.Unchanged {
		t.Errorf("a build brought %q", batchIDs(b))
	}
}

// TestAFailureMovesNothing: what is no feed is an error, for which the old
// cursor stays.
func TestAFailureMovesNothing(t *testing.T) {
	w := &web{etag: true, pages: map[string]string{here: "<!DOCTYPE html><title>login</title>"}}
	s := source(t, syndication.Config{Feed: []string{here}}, w)
	_, err := s.Poll(t.Context(), now, "")
	var failed *feeds.PollError
	if !errors.As(err, &failed) || !errors.Is(err, syndication.ErrHTML) || !strings.Contains(err.Error(), here) {
		t.Errorf("error %v", err)
	}
	refused := &feeds.PollError{Wait: time.Hour, Host: true, Err: errors.New("429")}
	w.fails = map[string]error{here: refused}
	if _, err := s.Poll(t.Context(), now, ""); !errors.Is(err, refused) {
		t.Errorf("error %v, want the client's own", err)
	}
}

func TestWaits(t *testing.T) {
	w := &web{etag: true, wait: 10 * time.Minute, notice: "moved", pages: map[string]string{
		here: strings.Replace(channelOf("1"), "<item>", "<ttl>60</ttl><item>", 1),
	}}
	s := source(t, syndication.Config{Feed: []string{here}}, w)
	first := poll(t, s, "")
	again := poll(t, s, first.Cursor) // a 304 has no ttl in it
	for _, b := range []feeds.Batch{first, again} {
		if b.Wait != time.Hour || b.Notice != "moved" {
			t.Errorf("unchanged %v: wait %v, notice %q", b.Unchanged, b.Wait, b.Notice)
		}
	}
	w.wait = 2 * time.Hour
	if b := poll(t, s, again.Cursor); b.Wait != 2*time.Hour {
		t.Errorf("wait %v", b.Wait)
	}
}

// TestSettingsAreReadAnew: a changed setting shows at the next poll, not when
// the feed next changes.
func TestSettingsAreReadAnew(t *testing.T) {
	const releases = "https://github.com/example/tool/releases.atom"
	w := &web{etag: true, pages: map[string]string{releases: string(fixtures(t)["github_releases.atom"])}}
	without := poll(t, source(t, syndication.Config{GitHub: []string{"example/tool"}}, w), "")
	if len(without.Items) != 0 {
		t.Errorf("a release candidate is an item: %q", batchIDs(without))
	}
	with := poll(t, source(t, syndication.Config{GitHub: []string{"example/tool"}, Prereleases: true}, w), without.Cursor)
	if len(with.Items) != 1 || with.Items[0].Image != "" || with.Items[0].Title != "v1.2.0-rc.1" {
		t.Errorf("%+v", with.Items)
	}
}

func TestYouTubeSource(t *testing.T) {
	const feed = "https://www.youtube.com/feeds/videos.xml?channel_id=" + channel
	text := string(fixtures(t)["youtube.xml"])
	w := &web{pages: map[string]string{feed: text}}
	all := poll(t, source(t, syndication.Config{YouTube: []string{channel}}, w), "")
	if got, want := batchIDs(all), []string{channel + "|yt:video:AAAAAAAAAAA", channel + "|yt:video:BBBBBBBBBBB"}; !slices.Equal(got, want) {
		t.Errorf("IDs %q, want %q", got, want)
	}
	for _, change := range [][2]string{{`views="345"`, `views="346"`}, {`count="12"`, `count="13"`}, {"2026-11-22T03:04:05", "2026-11-23T03:04:05"}, {"i1.ytimg", "i3.ytimg"}} {
		w.pages[feed] = strings.Replace(text, change[0], change[1], 1)
		if w.pages[feed] == text {
			t.Fatalf("%s is not in the feed", change[0])
		}
		if b := poll(t, source(t, syndication.Config{YouTube: []string{channel}}, w), all.Cursor); !b.Unchanged {
			t.Errorf("%s is news", change[1])
		}
	}
	w.pages[feed] = strings.Replace(text, "example.tw/slides", "example.tw/other", 1)
	edited := poll(t, source(t, syndication.Config{YouTube: []string{channel}}, w), all.Cursor)
	if len(edited.Items) != 2 || edited.Items[0].Revision != all.Items[0].Revision {
		t.Error("a description's edit is shown")
	}
	no := false
	w.pages[feed] = text
	long := poll(t, source(t, syndication.Config{YouTube: []string{channel}, Shorts: &no}, w), all.Cursor)
	if got := batchIDs(long); len(got) != 1 || !strings.HasSuffix(got[0], "AAAAAAAAAAA") {
		t.Errorf("without shorts: %q", got)
	}
}

// TestIThomeSource: the dates are of Taipei, wherever the community is, and
// whichever way the feed is configured.
func TestIThomeSource(t *testing.T) {
	const feed = "https://ithelp.ithome.com.tw/rss/series/8001"
	w := &web{pages: map[string]string{feed: string(fixtures(t)["ithome.xml"])}}
	for _, c := range []syndication.Config{{IThome: []string{"8001"}}, {Feed: []string{feed}}} {
		s, err := syndication.New(c, "ironman", "o", mustZone("America/New_York"), w)
		if err != nil {
			t.Fatal(err)
		}
		b := poll(t, s, "")
		if got := b.Items[0].Published.Format(time.RFC3339); got != "2026-08-05T08:57:56+08:00" {
			t.Errorf("%+v: published %s", c, got)
		}
	}
}

func TestZonesOfASource(t *testing.T) {
	text := strings.Replace(channelOf("1"), "<guid", "<pubDate>2026-08-05 08:57:56</pubDate><guid", 1)
	w := &web{pages: map[string]string{here: text}}
	for zone, want := range map[string]string{"": "2026-08-05T08:57:56+08:00", "Europe/London": "2026-08-05T08:57:56+01:00"} {
		b := poll(t, source(t, syndication.Config{Feed: []string{here}, Timezone: zone}, w), "")
		if got := b.Items[0].Published.Format(time.RFC3339); got != want {
			t.Errorf("zone %q: published %s, want %s", zone, got, want)
		}
	}
}

func TestSeveralFeeds(t *testing.T) {
	const one, two = "https://ithelp.ithome.com.tw/rss/series/8001", "https://ithelp.ithome.com.tw/rss/series/8002"
	w := &web{etag: true, pages: map[string]string{one: channelOf("1"), two: channelOf("1", "2")}}
	s := source(t, syndication.Config{IThome: []string{"8001", "8002"}}, w)
	first := poll(t, s, "")
	if got, want := batchIDs(first), []string{"8001|1", "8002|1", "8002|2"}; !slices.Equal(got, want) {
		t.Errorf("IDs %q, want %q", got, want)
	}
	if b := poll(t, s, first.Cursor); !b.Unchanged {
		t.Error("the same is something new")
	}
	w.pages[two] = channelOf("1", "2", "3")
	changed := poll(t, s, first.Cursor)
	if got, want := batchIDs(changed), []string{"8002|1", "8002|2", "8002|3"}; !slices.Equal(got, want) {
		t.Errorf("IDs %q, want those of the feed that changed: %q", got, want)
	}

	t.Run("one fails", func(t *testing.T) {
		w.fails = map[string]error{one: &feeds.PollError{Err: errors.New("get series: 404")}}
		b := poll(t, s, first.Cursor)
		if len(b.Items) != 3 || !strings.Contains(b.Notice, "404") {
			t.Errorf("%d items, notice %q", len(b.Items), b.Notice)
		}
		w.fails = nil
		if after := poll(t, s, b.Cursor); !after.Unchanged {
			t.Errorf("after it works again: %q", batchIDs(after))
		}
	})
	t.Run("the host refuses", func(t *testing.T) {
		w.fails = map[string]error{one: &feeds.PollError{Host: true, Wait: time.Hour, Err: errors.New("429")}}
		w.asked = nil
		if _, err := s.Poll(t.Context(), now, first.Cursor); err == nil || len(w.asked) != 1 {
			t.Errorf("asked %d times, error %v", len(w.asked), err)
		}
		w.fails = nil
	})
	t.Run("all fail", func(t *testing.T) {
		w.fails = map[string]error{one: errors.New("x"), two: errors.New("y")}
		if _, err := s.Poll(t.Context(), now, first.Cursor); err == nil {
			t.Error("no error")
		}
		w.fails = nil
	})
	t.Run("stopped", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Poll(ctx, now, first.Cursor); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

// TestASecondFeedMayJoin: the first feed's items keep their IDs.
func TestASecondFeedMayJoin(t *testing.T) {
	const other = "https://b.example/feed"
	w := &web{pages: map[string]string{here: channelOf("1"), other: channelOf("1")}}
	alone := poll(t, source(t, syndication.Config{Feed: []string{here}}, w), "")
	both := poll(t, source(t, syndication.Config{Feed: []string{here, other}}, w), "")
	if got := batchIDs(both); len(got) != 2 || got[0] != alone.Items[0].ID || got[0] == got[1] {
		t.Errorf("IDs %q, before %q", got, batchIDs(alone))
	}
}

func TestCursors(t *testing.T) {
	t.Run("whatever stands in it", func(t *testing.T) {
		w := &web{pages: map[string]string{here: channelOf("1")}}
		for _, cursor := range []string{"x", "{}", "null", `{"feeds":null}`, `{"feeds":{"a":{"at":7}}}`, `[1]`, "\xff", strings.Repeat("{", 10_000)} {
			if b := poll(t, source(t, syndication.Config{Feed: []string{here}}, w), cursor); len(b.Items) != 1 {
				t.Errorf("%.40q: %d items", cursor, len(b.Items))
			}
		}
	})
	t.Run("as many feeds as there may be", func(t *testing.T) {
		w := &web{etag: true, pages: map[string]string{}}
		var c syndication.Config
		for i := range 20 {
			id := fmt.Sprint(1_000_000_000 + i)
			c.IThome = append(c.IThome, id)
			w.pages["https://ithelp.ithome.com.tw/rss/series/"+id] = channelOf("1") + "<!--" + strings.Repeat("<", 60) + "-->"
		}
		first := poll(t, source(t, c, w), "")
		if len(first.Items) != 20 {
			t.Errorf("%d items", len(first.Items))
		}
		if b := poll(t, source(t, c, w), first.Cursor); !b.Unchanged {
			t.Errorf("what did not fit the cursor is news: %q", batchIDs(b))
		}
	})
	t.Run("feeds that left the config are forgotten", func(t *testing.T) {
		w := &web{pages: map[string]string{here: channelOf("1"), here + "2": channelOf("1")}}
		both := poll(t, source(t, syndication.Config{Feed: []string{here, here + "2"}}, w), "")
		one := poll(t, source(t, syndication.Config{Feed: []string{here}}, w), both.Cursor)
		var kept struct{ Feeds map[string]any }
		if err := json.Unmarshal([]byte(one.Cursor), &kept); err != nil || len(kept.Feeds) != 1 || !one.Unchanged {
			t.Errorf("kept %v, %v; unchanged %v", kept.Feeds, err, one.Unchanged)
		}
	})
}
