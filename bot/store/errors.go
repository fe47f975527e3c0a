package store

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
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
	ErrAddress  = errors.New("this is no address of a database: postgres://USER@HOST:PORT/NAME, with what is special in a password written as %40")
)

// advised are the errors that tell what to do.
var advised = []error{ErrFull, ErrReadOnly, ErrDamaged, ErrAddress}

// explain adds what a person can do to errors of SQLite that they can do
// something about. An address that PostgreSQL's driver cannot read is not
// repeated as the driver does, which takes the password in it for something else.
func explain(err error) error {
	if slices.ContainsFunc(advised, func(known error) bool { return errors.Is(err, known) }) {
		return err // where it happened
	}
	var advice error
	if address := (*pgconn.ParseConfigError)(nil); errors.As(err, &address) {
		return ErrAddress
	}
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

// IsPostgres tells a PostgreSQL database from the path of an SQLite file.
func IsPostgres(dsn string) bool { return isPostgres(dsn) }

// Passwords in what should be the path of a file: before an @ in a URL, and in
// libpq's words, where quotes may hold spaces.
var (
	urlUser       = regexp.MustCompile(`://.*@`)
	passwordWords = regexp.MustCompile(`(?i)password\s*=\s*('(?:[^'\\]|\\.)*'?|[^\s&]*)`)
)

// printable returns dsn without its password.
func printable(dsn string) string {
	if !isPostgres(dsn) {
		return passwordWords.ReplaceAllString(urlUser.ReplaceAllString(dsn, "://…@"), "password=…")
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return "postgres://…"
	}
	u.RawQuery = "" // it may hold a password too
	return u.Redacted()
}
