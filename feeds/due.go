package feeds

import (
	"hash/fnv"
	"time"
)

const (
	// maxWait is the longest that a source is left alone because it says so.
	maxWait = 24 * time.Hour
	// minHostWait and maxHostWait are how long a host is left alone that refuses
	// all: twice as long each time.
	minHostWait = time.Minute
	maxHostWait = time.Hour
	// minRetry is how soon what could not be taken in is asked for again.
	minRetry = time.Minute
)

// share returns where in its interval a source has its place, in [0, 1). It is
// the same in every process, so that replicas and restarts keep to it.
func share(name string) float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	// The top bits of FNV differ little between short names.
	return float64(h.Sum64()*0x9E3779B97F4A7C15>>11) / (1 << 53)
}

// jitter returns a part of w's interval that is w's own, by which it comes later
// than others that were told the same.
func (w *watched) jitter() time.Duration { return time.Duration(w.share * float64(w.Every) / 4) }

// after returns when w is due after a poll at now that went well. Polls keep to
// w's place in its interval, so that sources which began together, at a start or
// after a night without network, do not stay together. Those that want to be
// left alone for longer, which wait tells, part by the jitter.
func (w *watched) after(now time.Time, wait time.Duration) time.Time {
	if wait > w.Every/2 {
		return now.Add(max(min(wait, maxWait), w.Every) + w.jitter())
	}
	place := time.Duration(w.share * float64(w.Every))
	soonest := now.Add(w.Every / 2)
	due := soonest.Truncate(w.Every).Add(place)
	if due.Before(soonest) {
		due = due.Add(w.Every)
	}
	return due
}

// backoff returns how long a source is left alone that failed the given number
// of times: twice as long each time up to longest, give or take a quarter.
// random is in [0, 1).
func backoff(every, longest time.Duration, failures int, random float64) time.Duration {
	wait := every
	for range failures - 1 {
		if wait *= 2; wait >= longest {
			break
		}
	}
	wait = max(min(wait, longest), every)
	return time.Duration(float64(wait) * (0.75 + random/2))
}

// refused leaves the host alone that refused w. wait is how long it asks for, or
// 0.
func (h *host) refused(now time.Time, wait time.Duration) {
	h.failures++
	if wait == 0 {
		wait = minHostWait << min(h.failures-1, 10)
		wait = min(wait, maxHostWait)
	}
	if until := now.Add(min(wait, maxWait)); until.After(h.until) {
		h.until = until
	}
}
