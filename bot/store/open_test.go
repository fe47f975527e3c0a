package store_test

import (
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

// raw opens the database behind a store, to do to it what a store would not.
func raw(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	driver := "sqlite"
	if strings.HasPrefix(dsn, "postgres") {
		driver = "pgx"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func mustExec(t *testing.T, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

func TestOpenMakesAStoreOnce(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		b := &book{T: t, Store: s, now: noon}
		b.record(post("a"))
		s.Close()
		s = open(t, dsn)
		(&book{T: t, Store: s, now: noon}).want("new a owed")
	})
}

func TestOpenRefusesANewerSchema(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		open(t, dsn).Close()
		mustExec(t, raw(t, dsn), `UPDATE schema_version SET version = 99`)
		if _, err := store.Open(t.Context(), dsn); !errors.Is(err, store.ErrNewer) {
			t.Errorf("Open: %v, want ErrNewer", err)
		}
		if _, err := store.OpenReadOnly(t.Context(), dsn); !errors.Is(err, store.ErrNewer) {
			t.Errorf("OpenReadOnly: %v, want ErrNewer", err)
		}
	})
}

// A database may be there before there is a store in it.
func TestOpenReadOnlyBeforeThereIsAStore(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		if !strings.HasPrefix(dsn, "postgres") {
			if err := os.WriteFile(dsn, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := store.OpenReadOnly(t.Context(), dsn); !errors.Is(err, store.ErrNone) {
			t.Errorf("OpenReadOnly: %v, want ErrNone", err)
		}
	})
}

// A migration that fails leaves the store as it was.
func TestOpenMigratesWholly(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		db := raw(t, dsn)
		mustExec(t, db, `CREATE TABLE act (in_the_way BIGINT)`) // a later statement of the migration fails on it
		if _, err := store.Open(t.Context(), dsn); err == nil {
			t.Fatal("Open migrated over a foreign table")
		}
		for _, table := range []string{"origin", "schema_version"} {
			if _, err := db.ExecContext(t.Context(), `SELECT * FROM `+table); err == nil {
				t.Errorf("table %s was left behind", table)
			}
		}
		mustExec(t, db, `DROP TABLE act`)
		open(t, dsn) // is made from version 0
	})
}

func TestOneSpeakerPerFile(t *testing.T) {
	dsn := filepath.Join(t.TempDir(), "herald.db")
	s := open(t, dsn)
	_, err := store.Open(t.Context(), dsn)
	if !errors.Is(err, store.ErrInUse) {
		t.Fatalf("a second speaker: %v, want ErrInUse", err)
	}
	reader, err := store.OpenReadOnly(t.Context(), dsn)
	if err != nil {
		t.Fatalf("a reader beside a speaker: %v", err)
	}
	(&book{T: t, Store: s, now: noon}).record(post("a"))
	entries, err := reader.Ledger(t.Context(), store.Query{})
	if err != nil || len(entries) != 1 {
		t.Errorf("the reader sees %d acts (error %v), want 1", len(entries), err)
	}
	reader.Close()
	s.Close()
	open(t, dsn)
}

// SQLite follows a link to its file, and so does the lock.
func TestOneSpeakerPerFileBehindLinks(t *testing.T) {
	dsn := filepath.Join(t.TempDir(), "herald.db")
	open(t, dsn).Close() // links can only lead to what is there
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(dsn, link); err != nil {
		t.Skip(err)
	}
	s := open(t, link)
	if _, err := store.Open(t.Context(), dsn); !errors.Is(err, store.ErrInUse) {
		t.Errorf("a second speaker: %v, want ErrInUse", err)
	}
	s.Close()
	open(t, dsn)
	if _, err := store.Open(t.Context(), link); !errors.Is(err, store.ErrInUse) {
		t.Errorf("a second speaker through a link: %v, want ErrInUse", err)
	}
}

