package search_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/search"
)

// probes are queries over generated posts that go every way: common and rare
// words, slips, beginnings, quotations.
var probes = []string{"資料庫", "service", "kubernets", "obse", "備份 還原", "雲", `"supply chain"`, "tag", "v3.14", "供應鏈掃描"}

// same fails the test if two indexes find different posts.
func same(t *testing.T, got, want *search.Index) {
	t.Helper()
	for _, q := range probes {
		g, err := got.Search(t.Context(), content.Query{Text: q, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		w, err := want.Search(t.Context(), content.Query{Text: q, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(paths(w), paths(g)); diff != "" || g.Total != w.Total || g.Instead != w.Instead {
			t.Errorf("%q: %d instead %q, want %d instead %q (-want +got):\n%s", q, g.Total, g.Instead, w.Total, w.Instead, diff)
		}
	}
}

// paths returns the hits' paths in the order of the alphabet: equal scores
// stand in the order in which posts came.
func paths(r content.Result) []string {
	var all []string
	for _, h := range r.Hits {
		all = append(all, h.Post.Path)
	}
	slices.Sort(all)
	return all
}

// An index that was changed many times finds what a new one finds.
func TestUpdate(t *testing.T) {
	g := newGenerator(4)
	rnd := rand.New(rand.NewPCG(4, 4))
	path := filepath.Join(t.TempDir(), "index.db")
	var posts []*content.Post
	ix := open(t, path, nil)
	for step := range 12 {
		for range rnd.IntN(60) {
			posts = append(posts, g.post(1000*step+len(posts), 800))
		}
		posts = slices.DeleteFunc(slices.Clone(posts), func(*content.Post) bool { return rnd.IntN(6) == 0 })
		for i := range posts {
			if rnd.IntN(6) == 0 {
				changed := *g.post(i, 800)
				changed.ID = posts[i].ID
				posts[i] = content.NewPost(changed, g.post(i, 800).Body)
			}
		}
		if err := ix.Update(t.Context(), posts); err != nil {
			t.Fatal(err)
		}
		same(t, ix, open(t, "", posts))
	}
}

// counted returns the posts with bodies that count how often they are read.
func counted(posts []*content.Post, reads *atomic.Int32) []*content.Post {
	all := make([]*content.Post, len(posts))
	for i, p := range posts {
		all[i] = content.NewPost(*p, func() content.Body {
			reads.Add(1)
			return p.Body()
		})
	}
	return all
}

func TestReopenReadsWhatChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	var reads atomic.Int32
	all := counted(posts(), &reads)
	shut := func(ix *search.Index, want int32) {
		t.Helper()
		if n := reads.Swap(0); n != want {
			t.Errorf("read %d bodies, want %d", n, want)
		}
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
	reopen := func(posts []*content.Post) *search.Index {
		t.Helper()
		ix, err := search.Open(t.Context(), path, search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := ix.Update(t.Context(), posts); err != nil {
			t.Fatal(err)
		}
		return ix
	}
	shut(reopen(all), int32(len(all)))
	shut(reopen(all), 0)
	changed := *all[0]
	changed.Hash[0]++
	moved := *all[1]
	moved.Source = "pages"
	next := slices.Concat([]*content.Post{&changed, &moved}, all[2:])
	ix := reopen(counted(next, &reads))
	if got := find(t, ix, content.Query{Text: "kuberntes"}); len(got) != 2 {
		t.Errorf("found %v by a slip", got)
	}
	reads.Store(2) // the search read some, too
	shut(ix, 2)
}

func TestUnlistedAndSources(t *testing.T) {
	all := posts()
	hidden := *all[1]
	hidden.Unlisted = true
	all[1] = &hidden
	other := *all[5]
	other.Source = "terms; DROP"
	all[5] = content.NewPost(other, all[5].Body)
	ix := open(t, "", all)
	for _, test := range []struct {
		query   string
		sources []string
		want    []string
	}{
		{"徵稿", nil, []string{}},
		{"容器", nil, []string{"container", "kubernetes"}},
		{"容器", []string{"blog"}, []string{"kubernetes"}},
		{"容器", []string{"terms; DROP"}, []string{"container"}},
		{"容器", []string{"terms; DROP", "blog"}, []string{"container", "kubernetes"}},
		{"容器", []string{"nowhere"}, []string{}},
	} {
		if diff := cmp.Diff(test.want, find(t, ix, content.Query{Text: test.query, Sources: test.sources})); diff != "" {
			t.Errorf("%q in %q (-want +got):\n%s", test.query, test.sources, diff)
		}
	}
}

func TestPages(t *testing.T) {
	ix := open(t, "", generated(60))
	whole := find(t, ix, content.Query{Text: "service", Limit: 60})
	var pages []string
	for offset := 0; offset < len(whole)+7; offset += 7 {
		pages = append(pages, find(t, ix, content.Query{Text: "service", Limit: 7, Offset: offset})...)
	}
	if diff := cmp.Diff(whole, pages); diff != "" || len(whole) < 20 {
		t.Errorf("%d hits, in pages (-whole +pages):\n%s", len(whole), diff)
	}
}

// While posts are exchanged, a search finds all of one set and none of the
// other.
func TestSearchDuringUpdate(t *testing.T) {
	const n = 100
	set := func(name string) []*content.Post {
		var set []*content.Post
		for i := range n {
			set = append(set, newPost(fmt.Sprint(name, i), name+" everything", name))
		}
		return set
	}
	old, renewed := set("alpha"), set("beta")
	ix := open(t, filepath.Join(t.TempDir(), "index.db"), old)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for running := true; running; {
				select {
				case <-done:
					running = false
				default:
				}
				r, err := ix.Search(t.Context(), content.Query{Text: "everything", Limit: n})
				if err != nil || r.Total != n || len(r.Hits) != n {
					t.Errorf("%d hits of %d: %v", len(r.Hits), r.Total, err)
					return
				}
				for _, h := range r.Hits {
					if h.Post.Title != r.Hits[0].Post.Title {
						t.Errorf("found %q beside %q", h.Post.Title, r.Hits[0].Post.Title)
						return
					}
				}
			}
		})
	}
	for i := range 6 {
		if err := ix.Update(t.Context(), [][]*content.Post{renewed, old}[i%2]); err != nil {
			t.Error(err)
		}
	}
	close(done)
	readers.Wait()
}

// Once merged, a search looks in one place, and finds the same.
func TestMerge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	all := short(900)
	ix, _ := logged(t, path)
	if err := ix.Update(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	if err := ix.Merge(t.Context()); err != nil {
		t.Fatal(err)
	}
	same(t, ix, open(t, "", all))
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var segments int
	if err := db.QueryRow("SELECT count(DISTINCT segid) FROM texts_idx").Scan(&segments); err != nil || segments != 1 {
		t.Errorf("%d segments, want 1 (error %v)", segments, err)
	}
}
