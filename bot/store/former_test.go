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

var (
	group      = bot.Address{Platform: bot.Telegram, Chat: "-77"}
	supergroup = bot.Address{Platform: bot.Telegram, Chat: "-10077"}
)

// moved has the head of a lane find out that its channel is at another address.
func (b *book) moved(from, to bot.Address) []outbox.Act {
	b.Helper()
	acts := b.step(outbox.Step{})
	for _, act := range acts {
		if act.Address == from {
			return b.step(outbox.Step{InFlight: ids(acts), Outcomes: []outbox.Outcome{{
				ID: act.ID, Fence: act.Fence, At: b.now, State: outbox.Owed, Reason: "moved", Attempts: act.Attempts, MovedTo: to,
			}}})
		}
	}
	b.Fatalf("nothing was taken of %s", from)
	return nil
}

// places returns "address subject occasion state" of all acts, the oldest first.
func (b *book) places() []string {
	b.Helper()
	entries, err := b.Ledger(b.Context(), store.Query{})
	if err != nil {
		b.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append([]string{e.Address.Chat + " " + e.Subject + " " + e.Occasion + " " + string(e.State)}, all...)
	}
	return all
}

func (b *book) wantPlaces(want ...string) {
	b.Helper()
	if diff := cmp.Diff(want, b.places()); diff != "" {
		b.Fatalf("acts (-want +got):\n%s", diff)
	}
}

func TestAChannelMoves(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		if err := b.Begin(t.Context(), noon, []announce.Route{{Announcement: "articles", Source: "blog", Address: group}}); err != nil {
			t.Fatal(err)
		}
		b.record(at(post("old"), group))
		b.settle(b.take(), outbox.Sent)
		b.record(at(followed("a"), group), at(post("b"), group), at(post("elsewhere"), dc))
		again := b.moved(group, supergroup)
		b.wantTaken(again, "a new") // at once, at its new address
		if again[0].Address != supergroup || again[0].Attempts != 2 {
			t.Errorf("taken again: %+v", again[0])
		}
		b.settle(again[0], outbox.Sent)
		b.wantPlaces("-10077 old new sent", "-10077 a new sent", "-10077 a publish owed", "-10077 a pin owed", "-10077 a thread owed",
			"-10077 b new owed", "1111 elsewhere new sending")
		// The config still has the old address: nothing is said again, and what is
		// recorded goes to where the channel is.
		if b.record(at(post("old"), group), at(post("a"), group)) != 0 {
			t.Error("something was owed again")
		}
		b.record(at(edit("old", "2"), group), at(post("c"), group))
		b.wantPlaces("-10077 old new sent", "-10077 a new sent", "-10077 a publish owed", "-10077 a pin owed", "-10077 a thread owed",
			"-10077 b new owed", "1111 elsewhere new sending", "-10077 old edit:2 owed", "-10077 c new owed")
		routes, err := b.Routes(t.Context())
		if err != nil || len(routes) != 2 {
			t.Errorf("routes: %v (error %v)", routes, err)
		}
	})
}

// Two names of one place: what both have is said once.
func TestAChannelMovesToWhereOneIs(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		held := at(post("held"), group)
		held.Held, held.Reason = true, "a guard"
		b.record(at(post("said"), supergroup), at(post("both"), supergroup), at(post("held"), supergroup))
		b.settle(b.take(), outbox.Sent)
		b.record(at(post("one"), group), at(followed("both"), group), held)
		b.now = b.now.Add(time.Second)
		b.moved(group, supergroup)
		b.wantPlaces("-10077 said new sent", "-10077 both new sending", "-10077 held new owed",
			"-10077 one new owed", "-77 both new skipped", "-10077 both publish skipped", "-10077 both pin skipped", "-10077 both thread skipped",
			"-77 held new skipped")
		entries, err := b.Ledger(t.Context(), store.Query{Subject: "held", State: outbox.Skipped})
		if err != nil || len(entries) != 1 || entries[0].Reason != "its channel moved to telegram:-10077, which has it already" {
			t.Errorf("ledger: %+v (error %v)", entries, err)
		}
	})
}

// A channel may move several times, and back.
func TestAChannelMovesOnAndBack(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		third := bot.Address{Platform: bot.Telegram, Chat: "-3"}
		b := newBook(t, dsn)
		b.record(at(post("a"), group))
		known := []bot.Address{group}
		for _, step := range []struct{ from, to bot.Address }{{group, supergroup}, {supergroup, third}, {third, group}} {
			b.now = b.now.Add(time.Minute)
			known = append(known, step.to)
			// Two of its acts find it out at the same time.
			taken := b.moved(step.from, step.to)
			b.wantTaken(taken, "a new")
			b.step(outbox.Step{Outcomes: []outbox.Outcome{{
				ID: taken[0].ID, Fence: taken[0].Fence, At: b.now, State: outbox.Owed, Reason: "moved", MovedTo: step.to,
			}}, Take: map[bot.Platform]int{}})
			for _, old := range known {
				b.record(at(post(step.to.Chat+" by way of "+old.Chat), old))
			}
			for _, e := range b.places() {
				if e[:len(step.to.Chat)+1] != step.to.Chat+" " {
					t.Errorf("after a move to %s: %s", step.to, e)
				}
			}
		}
	})
}
