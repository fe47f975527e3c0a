package store_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

// No statement that an outbox needs while nothing unusual happens reads the whole
// ledger, or anything that grows with it.
func TestStepsReadNoWholeLedger(t *testing.T) {
	var r recordingDriver
	name := fmt.Sprint("sqlite-recording-", time.Now().UnixNano()) // a driver is registered for ever
	sql.Register(name, &r)
	defer store.SwapDriver(store.SwapDriver(name))
	dsn := filepath.Join(t.TempDir(), "herald.db")
	b := newBook(t, dsn)
	b.digest("1", "member")
	digest := b.id("weekly 1", "digest:1")
	r.begin()
	workLikeAnOutbox(b, digest)
	statements := r.end()

	db := raw(t, dsn)
	if len(statements) < 20 {
		t.Errorf("only %d statements were seen", len(statements))
	}
	for _, statement := range statements {
		for _, line := range queryPlan(t, db, statement) {
			if scansLedger(line) {
				t.Errorf("%s\nin %s", line, statement)
			}
		}
	}
}

// workLikeAnOutbox has every kind of act pass through b; a digest is there.
func workLikeAnOutbox(b *book, digest int64) {
	quiet := func(bot.Address) time.Time { return noon.Add(time.Minute) }
	b.record(followed("a"), post("b"), at(linked("c", bot.HoldMissing), dc), at(news("d"), group))
	taken := b.ask(outbox.Step{Quiet: quiet})
	b.ask(outbox.Step{Answers: []outbox.Answer{{ID: taken.Pages[0].ID, At: b.now, State: outbox.Owed}}})
	for _, act := range taken.Acts {
		if act.ID == digest {
			b.settle(act, outbox.Failed)
		} else {
			b.settle(act, outbox.Sent)
		}
	}
	for range 10 {
		for _, act := range b.step(outbox.Step{}) {
			b.step(outbox.Step{Take: map[bot.Platform]int{}, Outcomes: []outbox.Outcome{{
				ID: act.ID, Fence: act.Fence, At: b.now, State: outbox.Failed, Reason: "x", LanePause: b.now, PlatformPause: b.now,
			}}})
		}
	}
	if err := b.Request(b.Context(), b.now, digest); err != nil {
		b.Fatal(err)
	}
	b.now = b.now.Add(100 * time.Hour)
	b.step(outbox.Step{})
	if _, err := b.Prune(b.Context(), b.now); err != nil {
		b.Fatal(err)
	}
}

// scansLedger reports whether a line of a query plan reads acts one by one, other
// than through an index of those few that are not finished; or, for those that
// stand before one in its lane, what is owed in every lane.
func scansLedger(line string) bool {
	if strings.HasPrefix(line, "SEARCH e USING INDEX act_state") {
		return true
	}
	scan := regexp.MustCompile(`^SCAN (act|a|t|o|n|d|p|item|decision|memory|feed)\b(?: USING (?:COVERING )?INDEX (\w+))?`).FindStringSubmatch(line)
	if scan == nil {
		return false
	}
	switch scan[2] {
	case "act_owed", "act_follower", "act_sending", "act_useful", "act_member":
		return false
	default:
		return true
	}
}

func TestAScanIsRecognized(t *testing.T) {
	for line, want := range map[string]bool{
		"SCAN act":                              true,
		"SCAN a USING COVERING INDEX act_state": true,
		"SEARCH e USING INDEX act_state (state=? AND id<?)": true,
		"SEARCH e USING INDEX act_owed (address=?)":         false,
		"SCAN act USING INDEX act_useful":                   false,
		"SCAN lane":                                         false,
		"SEARCH act USING INTEGER PRIMARY KEY (rowid=?)":    false,
	} {
		if got := scansLedger(line); got != want {
			t.Errorf("%s: %t", line, got)
		}
	}
}

// queryPlan returns how SQLite carries out a statement
// (https://www.sqlite.org/eqp.html).
func queryPlan(t *testing.T, db *sql.DB, statement string) []string {
	t.Helper()
	var args []any
	for strings.Contains(statement, fmt.Sprintf("$%d", len(args)+1)) {
		args = append(args, nil)
	}
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+statement, args...)
	if err != nil {
		t.Fatalf("%v: %s", err, statement)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

// recordingDriver is SQLite's, and keeps the statements between begin and end.
type recordingDriver struct {
	mu   sync.Mutex
	on   bool
	seen map[string]bool
	all  []string
}

func (d *recordingDriver) begin() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.on, d.seen = true, make(map[string]bool)
}

func (d *recordingDriver) end() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.on = false
	return d.all
}

func (d *recordingDriver) note(statement string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.on && !d.seen[statement] && !strings.HasPrefix(statement, "PRAGMA") {
		d.seen[statement] = true
		d.all = append(d.all, statement)
	}
}

func (d *recordingDriver) Open(dsn string) (driver.Conn, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	defer db.Close() // it was opened for its driver alone
	conn, err := db.Driver().Open(dsn)
	if err != nil {
		return nil, err
	}
	return recordingConn{conn.(sqliteConn), d}, nil
}

// sqliteConn is what database/sql uses of a connection of SQLite.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
}

type recordingConn struct {
	sqliteConn
	d *recordingDriver
}

func (c recordingConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	c.d.note(query)
	return c.sqliteConn.PrepareContext(ctx, query)
}

func (c recordingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.d.note(query)
	return c.sqliteConn.ExecContext(ctx, query, args)
}

func (c recordingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.d.note(query)
	return c.sqliteConn.QueryContext(ctx, query, args)
}
