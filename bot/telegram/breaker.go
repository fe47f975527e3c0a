package telegram

import (
	"sync"
	"time"
)

// A breaker keeps calls back while Telegram cannot be reached or answers
// nonsense: an act that is sent then has an unknown outcome, and one such act is
// enough. After a while one harmless call finds out whether all is well again.
type breaker struct {
	mu       sync.Mutex
	failures int
	next     time.Time // when the next attempt may be made; zero while all is well
	reason   string
}

const (
	firstRest = time.Second
	maxRest   = time.Minute
)

// rest returns how long calls are kept back, 0 while all is well. probe tells
// that the caller is to find out whether all is well again.
func (b *breaker) rest(now time.Time) (wait time.Duration, probe bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.next.IsZero():
		return 0, false
	case now.Before(b.next):
		return b.next.Sub(now), false
	}
	b.next = now.Add(restAfter(b.failures)) // the others wait for this one's probe
	return b.next.Sub(now), true
}

// fail counts a call that Telegram did not answer, and returns how long to rest.
func (b *breaker) fail(now time.Time, reason string) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures++
	b.reason = reason
	b.next = now.Add(restAfter(b.failures))
	return b.next.Sub(now)
}

// good tells that Telegram answers.
func (b *breaker) good() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures, b.next, b.reason = 0, time.Time{}, ""
}

func (b *breaker) trouble() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.reason
}

// restAfter doubles from firstRest to maxRest.
func restAfter(failures int) time.Duration {
	rest := firstRest
	for range min(failures-1, 6) {
		rest *= 2
	}
	return min(rest, maxRest)
}