// A speaker that was killed has left leases; the file's lock proves it gone.
func TestTheNextSpeakerOfAFileNeedNotWait(t *testing.T) {
	dsn := filepath.Join(t.TempDir(), "herald.db")
	b := newBook(t, dsn)
	b.record(post("a"), post("b"))
	b.settle(b.take(), outbox.Sent)
	b.Close()
	b.Store = open(t, dsn)
	if got := b.step(outbox.Step{Owner: "two"}); len(got) != 1 {
		t.Errorf("taken by the next speaker: %v", subjects(got))
	}
}

func TestOpenReadOnly(t *testing.T) {
	dir := t.TempDir()
	if _, err := store.OpenReadOnly(t.Context(), filepath.Join(dir, "none.db")); !errors.Is(err, store.ErrNone) {
		t.Errorf("without a store: %v, want ErrNone", err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("looking for a store left %v", files)
	}
	dsn := filepath.Join(dir, "a b?c#d%.db")
	open(t, dsn).Close()
	s, err := store.OpenReadOnly(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if entries, err := s.Ledger(t.Context(), store.Query{}); err != nil || len(entries) != 0 {
		t.Errorf("ledger: %v, %v", entries, err)
	}
	mustExec(t, raw(t, (&url.URL{Scheme: "file", Path: dsn}).String()), `UPDATE schema_version SET version = 0`)
	if _, err := store.OpenReadOnly(t.Context(), dsn); !errors.Is(err, store.ErrOlder) {
		t.Errorf("an older schema: %v, want ErrOlder", err)
	}
}

func TestOpenExplainsWhatIsWrongWithAFile(t *testing.T) {
	noise := filepath.Join(t.TempDir(), "noise.db")
	if err := os.WriteFile(noise, []byte(strings.Repeat("no database at all ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), noise); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("a file of noise: %v, want ErrDamaged", err)
	}
	if _, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "no", "such", "folder.db")); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("a missing folder: %v, want ErrReadOnly", err)
	}
}

func TestAFullDiskIsSaidAndLosesNothing(t *testing.T) {
	dsn := filepath.Join(t.TempDir(), "herald.db")
	b := newBook(t, dsn)
	b.record(post("a"))
	b.LimitPages(t.Context())
	long := post("long")
	long.Message.Title = strings.Repeat("長", 1<<20)
	_, err := b.Record(t.Context(), announce.Record{Origin: "site", Generation: b.generation, Now: noon, Seen: noon, Acts: []announce.Act{long}})
	if !errors.Is(err, store.ErrFull) {
		t.Fatalf("recording on a full disk: %v, want ErrFull", err)
	}
	b.want("new a owed")
	b.record(post("b"))
	b.want("new a owed", "new b owed")
}

func TestPasswordsAreNotPrinted(t *testing.T) {
	for _, dsn := range []string{
		"postgres://herald:hunter2@127.0.0.1:1/herald?connect_timeout=1",
		"postgres://127.0.0.1:1/herald?user=herald&password=hunter2&connect_timeout=1",
		"postgres://herald:hunter2@[::1/bad",
	} {
		_, err := store.Open(t.Context(), dsn)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("error: %v", err)
		}
	}
}

// The schema refuses states that cannot be.
func TestImpossibleStatesAreRefused(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		newBook(t, dsn).record(post("a"))
		db := raw(t, dsn)
		for _, change := range []string{
			`state = 'lost'`,
			`state = 'sending'`,                   // without a fencing number
			`state = 'sent', fence = 1, done = 1`, // without the platform's identifier
			`state = 'failed', done = 1`,          // without a reason
			`state = 'skipped', reason = 'x'`,     // without a time
			`body = NULL`,                         // still to be said
			`kind = 'edit'`,                       // of nothing
			`target = id`,                         // a post is about no other
			`subject = ''`,                        //
			`address = 'discord:unknown'`,         // no such lane
			`state = 'uncertain', reason = 'x', fence = 0, done = 1`, // nobody sent it
			`done = 1`, // still to be said
		} {
			if _, err := db.ExecContext(t.Context(), `PRAGMA foreign_keys = 1`); err != nil && !strings.HasPrefix(dsn, "postgres") {
				t.Fatal(err)
			}
			if _, err := db.ExecContext(t.Context(), `UPDATE act SET `+change); err == nil {
				t.Errorf("accepted: %s", change)
			}
		}
	})
}
