package content_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/content"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2023, 7, 30, 12, 0, 0, 0, time.UTC)

func library(log io.Writer, entries ...content.Entry) *content.Library {
	return content.NewLibrary(entries, func() time.Time { return start }, slog.New(slog.NewTextHandler(log, nil)))
}

func entry(name string, o content.Origin) content.Entry {
	return content.Entry{Name: name, Sources: []string{name + "-source"}, Origin: o, Format: newLines(name)}
}

func ids(posts []*content.Post) []string {
	var s []string
	for _, p := range posts {
		s = append(s, p.String())
	}
	slices.Sort(s)
	return s
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestNewLibraryIsEmpty(t *testing.T) {
	l := library(io.Discard, entry("site", newHand()))
	s := l.Snapshot()
	equal(t, "posts", len(s.Posts()), 0)
	equal(t, "entries", s.Entries(), []content.EntryState{{Entry: "site", Sources: []string{"site-source"}}})
}

func TestLoadKeepsWhatIsGood(t *testing.T) {
	site, terms := newHand("a.md", "/a", "b.md", "bad"), newHand()
	terms.err = errors.New("no such host")
	var log strings.Builder
	l := library(&log, entry("site", site), entry("terms", terms))
	l.Load(t.Context())
	l.Load(t.Context())

	s := l.Snapshot()
	equal(t, "posts", ids(s.Posts()), []string{"site:a.md"})
	equal(t, "problems", len(s.Problems()), 1)
	equal(t, "problem", s.Problems()[0].Error(), "dir/b.md:3: not a page")
	equal(t, "problem's entry", s.Problems()[0].Entry, "site")
	equal(t, "read", s.Entries()[0].Read, start)
	if s.Entries()[0].Err != nil || !s.Entries()[1].Read.IsZero() || !errors.Is(s.Entries()[1].Err, terms.err) {
		t.Errorf("entries = %+v", s.Entries())
	}
	equal(t, "warnings of one failure", strings.Count(log.String(), "no such host"), 1)

	site.err = errors.New("disk is gone")
	terms.set(func(h *hand) { h.err = nil })
	terms.put("t.md", "/t")
	l.Load(t.Context())
	s = l.Snapshot()
	equal(t, "posts after the failure", ids(s.Posts()), []string{"site:a.md", "terms:t.md"})
	equal(t, "problems after the failure", len(s.Problems()), 1)
	if !errors.Is(s.Entries()[0].Err, site.err) || s.Entries()[1].Err != nil {
		t.Errorf("entries = %+v", s.Entries())
	}
	if !strings.Contains(log.String(), "up to date again") {
		t.Errorf("log does not tell that the entry is well again:\n%s", &log)
	}
}

func TestStaleTreeServes(t *testing.T) {
	site := newHand("a.md", "/a")
	down := errors.New("remote is down")
	site.next.Stale, site.next.Revision = down, "1a2b"
	site.next.Problems = []content.Problem{{File: "big.md", Err: content.FileTooLarge(5 << 20)}}
	l := library(io.Discard, entry("site", site))
	l.Load(t.Context())

	s := l.Snapshot()
	equal(t, "posts", ids(s.Posts()), []string{"site:a.md"})
	equal(t, "problem", s.Problems()[0].Error(), "big.md: the file has 5.0 MB, at most 4 MB are read")
	state := s.Entries()[0]
	if !errors.Is(state.Err, down) || state.Revision != "1a2b" || !state.Read.Equal(start) {
		t.Errorf("state = %+v", state)
	}
}

func TestPanicLosesNothing(t *testing.T) {
	site := newHand("a.md", "/a", "b.md", "/b")
	var log strings.Builder
	l := library(&log, entry("site", site))
	l.Load(t.Context())

	site.put("b.md", "/b again", "bomb.md", "panic", "c.md", "/c")
	l.Load(t.Context())
	s := l.Snapshot()
	equal(t, "posts after the panic", ids(s.Posts()), []string{"site:a.md", "site:b.md"})
	if s.Entries()[0].Err == nil {
		t.Error("the panic left no error in the entry's state")
	}
	if !strings.Contains(log.String(), "no such page") || !strings.Contains(log.String(), "fakes_test.go") {
		t.Errorf("log lacks the panic or its stack:\n%s", &log)
	}

	l.Load(t.Context()) // nothing new
	if l.Snapshot().Entries()[0].Err == nil {
		t.Error("the error is gone though the pages have not been read")
	}

	site.set(func(h *hand) { h.next.Removed = []string{"bomb.md", "a.md"} })
	l.Load(t.Context())
	s = l.Snapshot()
	equal(t, "posts after the repair", ids(s.Posts()), []string{"site:b.md", "site:c.md"})
	equal(t, "changed post", s.Post(content.ID{Entry: "site", Path: "b.md"}).Hash, content.Hash(sha256.Sum256([]byte("/b again"))))
	if err := s.Entries()[0].Err; err != nil {
		t.Errorf("Err = %v after the repair", err)
	}

	site.set(func(h *hand) { h.panics = true })
	l.Load(t.Context())
	if s = l.Snapshot(); s.Entries()[0].Err == nil || len(s.Posts()) != 2 {
		t.Errorf("after a panic of the origin: %+v, %v", s.Entries()[0], ids(s.Posts()))
	}
}

func TestDoublePages(t *testing.T) {
	site := newHand("z.md", "/same", "a.md", "/same", "b.md", "/b")
	terms := newHand("0.md", "/same")
	l := library(io.Discard, entry("site", site), entry("terms", terms))
	l.Load(t.Context())
	s := l.Snapshot()
	equal(t, "posts", ids(s.Posts()), []string{"site:a.md", "site:b.md"})
	var told []string
	for _, p := range s.Problems() {
		told = append(told, p.Error())
	}
	slices.Sort(told)
	const hint = " (give one of them another slug; until then only the other one counts)"
	equal(t, "problems", told, []string{
		"dir/0.md: its page /same is also that of dir/a.md" + hint,
		"dir/z.md: its page /same is also that of dir/a.md" + hint,
	})

	site.set(func(h *hand) { h.next.Removed = []string{"a.md"} })
	l.Load(t.Context())
	equal(t, "posts when the first is gone", ids(l.Snapshot().Posts()), []string{"site:b.md", "site:z.md"})
}

func TestUpdates(t *testing.T) {
	site := newHand("a.md", "/a", "b.md", "/b", "c.md", "/c")
	l := library(io.Discard, entry("site", site))
	type told struct {
		Who                     string
		Added, Changed, Removed []string
	}
	var heard []told
	for _, who := range []string{"first", "second"} {
		l.Subscribe(func(_ context.Context, u content.Update) {
			if l.Snapshot() != u.New {
				t.Error("a subscriber was told before the snapshot was swapped")
			}
			heard = append(heard, told{who, ids(u.Added), ids(u.Changed), ids(u.Removed)})
		})
	}
	l.Load(t.Context())
	site.put("b.md", "/b anew", "c.md", "/c", "d.md", "/d")
	site.set(func(h *hand) { h.next.Removed = []string{"a.md"} })
	l.Load(t.Context())

	all := []string{"site:a.md", "site:b.md", "site:c.md"}
	equal(t, "updates", heard, []told{
		{"first", all, nil, nil},
		{"second", all, nil, nil},
		{"first", []string{"site:d.md"}, []string{"site:b.md"}, []string{"site:a.md"}},
		{"second", []string{"site:d.md"}, []string{"site:b.md"}, []string{"site:a.md"}},
	})
}

func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site, terms := newHand("a.md", "/a"), newHand("t.md", "/t")
		l := library(io.Discard, entry("site", site), entry("terms", terms))
		updates := 0
		l.Subscribe(func(context.Context, content.Update) { updates++ })
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			l.Watch(ctx)
		}()
		synctest.Wait()
		equal(t, "posts without Load", ids(l.Snapshot().Posts()), []string{"site:a.md", "terms:t.md"})

		before, heard := l.Snapshot(), updates
		site.changed <- struct{}{}
		synctest.Wait()
		if l.Snapshot() != before || updates != heard {
			t.Error("a new snapshot though nothing changed")
		}

		site.put("b.md", "/b")
		site.changed <- struct{}{}
		synctest.Wait()
		equal(t, "posts", ids(l.Snapshot().Posts()), []string{"site:a.md", "site:b.md", "terms:t.md"})
		equal(t, "updates", updates, heard+1)

		cancel()
		<-done
	})
}

