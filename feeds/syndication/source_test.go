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
	sent         fetch.Validators // beside ETag
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
	res := &fetch.Response{URL: r.URL, Wait: w.wait, Notice: w.notice, ContentType: "application/xml", Validators: w.sent}
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

// originOf names the origins of feeds.
func originOf(feed string) string { return "feed:" + feed }

// parts returns the feeds of a source that is called news.
func parts(t *testing.T, c syndication.Config, w *web) []feeds.Watch {
	t.Helper()
	all, err := syndication.New(c, "news", originOf, taipei, w)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// source returns the only feed of a source.
func source(t *testing.T, c syndication.Config, w *web) feeds.Source {
	t.Helper()
	all := parts(t, c, w)
	if len(all) != 1 {
		t.Fatalf("%d feeds", len(all))
	}
	return all[0].Source
}

func poll(t *testing.T, s feeds.Source, cursor string) feeds.Batch {
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
			if item := first.Items[0]; item.Source != "news" || item.Origin != first.Origin || !strings.HasPrefix(item.Origin, "feed:news/") || item.URL != "https://a.example/1" {
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

// A batch tells whether it has all that its feed shows, so that what is missing
// from it is missed, and not what cannot be read.
func TestWhatABatchHasWhole(t *testing.T) {
	w := &web{pages: map[string]string{here: channelOf("1", "2")}}
	s := source(t, syndication.Config{Feed: []string{here}}, w)
	first := poll(t, s, "")
	if again := poll(t, s, first.Cursor); !first.Whole || again.Whole {
		t.Errorf("whole: %v, and unchanged: %v", first.Whole, again.Whole)
	}
	w.pages[here] = strings.Replace(channelOf("1"), "<item>", "<item></item><item>", 1)
	if b := poll(t, s, first.Cursor); b.Whole || len(b.Items) != 1 || len(b.Problems) != 1 {
		t.Errorf("%d items and %d that cannot be read, and whole: %v", len(b.Items), len(b.Problems), b.Whole)
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
	if got, want := batchIDs(all), []string{"yt:video:AAAAAAAAAAA", "yt:video:BBBBBBBBBBB"}; !slices.Equal(got, want) {
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
		all, err := syndication.New(c, "ironman", originOf, mustZone("America/New_York"), w)
		if err != nil {
			t.Fatal(err)
		}
		b := poll(t, all[0].Source, "")
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

func TestAPollThatIsStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := &web{pages: map[string]string{here: channelOf("1")}}
	if _, err := source(t, syndication.Config{Feed: []string{here}}, w).Poll(ctx, now, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestSeveralFeeds(t *testing.T) {
	const one, two = "https://ithelp.ithome.com.tw/rss/series/8001", "https://ithelp.ithome.com.tw/rss/series/8002"
	w := &web{pages: map[string]string{one: channelOf("1"), two: channelOf("1", "2")}}
	all := parts(t, syndication.Config{IThome: []string{"8001", "8002"}, Every: time.Hour}, w)
	var batches []feeds.Batch
	for i, part := range all {
		want := feeds.Watch{
			Name: fmt.Sprintf("news/800%d", i+1), Of: "news", Feed: fmt.Sprintf("800%d", i+1),
			Address: fmt.Sprintf("https://ithelp.ithome.com.tw/rss/series/800%d", i+1), Every: time.Hour, Source: part.Source,
		}
		if part != want {
			t.Errorf("%+v, want %+v", part, want)
		}
		batches = append(batches, poll(t, part.Source, ""))
	}
	if a, b := batches[0], batches[1]; a.Origin != "feed:news/8001" || b.Origin != "feed:news/8002" || len(a.Items) != 1 || len(b.Items) != 2 {
		t.Errorf("%s %q, %s %q", a.Origin, batchIDs(a), b.Origin, batchIDs(b))
	}
	// Both call it "1", and it stands in pages of the same site.
	if a, b := batches[0].Items[0], batches[1].Items[0]; a.ID != "1" || b.ID != "1" || a.Origin == b.Origin || a.Source != "news" || b.Source != "news" {
		t.Errorf("%+v and %+v", a, b)
	}
}

// A feed is the same wherever it stands in its list, and however long that is.
func TestNamesOfFeeds(t *testing.T) {
	const a, b = "https://a.example/feed?key=HUSH", "https://b.example/feed"
	names := func(list ...string) []string {
		var all []string
		for _, part := range (syndication.Config{Feed: list}).Parts("news") {
			all = append(all, part.Name+" "+part.Address)
		}
		slices.Sort(all)
		return all
	}
	alone, both := names(a), names(a, b)
	if !slices.Equal(both, names(b, a)) || !slices.Contains(both, alone[0]) || both[0] == both[1] {
		t.Errorf("alone %q, with another %q, the other way round %q", alone, both, names(b, a))
	}
	list := (syndication.Config{Feed: []string{a, b}}).Parts("news")
	if got := list[0].Feed + " " + list[1].Feed; got != "a.example/feed?key=… b.example/feed" {
		t.Errorf("people see %s", got)
	}
	if strings.Contains(list[0].Name, "HUSH") {
		t.Errorf("the name %s holds a secret", list[0].Name)
	}
	const like = "https://a.example/feed?key=WHISPER"
	if got := (syndication.Config{Feed: []string{a, like}}).Parts("news")[1].Feed; got != "a.example/feed?key=… #2" {
		t.Errorf("of two that look the same, people see %s", got)
	}
	if got := (syndication.Config{Feed: []string{b}}).Parts("news")[0].Feed; got != "" {
		t.Errorf("of one, people see %s", got)
	}
}

func TestCursors(t *testing.T) {
	t.Run("whatever stands in it", func(t *testing.T) {
		w := &web{pages: map[string]string{here: channelOf("1")}}
		for _, cursor := range []string{"x", "{}", "null", `{"at":7}`, `{"feeds":{"a":{"at":7}}}`, `[1]`, "\xff", strings.Repeat("{", 10_000)} {
			if b := poll(t, source(t, syndication.Config{Feed: []string{here}}, w), cursor); len(b.Items) != 1 {
				t.Errorf("%.40q: %d items", cursor, len(b.Items))
			}
		}
	})
	t.Run("as much as there may be", func(t *testing.T) {
		long := "https://a.example/?" + strings.Repeat("&", 281)
		w := &web{pages: map[string]string{here: channelOf("1")}, sent: fetch.Validators{
			ETag: strings.Repeat("<", 256), LastModified: strings.Repeat("&", 40), Sum: strings.Repeat("f", 22), Address: long, Moved: long, Times: 3,
		}}
		s := source(t, syndication.Config{Feed: []string{here}}, w)
		if b := poll(t, s, poll(t, s, "").Cursor); !b.Unchanged {
			t.Errorf("what did not fit the cursor is news: %q", batchIDs(b))
		}
		if got := w.asked[1].Validators; got != w.sent {
			t.Errorf("kept %+v", got)
		}
	})
	t.Run("of other settings", func(t *testing.T) {
		w := &web{pages: map[string]string{here: channelOf("1")}}
		config := syndication.Config{Feed: []string{here}}
		first := poll(t, source(t, config, w), "")
		same := poll(t, source(t, config, w), first.Cursor)
		config.Timezone = "America/New_York"
		other := poll(t, source(t, config, w), first.Cursor)
		again := poll(t, source(t, config, w), other.Cursor)
		if first.Reread || same.Reread || !other.Reread || again.Reread {
			t.Errorf("reread at first %v, then %v, with another setting %v, then %v", first.Reread, same.Reread, other.Reread, again.Reread)
		}
		if other.Unchanged || !again.Unchanged {
			t.Errorf("with another setting unchanged: %v, then %v", other.Unchanged, again.Unchanged)
		}
	})
	t.Run("of a time when one was kept for several feeds", func(t *testing.T) {
		const former = `{"rules":"%s","feeds":{"0123456789abcdef":{"at":{"etag":"x"},"items":"abc"}}}`
		w := &web{pages: map[string]string{here: channelOf("1")}}
		s := source(t, syndication.Config{Feed: []string{here}}, w)
		var kept struct{ Rules string }
		if err := json.Unmarshal([]byte(poll(t, s, "").Cursor), &kept); err != nil {
			t.Fatal(err)
		}
		if b := poll(t, s, fmt.Sprintf(former, kept.Rules)); len(b.Items) != 1 {
			t.Errorf("%d items", len(b.Items))
		}
	})
}
