package store_test

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"go.uber.org/goleak"

	"cloudnative.tw/herald/bot/store"
)

func TestMain(m *testing.M) {
	if os.Getenv(crashingRole) != "" {
		os.Exit(crashing())
	}
	goleak.VerifyTestMain(m)
}

// onEachEngine runs the test on SQLite, and on PostgreSQL where
// HERALD_TEST_POSTGRES names a server. Each dsn is of a store of its own.
func onEachEngine(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		test(t, filepath.Join(t.TempDir(), "herald.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, postgresSchema(t))
	})
}

// postgresSchema returns the DSN of a new schema that ends with the test.
func postgresSchema(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv("HERALD_TEST_POSTGRES")
	if dsn == "" {
		t.Skip("HERALD_TEST_POSTGRES names no PostgreSQL server")
	}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal("HERALD_TEST_POSTGRES is no URL") // it may hold a password
	}
	schema := fmt.Sprintf("herald_%d_%d", os.Getpid(), time.Now().UnixNano())
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `CREATE SCHEMA "`+schema+`"`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec(`DROP SCHEMA "` + schema + `" CASCADE`); err != nil {
			t.Error(err)
		}
		db.Close()
	})
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

func open(t *testing.T, dsn string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// anotherStore returns the DSN of a new store of the same engine.
func anotherStore(t testing.TB, dsn string) string {
	t.Helper()
	if strings.HasPrefix(dsn, "postgres") {
		return postgresSchema(t)
	}
	return filepath.Join(t.TempDir(), "herald.db")
}
