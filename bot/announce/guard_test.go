package announce

import "testing"

func TestTooMany(t *testing.T) {
	tests := []struct {
		n, of int
		want  bool
	}{
		{0, 0, false}, {1, 0, false}, {1, 1, false}, {1, 4, false}, {2, 4, true}, {2, 10, true}, {2, 11, false},
		{3, 15, true}, {3, 16, false}, {4, 1000, true},
	}
	for _, tt := range tests {
		if got := tooMany(tt.n, tt.of); got != tt.want {
			t.Errorf("tooMany(%d of %d) = %t", tt.n, tt.of, got)
		}
	}
}

func TestNothingLeftIsAlwaysHeld(t *testing.T) {
	g := guard{known: map[string]int{"blog": 1, "meetups": 2}, gone: map[string]int{"blog": 1, "meetups": 1}}
	if g.holdGone("blog") == "" || g.holdGone("meetups") != "" {
		t.Errorf("blog: %q, meetups: %q", g.holdGone("blog"), g.holdGone("meetups"))
	}
}
