package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrations returns the steps from each version of the schema to the next, the
// first from version 0.
func migrations() ([]string, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	var steps []string
	for i, name := range names {
		if want := fmt.Sprintf("migrations/%04d.sql", i+1); name != want {
			return nil, fmt.Errorf("migration %s is missing", want)
		}
		step, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		steps = append(steps, string(step))
	}
	return steps, nil
}

// migrate brings the schema up to date, all of it or nothing.
func (s *Store) migrate(ctx context.Context) error {
	steps, err := migrations()
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sql.Tx) error {
		if s.engine.lockSchema != "" {
			if _, err := tx.ExecContext(ctx, s.engine.lockSchema); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)`)
		if err != nil {
			return err
		}
		version, err := version(ctx, tx)
		if err != nil {
			return err
		}
		if version > len(steps) {
			return ErrNewer
		}
		return s.apply(ctx, tx, steps, version)
	})
}

func (s *Store) apply(ctx context.Context, tx *sql.Tx, steps []string, version int) error {
	for i := version; i < len(steps); i++ {
		step := strings.ReplaceAll(steps[i], "{{id}}", s.engine.id)
		if _, err := tx.ExecContext(ctx, step); err != nil {
			return fmt.Errorf("migrating to version %d: %w", i+1, err)
		}
	}
	if version == len(steps) {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM schema_version`); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO schema_version (version) VALUES ($1)`, len(steps))
	return err
}

func version(ctx context.Context, q querier) (int, error) {
	var version int
	err := q.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM schema_version`).Scan(&version)
	return version, err
}

// checkVersion refuses a schema that is not this version's, and a database that
// has none.
func (s *Store) checkVersion(ctx context.Context) error {
	steps, err := migrations()
	if err != nil {
		return err
	}
	var made bool
	if err := s.read.QueryRowContext(ctx, s.engine.isStore).Scan(&made); err != nil {
		return err
	}
	if !made {
		return ErrNone
	}
	version, err := version(ctx, s.read)
	switch {
	case err != nil:
		return err
	case version > len(steps):
		return ErrNewer
	case version < len(steps):
		return ErrOlder
	}
	return nil
}
