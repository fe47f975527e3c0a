package search_test

import (
	"crypto/sha256"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"cloudnative.tw/herald/content"
)

//go:embed testdata/words.txt
var wordLists string

// generator makes posts of mixed Chinese and English from word lists: always
// the same ones from the same seed.
type generator struct {
	rnd    *rand.Rand
	zh, en []string
	common *rand.Zipf
}

func newGenerator(seed uint64) *generator {
	g := &generator{rnd: rand.New(rand.NewPCG(seed, 2))}
	for line := range strings.Lines(wordLists) {
		switch f := strings.Fields(line); f[0] {
		case "zh":
			g.zh = f[1:]
		case "en":
			g.en = f[1:]
		}
	}
	g.zh, g.en = g.invent(g.zh, 1), g.invent(g.en, 4)
	g.common = rand.NewZipf(g.rnd, 1.05, 20, uint64(len(g.zh)-1))
	return g
}

// invent adds words to the known ones, the rarer ones at the end, made of the
// first n characters of one and the last n of another.
func (g *generator) invent(known []string, n int) []string {
	const words = 5000
	for len(known) < words {
		a, b := []rune(known[g.rnd.IntN(len(known))]), []rune(known[g.rnd.IntN(len(known))])
		known = append(known, string(a[:min(n, len(a))])+string(b[max(0, len(b)-n):]))
	}
	return known
}

// post returns the n-th post, with a body of about size bytes.
func (g *generator) post(n, size int) *content.Post {
	title := g.sentence(6)
	body := g.body(size)
	sum := sha256.Sum256(fmt.Append(nil, n, title, body))
	return content.NewPost(content.Post{
		ID:     content.ID{Entry: "generated", Path: fmt.Sprintf("blog/%05d.md", n)},
		Source: []string{"blog", "pages"}[n%2],
		Kind:   content.Article,
		Title:  title,
		Slug:   fmt.Sprintf("%s-%s-%d", g.pick(g.en), g.pick(g.en), n),
		URL:    fmt.Sprintf("https://example.org/blog/%d", n),
		Date:   time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -n),
		Tags:   []content.Tag{{Label: g.pick(g.en), Permalink: "tag"}},
		Hash:   sum,
	}, func() content.Body { return parse(body) })
}

// body returns text of about size bytes, a paragraph or "# heading" a line.
func (g *generator) body(size int) string {
	var b strings.Builder
	for b.Len() < size {
		if g.rnd.IntN(5) == 0 {
			fmt.Fprintf(&b, "# %s\n", g.sentence(4))
		}
		for range 1 + g.rnd.IntN(4) {
			b.WriteString(g.sentence(6 + g.rnd.IntN(14)))
			b.WriteString("。")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (g *generator) sentence(words int) string {
	var b strings.Builder
	for range words {
		switch n := g.rnd.IntN(20); {
		case n < 14:
			b.WriteString(g.pick(g.zh))
		case n < 18:
			b.WriteString(" " + g.pick(g.en) + " ")
		case n == 18: // a rare word
			b.WriteString(string([]rune{'\u4e00' + rune(g.rnd.IntN(6000)), '\u4e00' + rune(g.rnd.IntN(6000))}))
		default:
			fmt.Fprintf(&b, " v%d.%d ", g.rnd.IntN(9), g.rnd.IntN(99))
		}
	}
	return strings.TrimSpace(b.String())
}

func (g *generator) pick(words []string) string { return words[g.common.Uint64()] }

// parse reads what generator.body wrote.
func parse(text string) content.Body {
	var sections []content.Section
	s := content.Section{}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if heading, ok := strings.CutPrefix(line, "# "); ok {
			sections = append(sections, s)
			s = content.Section{Heading: heading, Level: 2, Anchor: strings.ReplaceAll(heading, " ", "-")}
			continue
		}
		s.Blocks = append(s.Blocks, content.Block{Runs: []content.Run{{Text: line}}})
	}
	sections = append(sections, s)
	body := content.Body{Sections: sections}
	for _, s := range sections {
		if body.Excerpt == "" && len(s.Blocks) > 0 {
			body.Excerpt = s.Blocks[0].Text()
		}
	}
	return body
}
