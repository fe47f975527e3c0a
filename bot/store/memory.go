package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// What a memory may weigh, in bytes: it is for an offset or a button's state.
const (
	maxKey   = 256
	maxValue = 64 << 10
)

// Remember keeps a small value under a key until a time, for ever if that is
// zero, in place of what was kept there. The key is of 256 bytes at most and not
// empty, the value of 64 KiB.
func (s *Store) Remember(ctx context.Context, key, value string, until time.Time) error {
	if key == "" || len(key) > maxKey || len(value) > maxValue {
		return fmt.Errorf("remembering %.40q: a key of %d bytes with a value of %d is too much", key, len(key), len(value))
	}
	_, err := s.write.ExecContext(ctx, `
		INSERT INTO memory (key, value, until) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET value = $2, until = $3`, key, value, millis(until))
	if err != nil {
		return fmt.Errorf("remembering %s: %w", key, explain(err))
	}
	return nil
}

// Recall returns what is kept under a key, "" if nothing is or its time is over
// by the clock of this machine.
func (s *Store) Recall(ctx context.Context, key string) (string, error) {
	var value string
	err := s.read.QueryRowContext(ctx, `SELECT value FROM memory WHERE key = $1 AND (until IS NULL OR until > $2)`,
		key, time.Now().UnixMilli()).Scan(&value)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("recalling %s: %w", key, explain(err))
	}
	return value, nil
}

// Forget keeps nothing under a key any more.
func (s *Store) Forget(ctx context.Context, key string) error {
	if _, err := s.write.ExecContext(ctx, `DELETE FROM memory WHERE key = $1`, key); err != nil {
		return fmt.Errorf("forgetting %s: %w", key, explain(err))
	}
	return nil
}
