package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	manyPosts = 10_000
	postSize  = 4 << 10
)

// tenThousand measures a Herald over 10,000 posts of 4 KB: from nothing, again
// with nothing changed, and with one post changed.
func tenThousand(ctx context.Context, t *table, dir, binary string) error {
	g, err := newGenerator()
	if err != nil {
		return err
	}
	config := filepath.Join(dir, "many.yaml")
	if err := g.write(dir, config); err != nil {
		return err
	}
	store := filepath.Join(dir, "many.db")
	took, h, err := untilFound(ctx, binary, config, store)
	if err != nil {
		return err
	}
	t.add("10,000 posts: searchable from nothing", took.Seconds(), "s", 12)
	t.add(processor, h.processor(), "s", 0)
	t.add("10,000 posts: the most memory meanwhile", h.memory("VmHWM"), "MB", 150)
	if err := h.end(); err != nil {
		return err
	}
	took, h, err = untilFound(ctx, binary, config, store)
	if err != nil {
		return err
	}
	t.add("10,000 posts: searchable after a restart", took.Seconds(), "s", 1)
	t.add(processor, h.processor(), "s", 0)
	t.add("10,000 posts: the most memory then", h.memory("VmHWM"), "MB", 0)
	changed := filepath.Join(dir, "many", "blog", "2020-01-01-post-00042.md")
	start := time.Now()
	if err := os.WriteFile(changed, []byte("# Xylophone concerto\n\nText.\n"), 0o644); err != nil {
		return err
	}
	for {
		answer, err := h.answer("/search xylophone")
		if err != nil {
			return err
		}
		if strings.Contains(answer, "post-00042") {
			break
		}
	}
	t.add("10,000 posts: a changed file is found", time.Since(start).Seconds(), "s", 2)
	return h.end()
}

// untilFound starts a Herald and returns how long it takes until it answers a
// search.
func untilFound(ctx context.Context, binary, config, store string) (time.Duration, *herald, error) {
	start := time.Now()
	h, err := begin(ctx, binary, config, store)
	if err != nil {
		return 0, nil, err
	}
	answer, err := h.answer("/search 服務")
	if err != nil {
		return 0, nil, err
	}
	if !strings.Contains(answer, "https://example.org/blog/") {
		return 0, nil, fmt.Errorf("found nothing: %s", answer)
	}
	return time.Since(start), h, nil
}

// generator makes posts of Chinese and English words, of which few are common and
// many rare, as in a language.
type generator struct {
	rnd    *rand.Rand
	zh, en []string
	zipf   *rand.Zipf
}

func newGenerator() (*generator, error) {
	lists, err := os.ReadFile(filepath.Join("content", "search", "testdata", "words.txt"))
	if err != nil {
		return nil, err
	}
	g := &generator{rnd: rand.New(rand.NewPCG(1, 2))}
	for line := range strings.Lines(string(lists)) {
		switch f := strings.Fields(line); f[0] {
		case "zh":
			g.zh = f[1:]
		case "en":
			g.en = f[1:]
		}
	}
	const words = 5000
	g.zh, g.en = g.invent(g.zh, words, 1), g.invent(g.en, words, 4)
	g.zipf = rand.NewZipf(g.rnd, 1.05, 20, words-1)
	return g, nil
}

// invent adds words that begin as one known word and end as another.
func (g *generator) invent(known []string, words, n int) []string {
	for len(known) < words {
		a, b := []rune(known[g.rnd.IntN(len(known))]), []rune(known[g.rnd.IntN(len(known))])
		known = append(known, string(a[:min(n, len(a))])+string(b[max(0, len(b)-n):]))
	}
	return known
}

func (g *generator) sentence(words int) string {
	var s strings.Builder
	for range words {
		if g.rnd.IntN(3) == 0 {
			s.WriteString(" " + g.en[g.zipf.Uint64()] + " ")
		} else {
			s.WriteString(g.zh[g.zipf.Uint64()])
		}
	}
	return strings.TrimSpace(s.String())
}

func (g *generator) post() string {
	var s strings.Builder
	fmt.Fprintf(&s, "# %s\n", g.sentence(6))
	for i := 0; s.Len() < postSize; i++ {
		if i%8 == 0 {
			fmt.Fprintf(&s, "\n## %s\n\n", g.sentence(4))
		}
		s.WriteString(g.sentence(15) + "。\n")
	}
	return s.String()
}

// write writes the posts and a config that names them.
func (g *generator) write(dir, config string) error {
	blog := filepath.Join(dir, "many", "blog")
	if err := os.MkdirAll(blog, 0o755); err != nil {
		return err
	}
	for i := range manyPosts {
		name := fmt.Sprintf("2020-01-01-post-%05d.md", i)
		if err := os.WriteFile(filepath.Join(blog, name), []byte(g.post()), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(config, []byte(`community: {name: Example, language: en, timezone: UTC}
content: {site: {path: many, format: docusaurus, url: "https://example.org", folders: {blog: blog}}}
channels: {here: {console: true}}
announcements: {articles: {from: blog, to: here}}
`), 0o644)
}
