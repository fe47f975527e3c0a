package search_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/search"
)

// short returns n posts of 1 KB.
func short(n int) []*content.Post {
	g := newGenerator(1)
	posts := make([]*content.Post, n)
	for i := range posts {
		posts[i] = g.post(i, 1000)
	}
	return posts
}

// logged opens an index on the file and returns it with what it logs.
func logged(t *testing.T, path string) (*search.Index, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	ix, err := search.Open(t.Context(), path, search.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ix.Close() }) // a damaged file may say anything
	return ix, &log
}

// closed writes an index of posts and returns its file.
func closed(t *testing.T, posts []*content.Post) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "index.db")
	ix, _ := logged(t, path)
	if err := ix.Update(t.Context(), posts); err != nil {
		t.Fatal(err)
	}
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// rewrite changes the bytes of a file.
func rewrite(t *testing.T, path string, f func(data []byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, f(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Whatever stands in the file, the index works and the log tells.
func TestDamage(t *testing.T) {
	all := short(80)
	for _, test := range []struct {
		name   string
		damage func(data []byte) []byte
		log    string
	}{
		{"cut", func(d []byte) []byte { return d[:len(d)/2] }, "damaged"},
		{"cut in a page", func(d []byte) []byte { return d[:len(d)/3+17] }, "damaged"},
		{"noise after the header", func(d []byte) []byte { return slices.Concat(d[:100], bytes.Repeat([]byte{0xa5}, len(d)-100)) }, "damaged"},
		{"noise in the words", func(d []byte) []byte {
			copy(d[len(d)/4:], bytes.Repeat([]byte{0xa5}, len(d)/2))
			return d
		}, "damaged"},
		{"empty", func([]byte) []byte { return nil }, ""},
		{"text", func([]byte) []byte { return []byte(strings.Repeat("community:\n", 50)) }, "something else"},
		{"short", func([]byte) []byte { return []byte("x") }, "something else"},
		{"another version", func(d []byte) []byte { d[63]++; return d }, "another version"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := closed(t, all)
			rewrite(t, path, test.damage)
			ix, log := logged(t, path)
			if err := ix.Update(t.Context(), all); err != nil {
				t.Fatal(err)
			}
			same(t, ix, open(t, "", all))
			if got := log.String(); !strings.Contains(got, test.log) || test.log == "" && got != "" {
				t.Errorf("the log says %q, want %q", got, test.log)
			}
		})
	}
}

// Somebody else's database keeps all it holds, under another name.
func TestForeignDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	other := func(path string) *sql.DB {
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return db
	}
	db := other(path)
	if _, err := db.Exec("CREATE TABLE ledger (act TEXT); INSERT INTO ledger VALUES ('owed')"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	ix, log := logged(t, path)
	if err := ix.Update(t.Context(), posts()); err != nil {
		t.Fatal(err)
	}
	if got := find(t, ix, content.Query{Text: "捐款"}); len(got) != 1 {
		t.Errorf("found %v", got)
	}
	var act string
	if err := other(path + ".bad").QueryRow("SELECT act FROM ledger").Scan(&act); err != nil || act != "owed" {
		t.Errorf("the other database holds %q, %v", act, err)
	}
	if !strings.Contains(log.String(), "moved aside") {
		t.Errorf("the log says %q", log)
	}
}

func TestTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	first := open(t, path, posts())
	second, log := logged(t, path)
	if err := second.Update(t.Context(), posts()[:3]); err != nil {
		t.Fatal(err)
	}
	if a, b := find(t, first, content.Query{Text: "容器"}), find(t, second, content.Query{Text: "捐款"}); len(a) != 2 || len(b) != 1 {
		t.Errorf("found %v and %v", a, b)
	}
	if !strings.Contains(log.String(), "another process") {
		t.Errorf("the log says %q", log)
	}
}

func TestNowhereToWrite(t *testing.T) {
	ix, log := logged(t, filepath.Join(t.TempDir(), "missing", "index.db"))
	if err := ix.Update(t.Context(), posts()); err != nil {
		t.Fatal(err)
	}
	if got := find(t, ix, content.Query{Text: "捐款"}); len(got) != 1 || !strings.Contains(log.String(), "in memory") {
		t.Errorf("found %v; the log says %q", got, log)
	}
}

// killed names the file that a child process keeps changing until it is killed.
const killed = "HERALD_SEARCH_KILLED"

// generation returns posts of which a third differs from one generation to the
// next.
func generation(n int) []*content.Post {
	posts := short(90)
	g := newGenerator(uint64(n))
	for i := n % 3; i < len(posts); i += 3 {
		posts[i] = g.post(i, 1000)
	}
	return posts
}

// A process that is killed while it writes leaves a file that is whole: what
// the next process makes of it is what it would make from nothing.
func TestKilled(t *testing.T) {
	if path := os.Getenv(killed); path != "" {
		updateForEver(t, path)
	}
	path := filepath.Join(t.TempDir(), "index.db")
	want := open(t, "", generation(0))
	for round := range 8 {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilled$")
		child.Env = append(os.Environ(), killed+"="+path)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fscanln(out, new(string)); err != nil {
			t.Fatalf("the child says nothing: %v", err)
		}
		time.Sleep(time.Duration(round*13) * time.Millisecond) // into another step of its work
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait() // that it was killed is known

		ix, log := logged(t, path)
		if err := ix.Update(t.Context(), generation(0)); err != nil {
			t.Fatal(err)
		}
		same(t, ix, want)
		if log.Len() > 0 {
			t.Errorf("the file was not whole: %s", log)
		}
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// updateForEver is the child of TestKilled. It says a word once it has begun.
func updateForEver(t *testing.T, path string) {
	ix, err := search.Open(context.Background(), path, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; ; n++ {
		if err := ix.Update(context.Background(), generation(n)); err != nil {
			t.Fatal(err)
		}
		if n == 1 {
			fmt.Println("begun")
		}
	}
}

// An update that is given up leaves the index as it was.
func TestCancelledUpdate(t *testing.T) {
	old := short(40)
	ix := open(t, filepath.Join(t.TempDir(), "index.db"), old)
	ctx, cancel := context.WithCancel(t.Context())
	all := short(200)
	last := all[150]
	all[150] = content.NewPost(*last, func() content.Body {
		cancel()
		return last.Body()
	})
	if err := ix.Update(ctx, all); err == nil || ctx.Err() == nil {
		t.Fatalf("the update was not given up: %v", err)
	}
	same(t, ix, open(t, "", old))
	if err := ix.Update(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	same(t, ix, open(t, "", all))
}
