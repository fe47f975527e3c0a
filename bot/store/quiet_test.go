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
