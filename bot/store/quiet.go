package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// postpone has the news of each lane wait until a time: all that would fall due
// before. That it waits is not its fault, so it stays useful for as much longer.
func postpone(ctx context.Context, tx *sql.Tx, lanes map[string]time.Time) error {
	for lane, until := range lanes {
		_, err := tx.ExecContext(ctx, `
			UPDATE act SET not_before = $1, useful_until = useful_until + ($1 - not_before), reason = 'its channel is quiet'
			WHERE address = $2 AND state = 'owed' AND kind IN ('post', 'edit', 'retract') AND kind = 'post'
				AND news = 1 AND not_before < $1`, after(until), lane)
		if err != nil {
			return fmt.Errorf("postponing the news of %s: %w", lane, err)
		}
	}
	return nil
}
