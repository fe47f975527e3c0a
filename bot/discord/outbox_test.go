package discord

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/discord/discordtest"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

// What the outbox finds by assertion.
var (
	_ outbox.Sender    = (*Discord)(nil)
	_ outbox.Editor    = (*Discord)(nil)
	_ outbox.Retractor = (*Discord)(nil)
	_ outbox.Confirmer = (*Discord)(nil)
	_ outbox.Publisher = (*Discord)(nil)
	_ outbox.Pinner    = (*Discord)(nil)
	_ outbox.Threader  = (*Discord)(nil)
)

// TestThroughTheOutbox carries out a ledger against a Discord on a bad day: each
// act once, in the order of its channel, with all that follows it.
func TestThroughTheOutbox(t *testing.T) {
	for seed := range soak(1, 20) {
		throughTheOutbox(t, uint64(seed))
	}
}

func throughTheOutbox(t *testing.T, seed uint64) {
	t.Helper()
	inWorld(t, discordtest.Difficult(), nil, func(t *testing.T, w *world) {
		w.fake.Seed(seed)
		ledger, err := store.Open(w.ctx, filepath.Join(t.TempDir(), "herald.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer ledger.Close()
		box, err := outbox.New(outbox.Config{Store: ledger, Owner: "test", Senders: map[bot.Platform]outbox.Sender{bot.Discord: w.Discord}})
		if err != nil {
			t.Fatal(err)
		}
		text, forum := w.fake.Add(discordtest.Channel{}), w.fake.Add(discordtest.Channel{Kind: discordtest.Forum})
		news := w.fake.Add(discordtest.Channel{Kind: discordtest.Announcement})
		const each = 8
		var acts []announce.Act
		for i := range each {
			for _, channel := range []string{text, forum, news} {
				act := announce.Act{Act: post(channel, fmt.Sprint(i)), NotBefore: time.Now(), Until: time.Now().Add(72 * time.Hour)}
				if channel == news {
					act.Followers = []bot.ActKind{bot.Publish, bot.Pin, bot.Thread}
				}
				acts = append(acts, act)
			}
		}
		if _, err := ledger.Record(w.ctx, announce.Record{Origin: "site", Now: time.Now(), Seen: time.Now(), Acts: acts}); err != nil {
			t.Fatal(err)
		}
		runUntilSent(t, box, ledger)
		var threads []string
		for _, id := range w.fake.Threads(forum) {
			threads = append(threads, w.fake.Messages(id)[0].Content)
		}
		for channel, said := range map[string][]string{"text": contents(w.fake.Messages(text)), "news": contents(w.fake.Messages(news)), "forum": threads} {
			for i := range max(each, len(said)) {
				if i >= len(said) || !strings.HasPrefix(said[i], fmt.Sprintf("**Title of %d**", i)) {
					t.Fatalf("%s: message %d of %q", channel, i, said)
				}
			}
		}
		for _, m := range w.fake.Messages(news) {
			if !m.Published || !m.Pinned || m.Thread == "" {
				t.Errorf("not all that follows was done: %+v", m)
			}
		}
		if n := w.fake.Limited(); n > 0 {
			t.Errorf("%d requests were beyond a limit", n)
		}
	})
}

func contents(messages []discordtest.Message) []string {
	var all []string
	for _, m := range messages {
		all = append(all, m.Content)
	}
	return all
}

// runUntilSent is the loop of the program, on the clock of the bubble.
func runUntilSent(t *testing.T, box *outbox.Outbox, ledger *store.Store) {
	t.Helper()
	ctx := context.Background()
	begin := time.Now()
	for time.Since(begin) < 24*time.Hour {
		if err := box.Do(ctx, time.Now()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		pause := time.Until(box.Next(time.Now()))
		if pause > 0 && allSent(t, ledger) {
			return
		}
		time.Sleep(max(pause, 100*time.Millisecond))
	}
	t.Error("not everything was sent in a day")
}

func allSent(t *testing.T, ledger *store.Store) bool {
	t.Helper()
	entries, err := ledger.Ledger(context.Background(), store.Query{Limit: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	all := true
	for _, e := range entries {
		if e.State == outbox.Uncertain || e.State == outbox.Failed || e.State == outbox.Skipped {
			t.Fatalf("%s of %s is %s: %s", e.Kind, e.Subject, e.State, e.Reason)
		}
		all = all && e.State == outbox.Sent
	}
	return all
}
