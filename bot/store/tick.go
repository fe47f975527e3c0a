package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
)

// Ticks implements announce.Store.
func (s *Store) Ticks(ctx context.Context) (map[string]announce.CarriedOut, error) {
	ticks := make(map[string]announce.CarriedOut)
	_, err := collect(ctx, s.read, func(scan func(...any) error) (struct{}, error) {
		var (
			name, schedule string
			at             sql.NullInt64
		)
		err := scan(&name, &at, &schedule)
		ticks[name] = announce.CarriedOut{At: fromMillis(at), Schedule: schedule}
		return struct{}{}, err
	}, `SELECT announcement, at, schedule FROM tick`)
	return ticks, explain(err)
}

// recordTicks moves schedules on, if nobody else did.
func recordTicks(ctx context.Context, tx *sql.Tx, ticks []announce.Tick) error {
	for _, t := range ticks {
		var (
			moved bool
			err   error
		)
		if t.From.IsZero() {
			moved, err = affected(tx.ExecContext(ctx,
				`INSERT INTO tick (announcement, at, schedule) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
				t.Announcement, t.At.UnixMilli(), t.Schedule))
		} else {
			moved, err = affected(tx.ExecContext(ctx,
				`UPDATE tick SET at = $1, schedule = $4 WHERE announcement = $2 AND at = $3`,
				t.At.UnixMilli(), t.Announcement, t.From.UnixMilli(), t.Schedule))
		}
		if err != nil {
			return fmt.Errorf("recording the tick of %s: %w", t.Announcement, err)
		}
		if !moved {
			return announce.ErrStale
		}
	}
	return nil
}

// forgetTicks forgets how far the schedules of announcements were carried out that
// there are not any more: what falls due while they are away is not missed.
func forgetTicks(ctx context.Context, tx *sql.Tx, kept []string) error {
	list, args := listed(append(kept, ""))
	if _, err := tx.ExecContext(ctx, `DELETE FROM tick WHERE announcement NOT IN (`+list+`)`, args...); err != nil {
		return fmt.Errorf("forgetting the schedules of former announcements: %w", err)
	}
	return nil
}

// Waiting implements announce.Store.
func (s *Store) Waiting(ctx context.Context, announcement string, address bot.Address, now time.Time) ([]announce.Waiting, error) {
	waiting, err := collect(ctx, s.read, scanMember, `
		SELECT id, item FROM act
		WHERE announcement = $1 AND address = $2 AND not_before <= $3
			AND state = 'owed' AND kind = 'member' AND target IS NULL AND item IS NOT NULL
		ORDER BY id`, announcement, address.String(), now.UnixMilli())
	return waiting, explain(err)
}

// scanMember scans the id and the item of a member.
func scanMember(scan func(...any) error) (w announce.Waiting, err error) {
	var item sql.NullString
	if err := scan(&w.ID, &item); err != nil {
		return w, err
	}
	if err := json.Unmarshal([]byte(item.String), &w.Item); err != nil {
		return w, fmt.Errorf("reading act %d, which is a member of a digest: %w", w.ID, err)
	}
	return w, nil
}
