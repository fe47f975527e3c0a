package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// postpone has the news of each lane that is due wait until a time. What the same
// announcements were to say before then, one after another, comes after it as far
// apart as it was, and not all at once. That it waits is not its fault, so it stays
// useful for as much longer.
func postpone(ctx context.Context, tx *sql.Tx, now time.Time, lanes map[string]time.Time) error {
	// The kinds are those of the index of lanes.
	const news = `address = $2 AND state = 'owed' AND kind IN ('post', 'edit', 'retract') AND kind = 'post' AND news = 1`
	for lane, until := range lanes {
		_, err := tx.ExecContext(ctx, `
			UPDATE act SET not_before = $1 + CASE WHEN not_before > $3 THEN not_before - $3 ELSE 0 END,
				useful_until = useful_until + $1 - CASE WHEN not_before > $3 THEN $3 ELSE not_before END,
				page_until = page_until + $1 - CASE WHEN not_before > $3 THEN $3 ELSE not_before END,
				reason = 'its channel is quiet'
			WHERE `+news+` AND not_before < $1
				AND announcement IN (SELECT announcement FROM act WHERE `+news+` AND not_before <= $3)`,
			after(until), lane, now.UnixMilli())
		if err != nil {
			return fmt.Errorf("postponing the news of %s: %w", lane, err)
		}
	}
	return nil
}
