package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

func subjects(acts []outbox.Act) []string {
	var all []string
	for _, a := range acts {
		all = append(all, a.Subject)
	}
	return all
}

func at(act announce.Act, address bot.Address) announce.Act {
	act.Address = address
	return act
}

func TestStepTakesTheHeadOfEachLane(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		later := post("later")
		later.NotBefore = noon.Add(time.Hour)
		b.record(later, post("first"), post("second"), at(post("elsewhere"), dc))
		acts := b.step(outbox.Step{})
		if diff := cmp.Diff([]string{"elsewhere", "first"}, subjects(acts)); diff != "" {
			t.Fatalf("taken (-want +got):\n%s", diff)
		}
		for _, a := range acts {
			if a.Orphan || a.Attempts != 1 || a.Fence != 1 || a.Message.Title != a.Subject {
				t.Errorf("taken: %+v", a)
			}
		}
		flying := []int64{acts[0].ID, acts[1].ID}
		if more := b.step(outbox.Step{InFlight: flying}); len(more) != 0 {
			t.Errorf("taken behind an act in flight: %v", subjects(more))
		}
		b.settle(acts[1], outbox.Sent)
		if more := subjects(b.step(outbox.Step{InFlight: flying[:1]})); !cmp.Equal(more, []string{"second"}) {
			t.Errorf("taken next: %v", more)
		}
	})
}

func TestStepSaysWhenTheNextFallsDue(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		act := post("tomorrow")
		act.NotBefore = noon.Add(24 * time.Hour)
		if n, due, err := b.Owed(t.Context()); n != 0 || !due.IsZero() || err != nil {
			t.Errorf("owed in an empty store: %d from %v (error %v)", n, due, err)
		}
		b.record(act, at(post("now"), dc))
		if n, due, err := b.Owed(t.Context()); n != 2 || !due.Equal(noon) || err != nil {
			t.Errorf("owed: %d from %v (error %v)", n, due, err)
		}
		taken, err := b.Step(t.Context(), outbox.Step{Now: noon, Owner: "one", Until: noon.Add(time.Minute), Take: map[bot.Platform]int{bot.Telegram: 1}})
		if err != nil || len(taken.Acts) != 0 || !taken.Due.Equal(act.NotBefore) {
			t.Errorf("taken %v, due %v, error %v", taken.Acts, taken.Due, err)
		}
	})
}

func TestStepIsFairToLanes(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		var acts []announce.Act
		for i := range 9 {
			address := dc
			address.Chat = fmt.Sprint(i % 3)
			acts = append(acts, at(post(fmt.Sprint(i)), address))
		}
		b.record(acts...)
		var order []string
		for range acts {
			b.now = b.now.Add(time.Millisecond)
			taken := b.step(outbox.Step{Take: map[bot.Platform]int{bot.Discord: 1}})
			order = append(order, taken[0].Address.Chat)
			b.settle(taken[0], outbox.Sent)
		}
		if diff := cmp.Diff([]string{"0", "1", "2", "0", "1", "2", "0", "1", "2"}, order); diff != "" {
			t.Errorf("lanes in turn (-want +got):\n%s", diff)
		}
	})
}

func TestPausesHoldALaneOrAPlatform(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		other := bot.Address{Platform: bot.Telegram, Chat: "-2"}
		b.record(post("a"), at(post("b"), other))
		first := b.step(outbox.Step{})
		pause := func(act outbox.Act, lane, platform time.Time) outbox.Outcome {
			return outbox.Outcome{
				ID: act.ID, Fence: act.Fence, At: b.now, State: outbox.Owed, Reason: "429",
				LanePause: lane, PlatformPause: platform,
			}
		}
		got := b.step(outbox.Step{Outcomes: []outbox.Outcome{pause(first[0], noon.Add(time.Second), time.Time{}), pause(first[1], time.Time{}, time.Time{})}})
		if diff := cmp.Diff([]string{"b"}, subjects(got)); diff != "" {
			t.Fatalf("beside a lane that pauses (-want +got):\n%s", diff)
		}
		if got[0].Attempts != 1 {
			t.Errorf("attempts = %d, want 1: a wait costs none", got[0].Attempts)
		}
		got = b.step(outbox.Step{Outcomes: []outbox.Outcome{pause(got[0], time.Time{}, noon.Add(time.Minute))}})
		if len(got) != 0 {
			t.Fatalf("taken from a platform that pauses: %v", subjects(got))
		}
		b.now = noon.Add(time.Minute)
		if got := b.step(outbox.Step{}); len(got) != 2 {
			t.Errorf("taken after the pause: %v", subjects(got))
		}
	})
}

