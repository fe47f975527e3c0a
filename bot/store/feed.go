package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"cloudnative.tw/herald/feeds"
)

const feedColumns = `source, address, cursor, due, polled, good, changed, failures, since, err, told, notice`

// States returns how every source was doing that was ever polled.
func (s *Store) States(ctx context.Context) ([]feeds.State, error) {
	states, err := collect(ctx, s.read, scanFeed, `SELECT `+feedColumns+` FROM feed ORDER BY source`)
	return states, explain(err)
}

func scanFeed(scan func(...any) error) (feeds.State, error) {
	var (
		f                                 feeds.State
		due, polled, good, changed, since sql.NullInt64
		told                              int
	)
	h := &f.Health
	err := scan(&f.Source, &f.Address, &f.Cursor, &due, &polled, &good, &changed, &h.Failures, &since, &h.Err, &told, &h.Notice)
	f.Due, h.Polled, h.Good, h.Changed, h.Since = fromMillis(due), fromMillis(polled), fromMillis(good), fromMillis(changed), fromMillis(since)
	h.Told = told == 1
	return f, err
}

// feedStates is a Store as the poller uses it. Its Step is another than the
// outbox's.
type feedStates struct{ *Store }

// Feeds returns the store as the poller uses it.
func (s *Store) Feeds() feeds.StateStore { return feedStates{s} }

// Step implements feeds.StateStore.
func (f feedStates) Step(ctx context.Context, step feeds.Step) ([]feeds.Turn, error) {
	var turns []feeds.Turn
	err := f.transact(ctx, func(tx *sql.Tx) error {
		turns = turns[:0]
		for _, s := range step.Save {
			if err := saveFeed(ctx, tx, step, s); err != nil {
				return fmt.Errorf("saving the state of source %s: %w", s.Source, err)
			}
		}
		for _, s := range step.Claim {
			turn, err := claimFeed(ctx, tx, step, s)
			if err != nil {
				return fmt.Errorf("claiming source %s: %w", s.Source, err)
			}
			turns = append(turns, turn)
		}
		return nil
	})
	return turns, err
}

// saveFeed writes a state and ends the owner's claim, unless another has it.
func saveFeed(ctx context.Context, tx *sql.Tx, step feeds.Step, s feeds.State) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE feed SET address = $2, cursor = $3, due = $4, polled = $5, good = $6, changed = $7,
			failures = $8, since = $9, err = $10, told = $11, notice = $12, owner = '', claimed_until = 0
		WHERE source = $1 AND owner = $13`, append(feedValues(s), step.Owner)...)
	return err
}

// feedValues returns the values of feedColumns.
func feedValues(s feeds.State) []any {
	h := s.Health
	return []any{
		s.Source, s.Address, s.Cursor, s.Due.UnixMilli(), millis(h.Polled), millis(h.Good), millis(h.Changed),
		h.Failures, millis(h.Since), h.Err, flag(h.Told), h.Notice,
	}
}

// claimFeed claims a source that is due and that nobody else is polling.
func claimFeed(ctx context.Context, tx *sql.Tx, step feeds.Step, s feeds.State) (feeds.Turn, error) {
	state, err := scanFeed(tx.QueryRowContext(ctx, `
		UPDATE feed SET owner = $1, claimed_until = $2
		WHERE source = $3 AND (due <= $4 OR address <> $5) AND (owner = '' OR owner = $1 OR claimed_until <= $4)
		RETURNING `+feedColumns,
		step.Owner, step.Until.UnixMilli(), s.Source, step.Now.UnixMilli(), s.Address).Scan)
	if err == nil {
		return feeds.Turn{State: state, Claimed: true}, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return feeds.Turn{}, err
	}
	return refuseFeed(ctx, tx, step, s)
}

// refuseFeed tells of a source that cannot be claimed when it may be. One that is
// not known is written first.
func refuseFeed(ctx context.Context, tx *sql.Tx, step feeds.Step, s feeds.State) (feeds.Turn, error) {
	fresh, err := affected(tx.ExecContext(ctx, `
		INSERT INTO feed (`+feedColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (source) DO NOTHING`,
		feedValues(s)...))
	if err != nil {
		return feeds.Turn{}, err
	}
	if fresh && !s.Due.After(step.Now) {
		return claimFeed(ctx, tx, step, s)
	}
	var (
		turn  feeds.Turn
		owner string
		until sql.NullInt64
	)
	turn.State, err = scanFeed(func(dest ...any) error {
		return tx.QueryRowContext(ctx, `SELECT `+feedColumns+`, owner, claimed_until FROM feed WHERE source = $1`, s.Source).
			Scan(append(dest, &owner, &until)...)
	})
	turn.Again = turn.State.Due
	if owner != "" && owner != step.Owner && until.Int64 > step.Now.UnixMilli() {
		turn.Again = fromMillis(until)
	}
	return turn, err
}
