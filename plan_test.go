package main

import (
	"path/filepath"
	"testing"
	"time"
)

// TestPlanOfALaterSpan proves that a span that begins later shows what lies in
// it: what falls due before is neither shown nor taken for late.
func TestPlanOfALaterSpan(t *testing.T) {
	cfg, found := parseConfig(`
community: {name: Example, language: en, timezone: UTC}
channels: {here: {console: true}}
announcements: {hello: {text: Hello, to: here, schedule: day 5 12:00}}
`, t.TempDir())
	if wrong(found) {
		t.Fatal(found)
	}
	cfg.Store = filepath.Join(t.TempDir(), "herald.db")
	a, err := newApp(environmentWith(nil), cfg) // it is 2 January 2024 there
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	for _, test := range []struct {
		from, to string
		want     []string
	}{
		{"2024-01-06", "2024-03-01", []string{"2024-02-05 12:00"}},
		{"2024-01-02", "2024-01-06", []string{"2024-01-05 12:00"}}, // from today is from now
		{"2024-01-05T12:00", "2024-02-05T12:00", []string{"2024-01-05 12:00", "2024-02-05 12:00"}},
		{"2023-11-01", "2023-12-31", []string{"2023-11-05 12:00", "2023-12-05 12:00"}},
	} {
		span, err := a.parseSpan(test.from, test.to)
		if err != nil {
			t.Fatal(err)
		}
		p, err := a.plan(t.Context(), span)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range p.said {
			got = append(got, s.at.UTC().Format("2006-01-02 15:04"))
		}
		if len(got) != len(test.want) {
			t.Errorf("from %s to %s: %v, want %v", test.from, test.to, got, test.want)
			continue
		}
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("from %s to %s: %v, want %v", test.from, test.to, got, test.want)
			}
		}
	}
	if _, err := a.parseSpan(time.Now().Format(time.DateOnly), "2023-01-01"); err == nil {
		t.Error("a span that ends before it begins")
	}
}
