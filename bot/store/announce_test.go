package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

var (
	noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	tg   = bot.Address{Platform: bot.Telegram, Chat: "-100456", Thread: "42"}
	dc   = bot.Address{Platform: bot.Discord, Chat: "1111"}
)

// post, edit and retract make acts about the subject at tg.
func post(subject string) announce.Act {
	return announce.Act{
		Act: bot.Act{
			Kind:    bot.Post,
			Key:     bot.Key{Subject: subject, Address: tg, Occasion: bot.OccasionNew},
			Message: bot.Message{Card: bot.Card{Title: subject}},
		},
		Announcement: "articles", NotBefore: noon, Until: noon.Add(72 * time.Hour),
	}
}

func edit(subject, revision string) announce.Act {
	act := post(subject)
	act.Kind, act.Occasion = bot.Edit, "edit:"+revision
	act.Message.Title = subject + " " + revision + " (updated)"
	act.Unsaid.Title = subject + " " + revision
	return act
}

func retract(subject string) announce.Act {
	act := post(subject)
	act.Kind, act.Occasion, act.Until = bot.Retract, "retract", time.Time{}
	act.Message.Title = "withdrawn"
	return act
}

// book is a store that acts are recorded in.
type book struct {
	*testing.T
	*store.Store
	generation int64
	now        time.Time
}

func newBook(t *testing.T, dsn string) *book { return &book{T: t, Store: open(t, dsn), now: noon} }

func (b *book) record(acts ...announce.Act) int {
	b.Helper()
	done, err := b.Record(b.Context(), announce.Record{Origin: "site", Generation: b.generation, Now: b.now, Seen: b.now, Acts: acts})
	if err != nil {
		b.Fatal(err)
	}
	b.generation++
	return done.Owed
}

// take takes the head of tg's lane.
func (b *book) take() outbox.Act {
	b.Helper()
	acts := b.step(outbox.Step{})
	if len(acts) != 1 {
		b.Fatalf("took %d acts, want 1", len(acts))
	}
	return acts[0]
}

func (b *book) step(step outbox.Step) []outbox.Act {
	b.Helper()
	step.Now, step.Until = b.now, b.now.Add(10*time.Second)
	if step.Owner == "" {
		step.Owner = "one"
	}
	if step.Take == nil {
		step.Take = map[bot.Platform]int{bot.Telegram: 8, bot.Discord: 8}
	}
	taken, err := b.Step(b.Context(), step)
	if err != nil {
		b.Fatal(err)
	}
	return taken.Acts
}

// settle writes what became of an act, and takes nothing.
func (b *book) settle(act outbox.Act, state outbox.State) {
	b.Helper()
	o := outbox.Outcome{ID: act.ID, Fence: act.Fence, At: b.now, State: state, Attempts: act.Attempts}
	if state == outbox.Sent {
		o.MessageID = "m-" + act.Subject
	} else {
		o.Reason = "as the test wants"
	}
	b.step(outbox.Step{Outcomes: []outbox.Outcome{o}, Take: map[bot.Platform]int{}})
}

// ledger returns every act, the oldest first.
func (b *book) ledger() ([]store.Entry, error) {
	entries, err := b.Ledger(b.Context(), store.Query{})
	slices.Reverse(entries)
	return entries, err
}

// want compares the ledger, the oldest first, with "occasion title state".
func (b *book) want(lines ...string) {
	b.Helper()
	entries, err := b.Ledger(b.Context(), store.Query{})
	if err != nil {
		b.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append([]string{e.Occasion + " " + e.Message.Title + " " + string(e.State)}, got...)
	}
	if diff := cmp.Diff(lines, got); diff != "" {
		b.Fatalf("ledger (-want +got):\n%s", diff)
	}
}

