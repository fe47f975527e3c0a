package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

// id returns the number of an act.
func (b *book) id(subject, occasion string) int64 {
	b.Helper()
	entries, err := b.Ledger(b.Context(), store.Query{Subject: subject})
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range entries {
		if e.Occasion == occasion {
			return e.ID
		}
	}
	b.Fatalf("no act %s of %s", occasion, subject)
	return 0
}

// ended records a post and has it end in a state.
func (b *book) ended(act announce.Act, state outbox.State) int64 {
	b.Helper()
	act.Held = state == outbox.Held
	if act.Held {
		act.Reason = "a guard"
	}
	b.record(act)
	if !act.Held {
		b.settle(b.take(), state)
	}
	return b.id(act.Subject, act.Occasion)
}

func TestAPersonHasAnActTriedAgain(t *testing.T) {
	for _, state := range []outbox.State{outbox.Failed, outbox.Uncertain, outbox.Held, outbox.Skipped} {
		t.Run(string(state), func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, dsn string) {
				b := newBook(t, dsn)
				act := linked("a", bot.HoldMissing)
				act.Followers = []bot.ActKind{bot.Pin}
				id := b.ended(act, state)
				b.now = noon.Add(100 * 24 * time.Hour) // long past its use
				b.step(outbox.Step{})
				// herald retry is another process, which only reads otherwise.
				reader, err := store.OpenReadOnly(t.Context(), dsn)
				if err != nil {
					t.Fatal(err)
				}
				defer reader.Close()
				for range 2 { // asking twice is asking once
					if err := reader.Request(t.Context(), b.now, id); err != nil {
						t.Fatal(err)
					}
				}
				taken := b.ask(outbox.Step{})
				if diff := cmp.Diff([]outbox.Retried{{ID: id}}, taken.Retried); diff != "" {
					t.Errorf("retried (-want +got):\n%s", diff)
				}
				b.wantTaken(taken.Acts, "a new") // whatever its page says
				if taken.Acts[0].Attempts != 1 {
					t.Errorf("attempts = %d, want 1", taken.Acts[0].Attempts)
				}
				b.wantReasons("a", "new sending: a person wants it", "pin owed: ")
				b.settle(taken.Acts[0], outbox.Sent)
				taken = b.ask(outbox.Step{})
				b.wantTaken(taken.Acts, "a pin")
				if len(taken.Retried) != 0 {
					t.Errorf("retried once more: %v", taken.Retried)
				}
			})
		})
	}
}

func TestADigestIsTriedAgainWithItsMembers(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.digest("1", "a", "b")
		b.settle(b.take(), outbox.Failed)
		id := b.id("weekly 1", "digest:1")
		want := fmt.Sprintf("act %d cannot be tried again: it is part of act %d, so ask for that", b.id("a", "new"), id)
		if err := b.Retriable(t.Context(), b.id("a", "new")); err == nil || err.Error() != want {
			t.Errorf("a member alone: %v, want %s", err, want)
		}
		if err := b.Request(t.Context(), b.now, id); err != nil {
			t.Fatal(err)
		}
		digest := b.take()
		if got := b.member("a").State; got != outbox.Owed {
			t.Errorf("a is %s, want owed", got)
		}
		b.settle(digest, outbox.Sent)
		if got := b.member("b"); got.State != outbox.Sent || got.Said != "m-weekly 1" {
			t.Errorf("member: %+v", got)
		}
	})
}

