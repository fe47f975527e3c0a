package store_test

import (
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
)

// linked is a post that waits ten minutes for its page.
func linked(subject string, missing bot.MissingPage) announce.Act {
	act := post(subject)
	act.Message.URL = "https://example.org/" + subject
	act.Page = announce.Page{Until: noon.Add(10 * time.Minute), Missing: missing}
	return act
}

// ask does a step that may ask for pages.
func (b *book) ask(step outbox.Step) outbox.Taken {
	b.Helper()
	step.Now, step.Until, step.Owner, step.Ask = b.now, b.now.Add(10*time.Second), "one", 8
	step.Take = map[bot.Platform]int{bot.Telegram: 8, bot.Discord: 8}
	taken, err := b.Step(b.Context(), step)
	if err != nil {
		b.Fatal(err)
	}
	return taken
}

func TestAPostWaitsForItsPage(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.record(linked("a", bot.HoldMissing), post("b"), at(post("elsewhere"), dc))
		got := b.ask(outbox.Step{})
		b.wantTaken(got.Acts, "elsewhere new")
		if len(got.Pages) != 1 || got.Pages[0].Message.URL != "https://example.org/a" ||
			!got.Pages[0].Until.Equal(noon.Add(10*time.Minute)) || got.Pages[0].Missing != bot.HoldMissing || got.Pages[0].Attempts != 0 {
			t.Fatalf("pages: %+v", got.Pages)
		}
		b.settle(got.Acts[0], outbox.Sent)
		a := got.Pages[0].ID
		if got := b.ask(outbox.Step{Asking: []int64{a}}); len(got.Acts)+len(got.Pages) != 0 {
			t.Fatalf("while the page is asked for: %+v", got)
		}
		later := b.now.Add(time.Minute)
		got = b.ask(outbox.Step{Answers: []outbox.Answer{{ID: a, At: b.now, State: outbox.Owed, Reason: "its page does not answer yet: 404", NotBefore: later}}})
		b.wantTaken(got.Acts, "b new") // the lane goes on
		b.settle(got.Acts[0], outbox.Sent)
		if got := b.ask(outbox.Step{}); len(got.Pages) != 0 || !got.Due.Equal(later) {
			t.Errorf("due %s, want %s; pages %+v", got.Due, later, got.Pages)
		}
		b.wantReasons("a", "new owed: its page does not answer yet: 404")
		b.now = later
		if got := b.ask(outbox.Step{}); len(got.Pages) != 1 || len(got.Acts) != 0 {
			t.Fatalf("a minute later: %+v", got)
		}
		got = b.ask(outbox.Step{Answers: []outbox.Answer{{ID: a, At: b.now, State: outbox.Owed}}})
		b.wantTaken(got.Acts, "a new")
		if got.Acts[0].Attempts != 1 {
			t.Errorf("attempts = %d, want 1: waiting for a page costs none", got.Acts[0].Attempts)
		}
	})
}

func TestAPostWhosePageNeverCame(t *testing.T) {
	for _, state := range []outbox.State{outbox.Held, outbox.Skipped} {
		t.Run(string(state), func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, dsn string) {
				b := newBook(t, dsn)
				act := linked("a", bot.HoldMissing)
				act.Followers = []bot.ActKind{bot.Pin}
				b.record(act, post("b"))
				id := b.ask(outbox.Step{}).Pages[0].ID
				taken := b.ask(outbox.Step{Answers: []outbox.Answer{{ID: id, At: b.now, State: state, Reason: "404"}}})
				b.wantTaken(taken.Acts, "b new")
				follower := "pin owed: "
				if state == outbox.Skipped {
					follower = "pin skipped: its message is not said: 404"
				}
				b.wantReasons("a", "new "+string(state)+": 404", follower)
			})
		})
	}
}

// An answer that comes late changes nothing about an act that is no longer owed,
// and nobody waits for pages where none can be asked for.
func TestPagesThatNobodyWaitsFor(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.record(linked("a", bot.SayMissing))
		id := b.ask(outbox.Step{}).Pages[0].ID
		b.record(retract("a"))
		b.ask(outbox.Step{Answers: []outbox.Answer{{ID: id, At: b.now, State: outbox.Held, Reason: "404"}}})
		b.wantReasons("a", "new skipped: withdrawn before it was said")
		b.record(linked("b", bot.SayMissing))
		b.wantTaken(b.step(outbox.Step{}), "b new")
	})
}