func TestKnownIsWhatWasRecorded(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		item := announce.Item{
			ID: "blog/甲.md", Source: "blog", Subject: "https://example.org/a", URL: "https://example.org/a",
			Title: "甲「乙」", Version: "v1", Revision: "r1", FirstSeen: noon,
		}
		other := item
		other.ID, other.Reason, other.Gone = "b.md", "it was there", noon.Add(time.Hour)
		first := announce.Record{Origin: "site", Now: noon, Seen: noon, Items: []announce.Item{item, other}}
		if _, err := s.Record(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Record(t.Context(), first); !errors.Is(err, announce.ErrStale) {
			t.Fatalf("recording the same again: %v, want ErrStale", err)
		}
		renamed := item
		renamed.ID, renamed.URL, renamed.Version = "c.md", "https://example.org/c", "v2"
		second := announce.Record{Origin: "site", Generation: 1, Now: noon, Seen: noon.Add(time.Minute), Forget: []string{item.ID}, Items: []announce.Item{renamed}}
		if _, err := s.Record(t.Context(), second); err != nil {
			t.Fatal(err)
		}
		known, err := s.Known(t.Context(), "site")
		if err != nil {
			t.Fatal(err)
		}
		want := announce.Known{Generation: 2, Seen: noon.Add(time.Minute), Items: []announce.Item{other, renamed}}
		if diff := cmp.Diff(want, known); diff != "" {
			t.Errorf("known (-want +got):\n%s", diff)
		}
		if known, err := s.Known(t.Context(), "elsewhere"); err != nil || known.Generation != 0 {
			t.Errorf("known of an origin never read: %+v, %v", known, err)
		}
	})
}

func TestRoutesBeginOnce(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		routes := []announce.Route{{Announcement: "articles", Source: "blog", Address: dc}, {Announcement: "articles", Source: "blog", Address: tg}}
		for range 2 {
			if err := s.Begin(t.Context(), noon, routes); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Routes(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(routes, got); diff != "" {
			t.Errorf("routes (-want +got):\n%s", diff)
		}
	})
}

func TestDecisionsKeepTheLatestReason(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		for i, why := range []string{"too old", "filtered"} {
			_, err := s.Record(t.Context(), announce.Record{Origin: "site", Generation: int64(i), Now: noon, Seen: noon, Decisions: []announce.Decision{
				{Subject: "a", Announcement: "articles", Address: dc, Reason: why},
				{Subject: "a", Reason: why},
			}})
			if err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Decisions(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		want := []store.Decision{{Reason: "filtered", At: noon}, {Announcement: "articles", Address: dc.String(), Reason: "filtered", At: noon}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("decisions (-want +got):\n%s", diff)
		}
	})
}

