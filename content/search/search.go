// Package search finds posts by their words, in Chinese and English alike.
//
// Chinese is searched by pairs of neighbouring characters, so that every word
// of two characters is found without a dictionary; English by the stems of its
// words. Case, diacritics, full and half width, traditional and simplified
// characters make no difference. What is typed is never read as syntax, except
// that words between quotation marks must stand together.
//
// An Index keeps the words in an SQLite FTS5 table, in memory or in a file that
// is only a cache: it can be deleted at any time. Posts themselves are not
// stored; the results of a search point to the posts of the last Update.
package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"cloudnative.tw/herald/content"
)

// Options are what an Index may be told. The zero value is good.
type Options struct {
	// Synonyms are groups of words of which any is found by every other.
	Synonyms [][]string
	// Log is told when a cache file cannot be used; nil for slog.Default.
	Log *slog.Logger
}

// Index finds posts. It may be used from several goroutines at once. Searches
// see the posts of the last finished Update, never half of one.
type Index struct {
	path     string
	log      *slog.Logger
	synonyms []synonymGroup

	// updating is held by whoever changes stored or replaces db.
	updating  sync.Mutex
	stored    map[content.ID]row
	scattered bool // there is something to merge

	// conn has one value, taken while the database or state is used: statements
	// of one connection cannot run side by side, and db and state change together.
	conn  chan *database
	state atomic.Pointer[state]
}

// state is what is searched at one moment. It never changes.
type state struct {
	entries []entry
	// last is the highest row. Those above it belong to an unfinished update.
	last  int64
	byRow map[int64]*entry
	words vocabulary
}

// entry is a post in the index.
type entry struct {
	post  *content.Post
	row   int64
	names *names
}

// names are a post's title and slug as Complete compares them. They are made when
// it is first asked: for many posts that takes as long as opening the index.
type names struct {
	once        sync.Once
	title, slug string // keys
}

// folded returns the names of the post.
func (e entry) folded() *names {
	e.names.once.Do(func() { e.names.title, e.names.slug = key(e.post.Title), key(e.post.Slug) })
	return e.names
}

// Open returns an index that keeps its words in the file at path, or in memory
// if path is empty. A file that is damaged or of another version is made anew,
// a file that is not Herald's is moved aside, and while another process holds
// the file the index is kept in memory: the log tells. The index is empty until
// the first Update, which reads only what changed since the file was written.
func Open(ctx context.Context, path string, o Options) (*Index, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	ix := &Index{path: path, log: o.Log, synonyms: newSynonyms(o.Synonyms), conn: make(chan *database, 1)}
	db, err := openCache(ctx, path, o.Log)
	if err != nil {
		return nil, fmt.Errorf("open the search index: %w", err)
	}
	if ix.stored, err = db.rows(ctx); err != nil {
		if db, err = ix.replace(ctx, db, err); err != nil {
			return nil, fmt.Errorf("open the search index: %w", err)
		}
	}
	ix.state.Store(&state{})
	ix.conn <- db
	return ix, nil
}

// Len returns how many posts the index holds, also those of the file that no
// Update has seen yet.
func (ix *Index) Len() int {
	ix.updating.Lock()
	defer ix.updating.Unlock()
	return len(ix.stored)
}

// errClosed is what everything returns after Close.
var errClosed = errors.New("the search index is closed")

// Close waits for what is under way and frees what the index holds.
func (ix *Index) Close() error {
	ix.updating.Lock()
	defer ix.updating.Unlock()
	db, open := <-ix.conn
	if !open {
		return nil
	}
	close(ix.conn)
	return db.close()
}

// use calls f with the database, which no one else uses meanwhile. f is not
// interrupted when ctx ends, because that could undo an unfinished Update. Its
// error comes back as a *databaseError.
func (ix *Index) use(ctx context.Context, f func(context.Context, *database) error) error {
	select {
	case db, open := <-ix.conn:
		if !open {
			return errClosed
		}
		defer func() { ix.conn <- db }()
		if err := f(context.WithoutCancel(ctx), db); err != nil {
			return &databaseError{db, err}
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// databaseError is an error of a database, which then is replaced.
type databaseError struct {
	db  *database
	err error
}

func (e *databaseError) Error() string { return e.err.Error() }
func (e *databaseError) Unwrap() error { return e.err }

// heal makes the index anew after a database failed under a search, unless that
// has been done since. It is not given up when ctx ends: the index would stay
// empty.
func (ix *Index) heal(ctx context.Context, failed *databaseError) error {
	ix.updating.Lock()
	defer ix.updating.Unlock()
	entries := ix.state.Load().entries
	posts := make([]*content.Post, len(entries))
	for i, e := range entries {
		posts[i] = e.post
	}
	return ix.repair(context.WithoutCancel(ctx), failed, posts)
}

// repair makes the index of posts anew if err is a database's: in the file, and
// if that fails too, as on a full disk, in memory. Other errors it returns.
func (ix *Index) repair(ctx context.Context, err error, posts []*content.Post) error {
	for range 2 {
		var failed *databaseError
		if !errors.As(err, &failed) {
			return err
		}
		if renewed, err := ix.renew(ctx, failed); err != nil || !renewed {
			return err
		}
		if err = ix.update(ctx, posts); err != nil && ix.path != "" {
			ix.log.Warn("the search index is kept in memory", "file", ix.path, "error", err)
			removeCache(ix.path, ix.log)
			ix.path = ""
		}
	}
	return err
}

// renew puts an empty database in the place of the failed one and reports
// whether that was still in use.
func (ix *Index) renew(ctx context.Context, failed *databaseError) (bool, error) {
	db, open := <-ix.conn
	if !open {
		return false, errClosed
	}
	defer func() { ix.conn <- db }()
	if db != failed.db {
		return false, nil
	}
	fresh, err := ix.replace(ctx, db, failed.err)
	if err != nil {
		return false, err
	}
	ix.state.Store(&state{})
	db = fresh
	return true, nil
}

// replace closes db, which failed with cause, and returns an empty database.
func (ix *Index) replace(ctx context.Context, db *database, cause error) (*database, error) {
	ix.log.Warn("the search index is damaged and is made anew", "file", ix.path, "error", cause)
	_ = db.close() // what it says about a damaged file helps nobody
	ix.stored = map[content.ID]row{}
	if ix.path != "" {
		removeCache(ix.path, ix.log)
	}
	return openCache(ctx, ix.path, ix.log)
}
