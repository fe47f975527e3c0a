package announce_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/content"
)

var (
	monday = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	here   = bot.Channel{Name: "here", Address: bot.Address{Platform: bot.Console, Chat: "here"}, Lang: bot.TraditionalChinese}
	news   = bot.Channel{Name: "news", Address: bot.Address{Platform: bot.Discord, Chat: "1111"}, Lang: bot.English}
)

// to returns the channels as an announcement has them.
func to(channels ...bot.Channel) []announce.Channel {
	var all []announce.Channel
	for _, c := range channels {
		all = append(all, announce.Channel{Channel: c})
	}
	return all
}

// site is a content entry "site" that tests write to, with an announcer on a
// real store.
type site struct {
	t         *testing.T
	now       time.Time
	posts     map[string]content.Post
	problems  []content.Problem
	err       error
	store     *store.Store
	announcer *announce.Announcer
	options   announce.Options
	log       strings.Builder
	// delivers has each look and each wait deliver what is owed.
	delivers bool
	// unread tells that the tree was never read whole.
	unread bool
}

// newSite returns a site of twenty posts that were there before, so that one or
// two more look like news and not like a mistake.
func newSite(t *testing.T, announcements ...announce.Announcement) *site {
	t.Helper()
	s := newEmptySite(t, announcements...)
	for i := range 20 {
		s.write(fmt.Sprintf("old-%d", i), fmt.Sprintf("舊文 %d", i))
	}
	s.look()
	s.want()
	return s
}

func newEmptySite(t *testing.T, announcements ...announce.Announcement) *site {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "herald.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if announcements == nil {
		announcements = []announce.Announcement{{Name: "articles", From: []string{"blog"}, To: to(here)}}
	}
	site := &site{t: t, now: monday, posts: make(map[string]content.Post), store: s}
	site.options = announce.Options{Store: s, Announcements: announcements, Log: slog.New(slog.NewTextHandler(&site.log, nil))}
	site.restart()
	return site
}

// restart forgets what is held in memory.
func (s *site) restart() { s.announcer = announce.New(s.options) }

// write adds or changes a post, at /blog/SLUG unless it says otherwise.
func (s *site) write(path, title string, change ...func(*content.Post)) {
	p := content.Post{
		ID: content.ID{Entry: "site", Path: path}, Source: "blog", File: "content/" + path, Kind: content.Article,
		Title: title, URL: "https://example.org/" + path, Date: s.now,
	}
	for _, c := range change {
		c(&p)
	}
	p.Hash = sha256.Sum256(fmt.Append(nil, p.Title, p.URL, p.Description, p.Authors, p.Image, p.Date, p.Tags))
	s.posts[path] = p
}

// look has the announcer look at the site as it is.
func (s *site) look() {
	s.t.Helper()
	if err := s.tryLook(); err != nil {
		s.t.Fatal(err)
	}
	if s.delivers {
		s.deliver()
	}
}

func (s *site) tryLook() error {
	s.now = s.now.Add(time.Second)
	var posts []*content.Post
	for _, p := range s.posts {
		posts = append(posts, content.NewPost(p, func() content.Body { return content.Body{Excerpt: "摘要。"} }))
	}
	entry := content.EntryState{Entry: "site", Sources: []string{"blog", "meetups"}, Read: s.now, Err: s.err}
	if s.unread {
		entry.Read = time.Time{}
	}
	s.announcer.Offer(content.NewSnapshot(posts, s.problems, []content.EntryState{entry}))
	return s.announcer.Do(s.t.Context(), s.now)
}

// deliver carries out what is owed.
func (s *site) deliver() {
	s.t.Helper()
	o, err := outbox.New(outbox.Config{
		Store: s.store, Owner: "test", Now: func() time.Time { return s.now },
		Senders: map[bot.Platform]outbox.Sender{bot.Console: deaf{}, bot.Discord: deaf{}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := o.Drain(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// deaf sends everything to nobody.
type deaf struct{}

func (deaf) Send(_ context.Context, act bot.Act) (string, error) { return act.Token(), nil }
func (deaf) Edit(context.Context, bot.Act) error                 { return nil }
func (deaf) Retract(context.Context, bot.Act) error              { return nil }

// entries returns the ledger, the oldest first.
func (s *site) entries() []store.Entry {
	s.t.Helper()
	entries, err := s.store.Ledger(s.t.Context(), store.Query{})
	if err != nil {
		s.t.Fatal(err)
	}
	slices.Reverse(entries)
	return entries
}

// ledger returns every act, the oldest first, as "kind subject state".
func (s *site) ledger() []string {
	s.t.Helper()
	var lines []string
	for _, e := range s.entries() {
		lines = append(lines, fmt.Sprintf("%s %s %s", e.Kind, strings.TrimPrefix(e.Subject, "https://example.org/"), e.State))
	}
	return lines
}

// wait lets time pass while the site is being watched.
func (s *site) wait(d time.Duration) {
	s.t.Helper()
	for end := s.now.Add(d); s.now.Before(end); {
		s.now = s.now.Add(min(time.Hour, end.Sub(s.now)))
		if err := s.announcer.Do(s.t.Context(), s.now); err != nil {
			s.t.Fatal(err)
		}
	}
	if s.delivers {
		s.deliver()
	}
}

func (s *site) remove(path string) { delete(s.posts, path) }

func (s *site) want(lines ...string) {
	s.t.Helper()
	if diff := cmp.Diff(lines, s.ledger()); diff != "" {
		s.t.Fatalf("ledger (-want +got):\n%s", diff)
	}
}
