package store_test

import (
	"fmt"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
)

// withdrawn records that the item of a subject is gone.
func (b *book) withdrawn(subject string, acts ...announce.Act) {
	b.Helper()
	item := announce.Item{ID: subject, Source: "blog", Subject: subject, FirstSeen: noon, Gone: b.now}
	_, err := b.Record(b.Context(), announce.Record{
		Origin: "site", Generation: b.generation, Now: b.now, Seen: b.now, Items: []announce.Item{item}, Acts: acts, Redigest: redigest,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.generation++
}

// later moves the clock, so that what was withdrawn was so before it is known what
// became of it.
func (b *book) later() { b.now = b.now.Add(time.Minute) }

// What is withdrawn while it is being sent is not said later, if it was not said
// then.
func TestWithdrawnWhileItWasSent(t *testing.T) {
	never := "new skipped: withdrawn before it was said"
	for _, tt := range []struct {
		state outbox.State
		want  []string
		back  []string
	}{
		{outbox.Owed,
			[]string{never, "pin skipped: replaced by a later change", "retract skipped: withdrawn before it was said"},
			[]string{"new owed: ", "pin owed: ", "retract skipped: withdrawn before it was said"}},
		{outbox.Uncertain,
			[]string{"new uncertain: withdrawn, and perhaps said: as the test wants", "pin skipped: replaced by a later change", "retract skipped: withdrawn before it was said"},
			[]string{"new uncertain: as the test wants", "pin skipped: replaced by a later change", "retract skipped: withdrawn before it was said"}},
		{outbox.Sent,
			[]string{"new sent: ", "pin skipped: replaced by a later change", "retract owed: "},
			[]string{"new sent: ", "pin skipped: replaced by a later change", "retract skipped: its subject is back"}},
	} {
		t.Run(string(tt.state), func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, dsn string) {
				b := newBook(t, dsn)
				act := post("a")
				act.Followers = []bot.ActKind{bot.Pin}
				b.record(act)
				sending, gone := b.take(), b.now
				b.withdrawn("a", retract("a"))
				b.later()
				b.settle(sending, tt.state)
				b.wantReasons("a", tt.want...)
				again := post("a")
				again.Again = gone
				b.record(again)
				b.wantReasons("a", tt.back...)
			})
		})
	}
}

// The items of a digest are what it is.
func TestADigestWithdrawnWhileItWasSent(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.digest("1", "a")
		digest := b.take()
		b.withdrawn("a", retract("a"))
		b.later()
		b.settle(digest, outbox.Owed)
		b.wantReasons("weekly 1", "digest:1 skipped: withdrawn before it was said", "retract:digest:1 skipped: withdrawn before it was said")
		b.wantReasons("a", "new skipped: withdrawn before it was said")
		if got := b.step(outbox.Step{}); len(got) != 0 {
			t.Errorf("taken: %v", occasions(got))
		}
	})
}

// A person who has what is uncertain tried again would say what is withdrawn.
func TestWhatIsUncertainIsWithdrawn(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		id := b.ended(post("a"), outbox.Uncertain)
		for range 2 {
			b.record(retract("a"))
			b.wantReasons("a", "new uncertain: withdrawn, and perhaps said: as the test wants")
		}
		want := fmt.Sprintf("act %d cannot be tried again: it was withdrawn, and perhaps said before", id)
		if err := b.Retriable(t.Context(), id); err == nil || err.Error() != want {
			t.Errorf("Retriable: %v, want %s", err, want)
		}
		b.back("a")
		b.wantReasons("a", "new uncertain: as the test wants")
		if err := b.Retriable(t.Context(), id); err != nil {
			t.Errorf("once it is back: %v", err)
		}
	})
}
