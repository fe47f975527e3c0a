package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// current returns where a channel is now that was at an address.
func current(ctx context.Context, q querier, address bot.Address) (bot.Address, error) {
	var moved string
	err := q.QueryRowContext(ctx, `SELECT moved FROM former WHERE address = $1`, address.String()).Scan(&moved)
	if errors.Is(err, sql.ErrNoRows) {
		return address, nil
	}
	if err != nil {
		return address, err
	}
	address, _ = bot.ParseAddress(moved)
	return address, nil
}

// Whereabouts returns where the channel is now that was at an address.
func (s *Store) Whereabouts(ctx context.Context, address bot.Address) (bot.Address, error) {
	now, err := current(ctx, s.read, address)
	if err != nil {
		return address, fmt.Errorf("looking where %s is now: %w", address, explain(err))
	}
	return now, nil
}

// Move has a channel that was at an address be at another one.
func (s *Store) Move(ctx context.Context, now time.Time, from, to bot.Address) error {
	err := s.transact(ctx, func(tx *sql.Tx) error { return move(ctx, tx, now, from.String(), to.String()) })
	if err != nil {
		return fmt.Errorf("moving %s to %s: %w", from, to, err)
	}
	return nil
}

// moved moves the channel that an outcome is about.
func moved(ctx context.Context, tx *sql.Tx, o outbox.Outcome) error {
	var from string
	err := tx.QueryRowContext(ctx, `SELECT address FROM act WHERE id = $1`, o.ID).Scan(&from)
	if err != nil || from == o.MovedTo.String() { // another act of the channel found it out at the same time
		return err
	}
	if err := move(ctx, tx, o.At, from, o.MovedTo.String()); err != nil {
		return fmt.Errorf("moving %s to %s: %w", from, o.MovedTo, err)
	}
	return nil
}

// move takes a lane, what is owed there and what was said there to another
// address. It reads all acts of the channel, once in that channel's life.
func move(ctx context.Context, tx *sql.Tx, now time.Time, from, to string) error {
	for _, change := range []string{
		`DELETE FROM former WHERE address = $2 AND address <> $1`, // it is back where it was once
		`UPDATE former SET moved = $2 WHERE moved = $1`,
		`INSERT INTO former (address, moved) VALUES ($1, $2) ON CONFLICT (address) DO UPDATE SET moved = $2`,
		`INSERT INTO lane (address, platform, taken) SELECT $2, platform, taken FROM lane WHERE address = $1 ON CONFLICT DO NOTHING`,
		`INSERT INTO route (announcement, source, address, since)
			SELECT announcement, source, $2, since FROM route WHERE address = $1 ON CONFLICT DO NOTHING`,
	} {
		if _, err := tx.ExecContext(ctx, change, from, to); err != nil {
			return err
		}
	}
	if err := skipClashes(ctx, tx, now, from, to, `state IN ('owed', 'held')`); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE act SET address = $2 WHERE address = $1 AND NOT `+clashes, from, to)
	return err
}

// clashes is the condition of acts whose key is taken at the address $2.
const clashes = `EXISTS (
	SELECT 1 FROM act o WHERE o.subject = act.subject AND o.address = $2 AND o.occasion = act.occasion)`

// skipClashes skips those of the unsaid acts at one address that are known at the
// other already: there were two names for one place, and it reads each thing once.
func skipClashes(ctx context.Context, tx *sql.Tx, now time.Time, from, to, unsaid string) error {
	skipped, err := collect(ctx, tx, scanID, `
		UPDATE act SET state = 'skipped', reason = 'its channel moved to ' || $2 || ', which has it already', done = $3
		WHERE address = $1 AND `+unsaid+` AND `+clashes+`
		RETURNING id`, from, to, now.UnixMilli())
	for _, id := range skipped {
		if err == nil {
			err = spread(ctx, tx, id, outbox.Skipped)
		}
	}
	return err
}
