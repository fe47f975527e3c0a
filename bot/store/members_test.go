package store_test

import (
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
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

// What was withdrawn long before it is back has no words any more.
func TestAMemberThatIsBackAfterItsWordsWereRemoved(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		member := post("a")
		member.Kind, member.Item = bot.Member, &feeds.Item{ID: "a", Title: "1"}
		b.record(member)
		b.record(retract("a"))
		gone := b.now
		b.now = b.now.AddDate(0, 0, 91)
		if n, err := b.Prune(b.Context(), b.now); err != nil || n != 1 {
			b.Fatalf("%d pruned, error %v", n, err)
		}
		again := post("a")
		again.Again, again.Item, again.NotBefore, again.Until = gone, &feeds.Item{ID: "a", Title: "2"}, b.now, b.now.Add(time.Hour)
		b.record(again)
		waiting, err := b.Waiting(b.Context(), "articles", tg, b.now)
		if err != nil || len(waiting) != 1 || waiting[0].Item.Title != "2" {
			t.Errorf("waiting: %+v, error %v", waiting, err)
		}
	})
}

// redigest says a digest as the titles of its items.
func redigest(d announce.Digest) (announce.Act, bool) {
	act := announce.Act{Announcement: d.Announcement, NotBefore: noon}
	act.Subject = d.Subject
	if len(d.Items) == 0 {
		act.Kind, act.Occasion, act.Message.Title = bot.Retract, "retract:"+d.Occasion, "withdrawn"
		return act, true
	}
	var titles []string
	for _, item := range d.Items {
		titles = append(titles, item.ID+item.Title)
	}
	act.Kind, act.Unsaid.Title = bot.Edit, strings.Join(titles, "+")
	act.Message.Title = act.Unsaid.Title + " (updated)"
	act.Occasion = "edit:" + act.Unsaid.Title
	return act, true
}

// recordDigest records acts that may concern digests.
func (b *book) recordDigest(acts ...announce.Act) {
	b.Helper()
	_, err := b.Record(b.Context(), announce.Record{
		Origin: "site", Generation: b.generation, Now: b.now, Seen: b.now, Acts: acts, Redigest: redigest,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.generation++
}

func TestAChangeInADigest(t *testing.T) {
	changed := edit("b", "2")
	changed.Item = &feeds.Item{ID: "b", Title: "2"}
	sent := func(b *book) { b.settle(b.take(), outbox.Sent) }
	for _, tt := range []struct {
		name string
		do   func(b *book)
		want []string
	}{
		{"an item of one that was said", func(b *book) { sent(b); b.recordDigest(changed) },
			[]string{"new a sent", "new b 2 sent", "digest:1 a+b2 sent", "edit:a+b2 a+b2 (updated) owed"}},
		{"and again", func(b *book) {
			sent(b)
			b.recordDigest(changed)
			b.settle(b.take(), outbox.Sent)
			again := edit("a", "3")
			again.Item = &feeds.Item{ID: "a", Title: "3"}
			b.recordDigest(again, changed)
		}, []string{"new a 3 sent", "new b 2 sent", "digest:1 a3+b2 sent", "edit:a+b2 a+b2 (updated) sent", "edit:a3+b2 a3+b2 (updated) owed"}},
		{"one that is being said", func(b *book) { b.take(); b.recordDigest(changed) },
			[]string{"new a owed", "new b 2 owed", "digest:1 a+b2 sending", "edit:a+b2 a+b2 (updated) owed"}},
		{"one that was not said", func(b *book) { b.recordDigest(changed) },
			[]string{"new a owed", "new b 2 owed", "digest:1 a+b2 owed"}},
		{"one of which nobody knows whether it was", func(b *book) { b.settle(b.take(), outbox.Uncertain); b.recordDigest(changed, retract("a")) },
			[]string{"new a uncertain", "new b 2 uncertain", "digest:1 b2 uncertain"}},
		{"an item is withdrawn from one that was said", func(b *book) { sent(b); b.recordDigest(retract("a")) },
			[]string{"new a sent", "new b sent", "digest:1 b sent", "edit:b b (updated) owed"}},
		{"from one that is being said", func(b *book) {
			digest := b.take()
			b.recordDigest(retract("a"))
			b.settle(digest, outbox.Sent)
			b.wantReasons("a", "new sent: withdrawn, and taken out of its digest")
		}, []string{"new a sent", "new b sent", "digest:1 b sent", "edit:b b (updated) owed"}},
		{"from one that was not said", func(b *book) { b.recordDigest(retract("a")) },
			[]string{"new a skipped", "new b owed", "digest:1 b owed"}},
		{"everything", func(b *book) { sent(b); b.recordDigest(retract("a"), retract("b")) },
			[]string{"new a sent", "new b sent", "digest:1 b sent", "edit:b b (updated) skipped", "retract:digest:1 withdrawn owed"}},
		{"everything from one that was not said", func(b *book) { b.recordDigest(retract("a"), retract("b")) },
			[]string{"new a skipped", "new b skipped", "digest:1 b skipped"}},
		{"what looks like a mistake", func(b *book) { sent(b); b.recordDigest(held(retract("a"), "2 of 2 items are missing at once")) },
			[]string{"new a sent", "new b sent", "digest:1 weekly 1 sent"}},
		{"one whose words are no longer kept", func(b *book) {
			sent(b)
			if _, err := b.Prune(b.Context(), b.now.AddDate(0, 0, 91)); err != nil {
				b.Fatal(err)
			}
			b.recordDigest(changed, retract("a"))
		}, []string{"new  sent", "new  sent", "digest:1  sent"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, dsn string) {
				b := newBook(t, dsn)
				b.digest("1", "a", "b")
				tt.do(b)
				b.want(tt.want...)
			})
		})
	}
}
