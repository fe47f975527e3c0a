package store

import (
	"context"
	"database/sql"

	"cloudnative.tw/herald/bot/outbox"
)

const (
	// neverSaid is why what was withdrawn in time is not said.
	neverSaid = "withdrawn before it was said"
	// withdrawnUncertain comes before the reason for which an act is uncertain that
	// was withdrawn: whoever decides about it should know.
	withdrawnUncertain = "withdrawn, and perhaps said: "
)

// withdrawn has a post that was being sent when it was withdrawn be what it would
// be if it had been withdrawn now, and returns its state. What was owed to take it
// back has nothing to take back.
func withdrawn(ctx context.Context, tx *sql.Tx, o outbox.Outcome) (outbox.State, error) {
	if o.State != outbox.Owed && o.State != outbox.Uncertain {
		return o.State, nil
	}
	taken, err := affected(tx.ExecContext(ctx, `
		UPDATE act SET state = 'skipped', reason = $1, done = $2 WHERE target = $3 AND kind = 'retract' AND state = 'owed'`,
		neverSaid, o.At.UnixMilli(), o.ID))
	if err != nil || !taken {
		return o.State, err
	}
	if o.State == outbox.Uncertain {
		return o.State, doubt(ctx, tx, o.ID)
	}
	// It was withdrawn when its item was gone: that is how it is known if that is
	// back.
	_, err = tx.ExecContext(ctx, `
		UPDATE act SET state = 'skipped', reason = $1, done = COALESCE(
			(SELECT MAX(gone) FROM item WHERE item.subject = act.subject AND item.origin = act.origin), $2)
		WHERE id = $3`, neverSaid, o.At.UnixMilli(), o.ID)
	return outbox.Skipped, err
}

// doubt notes of an act that it was withdrawn, if it is uncertain.
func doubt(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE act SET reason = $1 || reason WHERE id = $2 AND state = 'uncertain' AND reason NOT LIKE $1 || '%'`,
		withdrawnUncertain, id)
	return err
}

// undoubt takes that back, for what is back.
func (w *writing) undoubt(ctx context.Context) error {
	return w.exec(ctx, `
		UPDATE act SET reason = SUBSTR(reason, LENGTH($1) + 1)
		WHERE subject = $2 AND address = $3 AND state = 'uncertain' AND reason LIKE $1 || '%'`,
		withdrawnUncertain, w.act.Subject, w.address())
}
