package store_test

import (
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
)

// back records that a subject is back that was gone since now.
func (b *book) back(subject string) int {
	b.Helper()
	again := post(subject)
	again.Again = b.now
	return b.record(again)
}

func held(act announce.Act, reason string) announce.Act {
	act.Held, act.Reason = true, reason
	return act
}

func TestWhatIsGoneAndBack(t *testing.T) {
	const manyNew, manyGone = "15 items look new at once", "9 of 10 items are missing at once"
	tests := []struct {
		name string
		do   func(b *book)
		want []string
	}{
		{"what was taken back is not edited any more", func(b *book) {
			b.record(post("a"))
			b.settle(b.take(), outbox.Sent)
			b.record(retract("a"))
			b.settle(b.take(), outbox.Sent)
			b.back("a")
			b.record(edit("a", "2"))
			b.record(retract("a"))
		}, []string{"new a sent", "retract withdrawn sent"}},
		{"what was owed when everything was missing is owed again", func(b *book) {
			b.record(post("a"))
			b.record(held(retract("a"), manyGone))
			b.want("new a held")
			if owed := b.back("a"); owed != 1 {
				b.Errorf("owed %d, want 1", owed)
			}
		}, []string{"new a owed"}},
		{"what was held before everything was missing waits on", func(b *book) {
			b.record(held(post("a"), manyNew))
			b.record(held(retract("a"), manyGone))
			b.back("a")
		}, []string{"new a held"}},
		{"what was held when it was withdrawn waits again", func(b *book) {
			b.record(held(post("a"), manyNew))
			b.record(retract("a"))
			b.want("new a skipped")
			if owed := b.back("a"); owed != 0 {
				b.Errorf("owed %d, want 0", owed)
			}
			b.wantReasons("a", "new held: "+manyNew)
		}, []string{"new a held"}},
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

// Two posts of one commit wait for the same build. The second is not said first
// because its page happened to be asked for later.
func TestPostsThatWaitForTheirPagesKeepTheirOrder(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.record(linked("a", bot.SayMissing), linked("b", bot.SayMissing))
		first := b.ask(outbox.Step{}).Pages[0].ID
		later := b.now.Add(time.Minute)
		taken := b.ask(outbox.Step{Answers: []outbox.Answer{
			{ID: first, At: b.now, State: outbox.Owed, Reason: "its page does not answer yet: 404", NotBefore: later},
		}})
		if len(taken.Pages) != 1 || taken.Pages[0].Subject != "b" {
			t.Fatalf("pages: %+v", taken.Pages)
		}
		taken = b.ask(outbox.Step{Answers: []outbox.Answer{{ID: taken.Pages[0].ID, At: b.now, State: outbox.Owed}}})
		if len(taken.Acts)+len(taken.Pages) != 0 || !taken.Due.Equal(later) {
			t.Fatalf("before the first one's page is there: %+v", taken)
		}
		b.now = later
		taken = b.ask(outbox.Step{})
		if len(taken.Pages) != 1 || taken.Pages[0].ID != first {
			t.Fatalf("pages a minute later: %+v", taken.Pages)
		}
		taken = b.ask(outbox.Step{Answers: []outbox.Answer{{ID: first, At: b.now, State: outbox.Owed}}})
		b.wantTaken(taken.Acts, "a new")
		b.settle(taken.Acts[0], outbox.Sent)
		next := b.ask(outbox.Step{}).Pages
		if len(next) != 1 || next[0].Subject != "b" {
			t.Fatalf("pages after the first was said: %+v", next)
		}
		taken = b.ask(outbox.Step{Answers: []outbox.Answer{{ID: next[0].ID, At: b.now, State: outbox.Owed}}})
		b.wantTaken(taken.Acts, "b new")
	})
}
