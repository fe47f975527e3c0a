package outbox

import "time"

const (
	firstRetry = time.Second
	maxRetry   = 10 * time.Minute
	// minWait keeps a platform that asks for no wait at all from being asked
	// again without any pause; maxWait keeps a wrong number from silencing a
	// channel for good.
	minWait = 100 * time.Millisecond
	maxWait = 24 * time.Hour
)

// backoff returns how long to wait after the given number of attempts: twice as
// long each time up to maxRetry, give or take a quarter, so that channels that
// failed together do not come back together. random is in [0, 1).
func backoff(attempts int, random float64) time.Duration {
	wait := maxRetry
	if shift := attempts - 1; shift < 10 { // 2^10 seconds is beyond maxRetry
		wait = min(firstRetry<<max(shift, 0), maxRetry)
	}
	return time.Duration(float64(wait) * (0.75 + random/2))
}
