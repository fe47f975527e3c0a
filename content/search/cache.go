package search

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"

	sqlite3 "modernc.org/sqlite/lib"
)

// A file is the cache's if it is missing, empty or marked so.
var (
	errForeign  = errors.New("not a search index of Herald")
	errOutdated = errors.New("a search index of another version")
)

// openCache opens the index in the file at path, or in memory if path is empty
// or the file cannot be used.
func openCache(ctx context.Context, path string, log *slog.Logger) (*database, error) {
	if path == "" {
		return openDatabase(ctx, memory)
	}
	switch err := whose(path); {
	case errors.Is(err, errForeign):
		log.Warn("the file of the search index is something else and is moved aside", "file", path, "to", path+".bad")
		moveAside(path, log)
	case errors.Is(err, errOutdated):
		log.Info("the search index is made anew", "file", path, "reason", err)
		removeCache(path, log)
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: pragmas}
	db, err := openDatabase(ctx, u.String())
	if isCode(err, sqlite3.SQLITE_CORRUPT) || isCode(err, sqlite3.SQLITE_NOTADB) {
		log.Warn("the search index is damaged and is made anew", "file", path, "error", err)
		removeCache(path, log)
		db, err = openDatabase(ctx, u.String())
	}
	switch {
	case err == nil:
		return db, nil
	case isCode(err, sqlite3.SQLITE_BUSY):
		log.Info("another process uses the search index; this one keeps its own in memory", "file", path)
	default:
		log.Warn("the search index is kept in memory", "file", path, "error", err)
	}
	return openDatabase(ctx, memory)
}

// whose reads the header of the file
// (https://www.sqlite.org/fileformat2.html#the_database_header) and returns
// errForeign or errOutdated if it cannot be used. SQLite itself would change a
// file in order to open it.
func whose(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var header [100]byte
	switch _, err := io.ReadFull(f, header[:]); {
	case errors.Is(err, io.EOF):
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errForeign
	case err != nil:
		return fmt.Errorf("read the header of %s: %w", path, err)
	}
	switch {
	case !bytes.HasPrefix(header[:], []byte("SQLite format 3\x00")),
		binary.BigEndian.Uint32(header[68:]) != applicationID:
		return errForeign
	case binary.BigEndian.Uint32(header[60:]) != version:
		return errOutdated
	}
	return nil
}

// beside is what SQLite keeps beside a file, by suffix.
var beside = [...]string{"", "-wal", "-shm", "-journal"}

func removeCache(path string, log *slog.Logger) {
	for _, suffix := range beside {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			log.Warn("cannot remove the old search index", "error", err)
		}
	}
}

func moveAside(path string, log *slog.Logger) {
	for _, suffix := range beside {
		if err := os.Rename(path+suffix, path+".bad"+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			log.Warn("cannot move the file aside", "error", err)
		}
	}
}
