package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// settle writes what became of an act. An act that was taken again since is
// left alone; ok is false then.
func settle(ctx context.Context, tx *sql.Tx, o outbox.Outcome) (ok bool, err error) {
	done := millis(o.At)
	done.Valid = o.State != outbox.Owed
	var followed bool
	err = tx.QueryRowContext(ctx, `
		UPDATE act SET state = $1, reason = $2, message_id = $3, attempts = $4, done = $5, not_before = COALESCE($6, not_before)
		WHERE id = $7 AND fence = $8 AND state = 'sending'
		RETURNING kind = 'post' AND EXISTS (SELECT 1 FROM act d WHERE d.target = act.id)`,
		o.State, o.Reason, o.MessageID, o.Attempts, done, notBefore(o.NotBefore), o.ID, o.Fence).Scan(&followed)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err == nil && followed {
		err = spread(ctx, tx, o.ID, o.State)
	}
	if err == nil && o.MovedTo != (bot.Address{}) {
		err = moved(ctx, tx, o)
	}
	if err == nil {
		err = pause(ctx, tx, o)
	}
	return true, err
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
