package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// Entry is one act as the ledger tells of it.
type Entry struct {
	bot.Act
	ID           int64
	Origin       string
	Announcement string
	State        outbox.State
	Reason       string
	// Said is the platform's identifier of what a post said, or "".
	Said     string
	Attempts int
	Created  time.Time
	// NotBefore is when the act falls or fell due; Until, if not zero, when it is
	// no longer useful.
	NotBefore, Until time.Time
	// Tried is when the platform was last called, Done when the act came to an
	// end; zero if they did not.
	Tried, Done time.Time
}

// Query chooses acts of the ledger; its zero value, all.
type Query struct {
	// Subject, if not empty, is what they are about.
	Subject string
	// State, if not empty, is where they stand.
	State outbox.State
	// Announcement and Address, if not empty, are whose act it is and where.
	Announcement, Address string
	// Before, if not 0, is the ID that theirs are lower than.
	Before int64
	// Limit is how many there may be at most; 0 means 100.
	Limit int
}

// Ledger returns the acts that q chooses, the newest first. Of an act whose
// message was pruned, or cannot be read, Message is empty.
func (s *Store) Ledger(ctx context.Context, q Query) ([]Entry, error) {
	if q.Limit == 0 {
		q.Limit = 100
	}
	where, args := q.where()
	entries, err := collect(ctx, s.read, scanEntry, fmt.Sprintf(`
		SELECT a.id, a.kind, a.subject, a.address, a.occasion, a.body, a.message_id, t.message_id,
			a.origin, a.announcement, a.state, a.reason, a.attempts,
			a.created, a.not_before, a.useful_until, a.tried, a.done
		FROM act a LEFT JOIN act t ON t.id = a.target
		WHERE %s ORDER BY a.id DESC LIMIT %d`, where, q.Limit), args...)
	return entries, explain(err)
}

func (q Query) where() (condition string, args []any) {
	condition = "TRUE"
	add := func(column string, arg any) {
		args = append(args, arg)
		condition += fmt.Sprintf(" AND %s $%d", column, len(args))
	}
	if q.Subject != "" {
		add("a.subject =", q.Subject)
	}
	if q.State != "" {
		add("a.state =", q.State)
	}
	if q.Announcement != "" {
		add("a.announcement =", q.Announcement)
	}
	if q.Address != "" {
		add("a.address =", q.Address)
	}
	if q.Before != 0 {
		add("a.id <", q.Before)
	}
	return condition, args
}

// Owed returns how many acts are owed and when the first of them falls due that
// waits for no other; zero if there are none.
func (s *Store) Owed(ctx context.Context) (acts int, due time.Time, err error) {
	var first sql.NullInt64
	err = s.read.QueryRowContext(ctx, `
		SELECT COUNT(*), MIN(CASE WHEN kind IN ('post', 'edit', 'retract') OR ready = 1 THEN not_before END)
		FROM act WHERE state = 'owed'`).Scan(&acts, &first)
	return acts, fromMillis(first), explain(err)
}

func scanEntry(scan func(...any) error) (Entry, error) {
	var (
		e                                      Entry
		address                                string
		body, target                           sql.NullString
		created, notBefore, until, tried, done sql.NullInt64
	)
	err := scan(&e.ID, &e.Kind, &e.Subject, &address, &e.Occasion, &body, &e.Said, &target,
		&e.Origin, &e.Announcement, &e.State, &e.Reason, &e.Attempts,
		&created, &notBefore, &until, &tried, &done)
	if err != nil {
		return e, err
	}
	e.Address, _ = bot.ParseAddress(address)
	e.MessageID = target.String
	if body.Valid {
		e.Message, _ = decode(body.String)
	}
	e.Created, e.NotBefore, e.Until = fromMillis(created), fromMillis(notBefore), fromMillis(until)
	e.Tried, e.Done = fromMillis(tried), fromMillis(done)
	return e, nil
}

// Decision is why an announcement says nothing of a subject at an address;
// empty names mean all of them.
type Decision struct {
	Announcement, Address, Reason string
	At                            time.Time
}

// Decisions returns why a subject is not said where it is not.
func (s *Store) Decisions(ctx context.Context, subject string) ([]Decision, error) {
	decisions, err := collect(ctx, s.read, func(scan func(...any) error) (d Decision, err error) {
		var at sql.NullInt64
		err = scan(&d.Announcement, &d.Address, &d.Reason, &at)
		d.At = fromMillis(at)
		return d, err
	}, `SELECT announcement, address, reason, at FROM decision WHERE subject = $1 ORDER BY announcement, address`, subject)
	return decisions, explain(err)
}

// bodiesKept is how long the words of an act are kept after its end.
const bodiesKept = 90 * 24 * time.Hour

// Prune removes the messages of acts that ended 90 days before now, and returns
// how many there were. What was said where, when and why stays for ever. What
// was to be remembered until now is forgotten.
func (s *Store) Prune(ctx context.Context, now time.Time) (int64, error) {
	if _, err := s.write.ExecContext(ctx, `DELETE FROM memory WHERE until <= $1`, now.UnixMilli()); err != nil {
		return 0, explain(err)
	}
	if _, err := s.write.ExecContext(ctx, `DELETE FROM absence WHERE since <= $1`, now.Add(-absencesKept).UnixMilli()); err != nil {
		return 0, explain(err)
	}
	result, err := s.write.ExecContext(ctx, `UPDATE act SET body = NULL, item = NULL WHERE body IS NOT NULL AND done < $1`,
		now.Add(-bodiesKept).UnixMilli())
	if err != nil {
		return 0, explain(err)
	}
	return result.RowsAffected()
}
