package discord

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// bucket is one of Discord's rate limits
// (https://discord.com/developers/docs/topics/rate-limits#header-format). What it
// allows is known from the headers of answers alone; until the first came, one
// request goes at a time.
type bucket struct {
	inFlight  int
	limit     int // 0: not known yet
	remaining int
	resetAt   time.Time
	span      time.Duration // the longest that a reset was ahead
	unlimited bool          // Discord answered and told of no limit
	blocked   time.Time
}

// wait returns how long until one more request fits; 0 and not open if that
// depends on an answer.
func (b *bucket) wait(now time.Time) (wait time.Duration, open bool) {
	if wait := b.blocked.Sub(now); wait > 0 {
		return wait, false
	}
	if b.unlimited {
		return 0, true
	}
	if b.limit == 0 {
		return 0, b.inFlight == 0
	}
	if !now.Before(b.resetAt) {
		b.remaining = b.limit
	}
	switch {
	case b.remaining-b.inFlight > 0:
		return 0, true
	case now.Before(b.resetAt):
		return b.resetAt.Sub(now), false
	}
	return 0, false
}

func (b *bucket) block(until time.Time) {
	if until.After(b.blocked) {
		b.blocked = until
	}
}

// idle reports whether nothing is lost by forgetting the bucket.
func (b *bucket) idle(now time.Time) bool {
	return b.inFlight == 0 && now.After(b.resetAt) && now.After(b.blocked)
}

// spend counts a request that ended, as if its answer said nothing.
func (b *bucket) spend(now time.Time) {
	b.inFlight--
	if !now.Before(b.resetAt) {
		b.remaining, b.resetAt = b.limit, now.Add(b.span)
	}
	b.remaining = max(0, b.remaining-1)
}

// update takes over what the headers of an answer say. Answers may overtake each
// other, so within a span of time what remains only falls.
func (b *bucket) update(h headers, now time.Time) {
	known := b.limit > 0
	b.unlimited, b.limit, b.span = false, h.limit, max(b.span, h.resetAfter)
	if known {
		b.remaining = min(b.remaining, h.remaining)
	} else {
		b.remaining = h.remaining
	}
	b.resetAt = now.Add(h.resetAfter)
}

// headers are what an answer says about its bucket.
type headers struct {
	hash             string
	limit, remaining int
	resetAfter       time.Duration
}

// readHeaders reads them; ok is false unless all of them make sense.
func readHeaders(h http.Header) (r headers, ok bool) {
	limit, err1 := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	remaining, err2 := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	after, err3 := seconds(h.Get("X-RateLimit-Reset-After"))
	if err1 != nil || err2 != nil || err3 != nil || limit < 1 || remaining < 0 {
		return headers{}, false
	}
	return headers{hash: h.Get("X-RateLimit-Bucket"), limit: limit, remaining: remaining, resetAfter: after}, true
}

// seconds reads a number of seconds, rounded up to a millisecond.
func seconds(s string) (time.Duration, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, err
	}
	if math.IsNaN(f) || f < 0 || f > 1e6 {
		return 0, strconv.ErrRange
	}
	return time.Duration(math.Ceil(f*1000)) * time.Millisecond, nil
}

// bucket returns the bucket of a route, which Discord may call the same for
// several.
func (l *limiter) bucket(r route, now time.Time) *bucket {
	key := l.key(r)
	b := l.buckets[key]
	if b == nil {
		l.sweep(now)
		b = new(bucket)
		l.buckets[key] = b
	}
	return b
}

func (l *limiter) key(r route) string {
	if hash := l.hashes[r.name]; hash != "" {
		return hash + " " + r.major
	}
	return r.name + " " + r.major
}

// learn takes over what an answer says about its bucket.
func (l *limiter) learn(t *ticket, header http.Header, now time.Time) {
	h, ok := readHeaders(header)
	if !ok {
		if header.Get("X-RateLimit-Bucket") == "" && t.bucket.limit == 0 {
			t.bucket.unlimited = true
		}
		return
	}
	if h.hash != "" && l.hashes[t.route.name] != h.hash {
		l.hashes[t.route.name] = h.hash
	}
	t.bucket.update(h, now)
	if shared := l.buckets[l.key(t.route)]; shared == nil {
		l.buckets[l.key(t.route)] = t.bucket
	} else if shared != t.bucket {
		shared.update(h, now)
	}
}

// sweep forgets the buckets that nothing is known about any more, so that their
// number stays that of the channels in use.
func (l *limiter) sweep(now time.Time) {
	if len(l.buckets) < l.sweepAt {
		return
	}
	for key, b := range l.buckets {
		if b.idle(now) {
			delete(l.buckets, key)
		}
	}
	l.sweepAt = max(64, 2*len(l.buckets))
}
