package outbox

import "time"

const (
	firstRetry = time.Second
	maxRetry   = 10 * time.Minute
	firstAsk   = 30 * time.Second
	maxAsk     = 5 * time.Minute
	// minWait keeps a platform that asks for no wait at all from being asked
	// again without any pause.
	minWait = 100 * time.Millisecond
)

// MaxWait is the longest pause of a lane or a platform. It keeps a wrong number
// from silencing a channel for good.
const MaxWait = 24 * time.Hour

// backoff returns how long to wait after the given number of attempts: first
// after one, twice as long each time up to longest, give or take a quarter, so
// that channels that failed together do not come back together. random is in
// [0, 1).
func backoff(first, longest time.Duration, attempts int, random float64) time.Duration {
	wait := longest
	if shift := attempts - 1; shift < 10 { // 2^10 times first is beyond longest
		wait = min(first<<max(shift, 0), longest)
	}
	return time.Duration(float64(wait) * (0.75 + random/2))
}
