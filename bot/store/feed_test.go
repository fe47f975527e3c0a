package store_test

import (
	"fmt"
	"testing"
	"time"

	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/feedstest"
)

func TestFeeds(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		n := 0
		feedstest.TestStateStore(t, func(t *testing.T) feeds.StateStore {
			if n++; n > 1 { // each part of the suite has a store of its own
				dsn = anotherStore(t, dsn)
			}
			return open(t, dsn).Feeds()
		})
	})
}

// A text that an engine could not keep costs no more than itself.
func TestTextsOfFeedsAreMended(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		ledger := open(t, dsn)
		f := ledger.Feeds()
		s := feeds.State{Source: "a", Address: "https://example.org"}
		step := feeds.Step{Now: noon, Owner: "one", Until: noon.Add(time.Minute), Claim: []feeds.State{s}}
		if _, err := f.Step(t.Context(), step); err != nil {
			t.Fatal(err)
		}
		s.Cursor, s.Health.Err, s.Health.Notice = "a\x00b", "\xff503", "\x00\xfe"
		step.Save, step.Claim = []feeds.State{s}, nil
		if _, err := f.Step(t.Context(), step); err != nil {
			t.Fatal(err)
		}
		states, err := f.States(t.Context())
		if err != nil || len(states) != 1 || states[0].Cursor != "ab" || states[0].Health.Err != "503" || states[0].Health.Notice != "" {
			t.Errorf("states: %+v (error %v)", states, err)
		}
	})
}

// BenchmarkFeeds prints what it costs to claim a hundred sources that are due, of
// ten thousand, and to save them.
func BenchmarkFeeds(b *testing.B) {
	for engine, dsn := range map[string]func() string{
		"sqlite":   func() string { return b.TempDir() + "/herald.db" },
		"postgres": func() string { return postgresSchema(b) },
	} {
		b.Run(engine, func(b *testing.B) {
			s, err := store.Open(b.Context(), dsn())
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			all := make([]feeds.State, 10_000)
			for i := range all {
				all[i] = feeds.State{Source: fmt.Sprint("source ", i), Address: fmt.Sprintf("https://example.org/%d", i)}
			}
			now := noon
			step := func(save, claim []feeds.State) {
				step := feeds.Step{Now: now, Owner: "one", Until: now.Add(time.Minute), Save: save, Claim: claim}
				if turns, err := s.Feeds().Step(b.Context(), step); err != nil || len(turns) != len(claim) {
					b.Fatalf("%d turns, error %v", len(turns), err)
				}
			}
			step(nil, all)
			step(all, nil)
			for i := 0; b.Loop(); i++ {
				due := all[i%100*100:][:100]
				step(nil, due)
				step(due, nil)
			}
		})
	}
}
