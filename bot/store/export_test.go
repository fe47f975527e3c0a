package store

import "context"

// LimitPages keeps an SQLite file from growing, as a full disk does.
func (s *Store) LimitPages(ctx context.Context) error {
	_, err := s.write.ExecContext(ctx, `PRAGMA max_page_count = 1`) // SQLite raises it to the present size
	return err
}
