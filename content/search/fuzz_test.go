package search

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cloudnative.tw/herald/content"
)

// nasty are seeds of all targets: the syntax of FTS5, and what is no text.
var nasty = []string{
	"", "容器 KCD徵稿", "Café ＫＣＤ ﬁne ① ㍿", `"a b" OR NEAR(c, 2) AND NOT d* ^e {title}: f + -g`, `""" "`, "「容器", "“”",
	"\x00\xff\xfe容\x80", "👩‍👩‍👧‍👦🇹🇼❤️", "مرحبا \u202eabc\u202c", "e\u0301\u0301\u0301", "\u0301x", "한국어 각", "ไทย カタカナー ｶﾞ",
	"2023ironman k8s v1.30 2023", "x'); DROP TABLE texts;--", "ﷺﷺﷺ", "İstanbul ẞ ſ", "a’s it's kuberntes",
	strings.Repeat("容器 ", 1500), strings.Repeat("\"", 4000), strings.Repeat("a", 4000), strings.Repeat("雲", 4000),
	strings.Repeat("永續", 60),
}

// The runs of a text stand in order, inside it, on borders of characters.
func FuzzScan(f *testing.F) {
	for _, s := range nasty {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for r := range scan(text) {
			if len(r.runes) == 0 || len(r.at) <= len(r.runes) {
				t.Fatalf("run %q with offsets %v", r.String(), r.at)
			}
			if r.start() < last { // one character may be two runs
				t.Fatalf("run at %d after %d in %q", r.start(), last, text)
			}
			last = r.start()
			if !slices.IsSorted(r.at) || r.end() > len(text) {
				t.Fatalf("offsets %v in %q", r.at, text)
			}
			if r.start() == r.end() {
				t.Fatalf("run %q of no text", r.String())
			}
			if strings.ContainsAny(r.String(), "\x00 \"*:(){}^+-") {
				t.Fatalf("run %q has syntax", r.String())
			}
			if !r.joined {
				if s := stem(r.String()); s == "" {
					t.Fatalf("word %q has no stem", r.String())
				}
			}
		}
	})
}

// Anything may be typed: it is answered, soon, from the posts.
func FuzzSearch(f *testing.F) {
	post := func(n byte, title, text string) *content.Post {
		body := content.Body{Sections: []content.Section{{Blocks: []content.Block{{Runs: []content.Run{{Text: text}}}}}}}
		p := content.Post{ID: content.ID{Path: string(n)}, Source: "blog", Title: title, Hash: content.Hash{n}}
		return content.NewPost(p, func() content.Body { return body })
	}
	posts := []*content.Post{post(1, "容器", "容器 KCD 徵稿 kubernetes"), post(2, "Sustainability", "環境可持續 title NEAR and")}
	for i, s := range nasty {
		posts = append(posts, post(byte(i+3), "title", s))
		f.Add(s)
	}
	ix, err := Open(f.Context(), "", Options{Synonyms: [][]string{{"永續", "可持續", "sustainability"}, nasty[1:4]}})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { ix.Close() })
	if err := ix.Update(f.Context(), posts); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		r, err := ix.Search(t.Context(), content.Query{Text: text, Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Hits) > 5 || len(r.Hits) > r.Total {
			t.Fatalf("%d hits of %d", len(r.Hits), r.Total)
		}
		if _, err := ix.Complete(t.Context(), text, 5); err != nil {
			t.Fatal(err)
		}
		if d := time.Since(start); d > 5*time.Second { // a bound on what is done, not a measure
			t.Fatalf("took %v", d)
		}
	})
}

// A snippet is a part of the text, not too wide, cut between characters.
func FuzzSnippet(f *testing.F) {
	for _, s := range nasty {
		f.Add(s, "容器")
		f.Add(strings.Repeat("一二三 four ", 9)+s, s)
	}
	f.Fuzz(func(t *testing.T, text, query string) {
		text = line(strings.ToValidUTF8(text, ""))
		m := newMarker(newRequest(query, nil))
		p := passage{text: text, matches: m.matches(text)}
		var all string
		for _, fragment := range p.snippet() {
			if fragment.Text == "" || !utf8.ValidString(fragment.Text) {
				t.Fatalf("fragment %q of %q", fragment.Text, text)
			}
			all += fragment.Text
		}
		start, end := p.window()
		width := 0
		for _, g := range graphemes(text[start:end]) {
			width += g.width
		}
		if width > snippetWidth {
			t.Fatalf("%q is %d columns wide", all, width)
		}
		cut := text[start:end]
		if start > 0 {
			cut = cutMark + cut
		}
		if end < len(text) {
			cut += cutMark
		}
		if all != cut {
			t.Fatalf("%q is not %q", all, cut)
		}
	})
}
