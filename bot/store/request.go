package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// Request notes that a person wants acts to be tried again. The process that
// speaks picks that up, or the next one that does; a store that is open to read
// will do here. Of an act that cannot be tried again Retriable says why; nothing
// is noted then.
func (s *Store) Request(ctx context.Context, now time.Time, ids ...int64) error {
	for _, id := range ids {
		if err := s.Retriable(ctx, id); err != nil {
			return err
		}
	}
	err := s.beside(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			_, err := tx.ExecContext(ctx, `INSERT INTO request (act, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, id, now.UnixMilli())
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("asking for acts to be tried again: %w", err)
	}
	return nil
}

// beside runs do in a small transaction, also of a store that is open to read:
// beside the process that speaks, whose writes it waits for, and without its
// lock.
func (s *Store) beside(ctx context.Context, do func(*sql.Tx) error) error {
	w := &Store{engine: s.engine, write: s.write}
	if w.write == nil {
		w.write = s.read
	}
	if s.write == nil && s.engine.driver == sqlite.driver {
		db, err := sql.Open(sqlite.driver, sqliteDSN(s.dsn, requestOptions))
		if err != nil {
			return explain(err)
		}
		defer db.Close()
		w.write = db
	}
	return w.transact(ctx, do)
}

// Retriable returns why an act cannot be tried again, nil if it can.
func (s *Store) Retriable(ctx context.Context, id int64) error {
	why, err := refusal(ctx, s.read, id)
	if err != nil {
		return fmt.Errorf("looking at act %d: %w", id, explain(err))
	}
	if why != "" {
		return fmt.Errorf("act %d cannot be tried again: %s", id, why)
	}
	return nil
}

// refusal returns why an act cannot be tried again, or "".
func refusal(ctx context.Context, q querier, id int64) (string, error) {
	var (
		kind         bot.ActKind
		state        outbox.State
		reason       string
		words, newer bool
		target       sql.NullInt64
		targetState  sql.NullString
	)
	err := q.QueryRowContext(ctx, `
		SELECT a.kind, a.state, a.reason, a.body IS NOT NULL, a.target, t.state,
			EXISTS (SELECT 1 FROM act n WHERE n.target = a.target AND n.kind IN ('edit', 'retract')
				AND (n.not_before > a.not_before OR n.not_before = a.not_before AND n.id > a.id))
		FROM act a LEFT JOIN act t ON t.id = a.target
		WHERE a.id = $1`, id).Scan(&kind, &state, &reason, &words, &target, &targetState, &newer)
	said := outbox.State(targetState.String) == outbox.Sent
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "there is no such act", nil
	case err != nil:
		return "", err
	case state == outbox.Owed:
		return "it is owed already", nil
	case state == outbox.Sending:
		return "it is being sent", nil
	case state == outbox.Sent:
		return "it was sent", nil
	case state == outbox.Uncertain && strings.HasPrefix(reason, withdrawnUncertain):
		return "it was withdrawn, and perhaps said before", nil
	case !words:
		return "its words are no longer kept", nil
	case kind == bot.Member && target.Valid:
		return fmt.Sprintf("it is part of act %d, so ask for that", target.Int64), nil
	case (kind == bot.Edit || kind == bot.Retract) && newer:
		return "a later change took its place", nil
	case target.Valid && !said && (!kind.Follows() || outbox.State(targetState.String) == outbox.Skipped):
		return fmt.Sprintf("the message it is about, act %d, is %s", target.Int64, targetState.String), nil
	}
	return "", nil
}

// retry does what persons asked for.
func retry(ctx context.Context, tx *sql.Tx) ([]outbox.Retried, error) {
	asked, err := collect(ctx, tx, scanID, `DELETE FROM request RETURNING act`)
	if err != nil {
		return nil, err
	}
	var all []outbox.Retried
	for _, id := range asked {
		why, err := refusal(ctx, tx, id)
		if err == nil && why == "" {
			err = revive(ctx, tx, id)
		}
		if err != nil {
			return nil, fmt.Errorf("retrying act %d: %w", id, err)
		}
		all = append(all, outbox.Retried{ID: id, Refused: why})
	}
	return all, nil
}

// fresh is what is set of an act that is owed again: it has all its attempts, and
// is useful for ever, because a person wants it, however long it still waits.
const fresh = `state = 'owed', attempts = 0, done = NULL, useful_until = NULL`

// revive has an act be owed again. The members of a digest, and what was to
// follow a message and never did, come back with it. It waits for no page any
// more.
func revive(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE act SET `+fresh+`, reason = 'a person wants it', page_until = NULL WHERE id = $1`, id)
	if err != nil {
		return err
	}
	if err := reviveFollowers(ctx, tx, id); err != nil {
		return err
	}
	return spread(ctx, tx, id, outbox.Owed)
}

// reviveFollowers has what was to follow a post, and was skipped with it, wait for
// it again.
func reviveFollowers(ctx context.Context, tx *sql.Tx, post int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE act SET `+fresh+`, reason = ''
		WHERE target = $1 AND kind IN ('publish', 'pin', 'thread') AND state = 'skipped' AND fence = 0 AND body IS NOT NULL`,
		post)
	return err
}