// TestRecordingActs holds the table of announce.Act: what recording an act does
// to what stands in the ledger.
func TestRecordingActs(t *testing.T) {
	tests := []struct {
		name string
		do   func(b *book)
		want []string
	}{
		{"a post is owed once", func(b *book) {
			b.record(post("a"))
			if owed := b.record(post("a")); owed != 0 {
				b.Errorf("owed %d more", owed)
			}
		}, []string{"new a owed"}},
		{"a post that was said is never owed again", func(b *book) {
			b.record(post("a"))
			b.settle(b.take(), outbox.Sent)
			b.record(post("a"))
		}, []string{"new a sent"}},
		{"an edit without a post is nothing", func(b *book) {
			b.record(edit("a", "2"), retract("a"))
		}, nil},
		{"an edit of another origin's post is nothing", func(b *book) {
			b.record(post("a"))
			_, err := b.Record(b.Context(), announce.Record{Origin: "feed", Now: b.now, Seen: b.now, Acts: []announce.Act{edit("a", "2")}})
			if err != nil {
				b.Fatal(err)
			}
		}, []string{"new a owed"}},
		{"an edit of an unsaid post changes it", func(b *book) {
			b.record(post("a"))
			b.record(edit("a", "2"))
		}, []string{"new a 2 owed"}},
		{"an edit of a said post is owed", func(b *book) {
			b.record(post("a"))
			b.settle(b.take(), outbox.Sent)
			b.record(edit("a", "2"))
		}, []string{"new a 2 sent", "edit:2 a 2 (updated) owed"}},
		{"an edit that shows nothing new is nothing", func(b *book) {
			b.record(post("a"))
			b.settle(b.take(), outbox.Sent)
			act := edit("a", "2")
			act.Unsaid = post("a").Message
			b.record(act)
		}, []string{"new a sent"}},
		{"an edit of a post being said is owed", func(b *book) {
			b.record(post("a"))
			b.take()
			b.record(edit("a", "2"))
		}, []string{"new a 2 sending", "edit:2 a 2 (updated) owed"}},
		{"a later edit replaces an earlier one", func(b *book) {
			b.record(post("a"))
			b.settle(b.take(), outbox.Sent)
			b.record(edit("a", "2"))
			b.record(edit("a", "3"))
		}, []string{"new a 3 sent", "edit:2 a 2 (updated) skipped", "edit:3 a 3 (updated) owed"}},
		{"an edit back and forth is owed each time", func(b *book) {
			b.record(post("a"))
			b.settle(b.take(), outbox.Sent)
			for _, revision := range []string{"2", "1", "2"} {
				b.record(edit("a", revision))
				act := b.take()
				if act.MessageID != "m-a" {
					b.Errorf("the edit is of message %q", act.MessageID)
				}
				b.settle(act, outbox.Sent)
			}
			b.record(edit("a", "1"))
		}, []string{"new a 1 sent", "edit:2 a 2 (updated) sent", "edit:1 a 1 (updated) owed"}},
		{"an edit of a failed post changes it for a retry", func(b *book) {
			b.record(post("a"))
			b.settle(b.take(), outbox.Failed)
			b.record(edit("a", "2"))
		}, []string{"new a 2 failed"}},
		{"a retraction of an unsaid post skips it", func(b *book) {
			b.record(post("a"))
			b.record(retract("a"))
		}, []string{"new a skipped"}},
		{"a retraction of a said post is owed in place of edits", func(b *book) {
			b.record(post("a"))
			b.settle(b.take(), outbox.Sent)
			b.record(edit("a", "2"))
			b.record(retract("a"))
		}, []string{"new a 2 sent", "edit:2 a 2 (updated) skipped", "retract withdrawn owed"}},
		{"a retraction of an uncertain post leaves it to people", func(b *book) {
			b.record(post("a"))
			b.settle(b.take(), outbox.Uncertain)
			b.record(retract("a"))
		}, []string{"new a uncertain"}},
		{"a held retraction holds an unsaid post", func(b *book) {
			b.record(post("a"))
			act := retract("a")
			act.Held, act.Reason = true, "9 of 10 items are missing at once"
			b.record(act)
		}, []string{"new a held"}},
		{"a subject that is back is said if it was not", func(b *book) {
			b.record(post("a"))
			b.record(retract("a"))
			again := post("a")
			again.Again = b.now
			if owed := b.record(again); owed != 1 {
				b.Errorf("owed %d, want 1", owed)
			}
		}, []string{"new a owed"}},
		{"a subject that is back is not said if it was skipped otherwise", func(b *book) {
			b.record(post("a"))
			b.settle(b.take(), outbox.Skipped)
			b.now = b.now.Add(time.Hour)
			again := post("a")
			again.Again = b.now
			b.record(again, func() announce.Act { a := post("never said"); a.Again = b.now; return a }())
		}, []string{"new a skipped"}},
		{"a subject that is back is not retracted, and can be withdrawn anew", func(b *book) {
			b.record(post("a"))
			b.settle(b.take(), outbox.Sent)
			b.record(retract("a"))
			again := post("a")
			again.Again = b.now
			b.record(again)
			b.want("new a sent", "retract withdrawn skipped")
			b.record(retract("a"))
		}, []string{"new a sent", "retract withdrawn owed"}},
		{"a held post waits", func(b *book) {
			act := post("a")
			act.Held, act.Reason = true, "5 items look new at once"
			if owed := b.record(act); owed != 0 {
				b.Errorf("owed %d, want 0", owed)
			}
			if acts := b.step(outbox.Step{}); len(acts) != 0 {
				b.Errorf("a held act was taken")
			}
		}, []string{"new a held"}},
		{"a message that cannot be stored costs itself only", func(b *book) {
			bad := post("bad")
			bad.Message.Body = bot.Text{{Kind: bot.Time, At: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}}
			b.record(bad, post("good"))
		}, []string{"new  failed", "new good owed"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, dsn string) {
				b := newBook(t, dsn)
				tt.do(b)
				b.want(tt.want...)
			})
		})
	}
}