// Of two calls at once the one that ends later may know of a shorter pause.
func TestAShorterPauseEndsNoLongerOne(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.record(followed("a"))
		b.settle(b.take(), outbox.Sent)
		b.record(post("b"))
		acts := b.step(outbox.Step{})
		var outcomes []outbox.Outcome
		for i, wait := range []time.Duration{time.Second, time.Hour, time.Minute, time.Second} {
			o := outbox.Outcome{ID: acts[i].ID, Fence: acts[i].Fence, At: b.now, State: outbox.Owed, Reason: "429"}
			o.LanePause, o.PlatformPause = b.now.Add(wait), b.now.Add(wait)
			outcomes = append(outcomes, o)
		}
		b.step(outbox.Step{Outcomes: outcomes})
		b.now = b.now.Add(time.Hour - time.Millisecond)
		if got := b.step(outbox.Step{}); len(got) != 0 {
			t.Errorf("taken while the longest pause lasts: %v", occasions(got))
		}
		b.now = b.now.Add(time.Millisecond)
		if got := b.step(outbox.Step{}); len(got) != 4 {
			t.Errorf("taken after it: %v", occasions(got))
		}
	})
}

// A clock that was a day ahead, or a year, silences nobody once it is right.
func TestAClockThatWasAhead(t *testing.T) {
	for _, tt := range []struct {
		name          string
		owner         string
		lane, pausing time.Duration // from the time of the wrong clock
	}{
		{"a lease", "two", 0, 0},
		{"the pause of a lane", "one", time.Minute, 0},
		{"the pause of a platform", "one", 0, time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, dsn string) {
				b := newBook(t, dsn)
				act := post("a")
				act.Until = time.Time{}
				b.record(act)
				b.now = noon.AddDate(1, 0, 0)
				taken := b.take()
				o := outbox.Outcome{ID: taken.ID, Fence: taken.Fence, At: b.now, State: outbox.Owed, Reason: "429"}
				if tt.lane > 0 {
					o.LanePause = b.now.Add(tt.lane)
				}
				if tt.pausing > 0 {
					o.PlatformPause = b.now.Add(tt.pausing)
				}
				b.step(outbox.Step{Take: map[bot.Platform]int{}, Outcomes: []outbox.Outcome{o}})
				b.now = noon.Add(time.Minute)
				got := b.step(outbox.Step{Owner: tt.owner})
				b.wantTaken(got, "a new")
				o.Fence, o.At = got[0].Fence, b.now
				o.LanePause, o.PlatformPause = b.now.Add(time.Second), b.now.Add(time.Second)
				if more := b.step(outbox.Step{Owner: tt.owner, Outcomes: []outbox.Outcome{o}}); len(more) != 0 {
					t.Errorf("taken in spite of a pause of the right clock: %v", occasions(more))
				}
			})
		})
	}
}

func TestALeaseOfAClockThatWasAhead(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		lead := func(owner string, now time.Time) bool {
			leads, err := b.Lead(b.Context(), "commands", owner, now, now.Add(10*time.Second))
			if err != nil {
				t.Fatal(err)
			}
			return leads
		}
		lead("killed", noon.AddDate(0, 0, 1))
		if !lead("one", noon) || lead("two", noon.Add(-time.Minute)) {
			t.Error("a day's lease stands, or one of a clock that is a minute ahead does not")
		}
	})
}

func TestOneOwnerSpeaksForAPlatform(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.record(post("a"), post("b"))
		a := b.take()
		if got := b.step(outbox.Step{Owner: "two"}); len(got) != 0 {
			t.Fatalf("taken in spite of a lease: %v", subjects(got))
		}
		b.now = b.now.Add(10 * time.Second)
		orphans := b.step(outbox.Step{Owner: "two"})
		if len(orphans) != 1 || !orphans[0].Orphan || orphans[0].ID != a.ID || orphans[0].Fence != 2 || orphans[0].Attempts != 1 {
			t.Fatalf("after the lease ended: %+v", orphans)
		}
		b.settle(a, outbox.Sent) // too late: the other one has it now
		b.want("new a sending", "new b owed")
		b.now = b.now.Add(time.Second)
		b.step(outbox.Step{Owner: "two", Take: map[bot.Platform]int{}, Outcomes: []outbox.Outcome{
			{ID: a.ID, Fence: 2, At: b.now, State: outbox.Uncertain, Reason: "killed", Attempts: 1},
		}})
		b.want("new a uncertain", "new b owed")
	})
}

