package discord

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"cloudnative.tw/herald/bot"
)

const (
	// globalLimit requests a second are allowed to a bot, but for the answers to
	// interactions (https://discord.com/developers/docs/topics/rate-limits#global-rate-limit).
	globalLimit  = 50
	globalWindow = time.Second + 5*time.Millisecond // some slack for the drift of clocks
	// invalidLimit is how many requests may be refused (401, 403, 429) within
	// invalidWindow before nothing is asked any more. Discord bans an address at
	// 10,000 (https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans).
	invalidLimit  = 500
	invalidWindow = 10 * time.Minute
	// unauthorizedPause is how long nothing is asked after Discord refused the
	// token.
	unauthorizedPause = 10 * time.Minute
	// bannedPause is how long nothing is asked after a refusal that Discord's API
	// did not write and that does not say how long.
	bannedPause = 10 * time.Minute
	// patience is the longest that a request waits for its turn. Whoever has to
	// wait longer is told so, and is not kept.
	patience = 5 * time.Second
)

var (
	errTooManyRefused = errors.New("discord: too many requests were refused; it would ban this address")
	errUnauthorized   = errors.New("discord does not accept the token (DISCORD_TOKEN); reset it in the developer portal and set the new one")
	errBanned         = errors.New("discord refuses this address for a while")
	errBusy           = errors.New("discord's rate limit")
)

// limiter keeps a bot within all of Discord's limits. It is safe for concurrent
// use.
//
// A request counts against the global limit from when it is sent until a second
// after its answer came: Discord counted it somewhere in between, so that never
// more than 50 fall within one of its seconds, however late the network is.
type limiter struct {
	mu       sync.Mutex
	inFlight int
	answered []time.Time // answers of the last second, oldest first
	invalid  []time.Time // refusals of the last ten minutes, oldest first
	pause    time.Time   // until when nothing may be sent
	why      error       // why not
	buckets  map[string]*bucket
	hashes   map[string]string // the bucket's name by route
	sweepAt  int
	changed  chan struct{} // closed when a request ended
}

func newLimiter() *limiter {
	return &limiter{
		buckets: make(map[string]*bucket), hashes: make(map[string]string), sweepAt: 64, changed: make(chan struct{}),
	}
}

// ticket is the right to send one request. It must be given back with done.
type ticket struct {
	limiter *limiter
	route   route
	bucket  *bucket
}

// route is what Discord's limits tell requests apart by.
type route struct {
	// name is the method and the path's template, major the channel, guild or
	// webhook in it.
	name, major string
	// free is whether it answers an interaction: outside the global limit, and
	// never made to wait.
	free bool
}

// acquire waits until a request may be sent. A *bot.RetryAfterError says that it
// would have to wait too long; another error is the context's.
func (l *limiter) acquire(ctx context.Context, r route) (*ticket, error) {
	for {
		t, wait, err := l.try(r)
		if t != nil || err != nil {
			return t, err
		}
		if err := l.wait(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// turn is how long to wait before trying again, and a channel that is closed when
// that may be sooner.
type turn struct {
	after time.Duration // 0: only until changed
	early <-chan struct{}
}

func (l *limiter) try(r route) (*ticket, turn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if err := l.tooManyRefused(now); err != nil {
		return nil, turn{}, err
	}
	if wait := l.pause.Sub(now); wait > 0 && (!r.free || !errors.Is(l.why, errBusy)) {
		if wait > patience {
			return nil, turn{}, &bot.RetryAfterError{Wait: wait, Global: true, Err: l.why}
		}
		return nil, turn{after: wait, early: l.changed}, nil
	}
	if r.free {
		return &ticket{limiter: l, route: r}, turn{}, nil
	}
	b := l.bucket(r, now)
	bucketWait, bucketOpen := b.wait(now)
	globalWait, globalOpen := l.globalWait(now)
	if bucketOpen && globalOpen {
		b.inFlight++
		l.inFlight++
		return &ticket{limiter: l, route: r, bucket: b}, turn{}, nil
	}
	if bucketWait > patience {
		return nil, turn{}, &bot.RetryAfterError{Wait: bucketWait, Err: errBusy}
	}
	return nil, turn{after: max(bucketWait, globalWait), early: l.changed}, nil
}

func (l *limiter) wait(ctx context.Context, t turn) error {
	var timeout <-chan time.Time
	if t.after > 0 {
		timer := time.NewTimer(t.after)
		defer timer.Stop()
		timeout = timer.C
	}
	select {
	case <-timeout:
	case <-t.early:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// tooManyRefused tells that nothing may be sent before some refusals are old.
func (l *limiter) tooManyRefused(now time.Time) error {
	for len(l.invalid) > 0 && now.Sub(l.invalid[0]) >= invalidWindow {
		l.invalid = l.invalid[1:]
	}
	if len(l.invalid) >= invalidLimit {
		return &bot.RetryAfterError{Wait: l.invalid[0].Add(invalidWindow).Sub(now), Global: true, Err: errTooManyRefused}
	}
	return nil
}

// globalWait returns how long until one more request fits into the global limit;
// 0 and not open if that depends on an answer.
func (l *limiter) globalWait(now time.Time) (wait time.Duration, open bool) {
	for len(l.answered) > 0 && now.Sub(l.answered[0]) >= globalWindow {
		l.answered = l.answered[1:]
	}
	switch {
	case l.inFlight+len(l.answered) < globalLimit:
		return 0, true
	case len(l.answered) == 0:
		return 0, false
	}
	return l.answered[0].Add(globalWindow).Sub(now), false
}

// done tells how a request ended: status is 0 if there was no answer.
func (t *ticket) done(status int, header http.Header, refusal refusal) {
	l := t.limiter
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if t.bucket != nil {
		l.inFlight--
		l.answered = append(l.answered, now)
		t.bucket.spend(now)
		if status != 0 {
			l.learn(t, header, now)
		}
	}
	switch {
	case status == http.StatusUnauthorized && !t.route.free:
		l.halt(now.Add(unauthorizedPause), errUnauthorized)
		l.invalid = append(l.invalid, now)
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusTooManyRequests && !refusal.shared:
		l.invalid = append(l.invalid, now)
	}
	if status == http.StatusTooManyRequests {
		switch {
		case refusal.banned:
			l.halt(now.Add(refusal.wait), errBanned)
		case refusal.global:
			l.halt(now.Add(refusal.wait), errBusy)
		case t.bucket != nil:
			t.bucket.block(now.Add(refusal.wait))
		}
	}
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *limiter) halt(until time.Time, why error) {
	if until.After(l.pause) {
		l.pause, l.why = until, why
	}
}

// refusal is what an answer with status 429 says.
type refusal struct {
	wait time.Duration
	// global holds for the whole bot; shared is not the bot's doing and does not
	// count as invalid.
	global, shared bool
	// banned is a refusal that Discord's API did not write: of this address, and
	// of the answers to interactions too.
	banned bool
	code   int
}
