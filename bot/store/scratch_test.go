package store_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

func TestAScratchCopy(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		temp := t.TempDir()
		t.Setenv("TMPDIR", temp)
		t.Setenv("TMP", temp) // on Windows
		b := newBook(t, dsn)
		b.generation = 0
		item := announce.Item{ID: "a.md", Source: "blog", Subject: "said", URL: "u", Title: "t", Version: "v", Revision: "r", FirstSeen: noon}
		_, err := b.Record(t.Context(), announce.Record{
			Origin: "site", Now: noon, Seen: noon, Items: []announce.Item{item},
			Decisions: []announce.Decision{{Subject: "other", Reason: "it was there"}},
			Ticks:     []announce.Tick{{Announcement: "weekly", At: noon}},
			Acts:      []announce.Act{post("said")},
		})
		if err != nil {
			t.Fatal(err)
		}
		b.generation++
		b.settle(b.take(), outbox.Sent)
		b.digest("1", "member")
		b.record(at(followed("sending"), dc), edit("said", "2"))
		b.step(outbox.Step{Take: map[bot.Platform]int{bot.Discord: 1}})
		route := announce.Route{Announcement: "articles", Source: "blog", Address: tg}
		if err := b.Begin(t.Context(), noon, []announce.Route{route}); err != nil {
			t.Fatal(err)
		}
		before := everything(t, b.Store)

		reader, err := store.OpenReadOnly(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer reader.Close()
		copied, err := reader.Scratch(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := everything(t, b.Store)
		for i, e := range want.entries {
			if e.State == outbox.Sending { // nobody sends it there
				want.entries[i].State = outbox.Owed
			}
			if !e.Done.IsZero() {
				want.entries[i].Message = bot.Message{}
			}
		}
		if diff := cmp.Diff(want, everything(t, copied), cmp.AllowUnexported(contents{})); diff != "" {
			t.Errorf("copy (-want +got):\n%s", diff)
		}
		simulation := &book{T: t, Store: copied, now: noon.Add(time.Second), generation: b.generation}
		simulation.record(post("simulated"), post("said"))
		got := simulation.step(outbox.Step{Owner: "simulation"}) // in spite of the lease that the speaker has
		simulation.wantTaken(got, "sending new", "weekly 1 digest:1")
		simulation.settle(got[1], outbox.Sent)
		if got := everything(t, copied); len(got.entries) != len(before.entries)+1 {
			t.Errorf("%d acts in the simulation, want %d", len(got.entries), len(before.entries)+1)
		}
		if diff := cmp.Diff(before, everything(t, b.Store), cmp.AllowUnexported(contents{})); diff != "" {
			t.Errorf("the store after a simulation (-want +got):\n%s", diff)
		}
		if err := copied.Close(); err != nil {
			t.Fatal(err)
		}
		if files, err := os.ReadDir(temp); err != nil || len(files) != 0 {
			t.Errorf("left behind: %v (error %v)", files, err)
		}
	})
}

// contents are what a store has.
type contents struct {
	entries   []store.Entry
	known     announce.Known
	routes    []announce.Route
	ticks     map[string]announce.CarriedOut
	decisions []store.Decision
}

func everything(t *testing.T, s *store.Store) (c contents) {
	t.Helper()
	var errs [5]error
	c.entries, errs[0] = s.Ledger(t.Context(), store.Query{Limit: 1000})
	c.known, errs[1] = s.Known(t.Context(), "site")
	c.routes, errs[2] = s.Routes(t.Context())
	c.ticks, errs[3] = s.Ticks(t.Context())
	c.decisions, errs[4] = s.Decisions(t.Context(), "other")
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func TestAScratchCopyThatCannotBeMade(t *testing.T) {
	s := open(t, t.TempDir()+"/herald.db")
	t.Setenv("TMPDIR", t.TempDir()+"/none")
	t.Setenv("TMP", t.TempDir()+"/none")
	if _, err := s.Scratch(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "making a scratch store: ") {
		t.Errorf("error: %v", err)
	}
}