// The owner may not have heard of a step that was done.
func TestAStepOfWhichItsOwnerHeardNothing(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.record(post("a"), at(linked("b", bot.HoldMissing), dc))
		taken := b.ask(outbox.Step{})
		a := b.ask(outbox.Step{}).Acts
		if len(a) != 1 || a[0].Orphan || a[0].Attempts != 1 || a[0].Fence != 1 {
			t.Fatalf("what was taken comes back as %+v", a)
		}
		step := outbox.Step{
			Outcomes: []outbox.Outcome{{ID: a[0].ID, Fence: 1, At: b.now, State: outbox.Failed, Reason: "403", Attempts: 1}},
			Answers:  []outbox.Answer{{ID: taken.Pages[0].ID, At: b.now, State: outbox.Held, Reason: "404"}},
		}
		for range 2 {
			if got := b.ask(step); len(got.Passed) != 0 {
				t.Errorf("passed over: %v", got.Passed)
			}
			b.wantReasons("a", "new failed: 403")
			b.wantReasons("b", "new held: 404")
		}
	})
}

// An owner that looks at the store, and finds nothing to say for long, still has
// its platform. From an SQLite file only one process speaks.
func TestAnIdleOwnerKeepsItsLease(t *testing.T) {
	b := newBook(t, postgresSchema(t))
	b.record(post("a"), at(post("b"), dc))
	for _, act := range b.step(outbox.Step{}) {
		b.settle(act, outbox.Sent)
	}
	idle := func() {
		for range 30 {
			b.now = b.now.Add(2 * time.Second)
			b.step(outbox.Step{})
		}
	}
	idle()
	b.record(at(post("c"), dc))
	if got := b.step(outbox.Step{Owner: "two"}); len(got) != 0 {
		t.Errorf("another owner took %v", subjects(got))
	}
	b.settle(b.take(), outbox.Sent) // beside a platform that stays idle
	idle()
	b.record(post("d"))
	b.now = b.now.Add(10 * time.Second) // it was killed
	if got := b.step(outbox.Step{Owner: "two"}); len(got) != 1 {
		t.Errorf("the next owner took %v", subjects(got))
	}
}

func TestReleaseLetsAnotherOwnerSpeakAtOnce(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.record(post("a"), post("b"))
		b.settle(b.take(), outbox.Sent)
		if err := b.Release(t.Context(), "one"); err != nil {
			t.Fatal(err)
		}
		got := b.step(outbox.Step{Owner: "two"})
		if len(got) != 1 || got[0].Fence != 2 {
			t.Errorf("taken after a release: %+v", got)
		}
	})
}

func TestActsOutliveTheirUse(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		held := post("held")
		held.Held, held.Reason = true, "5 items look new at once"
		b.record(post("a"), held)
		b.now = b.now.Add(72 * time.Hour)
		if got := b.step(outbox.Step{}); len(got) != 0 {
			t.Errorf("taken too late: %v", subjects(got))
		}
		b.want("new a skipped", "new held skipped")
		entries, err := b.Ledger(t.Context(), store.Query{Subject: "held", State: outbox.Skipped})
		if err != nil || len(entries) != 1 || entries[0].Reason != "no longer useful; 5 items look new at once" {
			t.Errorf("ledger: %+v, %v", entries, err)
		}
	})
}

func TestPruneKeepsKeys(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.record(post("said"), post("owed"))
		b.settle(b.take(), outbox.Sent)
		for _, tt := range []struct {
			after time.Duration
			want  int64
		}{{90 * 24 * time.Hour, 0}, {90*24*time.Hour + time.Second, 1}} {
			if n, err := b.Prune(t.Context(), noon.Add(tt.after)); n != tt.want || err != nil {
				t.Errorf("pruned %d after %s, want %d (error %v)", n, tt.after, tt.want, err)
			}
		}
		b.want("new  sent", "new owed owed")
		if b.record(post("said")) != 0 {
			t.Error("a pruned act was owed again")
		}
	})
}
