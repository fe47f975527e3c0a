// Package store keeps what Herald must not forget, in SQLite or PostgreSQL:
// the items that were ever seen, the decisions about them, the ledger of every
// act, how the sources are doing, and the little that platforms remember. It fills
// the Stores that announce, outbox and feeds declare.
//
// There is one SQL text for both engines; what differs between them stands in
// engine.go.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// Store is an open store. Its methods may be called from several goroutines.
type Store struct {
	engine engine
	dsn    string
	// write is where transactions run; SQLite has one connection for them.
	write, read *sql.DB
	lock        *fileLock
	scratch     string // the folder of a scratch copy
}

// Open opens the store at dsn, the path of an SQLite file or a postgres:// URL,
// for a process that speaks; it makes and migrates it as needed. Only one
// process at a time speaks from an SQLite file: for a second one the error is
// ErrInUse. Of a store that a newer Herald has migrated it is ErrNewer.
func Open(ctx context.Context, dsn string) (*Store, error) {
	s, err := open(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("opening the store %s: %w", printable(dsn), explain(err))
	}
	return s, nil
}

func open(ctx context.Context, dsn string) (s *Store, err error) {
	s = &Store{engine: sqlite, dsn: dsn}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if isPostgres(dsn) {
		s.engine = postgres
		if s.write, err = sql.Open(postgres.driver, dsn); err != nil {
			return s, err
		}
		s.read = s.write
	} else {
		if s.lock, err = lockFile(ctx, dsn); err != nil {
			return s, err
		}
		if err = s.openFile(writerOptions); err != nil {
			return s, err
		}
	}
	if err = s.migrate(ctx); err != nil {
		return s, err
	}
	if s.lock != nil {
		// Whoever held these leases is gone, or the file would be in use.
		_, err = s.write.ExecContext(ctx, `UPDATE platform SET lease_until = 0`)
	}
	return s, err
}

// openFile opens an SQLite file to write and to read.
func (s *Store) openFile(options string) (err error) {
	if s.write, err = sql.Open(sqlite.driver, sqliteDSN(s.dsn, options)); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	s.read, err = sql.Open(sqlite.driver, sqliteDSN(s.dsn, readerOptions))
	return err
}

// OpenReadOnly opens the store at dsn for a process that only reads, beside one
// that speaks or without. The error is ErrNone if there is no store, ErrNewer
// or ErrOlder if another version of Herald made it.
func OpenReadOnly(ctx context.Context, dsn string) (*Store, error) {
	s := &Store{engine: sqlite, dsn: dsn}
	var err error
	if isPostgres(dsn) {
		s.engine = postgres
		s.read, err = sql.Open(postgres.driver, dsn)
	} else if err = exists(dsn); err == nil {
		s.read, err = sql.Open(sqlite.driver, sqliteDSN(dsn, readOnlyOptions))
	}
	if err == nil {
		err = s.checkVersion(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the store %s to read: %w", printable(dsn), errors.Join(explain(err), s.Close()))
	}
	return s, nil
}

// Close closes the store.
func (s *Store) Close() error {
	var errs []error
	if s.write != nil {
		errs = append(errs, s.write.Close())
	}
	if s.read != nil && s.read != s.write {
		errs = append(errs, s.read.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	if s.scratch != "" {
		errs = append(errs, os.RemoveAll(s.scratch))
	}
	return errors.Join(errs...)
}

// transact runs do in a transaction, again if the engine asks for it.
func (s *Store) transact(ctx context.Context, do func(*sql.Tx) error) error {
	const tries = 5
	for try := 1; ; try++ {
		err := s.transactOnce(ctx, do)
		if err == nil {
			return nil
		}
		if try == tries || !s.engine.again(err) {
			return explain(err)
		}
	}
}

func (s *Store) transactOnce(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// querier is a transaction or a pool.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// collect returns the rows of a query, each read by scan.
func collect[T any](ctx context.Context, q querier, scan func(scan func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// listed returns the placeholders of values after the args that come first, and
// all of the args.
func listed[T any](values []T, first ...any) (placeholders string, args []any) {
	args = first
	for _, v := range values {
		args = append(args, v)
	}
	return numbered(len(first)+1, len(values)), args
}

// numbered returns n placeholders, the first of them $first.
func numbered(first, n int) string {
	marks := make([]string, n)
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", first+i)
	}
	return strings.Join(marks, ", ")
}

// affected reports whether a statement changed anything.
func affected(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// millis returns t as the store keeps it, NULL for the zero time.
func millis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func fromMillis(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}
