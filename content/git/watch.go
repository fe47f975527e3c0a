package git

import (
	"context"
	"math/rand/v2"
	"time"
)

// maxPause is the longest pause between fetches of a remote that fails, unless
// Config.Every is longer.
const maxPause = time.Hour

// Watch implements content.Origin. It fetches at once and then regularly, and
// less often the longer the remote fails.
func (r *Repository) Watch(ctx context.Context, changed func()) {
	poll(ctx, r.config.every(), func() error {
		err := r.Fetch(ctx)
		changed()
		return err
	})
}

// poll calls do until ctx ends.
func poll(ctx context.Context, every time.Duration, do func() error) {
	failures := 0
	for ctx.Err() == nil {
		if do() == nil {
			failures = 0
		} else {
			failures++
		}
		select {
		case <-ctx.Done():
		case <-time.After(jitter(pause(every, failures))):
		}
	}
}

// pause returns every, doubled for each failure after the first.
func pause(every time.Duration, failures int) time.Duration {
	longest := max(every, maxPause)
	for range failures - 1 {
		if every *= 2; every >= longest {
			return longest
		}
	}
	return every
}

// jitter changes d by up to a tenth, so that the repositories of many Heralds
// are not asked all at once.
func jitter(d time.Duration) time.Duration {
	return d*9/10 + rand.N(d/5+1)
}
