package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

const killConfig = `
community: {name: Example, language: en, timezone: UTC}
content:
  site: {path: site, format: docusaurus, url: "https://example.org", folders: {blog: blog}}
channels: {here: {console: true}}
announcements: {articles: {from: blog, to: here}}
`

// siege is a Herald that is killed again and again while files are dropped into
// its content.
type siege struct {
	t     *testing.T
	dir   string
	clock string
	lives []*program // each of which has ended, but for the last
	files []string   // the titles of what was dropped
}

// TestKills kills the real program at random moments, most of them between the
// printing of an announcement and its record. DESIGN's promise: nothing that is
// owed is lost, and nothing is said twice; what was being said when the kill came
// is uncertain, and not repeated.
func TestKills(t *testing.T) {
	kills := 20
	if os.Getenv("HERALD_SOAK") != "" {
		kills = 300
	}
	s := newSiege(t)
	for range kills {
		s.kill()
	}
	s.settle()
	s.judge()
}

func newSiege(t *testing.T) *siege {
	s := &siege{t: t, dir: t.TempDir()}
	s.clock = filepath.Join(s.dir, "clock")
	s.write("config.yaml", killConfig)
	for i := range 30 { // a source of one post would find two more too many at once
		s.write(fmt.Sprintf("site/blog/2024-01-%02d-old-%d.md", i+1, i), "# Old\n")
	}
	p := s.begin()
	s.must(p.see(regexp.MustCompile("announcement begins")))
	s.must(p.stop())
	return s
}

func (s *siege) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *siege) write(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.dir, filepath.FromSlash(name))
	s.must(os.MkdirAll(filepath.Dir(path), 0o755))
	s.must(os.WriteFile(path+".new", []byte(text), 0o600))
	s.must(os.Rename(path+".new", path))
}

func (s *siege) begin() *program {
	s.t.Helper()
	p, err := start(s.dir, []string{clockFile + "=" + s.clock, "LANG=C"}, "run")
	s.must(err)
	s.lives = append(s.lives, p)
	return p
}

func (s *siege) title(i int) string { return fmt.Sprintf("News number %d", i) }
func (s *siege) subject(i int) string {
	return fmt.Sprintf("https://example.org/blog/2024/02/01/n%d", i)
}

// drop puts a new file into the content, unless so many are unknown to the ledger
// that one more would look like a mistake, and be held.
func (s *siege) drop() {
	s.t.Helper()
	known := s.ledger()
	unknown := 0
	for i := range s.files {
		if len(known[s.subject(i)]) == 0 {
			unknown++
		}
	}
	if unknown >= 3 {
		return
	}
	i := len(s.files)
	s.files = append(s.files, s.title(i))
	s.write(fmt.Sprintf("site/blog/2024-02-01-n%d.md", i), "# "+s.title(i)+"\n\nText.\n")
}

// ledger returns the acts by what they are about.
func (s *siege) ledger() map[string][]store.Entry {
	s.t.Helper()
	ledger, err := store.OpenReadOnly(s.t.Context(), filepath.Join(s.dir, "herald.db"))
	s.must(err)
	defer ledger.Close()
	entries, err := ledger.Ledger(s.t.Context(), store.Query{Limit: 10_000})
	s.must(err)
	acts := make(map[string][]store.Entry)
	for _, e := range entries {
		acts[e.Subject] = append(acts[e.Subject], e)
	}
	return acts
}

// kill begins a life and ends it at a random moment.
func (s *siege) kill() {
	s.t.Helper()
	s.drop()
	p := s.begin()
	wait := func(most time.Duration) { <-time.After(rand.N(most)) }
	switch rand.N(4) {
	case 0: // while it starts and reads
		wait(60 * time.Millisecond)
	case 1: // when it owes
		_ = p.seeWithin(time.Second, regexp.MustCompile("msg=owed")) // it may owe nothing
		wait(3 * time.Millisecond)
	case 2: // when it speaks
		_ = p.seeWithin(time.Second, regexp.MustCompile("── announcement"))
		wait(time.Millisecond)
	case 3: // while it watches
		wait(60 * time.Millisecond)
		s.drop()
		wait(400 * time.Millisecond)
	}
	s.must(p.kill())
	// Whoever comes next waits until the lease of the one that was killed ends.
	f, err := os.OpenFile(s.clock, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	s.must(err)
	_, err = fmt.Fprintln(f, "15s")
	s.must(err)
	s.must(f.Close())
}

// settle lets the last life finish what is owed.
func (s *siege) settle() {
	s.t.Helper()
	s.drop()
	p := s.begin()
	deadline := time.Now().Add(answerTime)
	for !s.finished() {
		if time.Now().After(deadline) {
			s.t.Fatalf("something is still owed:\n%v\n%s", s.ledger(), p.out.rest())
		}
		_ = p.seeWithin(100*time.Millisecond, regexp.MustCompile("msg=said"))
	}
	s.must(p.stop())
}

// finished tells whether each file has an act, and all acts have come to an end.
func (s *siege) finished() bool {
	acts := s.ledger()
	for i := range s.files {
		if len(acts[s.subject(i)]) == 0 {
			return false
		}
		for _, e := range acts[s.subject(i)] {
			if e.State == outbox.Owed || e.State == outbox.Sending {
				return false
			}
		}
	}
	return true
}

// judge compares what was printed with what the ledger says was.
func (s *siege) judge() {
	s.t.Helper()
	printed := make(map[string]int)
	for _, p := range s.lives {
		for line := range strings.Lines(p.out.all()) {
			printed[strings.TrimSuffix(line, "\n")]++
		}
	}
	acts, states := s.ledger(), make(map[outbox.State]int)
	for i, title := range s.files {
		posts := slices.DeleteFunc(acts[s.subject(i)], func(e store.Entry) bool { return e.Kind != bot.Post })
		if len(posts) != 1 {
			s.t.Errorf("%s has %d posts in the ledger, want 1", title, len(posts))
			continue
		}
		e, times := posts[0], printed[title]
		states[e.State]++
		switch {
		case e.State == outbox.Sent && times == 1:
		case e.State == outbox.Uncertain && times <= 1:
		default:
			s.t.Errorf("%s is %s (%s) and was printed %d times", title, e.State, e.Reason, times)
		}
	}
	if printed["Old"] > 0 {
		s.t.Errorf("what was there at the start was printed %d times", printed["Old"])
	}
	s.t.Logf("%d lives, %d files: %v", len(s.lives), len(s.files), states)
}
