package spool

import (
	"math/rand/v2"
	"testing"
)

// FileSize returns how large the file is.
func FileSize(s *Spool) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.room.size
}

// Used returns how much of it texts have.
func Used(s *Spool) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	used := s.room.size
	for _, hole := range s.room.holes {
		used -= hole.size
	}
	return used
}

// Break makes every use of the file fail from now on.
func Break(s *Spool) error { return s.file.Close() }

// Extents never overlap, and what is given back whole leaves nothing.
func TestRoom(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		var r room
		var used []extent
		for range 300 {
			if len(used) > 0 && rnd.IntN(5) < 2 {
				i := rnd.IntN(len(used))
				r.give(used[i])
				used[i] = used[len(used)-1]
				used = used[:len(used)-1]
				continue
			}
			e := r.take(rnd.Int64N(4 * block))
			if e.end() > r.size {
				t.Fatalf("seed %d: %v is beyond the end at %d", seed, e, r.size)
			}
			for _, other := range used {
				if e.offset < other.end() && other.offset < e.end() {
					t.Fatalf("seed %d: %v and %v overlap", seed, e, other)
				}
			}
			used = append(used, e)
		}
		for _, e := range used {
			r.give(e)
		}
		if len(r.holes) != 0 || r.size != 0 {
			t.Fatalf("seed %d: %v of %d bytes is left", seed, r.holes, r.size)
		}
	}
}
