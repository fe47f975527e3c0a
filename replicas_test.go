package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

// takeoverTime is within what time another replica must speak; the test waits
// longer before it gives up, for the machine may be busy.
const takeoverTime = 15 * time.Second

// relay is two Heralds over one PostgreSQL schema and one folder of posts. One
// of them speaks, the other stands by.
type relay struct {
	*testing.T
	dir    string // of the posts and of the clock
	dsn    string
	alive  [2]*program
	lives  []*program // all there ever were
	titles []string   // of the posts that were dropped
}

// TestReplicas kills whichever replica speaks, again and again and in the middle
// of its work. The other one takes over; nothing is lost, and nothing is said
// twice. What was being said when the kill came is uncertain, and not repeated.
func TestReplicas(t *testing.T) {
	kills, patient := 4, 1
	if os.Getenv("HERALD_SOAK") != "" {
		kills, patient = 100, 10
	}
	r := newRelay(t)
	var longest time.Duration
	for i := range kills {
		r.drop(1 + rand.IntN(3))
		speaker := r.hear(r.last(), 0, 1)
		r.drop(rand.IntN(4))
		<-time.After(rand.N(150 * time.Millisecond)) // anywhere in what it does about them
		killed := r.kill(speaker)
		if i >= patient {
			r.skipLease()
		}
		r.drop(1)
		r.hear(r.last(), 1-speaker)
		if i < patient {
			longest = max(longest, time.Since(killed))
		}
		r.start(speaker)
	}
	r.settle()
	r.judge()
	t.Logf("%d kills; the longest of %d silences was %s, and may be %s", kills, patient, longest.Round(time.Millisecond), takeoverTime)
}

func newRelay(t *testing.T) *relay {
	r := &relay{T: t, dir: t.TempDir(), dsn: newSchema(t)}
	t.Cleanup(func() {
		for _, p := range r.alive {
			if p != nil {
				_ = p.kill()
			}
		}
	})
	for i := range 30 { // of few posts, two more would be too many at once
		r.write(fmt.Sprintf("2024-01-%02d-old-%d", i+1, i), "Old")
	}
	r.start(0)
	r.must(r.alive[0].see(regexp.MustCompile("announcement begins")))
	r.start(1)
	return r
}

func (r *relay) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *relay) write(name, title string) {
	r.Helper()
	path := filepath.Join(r.dir, "site", "blog", name+".md")
	r.must(os.MkdirAll(filepath.Dir(path), 0o755))
	r.must(os.WriteFile(path+".new", []byte("# "+title+"\n\nText.\n"), 0o600))
	r.must(os.Rename(path+".new", path))
}

// drop publishes n posts of today.
func (r *relay) drop(n int) {
	r.Helper()
	for range n {
		i := len(r.titles)
		r.titles = append(r.titles, fmt.Sprintf("News number %d.", i))
		r.write(fmt.Sprintf("%s-n%d", time.Now().UTC().Format(time.DateOnly), i), r.titles[i])
	}
}

func (r *relay) last() string { return r.titles[len(r.titles)-1] }

// start starts a replica.
func (r *relay) start(i int) {
	r.Helper()
	dir := filepath.Join(r.dir, fmt.Sprint("replica", i))
	r.must(os.MkdirAll(dir, 0o755))
	config := strings.ReplaceAll(fmt.Sprintf(killConfig, "console: true"), "path: site", "path: ../site")
	r.must(os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(config), 0o600))
	p, err := start(dir, []string{clockFile + "=" + r.clock(), "DATABASE_URL=" + r.dsn, "LANG=C"}, "run")
	r.must(err)
	r.alive[i] = p
	r.lives = append(r.lives, p)
}

func (r *relay) clock() string { return filepath.Join(r.dir, "clock") }

// skipLease puts the clock forward, so that the lease of one that was killed has
// ended.
func (r *relay) skipLease() {
	r.Helper()
	f, err := os.OpenFile(r.clock(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	r.must(err)
	_, err = fmt.Fprintln(f, "15s")
	r.must(err)
	r.must(f.Close())
}

// kill kills a replica and returns when.
func (r *relay) kill(i int) time.Time {
	r.Helper()
	at := time.Now()
	r.must(r.alive[i].kill())
	return at
}

// hear waits until one of the replicas of these numbers prints a title, and
// returns which.
func (r *relay) hear(title string, of ...int) int {
	r.Helper()
	deadline := time.NewTimer(4 * answerTime)
	defer deadline.Stop()
	for {
		var grown [2]<-chan struct{}
		for _, i := range of {
			text, more := r.alive[i].out.whole()
			if strings.Contains(text, title) {
				return i
			}
			grown[i] = more
		}
		select {
		case <-grown[0]:
		case <-grown[1]:
		case <-deadline.C:
			r.Fatalf("nobody says %q:\n%s\n----\n%s", title, r.alive[0].out.all(), r.alive[1].out.all())
		}
	}
}

// whole returns everything that was printed; grown is closed when there is more.
func (t *transcript) whole() (text string, grown <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text), t.grown
}

// settle waits until everything came to an end.
func (r *relay) settle() {
	r.Helper()
	r.drop(1)
	r.hear(r.last(), 0, 1)
	deadline := time.Now().Add(answerTime)
	for !r.settled() {
		if time.Now().After(deadline) {
			r.Fatalf("something is still owed: %+v", r.ledger())
		}
		<-time.After(50 * time.Millisecond) // another process writes it
	}
	for _, p := range r.alive {
		r.must(p.stop())
	}
	r.alive = [2]*program{}
}

func (r *relay) settled() bool {
	r.Helper()
	posts := 0
	for _, e := range r.ledger() {
		if e.State == outbox.Owed || e.State == outbox.Sending {
			return false
		}
		if e.Kind == bot.Post {
			posts++
		}
	}
	return posts >= len(r.titles)
}

func (r *relay) ledger() []store.Entry {
	r.Helper()
	ledger, err := store.OpenReadOnly(r.Context(), r.dsn)
	r.must(err)
	defer ledger.Close()
	entries, err := ledger.Ledger(r.Context(), store.Query{Limit: 100_000})
	r.must(err)
	return entries
}

// judge compares what was printed with what the ledger says was.
func (r *relay) judge() {
	r.Helper()
	printed := make(map[string]int)
	for _, p := range r.lives {
		for line := range strings.Lines(p.out.all()) {
			printed[strings.TrimSuffix(line, "\n")]++
		}
	}
	acts, states := make(map[string][]store.Entry), make(map[outbox.State]int)
	for _, e := range r.ledger() {
		acts[e.Message.Title] = append(acts[e.Message.Title], e)
		states[e.State]++
	}
	for _, title := range r.titles {
		if len(acts[title]) != 1 {
			r.Errorf("%q has %d acts in the ledger, want 1", title, len(acts[title]))
			continue
		}
		e, times := acts[title][0], printed[title]
		certain := e.State == outbox.Sent && times == 1
		uncertain := e.State == outbox.Uncertain && times <= 1
		if !certain && !uncertain {
			r.Errorf("%q is %s (%s) and was printed %d times", title, e.State, e.Reason, times)
		}
	}
	if printed["Old"] > 0 {
		r.Errorf("what was there at the start was printed %d times", printed["Old"])
	}
	r.Logf("%d lives, %d posts: %v", len(r.lives), len(r.titles), states)
}
