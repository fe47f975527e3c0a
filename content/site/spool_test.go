package site

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/spool"
)

// longPost returns a post of 100 KB that says words.
func longPost(words string) string {
	return "---\ntitle: T\nauthors: [ada]\n---\n\n" + "<!--" + strings.Repeat("我們在台北的聚會。", 4000) + "-->\n\n" + words + "\n"
}

// What does not fit in memory is read as what does: at first, after a change,
// through the post that was there before it, and again when a shared file came.
func TestBodiesOfManyPosts(t *testing.T) {
	s := spool.New(t.TempDir(), slog.New(slog.DiscardHandler))
	defer s.Close()
	format, err := New("site", docusaurusSite, s)
	if err != nil {
		t.Fatal(err)
	}
	const many = 2*spool.MemorySize/100_000 + 1
	update := func(words string) []*content.Post {
		var files []content.File
		for n := range many {
			path := fmt.Sprintf("blog/2024-01-01-post%03d.md", n)
			files = append(files, content.File{Path: path, Data: []byte(longPost(fmt.Sprint(words, n)))})
		}
		posts, _ := format.Update(files, nil) // nobody knows Ada yet
		return posts
	}
	holds := func(posts []*content.Post, words string) {
		t.Helper()
		if len(posts) != many {
			t.Fatalf("%d posts, want %d", len(posts), many)
		}
		for n, p := range posts {
			if got := p.Body().Sections[0].Text(); got != fmt.Sprint(words, n) {
				t.Errorf("%s says %q, want %s%d", p.Path, got, words, n)
			}
		}
	}
	first := update("first")
	holds(first, "first")
	second := update("second")
	holds(second, "second")
	holds(first, "first")
	posts, problems := format.Update([]content.File{{Path: "blog/authors.yml", Data: []byte("ada: {name: Ada}\n")}}, nil)
	holds(posts, "second")
	if len(problems) > 0 || posts[0].Authors[0].Name != "Ada" {
		t.Errorf("after authors.yml came: %v, problems %v", posts[0].Authors, problems)
	}
}
