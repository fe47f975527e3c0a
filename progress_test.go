package main

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"
)

// TestProgress proves that what is quick is not spoken of, that what is slow is,
// with the last that was said of it, and that nothing of it stays.
func TestProgress(t *testing.T) {
	for _, test := range []struct {
		name    string
		watched bool
		takes   time.Duration
		want    string
	}{
		{"quick", true, patience / 2, ""},
		{"slow", true, 2 * patience, wipe + "first …" + wipe + "second …" + wipe},
		{"nobody looks", false, 2 * patience, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				p := environment{err: &out, watched: test.watched}.progress()
				p.say("first")
				p.say("first")
				time.Sleep(test.takes)
				synctest.Wait()
				p.say("second")
				p.stop()
				p.say("third")
				p.stop()
				time.Sleep(2 * patience)
				if got := out.String(); got != test.want {
					t.Errorf("%q, want %q", got, test.want)
				}
			})
		})
	}
}
