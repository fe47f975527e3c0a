package store_test

import (
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/feeds"
)

// digest records members about the subjects and a digest of them.
func (b *book) digest(tick string, subjects ...string) {
	b.Helper()
	for _, s := range subjects {
		act := post(s)
		act.Kind, act.Item = bot.Member, &feeds.Item{ID: s}
		act.Until = b.now.Add(time.Hour) // shorter than the digest's own
		b.record(act)
	}
	entries, err := b.Ledger(b.Context(), store.Query{Limit: len(subjects)})
	if err != nil {
		b.Fatal(err)
	}
	act := post("weekly " + tick)
	act.Occasion = "digest:" + tick
	for _, e := range entries {
		act.Members = append(act.Members, e.ID)
	}
	b.record(act)
}

func (b *book) member(subject string) store.Entry {
	b.Helper()
	entries, err := b.Ledger(b.Context(), store.Query{Subject: subject})
	if err != nil || len(entries) != 1 {
		b.Fatalf("%d acts of %s (error %v)", len(entries), subject, err)
	}
	return entries[0]
}

func TestMembersAreWhatTheirDigestIs(t *testing.T) {
	for _, tt := range []struct {
		state outbox.State
		said  string
	}{
		{outbox.Sent, "m-weekly 1"},
		{outbox.Owed, ""},
		{outbox.Uncertain, ""},
		{outbox.Failed, ""},
		{outbox.Skipped, ""},
	} {
		t.Run(string(tt.state), func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, dsn string) {
				b := newBook(t, dsn)
				b.digest("1", "a", "b")
				b.now = b.now.Add(2 * time.Hour) // past the use of the members alone
				digest := b.take()
				b.settle(digest, tt.state)
				want := b.member("weekly 1")
				for _, subject := range []string{"a", "b"} {
					got := b.member(subject)
					if got.State != tt.state || got.Reason != want.Reason || got.Said != tt.said || !got.Done.Equal(want.Done) {
						t.Errorf("member %+v\nof digest %+v", got, want)
					}
				}
				if b.record(post("a")) != 0 {
					t.Error("a member of a digest was owed again")
				}
			})
		})
	}
}

func TestMembersOutliveNotTheirDigest(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.digest("1", "a")
		alone := post("alone")
		alone.Kind = bot.Member
		b.record(alone)
		b.now = noon.Add(72 * time.Hour)
		if got := b.step(outbox.Step{}); len(got) != 0 {
			t.Fatalf("taken: %v", occasions(got))
		}
		b.wantReasons("weekly 1", "digest:1 skipped: no longer useful")
		b.wantReasons("a", "new skipped: no longer useful")
		b.wantReasons("alone", "new skipped: no longer useful")
	})
}

// What a digest's members share does not reach the acts of others.
func TestMembersOfOtherDigestsAreLeftAlone(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.digest("1", "a")
		b.digest("2", "b")
		waiting := post("c")
		waiting.Kind = bot.Member
		b.record(waiting)
		b.settle(b.take(), outbox.Sent)
		for subject, want := range map[string]outbox.State{"a": outbox.Sent, "b": outbox.Owed, "c": outbox.Owed} {
			if got := b.member(subject).State; got != want {
				t.Errorf("member %s is %s, want %s", subject, got, want)
			}
		}
	})
}
