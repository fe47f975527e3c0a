package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

const movingConfig = `
community: {name: Example, language: zh-TW, timezone: Asia/Taipei}
content:
  site: {path: site, format: docusaurus, url: "https://example.org", folders: {blog: blog}}
sources:
  videos: {feed: "SERVER/feed.xml", every: 1h}
channels:
  news: {discord: "1111"}
  calm: {telegram: -1001, quiet: "22:00-08:00"}
  week: {discord: "2222"}
announcements:
  articles: {from: [blog, videos], to: [news, calm], wait_for_page: 0s}
  weekly: {from: [blog, videos], to: week, schedule: mon 09:00, digest: true}
`

// mover is a Herald whose config is changed in the middle of its work.
type mover struct {
	*stagehand
	server *httptest.Server
	site   string // the folder of the site

	mu    sync.Mutex
	items []string // of the feed
}

// TestMoving has a name or an address in the config change while something was
// said, something is owed and something waits for its digest. Nothing is
// repeated, nothing owed is lost, nothing starts anew, and what was said is edited
// where it stands.
func TestMoving(t *testing.T) {
	t.Parallel()
	replace := func(oldnew ...string) func(m *mover) {
		return func(m *mover) { m.config = strings.NewReplacer(oldnew...).Replace(m.config) }
	}
	names := []string{
		"  videos:", "  clips:", "videos]", "clips]", "  site: {", "  home: {", "{blog: blog}", "{texts: blog}", "[blog,", "[texts,",
		"  news: {", "  talk: {", "[news,", "[talk,", "  calm: {", "  still: {", "calm]", "still]", "  week: {", "  monday: {", "to: week", "to: monday",
		"  articles: {", "  posts: {was: articles, ", "  weekly: {", "  digest: {was: weekly, ",
	}
	for _, tt := range []struct {
		name   string
		change func(m *mover)
		// calm is where the channel calm is afterwards, if it has moved.
		calm string
	}{
		{name: "nothing", change: func(*mover) {}},
		{name: "a source is renamed", change: replace(names[0:4]...)},
		{name: "a content entry is renamed", change: replace(names[4:6]...)},
		{name: "a folder is renamed", change: replace(names[6:10]...)},
		{name: "the site is elsewhere", change: func(m *mover) {
			replace("path: site", "path: website")(m)
			moved := filepath.Join(m.dir, "website")
			m.must(os.Rename(m.site, moved))
			m.site = moved
		}},
		{name: "a feed is elsewhere", change: replace("/feed.xml", "/moved.xml")},
		{name: "a channel is elsewhere", change: replace("-1001", "-2002"), calm: "-2002"},
		{name: "channels are renamed", change: replace(names[10:22]...)},
		{name: "announcements are renamed", change: replace(names[22:]...)},
		{name: "everything is renamed", change: replace(names...)},
		{name: "everything is renamed and then elsewhere", calm: "-2002", change: func(m *mover) {
			replace(names...)(m)
			m.start()
			m.look()
			m.stop()
			replace("/feed.xml", "/moved.xml", "-1001", "-2002")(m)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := newMover(t)
			m.story(tt.change)
			m.judge(tt.calm)
		})
	}
}

func newMover(t *testing.T) *mover {
	zone := time.FixedZone("", 8*60*60)
	m := &mover{stagehand: newStagehand(t, time.Date(2026, 3, 3, 10, 0, 0, 0, zone), 0)}
	m.site = filepath.Join(m.dir, "site")
	m.server = httptest.NewServer(http.HandlerFunc(m.serve))
	t.Cleanup(m.server.Close)
	m.config = strings.ReplaceAll(movingConfig, "SERVER", m.server.URL)
	for i := range 20 {
		m.write(fmt.Sprint("old", i), "舊文")
		m.items = append(m.items, fmt.Sprint("舊片", i))
	}
	m.start()
	m.look()
	m.pass(2 * time.Hour)
	return m
}

func (m *mover) write(name, title string) {
	m.Helper()
	name = filepath.Join(m.site, "blog", name+".md")
	m.must(os.MkdirAll(filepath.Dir(name), 0o755))
	m.must(os.WriteFile(name, []byte("# "+title+"\n\n內文。\n"), 0o600))
}