// nervous panics in Watch at first.
type nervous struct {
	*hand
	watched int
}

func (n *nervous) Watch(ctx context.Context, changed func()) {
	if n.watched++; n.watched == 1 {
		panic("lost my nerve")
	}
	n.hand.Watch(ctx, changed)
}

func TestWatchComesBackAfterPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := library(io.Discard, entry("site", &nervous{hand: newHand("a.md", "/a")}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		l.Watch(ctx)
		equal(t, "posts", ids(l.Snapshot().Posts()), []string{"site:a.md"})
	})
}

// still is a Format that keeps its posts in one slice, as cheap as can be.
type still struct{ posts []*content.Post }

func (*still) Wants(string) bool { return true }

func (f *still) Update(changed []content.File, _ []string) ([]*content.Post, []content.Problem) {
	f.posts = slices.Clone(f.posts)
	for _, file := range changed {
		var n int
		fmt.Sscanf(file.Path, "%d", &n)
		f.posts[n] = content.NewPost(content.Post{
			ID: content.ID{Entry: "site", Path: file.Path}, URL: "https://cloudnative.tw/blog/" + file.Path,
			Date: start.AddDate(0, 0, -n%4000), Hash: sha256.Sum256(file.Data),
		}, nil)
	}
	return f.posts, nil
}

func tenThousand() *hand {
	h := newHand()
	body := strings.Repeat("雲端原生 cloud native ", 170)
	for n := range 10_000 {
		h.put(fmt.Sprintf("%05d-post.md", n), fmt.Sprint(n, body))
	}
	return h
}

func BenchmarkLoad10k(b *testing.B) {
	all := tenThousand().next
	for b.Loop() {
		h := newHand()
		h.next = all
		l := library(io.Discard, content.Entry{Name: "site", Origin: h, Format: &still{make([]*content.Post, 10_000)}})
		l.Load(b.Context())
	}
}

// BenchmarkChangeOne10k is one post of 10,000 from the change to the
// subscriber's call, without the work of a real Format.
func BenchmarkChangeOne10k(b *testing.B) {
	h := tenThousand()
	l := library(io.Discard, content.Entry{Name: "site", Origin: h, Format: &still{make([]*content.Post, 10_000)}})
	changed := 0
	l.Subscribe(func(_ context.Context, u content.Update) { changed += len(u.Changed) })
	l.Load(b.Context())
	rounds := 0
	for b.Loop() {
		rounds++
		h.put("05000-post.md", fmt.Sprint("round ", rounds))
		l.Load(b.Context())
	}
	if changed != rounds {
		b.Fatalf("%d changes in %d rounds", changed, rounds)
	}
}
