package store

import "context"

// LimitPages keeps an SQLite file from growing, as a full disk does.
func (s *Store) LimitPages(ctx context.Context) error {
	_, err := s.write.ExecContext(ctx, `PRAGMA max_page_count = 1`) // SQLite raises it to the present size
	return err
}

// SwapDriver has SQLite files opened by another driver, and returns the present
// one.
func SwapDriver(name string) (before string) {
	before, sqlite.driver = sqlite.driver, name
	return before
}
