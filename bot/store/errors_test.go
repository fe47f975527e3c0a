package store

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What SQLite says of a file that may not be written becomes advice, also where
// the tests run as root, who may write everywhere.
func TestReadOnlyIsSaid(t *testing.T) {
	path := filepath.Join(t.TempDir(), "herald.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open(sqlite.driver, sqliteDSN(path, "mode=ro"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `DELETE FROM act`); !errors.Is(explain(err), ErrReadOnly) {
		t.Errorf("writing what may only be read: %v, want ErrReadOnly", explain(err))
	}
}

func TestAFileWithoutTheRightToWrite(t *testing.T) {
	if os.Geteuid() <= 0 { // -1 on Windows
		t.Skip("root may write everywhere")
	}
	path := filepath.Join(t.TempDir(), "herald.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path); !errors.Is(err, ErrReadOnly) {
		t.Errorf("Open: %v, want ErrReadOnly", err)
	}
}

// A password in the wrong place is not said.
func TestNoPasswordIsPrinted(t *testing.T) {
	for dsn, want := range map[string]string{
		"/var/lib/herald.db": "/var/lib/herald.db",
		"a/b@c.db":           "a/b@c.db",
		"postgres://me:hunter2@h/x?password=hunter2":     "postgres://me:xxxxx@h/x",
		"postgres://me:hunter2/x":                        "postgres://…",
		"mysql://me:hunter2@h/x":                         "mysql://…@h/x",
		"mysql://me:hunt/er2@hunter2@h/x":                "mysql://…@h/x",
		"host=h Password = 'hunter2 \\'hunter2' user=me": "host=h password=… user=me",
		"host=h password=hunter2 user=me":                "host=h password=… user=me",
	} {
		if got := printable(dsn); got != want {
			t.Errorf("%s: %s, want %s", dsn, got, want)
		}
	}
}

// What is explained where it happens is not explained again where it is said.
func TestErrorsAreExplainedOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "herald.db")
	if err := os.WriteFile(path, []byte("This is no store at all, but long enough to look like one."+strings.Repeat(" ", 4096)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := OpenReadOnly(t.Context(), path)
	if !errors.Is(err, ErrDamaged) || strings.Count(err.Error(), ErrDamaged.Error()) != 1 {
		t.Errorf("OpenReadOnly: %v", err)
	}
	if _, err = Open(t.Context(), path); !errors.Is(err, ErrDamaged) || strings.Count(err.Error(), ErrDamaged.Error()) != 1 {
		t.Errorf("Open: %v", err)
	}
	if again := explain(err); again.Error() != err.Error() {
		t.Errorf("explained twice: %v", again)
	}
}
