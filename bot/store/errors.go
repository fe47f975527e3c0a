package store

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"

	codes "modernc.org/sqlite/lib"
)

// What can be wrong with a store. Errors of this package wrap these.
var (
	ErrInUse    = errors.New("another Herald speaks from it: stop that one first, or give this one a store of its own")
	ErrNone     = errors.New("there is none yet: herald run makes it")
	ErrNewer    = errors.New("a newer Herald has written it: run that version, or restore an older copy of the store")
	ErrOlder    = errors.New("an older Herald has written it: herald run brings it up to date")
	ErrFull     = errors.New("the disk is full: nothing is said until there is room again")
	ErrReadOnly = errors.New("it cannot be written: look at the owner and the rights of the file and its folder")
	ErrDamaged  = errors.New("it is damaged, or no store at all: restore a copy of it, or move it away to begin anew")
)

// explain adds what a person can do to errors of SQLite that they can do
// something about.
func explain(err error) error {
	var advice error
	switch sqliteCode(err) {
	case codes.SQLITE_FULL:
		advice = ErrFull
	case codes.SQLITE_READONLY, codes.SQLITE_CANTOPEN, codes.SQLITE_PERM:
		advice = ErrReadOnly
	case codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB:
		advice = ErrDamaged
	default:
		return err
	}
	return fmt.Errorf("%w (%w)", advice, err)
}

func exists(path string) error {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNone
	}
	return err
}

// printable returns dsn without its password.
func printable(dsn string) string {
	if !isPostgres(dsn) {
		return dsn
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return "postgres://…"
	}
	u.RawQuery = "" // it may hold a password too
	return u.Redacted()
}
