package announce_test

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/content"
)

// BenchmarkLook10k is what a change costs among ten thousand posts: one new
// post found, decided and recorded.
func BenchmarkLook10k(b *testing.B) {
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "herald.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	a := announce.New(announce.Options{Store: s, Announcements: []announce.Announcement{{Name: "articles", From: []string{"blog"}, To: to(here)}}})
	var posts []*content.Post
	add := func() {
		path := fmt.Sprintf("%06d.md", len(posts))
		posts = append(posts, content.NewPost(content.Post{
			ID: content.ID{Entry: "site", Path: path}, Source: "blog", Title: path, URL: "https://example.org/" + path, Hash: sha256.Sum256([]byte(path)),
		}, nil))
	}
	now := monday
	look := func() {
		now = now.Add(time.Second)
		a.Offer(content.NewSnapshot(posts, nil, []content.EntryState{{Entry: "site", Sources: []string{"blog"}, Read: now}}))
		if err := a.Do(b.Context(), now); err != nil {
			b.Fatal(err)
		}
	}
	for range 10_000 {
		add()
	}
	start := time.Now()
	look()
	first := time.Since(start)
	for b.Loop() {
		add()
		look()
	}
	b.ReportMetric(float64(first.Milliseconds()), "ms/first-look")
	if n, _, err := s.Owed(b.Context()); n != b.N || err != nil {
		b.Fatalf("%d acts owed after %d posts (error %v)", n, b.N, err)
	}
}
