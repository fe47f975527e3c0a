package store_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

// BenchmarkOutbox prints how many messages a second leave the outbox in order
// through 50 lanes, each message durable before and after its call, beside a
// ledger of so many old acts. Both platforms together allow 80 a second.
func BenchmarkOutbox(b *testing.B) {
	ledgers := []int{0, 100_000}
	if os.Getenv("HERALD_SOAK") != "" {
		ledgers = append(ledgers, 1_000_000)
	}
	for _, rows := range ledgers {
		b.Run(fmt.Sprintf("sqlite/ledger=%d", rows), func(b *testing.B) {
			benchmarkOutbox(b, b.TempDir()+"/herald.db", rows)
		})
		b.Run(fmt.Sprintf("postgres/ledger=%d", rows), func(b *testing.B) {
			benchmarkOutbox(b, postgresSchema(b), rows)
		})
	}
}

func benchmarkOutbox(b *testing.B, dsn string, rows int) {
	const lanes = 50
	ctx := context.Background()
	s, err := store.Open(ctx, dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	fill(b, dsn, rows)
	sender := deaf{make(chan struct{}, 1000)}
	o, err := outbox.New(outbox.Config{Store: s, Owner: "bench", Senders: map[bot.Platform]outbox.Sender{bot.Discord: sender}, Workers: lanes})
	if err != nil {
		b.Fatal(err)
	}
	var generation int64
	for b.Loop() {
		b.StopTimer()
		var acts []announce.Act
		for i := range 1000 {
			act := post(fmt.Sprintf("https://example.org/%d/%d", generation, i))
			act.Address = bot.Address{Platform: bot.Discord, Chat: fmt.Sprint(i % lanes)}
			act.Until = time.Time{}
			acts = append(acts, act)
		}
		_, err := s.Record(ctx, announce.Record{Origin: "site", Generation: generation, Now: time.Now(), Seen: time.Now(), Acts: acts})
		if err != nil {
			b.Fatal(err)
		}
		generation++
		o.Wake()
		b.StartTimer()
		if err := deliver(ctx, o, sender.said); err != nil {
			b.Fatal(err)
		}
	}
	left, err := s.Ledger(ctx, store.Query{State: outbox.Owed})
	if err != nil || len(left) > 0 {
		b.Fatalf("%d acts are still owed (error %v)", len(left), err)
	}
	b.ReportMetric(float64(b.N*1000)/b.Elapsed().Seconds(), "messages/s")
}

// deliver is the loop of a program, until a thousand things were said.
func deliver(ctx context.Context, o *outbox.Outbox, said <-chan struct{}) error {
	for n := 0; n < 1000; {
		now := time.Now()
		if !o.Next(now).After(now) {
			if err := o.Do(ctx, now); err != nil {
				return err
			}
			continue
		}
		select {
		case <-o.Changed():
		case <-said:
			n++
		}
	}
	return o.Drain(ctx)
}

// deaf sends everything to nobody.
type deaf struct{ said chan struct{} }

func (d deaf) Send(_ context.Context, act bot.Act) (string, error) {
	d.said <- struct{}{}
	return act.Subject, nil
}

// fill puts old acts into the ledger.
func fill(b *testing.B, dsn string, rows int) {
	if rows == 0 {
		return
	}
	db := raw(b, dsn)
	for _, statement := range []string{
		`INSERT INTO lane (address, platform) SELECT 'discord:' || i, 'discord' FROM (WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 49) SELECT i FROM n) x`,
		fmt.Sprintf(`INSERT INTO act (subject, address, occasion, kind, origin, announcement, state, reason, body, message_id, fence, created, not_before, done)
			SELECT 'https://example.org/old/' || i, 'discord:' || (i %% 50), 'new', 'post', 'site', 'articles', 'sent', '', '{"v":1,"message":{}}', 'm', 1, 1, 1, 1
			FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n) x`, rows),
	} {
		if _, err := db.Exec(statement); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := db.Exec(`ANALYZE`); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkScratch prints what it costs to copy a ledger for a simulation.
func BenchmarkScratch(b *testing.B) {
	for _, rows := range []int{1000, 100_000} {
		for engine, dsn := range map[string]func() string{
			"sqlite":   func() string { return b.TempDir() + "/herald.db" },
			"postgres": func() string { return postgresSchema(b) },
		} {
			b.Run(fmt.Sprintf("%s/ledger=%d", engine, rows), func(b *testing.B) {
				dsn := dsn()
				s, err := store.Open(context.Background(), dsn)
				if err != nil {
					b.Fatal(err)
				}
				defer s.Close()
				fill(b, dsn, rows)
				for b.Loop() {
					scratch, err := s.Scratch(context.Background())
					if err != nil {
						b.Fatal(err)
					}
					if err := scratch.Close(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
