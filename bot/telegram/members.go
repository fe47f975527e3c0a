package telegram

import (
	"sync"
	"time"
)

// Each member may ask memberBurst times at once and then once each memberEvery.
const (
	memberBurst = 8
	memberEvery = 2 * time.Second
)

// members keeps one member's commands from crowding out the others'.
type members struct {
	mu    sync.Mutex
	all   map[int64]*member
	swept time.Time
}

type member struct {
	// full is when a burst would be allowed again in full.
	full time.Time
	// told tells that the member was told to wait, and hears nothing more until
	// full has passed.
	told bool
}

// verdict is what becomes of a member's command.
type verdict uint8

const (
	answerIt verdict = iota
	tellToWait
	beSilent
)

func (m *members) ask(now time.Time, id int64) verdict {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sweep(now)
	who := m.all[id]
	if who == nil {
		who = new(member)
		m.all[id] = who
	}
	if !who.full.After(now) {
		who.full, who.told = now, false
	}
	switch {
	case who.told:
		return beSilent
	case who.full.Sub(now) > (memberBurst-1)*memberEvery:
		who.told = true
		return tellToWait
	}
	who.full = who.full.Add(memberEvery)
	return answerIt
}

// sweep forgets members who have not asked for a while.
func (m *members) sweep(now time.Time) {
	if now.Sub(m.swept) < time.Minute {
		return
	}
	m.swept = now
	for id, who := range m.all {
		if now.After(who.full) {
			delete(m.all, id)
		}
	}
}

// recent holds the last numbers that were added to it.
type recent struct {
	ring []int64
	at   int
	set  map[int64]bool
}

func newRecent(n int) *recent {
	return &recent{ring: make([]int64, n), set: make(map[int64]bool, n)}
}

func (r *recent) has(id int64) bool { return r.set[id] }

func (r *recent) add(id int64) {
	delete(r.set, r.ring[r.at])
	r.ring[r.at] = id
	r.at = (r.at + 1) % len(r.ring)
	r.set[id] = true
}
