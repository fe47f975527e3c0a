package main

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/git"
)

// stagehand runs the whole program's parts, joined by the program itself, on a
// clock that it moves by hand, with platforms that remember.
type stagehand struct {
	*testing.T
	clock             *handClock
	dir               string // of config.yaml and the store
	config            string
	discord, telegram *memoryPlatform
	log               lockedLog

	app     *app
	ledger  *store.Store
	speaker *speaker
	repos   []*git.Repository
}

// lockedLog is a log that several goroutines write.
type lockedLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lockedLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newStagehand(t *testing.T, begin time.Time, seed uint64) *stagehand {
	clock := &handClock{at: begin}
	h := &stagehand{
		T: t, clock: clock, dir: quickDir(t),
		discord: newMemoryPlatform(clock.now, seed), telegram: newMemoryPlatform(clock.now, seed),
	}
	t.Cleanup(func() {
		if h.speaker != nil {
			h.kill()
		}
		if t.Failed() {
			path := filepath.Join(os.TempDir(), strings.ReplaceAll(t.Name(), "/", "-")+".log")
			_ = os.WriteFile(path, []byte(h.log.String()), 0o600)
			t.Log("the program's log is in", path)
		}
	})
	return h
}

// quickDir returns a directory on a disk in memory, where there is one: a year
// has thousands of transactions, and nothing here is about power that fails.
func quickDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "herald-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func (h *stagehand) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *stagehand) environment() environment {
	getenv := func(name string) string {
		if name == "HERALD_ALLOW_PRIVATE" {
			return "1" // the site is served by this test
		}
		return ""
	}
	return environment{in: strings.NewReader(""), out: &h.log, err: &h.log, log: &h.log, getenv: getenv, now: h.clock.now}
}

// start starts Herald with the config as it is.
func (h *stagehand) start() {
	h.Helper()
	h.clock.set(h.clock.now().Add(time.Second)) // no two of them have the same owner
	path := filepath.Join(h.dir, "config.yaml")
	h.must(os.WriteFile(path, []byte(h.config), 0o600))
	env := h.environment()
	cfg, err := load(env, path)
	h.must(err)
	h.app, err = newApp(env, cfg)
	h.must(err)
	h.watchRepositories()
	h.ledger, err = h.app.openLedger(h.Context())
	h.must(err)
	h.speaker, err = h.app.newSpeaker(h.Context(), h.ledger, map[bot.Platform]outbox.Sender{
		bot.Discord: h.discord, bot.Telegram: h.telegram,
	}, nil)
	h.must(err)
}

// watchRepositories has the app read a library whose repositories the test can
// have fetched when it wants.
func (h *stagehand) watchRepositories() {
	h.Helper()
	entries, err := h.app.entries()
	h.must(err)
	h.repos = nil
	for _, e := range entries {
		if s, ok := e.Origin.(slow); ok {
			h.repos = append(h.repos, s.Origin.(*git.Repository))
		}
	}
	h.app.library = content.NewLibrary(entries, h.clock.now, h.app.log)
}

// stop ends Herald in order, kill in the middle of what it does between two
// steps.
func (h *stagehand) stop() {
	h.Helper()
	h.must(h.speaker.stop(h.Context()))
	h.end()
}

func (h *stagehand) kill() {
	h.Helper()
	h.speaker.web.Close()
	h.end()
}

func (h *stagehand) end() {
	h.Helper()
	h.app.close()
	h.must(h.ledger.Close())
	h.speaker = nil
}

func (h *stagehand) restart() {
	h.Helper()
	h.stop()
	h.start()
}

// look fetches the repositories and has the announcer see what is there.
func (h *stagehand) look() {
	h.Helper()
	for _, r := range h.repos {
		_ = r.Fetch(h.Context()) // what is wrong stands in the entry's state
	}
	h.app.library.Load(h.Context())
	h.speaker.announcer.Offer(h.app.library.Snapshot())
	h.round()
}

// round does all that is due at this moment.
func (h *stagehand) round() {
	h.Helper()
	now := h.clock.now()
	if !h.speaker.tidying.Next().After(now) {
		h.speaker.tidying.Do(h.Context(), now)
	}
	for again := true; again; again = !h.speaker.announcer.Next(now).After(now) {
		h.must(h.speaker.poller.Drain(h.Context()))
		if !h.speaker.announcer.Next(now).After(now) {
			h.must(h.speaker.announcer.Do(h.Context(), now))
		}
		if acts, _, err := h.ledger.Owed(h.Context()); err != nil || acts > 0 { // else it has nothing to do
			h.must(err)
			h.speaker.sending.Wake()
			h.must(h.speaker.sending.Drain(h.Context()))
		}
	}
}

// pass lets time pass, and has done whatever falls due meanwhile.
func (h *stagehand) pass(d time.Duration) {
	h.Helper()
	end := h.clock.now().Add(d)
	for {
		now := h.clock.now()
		next := earliest(h.speaker.announcer.Next(now), h.speaker.poller.Next(now), h.speaker.tidying.Next(), h.owed(now), end)
		h.clock.set(latestOf(next, now.Add(time.Millisecond)))
		h.round()
		if !next.Before(end) {
			return
		}
	}
}

// owed returns when to look for something that is owed.
func (h *stagehand) owed(now time.Time) time.Time {
	h.Helper()
	acts, due, err := h.ledger.Owed(h.Context())
	h.must(err)
	switch {
	case acts == 0 || due.IsZero(): // what waits for a digest has no time of its own
		return now.Add(365 * 24 * time.Hour)
	case due.After(now):
		return due
	case now.Sub(due) > 10*time.Minute: // it waits behind another that waits
		return now.Add(5 * time.Minute)
	}
	return now.Add(30 * time.Second) // its lane pauses
}

// acts returns the ledger, the oldest first.
func (h *stagehand) acts() []store.Entry {
	h.Helper()
	var all []store.Entry
	entries, err := h.ledger.Ledger(h.Context(), store.Query{Limit: 1_000_000})
	h.must(err)
	for i := len(entries) - 1; i >= 0; i-- {
		all = append(all, entries[i])
	}
	return all
}
