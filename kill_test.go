package main

import (
	"cmp"
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

// killConfig is a community with one channel.
const killConfig = `
community: {name: Example, language: en, timezone: UTC}
content:
  site: {path: site, format: docusaurus, url: "https://example.org", folders: {blog: blog}}
channels: {here: {%s}}
announcements: {articles: {from: blog, to: here, wait_for_page: 0s}}
`

// siege is a Herald that is killed again and again while files are dropped into
// its content.
type siege struct {
	t     *testing.T
	dir   string
	clock string
	env   []string
	// said counts what the channel was told, by title.
	said func() map[string]int
	// speaks is what the program prints when it speaks, or "" if it is not seen
	// before it has spoken.
	speaks string
	// latency is how long it takes at most to speak.
	latency time.Duration
	lives   []*program // each of which has ended, but for the last
	files   []string   // the titles of what was dropped
}

// TestKills kills the real program at random moments, most of them between the
// printing of an announcement and its record. DESIGN's promise: nothing that is
// owed is lost, and nothing is said twice; what was being said when the kill came
// is uncertain, and not repeated.
func TestKills(t *testing.T) {
	t.Parallel()
	s := newSiege(t, "console: true")
	s.said, s.speaks, s.latency = s.printed, "── announcement", time.Millisecond
	s.run(20, 300)
	s.judge(func(e store.Entry, times int) bool {
		return e.State == outbox.Sent && times == 1 || e.State == outbox.Uncertain && times <= 1
	})
}

// run kills so many lives, many of them in a soak, and lets the last one finish.
func (s *siege) run(few, many int) {
	s.t.Helper()
	kills := few
	if os.Getenv("HERALD_SOAK") != "" {
		kills = many
	}
	p := s.begin()
	s.must(p.see(regexp.MustCompile("announcement begins")))
	s.must(p.interrupt())
	for range kills {
		s.kill()
	}
	s.settle()
}

// newSiege begins a siege of a Herald that speaks in one channel.
func newSiege(t *testing.T, channel string) *siege {
	s := &siege{t: t, dir: t.TempDir()}
	s.clock = filepath.Join(s.dir, "clock")
	s.env = []string{clockFile + "=" + s.clock, "LANG=C"}
	s.write("config.yaml", fmt.Sprintf(killConfig, channel))
	for i := range 30 { // a source of one post would find two more too many at once
		s.write(fmt.Sprintf("site/blog/2024-01-%02d-old-%d.md", i+1, i), "# Old\n")
	}
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
	p, err := start(s.dir, s.env, "run")
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
		wait(3*time.Millisecond + s.latency)
	case 2: // when it speaks
		_ = p.seeWithin(time.Second, regexp.MustCompile(cmp.Or(s.speaks, "msg=owed")))
		wait(s.latency)
	case 3: // while it watches
		wait(60 * time.Millisecond)
		s.drop()
		wait(400 * time.Millisecond)
	}
	s.must(p.kill())
	// Whoever comes next waits until the lease of the one that was killed ends.
	s.forward(15 * time.Second)
}

// forward puts the clock of the lives forward.
func (s *siege) forward(d time.Duration) {
	s.t.Helper()
	f, err := os.OpenFile(s.clock, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	s.must(err)
	_, err = fmt.Fprintln(f, d)
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
		if p.seeWithin(2*time.Second, regexp.MustCompile("msg=said")) == nil {
			deadline = time.Now().Add(answerTime)
		} else { // nobody waits for what a platform's pace asks for
			s.forward(time.Minute)
		}
	}
	s.must(p.interrupt())
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

// printed counts the lines that all lives printed.
func (s *siege) printed() map[string]int {
	printed := make(map[string]int)
	for _, p := range s.lives {
		for line := range strings.Lines(p.out.all()) {
			printed[strings.TrimSuffix(line, "\n")]++
		}
	}
	return printed
}

// judge compares what was said with what the ledger says was: good tells whether
// an act and how often it was said are as promised.
func (s *siege) judge(good func(e store.Entry, times int) bool) {
	s.t.Helper()
	said := s.said()
	acts, states, doubled := s.ledger(), make(map[outbox.State]int), 0
	for i, title := range s.files {
		posts := slices.DeleteFunc(acts[s.subject(i)], func(e store.Entry) bool { return e.Kind != bot.Post })
		if len(posts) != 1 {
			s.t.Errorf("%s has %d posts in the ledger, want 1", title, len(posts))
			continue
		}
		e, times := posts[0], said[title]
		states[e.State]++
		doubled += max(0, times-1)
		if !good(e, times) {
			s.t.Errorf("%s is %s after %d attempts (%s) and was said %d times", title, e.State, e.Attempts, e.Reason, times)
		}
	}
	if said["Old"] > 0 {
		s.t.Errorf("what was there at the start was said %d times", said["Old"])
	}
	s.t.Logf("%d lives, %d files, %d said again: %v", len(s.lives), len(s.files), doubled, states)
}
