package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// settle writes what became of acts, and returns those that were taken again
// since: they are left alone.
func settle(ctx context.Context, tx *sql.Tx, outcomes []outbox.Outcome) (passed []int64, err error) {
	var written []int64
	states := make(map[int64]outbox.State, len(outcomes))
	for _, o := range outcomes {
		ok, err := write(ctx, tx, o)
		if err != nil {
			return nil, fmt.Errorf("writing the outcome of act %d: %w", o.ID, err)
		}
		if !ok {
			passed = append(passed, o.ID)
			continue
		}
		written = append(written, o.ID)
		states[o.ID] = o.State
	}
	followed, err := targets(ctx, tx, written)
	for _, id := range followed {
		if err == nil {
			err = spread(ctx, tx, id, states[id])
		}
	}
	if err != nil {
		return nil, fmt.Errorf("writing what depends on outcomes: %w", err)
	}
	return passed, nil
}

// write writes what became of an act; ok is false if it was taken again since.
func write(ctx context.Context, tx *sql.Tx, o outbox.Outcome) (ok bool, err error) {
	done := millis(o.At)
	done.Valid = o.State != outbox.Owed
	ok, err = affected(tx.ExecContext(ctx, `
		UPDATE act SET state = $1, reason = $2, message_id = $3, attempts = $4, done = $5, not_before = COALESCE($6, not_before)
		WHERE id = $7 AND fence = $8 AND state = 'sending'`,
		o.State, o.Reason, o.MessageID, o.Attempts, done, notBefore(o.NotBefore), o.ID, o.Fence))
	if err == nil && ok && o.MovedTo != (bot.Address{}) {
		err = moved(ctx, tx, o)
	}
	if err == nil && ok {
		err = pause(ctx, tx, o)
	}
	return ok, err
}

// targets returns which of these acts others are about.
func targets(ctx context.Context, tx *sql.Tx, ids []int64) ([]int64, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, args := listed(ids)
	return collect(ctx, tx, scanID, `SELECT DISTINCT target FROM act WHERE target IN (`+list+`)`, args...)
}

// pause has a lane or a platform say nothing for a time.
func pause(ctx context.Context, tx *sql.Tx, o outbox.Outcome) error {
	if !o.LanePause.IsZero() {
		_, err := tx.ExecContext(ctx, `
			UPDATE lane SET paused_until = $1
			WHERE address = (SELECT address FROM act WHERE id = $2)`, after(o.LanePause), o.ID)
		if err != nil {
			return err
		}
	}
	if o.PlatformPause.IsZero() {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE platform SET paused_until = $1
		WHERE name = (SELECT l.platform FROM act a JOIN lane l ON l.address = a.address WHERE a.id = $2)`,
		after(o.PlatformPause), o.ID)
	return err
}

// after returns the first millisecond that is not before t, so that no pause
// ends early.
func after(t time.Time) int64 { return t.Add(time.Millisecond - 1).UnixMilli() }

// notBefore returns the same, NULL for the zero time.
func notBefore(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: after(t), Valid: !t.IsZero()}
}

// outlived is the condition of acts that are no longer useful at $1. Members of
// a digest are so when that is.
const outlived = `state IN ('owed', 'held') AND useful_until <= $1 AND NOT (kind = 'member' AND target IS NOT NULL)`

// expire skips what is no longer useful.
func expire(ctx context.Context, tx *sql.Tx, now time.Time) error {
	followed, err := collect(ctx, tx, scanID, `
		UPDATE act SET state = 'skipped', done = $1,
			reason = CASE WHEN reason = '' THEN 'no longer useful' ELSE 'no longer useful; ' || reason END
		WHERE `+outlived+`
		RETURNING id`, now.UnixMilli())
	for _, id := range followed {
		if err == nil {
			err = spread(ctx, tx, id, outbox.Skipped)
		}
	}
	return err
}

func scanID(scan func(...any) error) (id int64, err error) {
	err = scan(&id)
	return id, err
}

// spread has the acts that depend on a post know what became of it. The members
// of a digest are what it is, so that the ledger tells of each. Followers wait
// while it may still be said.
func spread(ctx context.Context, tx *sql.Tx, post int64, state outbox.State) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE act SET state = p.state, reason = p.reason, message_id = p.message_id, done = p.done
		FROM act p
		WHERE p.id = $1 AND act.target = p.id AND act.kind = 'member'`, post)
	if err != nil {
		return err
	}
	switch state {
	case outbox.Sent:
		_, err = tx.ExecContext(ctx, `
			UPDATE act SET ready = 1 WHERE target = $1 AND kind IN ('publish', 'pin', 'thread')`, post)
	case outbox.Skipped:
		_, err = tx.ExecContext(ctx, `
			UPDATE act SET state = 'skipped', reason = 'its message is not said: ' || p.reason, done = p.done
			FROM act p
			WHERE p.id = $1 AND act.target = p.id AND act.kind IN ('publish', 'pin', 'thread') AND act.state = 'owed'`, post)
	case outbox.Owed, outbox.Held, outbox.Sending, outbox.Uncertain, outbox.Failed:
	}
	return err
}
