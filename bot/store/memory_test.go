package store_test

import (
	"strings"
	"testing"
	"time"
)

func TestMemory(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		want := func(key, want string) {
			t.Helper()
			if got, err := s.Recall(t.Context(), key); got != want || err != nil {
				t.Errorf("Recall(%s) = %q, %v; want %q", key, got, err, want)
			}
		}
		remember := func(key, value string, until time.Time) {
			t.Helper()
			if err := s.Remember(t.Context(), key, value, until); err != nil {
				t.Error(err)
			}
		}
		now := time.Now()
		want("telegram offset", "")
		remember("telegram offset", "1", time.Time{})
		remember("telegram offset", "2", time.Time{})
		remember("button", strings.Repeat("鈕", 64<<10/3), now.Add(time.Hour))
		remember("over", "x", now.Add(-time.Hour))
		remember("gone", "x", time.Time{})
		if err := s.Forget(t.Context(), "gone"); err != nil {
			t.Error(err)
		}
		want("telegram offset", "2")
		want("button", strings.Repeat("鈕", 64<<10/3))
		want("over", "")
		want("gone", "")
		if _, err := s.Prune(t.Context(), now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		want("telegram offset", "2")
		want("button", "")
		remember("over", "again", now.Add(time.Hour))
		want("over", "again")
	})
}

func TestMemoryIsBounded(t *testing.T) {
	s := open(t, t.TempDir()+"/herald.db")
	for _, tt := range []struct{ key, value string }{
		{"", "x"},
		{strings.Repeat("k", 257), "x"},
		{"k", strings.Repeat("v", 64<<10+1)},
	} {
		err := s.Remember(t.Context(), tt.key, tt.value, time.Time{})
		if err == nil || len(err.Error()) > 200 {
			t.Errorf("a key of %d and a value of %d bytes: %v", len(tt.key), len(tt.value), err)
		}
	}
}