func TestWhatCannotBeTriedAgain(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		pruned := b.ended(post("pruned"), outbox.Failed)
		sent := b.ended(post("sent"), outbox.Sent)
		b.record(edit("sent", "2"))
		replaced := b.id("sent", "edit:2")
		b.record(edit("sent", "3"))
		latest := b.id("sent", "edit:3")
		b.settle(b.take(), outbox.Failed)
		failed := b.ended(post("failed"), outbox.Failed)
		b.record(at(post("owed"), dc), at(post("never"), tg))
		b.step(outbox.Step{Take: map[bot.Platform]int{bot.Discord: 1}})
		mustExec(t, raw(t, dsn), fmt.Sprintf(`UPDATE act SET body = NULL WHERE id = %d`, pruned))
		for _, tt := range []struct {
			id   int64
			want string
		}{
			{failed, ""},
			{latest, ""},
			{sent, "it was sent"},
			{replaced, "a later change took its place"},
			{b.id("owed", "new"), "it is being sent"},
			{b.id("never", "new"), "it is owed already"},
			{pruned, "its words are no longer kept"},
			{9999, "there is no such act"},
		} {
			err := b.Retriable(t.Context(), tt.id)
			if got := fmt.Sprint(err); tt.want == "" && err != nil || tt.want != "" && got != fmt.Sprintf("act %d cannot be tried again: %s", tt.id, tt.want) {
				t.Errorf("act %d: %v, want %q", tt.id, err, tt.want)
			}
			if tt.want != "" {
				if err := b.Request(t.Context(), noon, failed, tt.id); err == nil {
					t.Errorf("act %d was asked for", tt.id)
				}
			}
		}
		if taken := b.ask(outbox.Step{}); len(taken.Retried) != 0 {
			t.Errorf("a refused request left %v", taken.Retried)
		}
	})
}

// What cannot be tried again by the time it would be is left alone, and that is
// said.
func TestARequestThatComesTooLate(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		id := b.ended(post("a"), outbox.Failed)
		if err := b.Request(t.Context(), b.now, id); err != nil {
			t.Fatal(err)
		}
		mustExec(t, raw(t, dsn), `UPDATE act SET body = NULL`)
		want := []outbox.Retried{{ID: id, Refused: "its words are no longer kept"}}
		if diff := cmp.Diff(want, b.ask(outbox.Step{}).Retried); diff != "" {
			t.Errorf("retried (-want +got):\n%s", diff)
		}
		b.wantReasons("a", "new failed: as the test wants")
	})
}

// Requests of other processes and the steps of the one that speaks wait for each
// other.
func TestRequestsBesideASpeaker(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		const requesters, each = 4, 10
		var asked [requesters][]int64
		for i := range requesters * each {
			asked[i%requesters] = append(asked[i%requesters], b.ended(post(fmt.Sprint(i)), outbox.Failed))
		}
		errs := make([]error, requesters)
		var group sync.WaitGroup
		for i := range requesters {
			group.Go(func() {
				reader, err := store.OpenReadOnly(t.Context(), dsn)
				if err != nil {
					errs[i] = err
					return
				}
				defer reader.Close()
				for _, id := range asked[i] {
					errs[i] = errors.Join(errs[i], reader.Request(t.Context(), noon, id))
				}
			})
		}
		retried := 0
		done := make(chan struct{})
		go func() { group.Wait(); close(done) }()
		for running := true; running; {
			select {
			case <-done:
				running = false
			default:
			}
			retried += len(b.ask(outbox.Step{}).Retried)
		}
		if err := errors.Join(errs...); err != nil || retried != requesters*each {
			t.Errorf("retried %d, want %d (error %v)", retried, requesters*each, err)
		}
	})
}

// An edit back to earlier words is the latest one, although its act is not.
func TestAnEditBackIsTheLatest(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.ended(post("a"), outbox.Sent)
		for _, revision := range []string{"2", "3", "2"} {
			b.now = b.now.Add(time.Minute)
			act := edit("a", revision)
			act.NotBefore = b.now
			b.ended(act, outbox.Failed)
		}
		if err := b.Retriable(t.Context(), b.id("a", "edit:2")); err != nil {
			t.Errorf("the latest edit: %v", err)
		}
		if err := b.Retriable(t.Context(), b.id("a", "edit:3")); err == nil {
			t.Error("an edit that was replaced can be tried again")
		}
	})
}
