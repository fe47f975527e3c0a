package search

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"

	"cloudnative.tw/herald/content"
)

const (
	// applicationID marks a file as Herald's search index
	// (https://www.sqlite.org/pragma.html#pragma_application_id): "HRLs".
	applicationID = 0x48524c73
	// version changes with the tables and with what a text is made into; a file
	// of another version is made anew.
	version = 2
)

// schema makes an empty index. The text of posts is not stored, only where its
// words stand; the "ascii" tokenizer parts the words of analyzer at spaces and
// leaves them as they are. Merging eight segments at a time instead of four
// halves the time of building and costs searches nothing that can be measured.
const schema = `
CREATE VIRTUAL TABLE texts USING fts5(title, labels, body, source,
	content='', contentless_delete=1, tokenize='ascii');
INSERT INTO texts (texts, rank) VALUES ('automerge', 8);
CREATE TABLE posts (
	id     INTEGER PRIMARY KEY, -- the rowid in texts
	entry  TEXT NOT NULL,
	path   TEXT NOT NULL,
	source TEXT NOT NULL,
	hash   BLOB NOT NULL
);
CREATE TABLE post_words ( -- apart: all posts are read at the start, and these are long
	id    INTEGER PRIMARY KEY,
	words TEXT NOT NULL       -- which of words the post has, parted by spaces
);
CREATE TABLE words (word TEXT PRIMARY KEY, posts INTEGER NOT NULL) WITHOUT ROWID;
`

// pragmas suit a cache with one user. WAL leaves a whole file behind whenever
// the process is killed or the power fails, and costs no sync at each commit.
const pragmas = "_pragma=busy_timeout(0)&_pragma=locking_mode(exclusive)&_pragma=journal_mode(wal)" +
	"&_pragma=synchronous(normal)&_pragma=cache_size(-8000)"

// database is the one connection to the index's tables.
type database struct {
	pool *sql.DB
	*sql.Conn
	count, rank, insertPost, insertWords, insertText *sql.Stmt
}

// row is a post as the tables know it.
type row struct {
	id     int64
	source string
	hash   content.Hash
}

// memory is the name of a database that is in no file.
const memory = ":memory:"

func openDatabase(ctx context.Context, dsn string) (*database, error) {
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	db := &database{pool: pool, Conn: conn}
	if err := db.prepare(ctx); err != nil {
		return nil, errors.Join(err, db.close())
	}
	return db, nil
}

// prepare takes the file's lock, which stays, and makes the tables of an empty
// one.
func (db *database) prepare(ctx context.Context) error {
	if _, err := db.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		return err
	}
	var tables int
	err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables)
	if err == nil && tables == 0 {
		_, err = db.ExecContext(ctx, fmt.Sprintf("%s PRAGMA application_id=%d; PRAGMA user_version=%d", schema, applicationID, version))
	}
	if err != nil {
		_, rollback := db.ExecContext(ctx, "ROLLBACK")
		return errors.Join(err, rollback)
	}
	// The checkpoint brings the marks into the file, where whose reads them.
	if _, err := db.ExecContext(ctx, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return err
	}
	return db.prepareStatements(ctx)
}

// prepareStatements prepares what is asked often. A word in the title weighs
// eight times, among the labels four times as much as in the body. The newest
// rows come first.
func (db *database) prepareStatements(ctx context.Context) error {
	for _, p := range []struct {
		statement **sql.Stmt
		text      string
	}{
		{&db.count, "SELECT count(*) FROM (SELECT 1 FROM texts WHERE texts MATCH ? AND rowid <= ? LIMIT ?)"},
		{&db.rank, "SELECT rowid, bm25(texts, 8, 4, 1, 0) FROM texts WHERE texts MATCH ? AND rowid <= ? ORDER BY rowid DESC LIMIT ?"},
		{&db.insertPost, "INSERT INTO posts (id, entry, path, source, hash) VALUES (?, ?, ?, ?, ?)"},
		{&db.insertWords, "INSERT INTO post_words (id, words) VALUES (?, ?)"},
		{&db.insertText, "INSERT INTO texts (rowid, title, labels, body, source) VALUES (?, ?, ?, ?, ?)"},
	} {
		statement, err := db.PrepareContext(ctx, p.text) //nolint:sqlclosecheck // close does
		if err != nil {
			return err
		}
		*p.statement = statement
	}
	return nil
}

// close closes the statements first: the file stays locked while one is open.
func (db *database) close() error {
	var errs []error
	for _, s := range []*sql.Stmt{db.count, db.rank, db.insertPost, db.insertWords, db.insertText} {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(append(errs, db.Close(), db.pool.Close())...)
}

// rows returns the posts that are in the index.
func (db *database) rows(ctx context.Context) (map[content.ID]row, error) {
	stored := make(map[content.ID]row)
	rows, err := db.QueryContext(ctx, "SELECT id, entry, path, source, hash FROM posts")
	if err != nil {
		return stored, err
	}
	defer rows.Close()
	for rows.Next() {
		var id content.ID
		var r row
		var hash sql.RawBytes
		if err := rows.Scan(&r.id, &id.Entry, &id.Path, &r.source, &hash); err != nil {
			return stored, err
		}
		copy(r.hash[:], hash)
		stored[id] = r
	}
	return stored, rows.Err()
}

// vocabulary returns the words of all posts.
func (db *database) vocabulary(ctx context.Context) (vocabulary, error) {
	rows, err := db.QueryContext(ctx, "SELECT word, posts FROM words ORDER BY word")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var v vocabulary
	for rows.Next() {
		var w word
		if err := rows.Scan(&w.text, &w.posts); err != nil {
			return nil, err
		}
		v = append(v, w.signed())
	}
	return v, rows.Err()
}

// isCode reports whether err is the primary result code of SQLite
// (https://www.sqlite.org/rescode.html).
func isCode(err error, code int) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == code
}
