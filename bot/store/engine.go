package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	driver "modernc.org/sqlite"        // the driver "sqlite"
	codes "modernc.org/sqlite/lib"
)

// engine is what differs between SQLite and PostgreSQL.
type engine struct {
	driver string
	// id is the type of a generated number that is never given twice.
	id string
	// isStore asks whether the database is a store already.
	isStore string
	// lockSchema, if not empty, keeps other processes from migrating until the
	// transaction ends.
	lockSchema string
	// lockAct, at the end of a query of acts, keeps other transactions from
	// changing what it returns until this one ends: what is decided about an act
	// would be about a state that it has no more. With FOR NO KEY UPDATE others may
	// still refer to it.
	lockAct string
	// shared tells that several processes may speak from one store, by their leases.
	shared bool
	// again reports whether a transaction failed only because another was in
	// its way.
	again func(error) bool
}

var sqlite = engine{
	driver:  "sqlite",
	id:      "INTEGER PRIMARY KEY AUTOINCREMENT",
	isStore: "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'schema_version')",
	again:   func(error) bool { return false }, // there is one writer
}

var postgres = engine{
	driver:     "pgx",
	id:         "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
	isStore:    "SELECT to_regclass('schema_version') IS NOT NULL",
	lockSchema: "SELECT pg_advisory_xact_lock(7235419)",
	lockAct:    " FOR NO KEY UPDATE OF act",
	shared:     true,
	again: func(err error) bool {
		// https://www.postgresql.org/docs/current/errcodes-appendix.html
		const serializationFailure, deadlockDetected = "40001", "40P01"
		var e *pgconn.PgError
		return errors.As(err, &e) && (e.Code == serializationFailure || e.Code == deadlockDetected)
	},
}

// Options of SQLite connections (https://www.sqlite.org/pragma.html). WAL lets
// readers read while the writer writes; with synchronous=FULL a commit survives
// a loss of power; immediate transactions never have to be begun again because
// another wrote between their read and their write.
const (
	commonOptions   = "_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)"
	writerOptions   = commonOptions + "&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_txlock=immediate"
	requestOptions  = commonOptions + "&_pragma=synchronous(full)&_txlock=immediate&mode=rw"
	scratchOptions  = commonOptions + "&_pragma=journal_mode(wal)&_pragma=synchronous(off)&_pragma=cache_size(-65536)&_txlock=immediate"
	readerOptions   = commonOptions + "&_pragma=query_only(1)"
	readOnlyOptions = readerOptions + "&mode=ro"
	lockOptions     = "_pragma=busy_timeout(0)&_txlock=exclusive"
)

// sqliteDSN returns the URI of a file (https://www.sqlite.org/uri.html).
func sqliteDSN(path, options string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // a drive letter
		path = "/" + path
	}
	return "file://" + (&url.URL{Path: path}).EscapedPath() + "?" + options
}

// fileLock keeps a second process from speaking from the same SQLite file: an
// exclusive transaction on a file beside it, which SQLite's own locking makes
// and the operating system ends with the process.
type fileLock struct {
	db *sql.DB
	tx *sql.Tx
}

// lockFile locks the file at a path, whatever links lead to it.
func lockFile(ctx context.Context, path string) (*fileLock, error) {
	if target, err := filepath.EvalSymlinks(path); err == nil { // else it is yet to be made
		path = target
	}
	db, err := sql.Open(sqlite.driver, sqliteDSN(path+".lock", lockOptions))
	if err != nil {
		return nil, err
	}
	// The transaction lasts as long as the store and not as long as ctx.
	tx, err := db.BeginTx(context.WithoutCancel(ctx), nil)
	if err == nil {
		return &fileLock{db, tx}, nil
	}
	if sqliteCode(err) == codes.SQLITE_BUSY {
		err = ErrInUse
	}
	return nil, errors.Join(err, db.Close())
}

func (l *fileLock) release() error {
	return errors.Join(l.tx.Rollback(), l.db.Close())
}

// sqliteCode returns the primary result code of err
// (https://www.sqlite.org/rescode.html), or 0.
func sqliteCode(err error) int {
	var e *driver.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}
