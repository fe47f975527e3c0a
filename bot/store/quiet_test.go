package store_test

import (
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
)

func news(subject string) announce.Act {
	act := followed(subject)
	act.News = true
	return act
}

func TestNewsWaitsWhileItsChannelIsQuiet(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		morning := noon.Add(8 * time.Hour)
		asked := 0
		quiet := func(a bot.Address) time.Time {
			asked++
			if a == tg {
				return morning
			}
			return time.Time{}
		}
		b.record(news("said"))
		b.settle(b.take(), outbox.Sent)
		late, next := news("late"), news("next day")
		late.NotBefore, late.Until = noon.Add(time.Hour), noon.Add(2*time.Hour)
		next.NotBefore = morning.Add(time.Hour)
		b.record(news("a"), late, next, post("reminder"), edit("said", "2"), at(news("elsewhere"), dc))
		// What follows a message that was said is not news.
		got := b.step(outbox.Step{Quiet: quiet})
		b.wantTaken(got, "elsewhere new", "said publish", "said pin", "said thread", "reminder new")
		for _, act := range got {
			b.settle(act, outbox.Sent)
		}
		got = b.step(outbox.Step{Quiet: quiet})
		b.wantTaken(got, "elsewhere publish", "elsewhere pin", "elsewhere thread", "said edit:2")
		for _, act := range got {
			b.settle(act, outbox.Sent)
		}
		if got := b.reasons("a")[0]; got != "new owed: its channel is quiet" {
			t.Error(got)
		}
		// Nothing is asked or written until the morning.
		asked = 0
		b.now = morning.Add(-time.Millisecond)
		taken, err := b.Step(t.Context(), outbox.Step{Now: b.now, Until: b.now.Add(time.Minute), Owner: "one", Quiet: quiet, Take: map[bot.Platform]int{bot.Telegram: 8}})
		if err != nil || len(taken.Acts) != 0 || !taken.Due.Equal(morning) || asked != 0 {
			t.Errorf("before the morning: %v, due %s, asked %d times, error %v", occasions(taken.Acts), taken.Due, asked, err)
		}
		// What was to come an hour later comes an hour later, and is useful until then,
		// as before; beside what was due then anyway.
		for _, want := range []struct {
			at  time.Time
			act string
		}{{morning, "a new"}, {morning.Add(time.Hour), "late new"}, {morning.Add(time.Hour), "next day new"}} {
			b.now = want.at
			got := b.step(outbox.Step{Take: map[bot.Platform]int{bot.Telegram: 1}})
			b.wantTaken(got, want.act)
			b.settle(got[0], outbox.Failed)
			if want.act == "a new" {
				b.wantTaken(b.step(outbox.Step{}))
			}
		}
		b.wantTaken(b.step(outbox.Step{}))
	})
}

// A post that waits for its channel or its turn waits for its page as much longer.
func TestAPageIsWaitedForAfterTheQuiet(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		morning := noon.Add(10 * time.Hour)
		waits := news("a")
		waits.Page = announce.Page{Until: noon.Add(30 * time.Minute), Missing: bot.SkipMissing}
		b.record(waits)
		b.ask(outbox.Step{Quiet: func(bot.Address) time.Time { return morning }})
		b.now = morning
		if pages := b.ask(outbox.Step{}).Pages; len(pages) != 1 || !pages[0].Until.Equal(morning.Add(30*time.Minute)) {
			t.Errorf("after the quiet: %+v", pages)
		}

		b = newBook(t, anotherStore(t, dsn))
		for _, subject := range []string{"a", "b"} {
			act := post(subject)
			act.AtMost = announce.Pace{Posts: 1, In: 24 * time.Hour}
			act.Page = announce.Page{Until: noon.Add(30 * time.Minute)}
			b.record(act)
		}
		b.now = noon.Add(24 * time.Hour)
		b.ask(outbox.Step{Answers: []outbox.Answer{{ID: b.id("a", bot.OccasionNew), At: b.now, State: outbox.Skipped, Reason: "as the test wants"}}})
		if pages := b.ask(outbox.Step{}).Pages; len(pages) != 1 || pages[0].Subject != "b" || !pages[0].Until.Equal(b.now.Add(30*time.Minute)) {
			t.Errorf("in its turn: %+v", pages)
		}
	})
}

// What waits for a person takes nobody's turn.
func TestHeldPostsTakeNoTurn(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		paced := func(subject string) announce.Act {
			act := post(subject)
			act.AtMost = announce.Pace{Posts: 1, In: 24 * time.Hour}
			return act
		}
		b.record(held(paced("a"), "as the test wants"), held(paced("b"), "as the test wants"), paced("c"))
		if act := b.take(); act.Subject != "c" {
			t.Errorf("it is the turn of %s", act.Subject)
		}
	})
}
