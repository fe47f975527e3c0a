package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// scratchTables are what planning needs, what is referred to first. Feeds are
// left out, because nothing is known of polls to come, and so are the memories
// of platforms.
var scratchTables = []string{"origin", "source", "channel", "former", "item", "route", "tick", "decision", "platform", "lane", "act"}

// scratchColumns are those that are not copied as they are: nobody speaks for a
// platform there or is sending anything, and of what is finished the words do
// not matter.
var scratchColumns = map[string]string{
	"platform.owner":       `''`,
	"platform.lease_until": `0`,
	"act.state":            `CASE WHEN state = 'sending' THEN 'owed' ELSE state END`,
	"act.body":             `CASE WHEN done IS NULL THEN body END`,
	"act.item":             `CASE WHEN done IS NULL THEN item END`,
}

// Scratch returns a copy of what planning needs, as it is at one moment, to which
// a simulation can write without that s changes. Nothing of it survives Close. It
// is an SQLite file whatever s is, and is not kept safe from a loss of power.
func (s *Store) Scratch(ctx context.Context) (*Store, error) {
	scratch, err := OpenScratch(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.copyTo(ctx, scratch); err != nil {
		return nil, fmt.Errorf("copying the store: %w", errors.Join(explain(err), scratch.Close()))
	}
	return scratch, nil
}

// OpenScratch returns an empty store for a simulation. Nothing of it survives
// Close.
func OpenScratch(ctx context.Context) (*Store, error) {
	dir, err := os.MkdirTemp("", "herald-scratch-")
	if err != nil {
		return nil, fmt.Errorf("making a scratch store: %w", err)
	}
	scratch := &Store{engine: sqlite, dsn: filepath.Join(dir, "scratch.db"), scratch: dir}
	if err = scratch.openFile(scratchOptions); err == nil {
		err = scratch.migrate(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("making a scratch store: %w", errors.Join(explain(err), scratch.Close()))
	}
	return scratch, nil
}

// copyTo copies what planning needs into an empty store.
func (s *Store) copyTo(ctx context.Context, to *Store) error {
	snapshot, err := s.read.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer snapshot.Rollback()
	return to.transact(ctx, func(tx *sql.Tx) error {
		// A post comes before its digest's members know it.
		if _, err := tx.ExecContext(ctx, `PRAGMA defer_foreign_keys = 1`); err != nil {
			return err
		}
		for _, table := range scratchTables {
			if err := copyTable(ctx, snapshot, tx, table); err != nil {
				return fmt.Errorf("copying table %s: %w", table, err)
			}
		}
		return nil
	})
}

func copyTable(ctx context.Context, from, to *sql.Tx, table string) error {
	columns, err := columnsOf(ctx, to, table)
	if err != nil {
		return err
	}
	values := make([]string, len(columns))
	for i, c := range columns {
		values[i] = c
		if other, ok := scratchColumns[table+"."+c]; ok {
			values[i] = other
		}
	}
	insert, err := to.PrepareContext(ctx, fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`,
		table, strings.Join(columns, ", "), numbered(1, len(columns))))
	if err != nil {
		return err
	}
	defer func() { _ = insert.Close() }() // it ends with the transaction in any case
	row, pointers := make([]any, len(columns)), make([]any, len(columns))
	for i := range row {
		pointers[i] = &row[i]
	}
	rows, err := from.QueryContext(ctx, fmt.Sprintf(`SELECT %s FROM %s`, strings.Join(values, ", "), table))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(pointers...); err != nil {
			return err
		}
		if _, err := insert.ExecContext(ctx, row...); err != nil {
			return err
		}
	}
	return rows.Err()
}

func columnsOf(ctx context.Context, tx *sql.Tx, table string) ([]string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT * FROM `+table+` LIMIT 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	return columns, errors.Join(err, rows.Err())
}
