package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

// followed is a post that is to be published, pinned and given a thread.
func followed(subject string) announce.Act {
	act := post(subject)
	act.Followers = []bot.ActKind{bot.Publish, bot.Pin, bot.Thread}
	return act
}

// occasions returns "subject occasion" of each act.
func occasions(acts []outbox.Act) []string {
	var all []string
	for _, a := range acts {
		all = append(all, a.Subject+" "+a.Occasion)
	}
	return all
}

func (b *book) wantTaken(acts []outbox.Act, want ...string) {
	b.Helper()
	if diff := cmp.Diff(want, occasions(acts)); diff != "" {
		b.Fatalf("taken (-want +got):\n%s", diff)
	}
}

// reasons returns "occasion state: reason" of the acts about a subject, the
// oldest first.
func (b *book) reasons(subject string) []string {
	b.Helper()
	entries, err := b.Ledger(b.Context(), store.Query{Subject: subject})
	if err != nil {
		b.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append([]string{e.Occasion + " " + string(e.State) + ": " + e.Reason}, all...)
	}
	return all
}

func (b *book) wantReasons(subject string, want ...string) {
	b.Helper()
	if diff := cmp.Diff(want, b.reasons(subject)); diff != "" {
		b.Fatalf("acts of %s (-want +got):\n%s", subject, diff)
	}
}

func ids(acts []outbox.Act) []int64 {
	var all []int64
	for _, a := range acts {
		all = append(all, a.ID)
	}
	return all
}

func TestFollowersRunBesideTheLaneOnceTheirPostIsSaid(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.record(followed("a"), post("b"), post("c"))
		a := b.take()
		b.settle(a, outbox.Sent)
		acts := b.step(outbox.Step{})
		b.wantTaken(acts, "a publish", "a pin", "a thread", "b new")
		for _, act := range acts[:3] {
			if act.MessageID != "m-a" || act.Message.Title != "a" {
				t.Errorf("%s is about message %q, %q", act.Occasion, act.MessageID, act.Message.Title)
			}
		}
		// The lane goes on while followers are in flight.
		b.settle(acts[3], outbox.Sent)
		flying := ids(acts[:3])
		next := b.step(outbox.Step{InFlight: flying})
		b.wantTaken(next, "c new")
		// A wait of a follower is its own.
		hour := b.now.Add(time.Hour)
		b.step(outbox.Step{InFlight: append(flying[1:], next[0].ID), Outcomes: []outbox.Outcome{{
			ID: acts[0].ID, Fence: acts[0].Fence, At: b.now, State: outbox.Owed, Reason: "429", NotBefore: hour,
		}}})
		b.settle(next[0], outbox.Sent)
		b.record(post("d"))
		b.wantTaken(b.step(outbox.Step{InFlight: flying[1:]}), "d new")
		b.now = hour
		got := b.step(outbox.Step{InFlight: flying[1:], Take: map[bot.Platform]int{bot.Telegram: 1}})
		b.wantTaken(got, "d new", "a publish") // d is an orphan here
		if got[1].Attempts != 1 {
			t.Errorf("attempts of the follower = %d, want 1", got[1].Attempts)
		}
	})
}

func TestFollowersShareTheFateOfTheirPost(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		never := followed("never")
		never.Until = time.Time{}
		late := followed("late")
		late.Until, late.NotBefore = noon.Add(time.Hour), noon.Add(2*time.Hour)
		b.record(never, late)
		a := b.take()
		b.settle(a, outbox.Failed)
		if got := b.step(outbox.Step{}); len(got) != 0 {
			t.Fatalf("taken although the post failed: %v", occasions(got))
		}
		b.wantReasons("never", "new failed: as the test wants", "publish owed: ", "pin owed: ", "thread owed: ")
		b.now = noon.Add(time.Hour)
		b.step(outbox.Step{})
		skipped := " skipped: no longer useful"
		b.wantReasons("late", "new"+skipped, "publish"+skipped, "pin"+skipped, "thread"+skipped)
	})
}

// While there are heads and followers neither keeps the other waiting.
func TestStepIsFairToFollowers(t *testing.T) {
	for _, tt := range []struct {
		name string
		take int
		due  time.Duration // of b, after the followers of a
		want []string
	}{
		{"no place", 0, 0, nil},
		{"one place, for the followers were due first", 1, time.Second, []string{"a publish"}},
		{"one place, for the head was due first", 1, -time.Second, []string{"b new"}},
		{"two places", 2, time.Second, []string{"a publish", "b new"}},
		{"two places, and the head was due first", 2, -time.Second, []string{"a publish", "b new"}},
		{"more than there are followers", 4, 0, []string{"a publish", "a pin", "a thread", "b new"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, dsn string) {
				b := newBook(t, dsn)
				b.record(followed("a"))
				b.settle(b.take(), outbox.Sent)
				head := post("b")
				head.NotBefore = noon.Add(tt.due)
				b.record(head)
				b.now = b.now.Add(time.Minute)
				b.wantTaken(b.step(outbox.Step{Take: map[bot.Platform]int{bot.Telegram: tt.take}}), tt.want...)
			})
		})
	}
}

// What is withdrawn before it was said takes its followers along, and they come
// back with it.
func TestFollowersOfWhatIsWithdrawnAndBack(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.record(followed("a"))
		b.record(retract("a"))
		b.wantReasons("a", "new skipped: withdrawn before it was said", "publish skipped: withdrawn", "pin skipped: withdrawn", "thread skipped: withdrawn")
		back := followed("a")
		back.Again = b.now
		b.record(back)
		b.wantReasons("a", "new owed: ", "publish owed: ", "pin owed: ", "thread owed: ")
		b.settle(b.take(), outbox.Sent)
		b.wantTaken(b.step(outbox.Step{}), "a publish", "a pin", "a thread")
	})
}

// What is still to follow a message is not done once that is withdrawn, but an
// edit of it changes nothing about that.
func TestFollowersOfWhatIsEditedAndWithdrawn(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.record(followed("a"))
		b.settle(b.take(), outbox.Sent)
		b.record(edit("a", "2"))
		b.wantReasons("a", "new sent: ", "publish owed: ", "pin owed: ", "thread owed: ", "edit:2 owed: ")
		b.record(retract("a"))
		why := " skipped: replaced by a later change"
		b.wantReasons("a", "new sent: ", "publish"+why, "pin"+why, "thread"+why, "edit:2"+why, "retract owed: ")
	})
}
