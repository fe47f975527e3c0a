package spool_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudnative.tw/herald/content/spool"
)

// text returns the nth text, of about 4 KB.
func text(n int) []byte { return bytes.Repeat(fmt.Appendf(nil, "第 %d 篇 ", n), 256) }

// many is more than fits in memory.
const many = 3 * spool.MemorySize / 3000

func newSpool(t *testing.T, dir string) (*spool.Spool, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	s := spool.New(dir, slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, &log
}

func TestTextsComeBack(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(t *testing.T) *spool.Spool
	}{
		{"in memory", func(*testing.T) *spool.Spool { return nil }},
		{"in a file", func(t *testing.T) *spool.Spool { s, _ := newSpool(t, t.TempDir()); return s }},
		{"nowhere to write", func(t *testing.T) *spool.Spool {
			s, log := newSpool(t, filepath.Join(t.TempDir(), "missing"))
			t.Cleanup(func() {
				if n := strings.Count(log.String(), "kept in memory"); n != 1 {
					t.Errorf("the log tells %d times: %s", n, log)
				}
			})
			return s
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := test.make(t)
			var kept []*spool.Text
			for n := range many {
				kept = append(kept, s.Keep(text(n)))
			}
			kept = append(kept, s.Keep(nil))
			for n, got := range kept[:many] {
				if !bytes.Equal(got.Bytes(), text(n)) {
					t.Fatalf("text %d is %.40q", n, got.Bytes())
				}
			}
			if got := kept[many].Bytes(); len(got) != 0 {
				t.Errorf("nothing is %q", got)
			}
		})
	}
}

// Long texts and short ones, of which some make room for others of another length.
func TestTextsOfAllLengths(t *testing.T) {
	s, _ := newSpool(t, t.TempDir())
	rnd := rand.New(rand.NewPCG(1, 2))
	kept, want := make([]*spool.Text, 200), make([][]byte, 200)
	for round := range 5 {
		for n := range kept {
			if round == 0 || rnd.IntN(3) == 0 {
				want[n] = bytes.Repeat([]byte{byte(rnd.IntN(256))}, 1<<rnd.IntN(19)+rnd.IntN(1000))
				kept[n] = s.Keep(want[n])
			}
		}
		runtime.GC()
		for n, got := range kept {
			if !bytes.Equal(got.Bytes(), want[n]) {
				t.Fatalf("round %d: text %d of %d bytes has %d, or others", round, n, len(want[n]), len(got.Bytes()))
			}
		}
	}
}

// On a full disk what is not written yet stays where it is, and what comes after
// stays in memory.
func TestWritingFails(t *testing.T) {
	var log bytes.Buffer
	s := spool.New(t.TempDir(), slog.New(slog.NewTextHandler(&log, nil)))
	var kept []*spool.Text
	for n := range many {
		if kept = append(kept, s.Keep(text(n))); n == many/2 {
			if err := spool.Break(s); err != nil {
				t.Fatal(err)
			}
		}
	}
	for n := many/2 + 1; n < many; n++ {
		if got := kept[n].Bytes(); !bytes.Equal(got, text(n)) {
			t.Fatalf("text %d is %.40q", n, got)
		}
	}
	if n := strings.Count(log.String(), "kept in memory"); n != 1 {
		t.Errorf("the log tells %d times: %s", n, &log)
	}
}

func TestDataMayChangeAfterwards(t *testing.T) {
	s, _ := newSpool(t, t.TempDir())
	data := []byte("before")
	kept := s.Keep(data)
	copy(data, "after!")
	if got := string(kept.Bytes()); got != "before" {
		t.Errorf("the text is %q", got)
	}
}

// What nobody holds makes room for what comes, while what somebody holds stays:
// a bot that runs for years does not fill the disk.
func TestRoomIsUsedAgain(t *testing.T) {
	s, _ := newSpool(t, t.TempDir())
	const most = many * (3500 + 512)
	kept := make([]*spool.Text, many)
	for round := range 20 {
		for n := range kept {
			if n%7 != 0 || round == 0 {
				kept[n] = s.Keep(text(n + round))
			}
		}
		runtime.GC()
		waitFor(t, "the room of the round before", func() bool { return spool.Used(s) <= most })
	}
	for n, got := range kept {
		want := text(n + 19)
		if n%7 == 0 {
			want = text(n)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Fatalf("text %d is %.40q", n, got.Bytes())
		}
	}
	if size := spool.FileSize(s); size > 3*most {
		t.Errorf("the file has %d bytes, want at most %d", size, 3*most)
	}
	runtime.KeepAlive(kept)
}

// waitFor waits for what the garbage collector does beside us.
func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 2000 {
		if done() {
			return
		}
		runtime.Gosched()
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("%s did not come free", what)
}

func TestManyAtOnce(t *testing.T) {
	s, _ := newSpool(t, t.TempDir())
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			for n := g; n < many; n += 8 {
				kept := s.Keep(text(n))
				if !bytes.Equal(kept.Bytes(), text(n)) {
					t.Errorf("text %d is %.40q", n, kept.Bytes())
				}
			}
		})
	}
	group.Wait()
}

// Nothing is left behind, and little is not even written.
func TestFileLeavesNoTrace(t *testing.T) {
	dir := t.TempDir()
	s := spool.New(dir, slog.New(slog.DiscardHandler))
	s.Keep(text(1))
	if spool.FileSize(s) != 0 {
		t.Error("a small text was written to disk")
	}
	var kept []*spool.Text
	for n := range many {
		kept = append(kept, s.Keep(text(n)))
	}
	if spool.FileSize(s) == 0 {
		t.Error("nothing was written to disk")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left behind (error %v)", left, err)
	}
	if got := kept[many-1].Bytes(); len(got) > 0 {
		t.Errorf("after Close the text is %.40q", got)
	}
	if got := s.Keep(text(1)).Bytes(); !bytes.Equal(got, text(1)) {
		t.Errorf("kept after Close: %.40q", got)
	}
}
