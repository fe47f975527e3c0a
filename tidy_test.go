package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/store"
)

// What was said stays in the ledger for ever, its words for ninety days.
func TestWordsAreRemovedAfterAWhile(t *testing.T) {
	h := newStagehand(t, time.Date(2026, 3, 3, 10, 0, 0, 0, time.UTC), 0)
	write := func(name, title string) {
		h.must(os.MkdirAll(filepath.Join(h.dir, "site", "blog"), 0o755))
		h.must(os.WriteFile(filepath.Join(h.dir, "site", "blog", name), []byte("# "+title+"\n"), 0o600))
	}
	h.config = `
community: {name: Example, language: en, timezone: UTC}
content: {site: {path: site, format: docusaurus, url: "https://example.org", folders: {blog: blog}}}
channels: {news: {discord: "1111"}}
announcements: {articles: {from: blog, to: news, wait_for_page: 0s}}
`
	write("old.md", "Old")
	h.start()
	h.look()
	write("new.md", "New")
	h.look()
	h.pass(time.Hour)
	rounds := newRounds(h.speaker, heartbeat{path: filepath.Join(h.dir, ".alive")}, h.clock.now, h.app.log)
	for _, later := range []struct {
		days int
		want string
	}{{0, "New"}, {80, "New"}, {11, ""}} {
		h.clock.set(h.clock.now().AddDate(0, 0, later.days))
		rounds.round(h.Context())
		entries, err := h.ledger.Ledger(h.Context(), store.Query{})
		h.must(err)
		if len(entries) != 1 || entries[0].Kind != bot.Post || entries[0].Message.Title != later.want {
			t.Errorf("on %s: %+v, want the words %q", h.clock.now().Format(time.DateOnly), entries, later.want)
		}
	}
	if next, now := rounds.next(), h.clock.now(); next.After(now.Add(tidyEvery)) {
		t.Errorf("next round at %s, a day from %s is later", next, now)
	}
}