// film adds an item to the feed.
func (m *mover) film(title string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.items = append(m.items, title)
}

func (m *mover) serve(w http.ResponseWriter, _ *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>片</title>`)
	for i, title := range slices.Backward(m.items) {
		fmt.Fprintf(&b, `<item><guid isPermaLink="false">%d</guid><title>%s</title><link>https://video.example/%d</link></item>`, i, title, i)
	}
	b.WriteString(`</channel></rss>`)
	_, _ = w.Write([]byte(b.String()))
}

// story says two things at noon and two at night, has the config changed before
// the night is over, and goes on.
func (m *mover) story(change func(*mover)) {
	m.Helper()
	m.write("a", "已說的文章")
	m.film("已說的影片")
	m.look()
	m.pass(10 * time.Hour) // it is 22:00
	m.write("b", "還沒說的文章")
	m.film("還沒說的影片")
	m.look()
	m.pass(3 * time.Hour)
	m.stop()
	change(m)
	m.write("meanwhile", "換的時候的文章")
	m.film("換的時候的影片")
	m.start()
	m.look()
	m.pass(time.Hour)
	m.write("a", "已說的文章（改）")
	m.write("b", "還沒說的文章（改）")
	m.look()
	m.pass(12 * time.Hour)
	m.write("c", "之後的文章")
	m.film("之後的影片")
	m.look()
	m.pass(8 * 24 * time.Hour)
	m.restart()
	m.look()
	m.pass(8 * 24 * time.Hour)
}

// judge compares what was said with what happened. calm is where the channel is
// that was at -1001, if it has moved.
func (m *mover) judge(calm string) {
	m.Helper()
	for _, w := range append(m.discord.wrong, m.telegram.wrong...) {
		m.Error(w)
	}
	for _, e := range m.acts() {
		if e.State != outbox.Sent && (e.State != outbox.Skipped || e.Kind != bot.Edit) {
			m.Errorf("%s of %s at %s is %s (%s)", e.Kind, e.Subject, e.Address, e.State, e.Reason)
		}
	}
	before, after := []string{"已說的文章", "已說的影片"}, []string{"還沒說的影片", "還沒說的文章（改）", "換的時候的文章", "換的時候的影片", "之後的文章", "之後的影片"}
	if calm == "" {
		m.said(m.telegram, "-1001", append(before, after...)...)
	} else {
		m.said(m.telegram, "-1001", before...)
		m.said(m.telegram, calm, after...)
	}
	all := []string{"已說的文章", "已說的影片", "還沒說的文章", "還沒說的影片", "換的時候的文章", "換的時候的影片", "之後的文章", "之後的影片"}
	m.said(m.discord, "1111", all...)
	m.stands(m.telegram, "-1001", "已說的文章（改）")
	m.stands(m.discord, "1111", "已說的文章（改）", "還沒說的文章（改）")
	digests := m.discord.history(bot.Address{Platform: bot.Discord, Chat: "2222"}, bot.Post)
	if len(digests) != 1 {
		m.Fatalf("%d digests, want 1", len(digests))
	}
	for _, title := range all {
		if n := strings.Count(digests[0].text(), title); n != 1 {
			m.Errorf("the digest names %s %d times:\n%s", title, n, digests[0].text())
		}
	}
}

// said compares the titles of what was said in a channel, whatever their order:
// posts and items are found at different times.
func (m *mover) said(p *memoryPlatform, chat string, want ...string) {
	m.Helper()
	platform := bot.Discord
	if p == m.telegram {
		platform = bot.Telegram
	}
	var got []string
	for _, d := range p.history(bot.Address{Platform: platform, Chat: chat}, bot.Post) {
		got = append(got, d.act.Message.Title)
	}
	want = slices.Sorted(slices.Values(want))
	slices.Sort(got)
	if !slices.Equal(got, want) {
		m.Errorf("in %s was said\n%q, want\n%q", chat, got, want)
	}
}

// stands looks for messages that have to stand in a channel.
func (m *mover) stands(p *memoryPlatform, chat string, titles ...string) {
	m.Helper()
	for _, title := range titles {
		if !slices.ContainsFunc(p.messages(), func(s standing) bool { return s.address.Chat == chat && s.message.Title == title }) {
			m.Errorf("nothing in %s reads %q", chat, title)
		}
	}
}
