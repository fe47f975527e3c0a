package store_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"cloudnative.tw/herald/bot/announce"
)

// A change that is recorded while a step takes its post is one of a post that is
// being said. Only PostgreSQL has two writers at once.
func TestAChangeWhileItsPostIsTaken(t *testing.T) {
	for _, tt := range []struct {
		name   string
		take   string // the post that is taken meanwhile
		change announce.Act
		want   []string
	}{
		{"a retraction", "alone", retract("alone"),
			[]string{"new alone sending", "new a owed", "new b owed", "digest:1 weekly 1 owed", "retract withdrawn owed"}},
		{"an edit", "alone", edit("alone", "2"),
			[]string{"new alone 2 sending", "new a owed", "new b owed", "digest:1 weekly 1 owed", "edit:2 alone 2 (updated) owed"}},
		{"of a digest", "weekly 1", retract("a"),
			[]string{"new alone owed", "new a owed", "new b owed", "digest:1 b sending", "edit:b b (updated) owed"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dsn := postgresSchema(t)
			b := newBook(t, dsn)
			b.record(post("alone"))
			b.digest("1", "a", "b")
			step := begin(t, dsn, `UPDATE act SET state = 'sending', fence = 1, attempts = 1, tried = 1 WHERE subject = '`+tt.take+`'`)
			recorded := make(chan error, 1)
			go func() {
				_, err := b.Record(t.Context(), announce.Record{
					Origin: "site", Generation: b.generation, Now: b.now, Seen: b.now, Acts: []announce.Act{tt.change}, Redigest: redigest,
				})
				recorded <- err
			}()
			step.commitOnceWaitedFor()
			if err := <-recorded; err != nil {
				t.Fatal(err)
			}
			b.want(tt.want...)
		})
	}
}

// stepping is a transaction of another process.
type stepping struct {
	*testing.T
	tx  *sql.Tx
	pid int
}

// begin begins a transaction with a statement, on PostgreSQL.
func begin(t *testing.T, dsn, statement string) stepping {
	t.Helper()
	tx, err := raw(t, dsn).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tx.Rollback() })
	s := stepping{T: t, tx: tx}
	if err := tx.QueryRowContext(t.Context(), `SELECT pg_backend_pid()`).Scan(&s.pid); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	return s
}

// commitOnceWaitedFor commits the transaction when another one waits for it.
func (s stepping) commitOnceWaitedFor() {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), time.Minute)
	defer cancel()
	for waited := false; !waited; {
		err := s.tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND $1 = ANY (pg_blocking_pids(pid)))`, s.pid).Scan(&waited)
		if err != nil {
			s.Fatalf("nobody waited for the transaction: %v", err)
		}
	}
	if err := s.tx.Commit(); err != nil {
		s.Fatal(err)
	}
}
