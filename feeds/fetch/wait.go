package fetch

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// minRetryAfter and maxWait bound what a server may ask for: neither is it
	// asked again at once, nor does a wrong number silence a source for good.
	minRetryAfter = time.Minute
	maxWait       = 24 * time.Hour
)

// freshness returns how long an answer with header h says it stays true: RFC
// 9111, section 4.2.1, max-age before Expires. It is 0 if it does not say, and
// a day at most. Expires is held against the server's own Date, so that a clock
// that is wrong there does no harm.
func freshness(h http.Header, now time.Time) time.Duration {
	maxAge, stated := time.Duration(0), false
	for _, line := range h.Values("Cache-Control") {
		for directive := range strings.SplitSeq(line, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
			switch strings.ToLower(name) {
			case "no-cache", "no-store":
				return 0
			case "max-age":
				if d, ok := seconds(strings.Trim(value, `"`)); ok && !stated {
					maxAge, stated = d, true
				}
			}
		}
	}
	if !stated {
		expires, err := http.ParseTime(h.Get("Expires"))
		if err != nil {
			return 0
		}
		return clamp(expires.Sub(serverTime(h, now)), 0)
	}
	age, _ := seconds(h.Get("Age"))
	return clamp(maxAge-age, 0)
}

// retryAfter returns how long an answer asks to be left alone: RFC 9110,
// section 10.2.3, seconds or a date, between a minute and a day; 0 if it does
// not say.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if wait, ok := seconds(value); ok {
		return clamp(wait, minRetryAfter)
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return clamp(until.Sub(serverTime(h, now)), minRetryAfter)
}

func serverTime(h http.Header, now time.Time) time.Time {
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		return date
	}
	return now
}

// seconds reads a delta-seconds of RFC 9111, section 1.2.2: digits only, and
// what is too large to be held is as large as can be.
func seconds(text string) (time.Duration, bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n > math.MaxInt32 {
		n = math.MaxInt32
	}
	return time.Duration(n) * time.Second, true
}

// clamp returns d, or what of low and a day is nearer to it.
func clamp(d, low time.Duration) time.Duration { return min(max(d, low), maxWait) }
