package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"cloudnative.tw/herald/bot"
)

// A post of which nobody knows whether it was said is in doubt, over restarts
// too, until it is known to be said. Whoever sends it looks for it first. So it
// can be tried again once Discord answers: during an outage neither the post nor
// the question whether it arrived gets through.

// doubtKey is where Memory keeps the posts in doubt.
const doubtKey = "discord/doubts"

const (
	// maxDoubts is how many posts are in doubt at once, at most; each channel has
	// one at a time.
	maxDoubts = 1000
	// askAgain is when to look again for a post, if Discord could not be asked.
	askAgain = 30 * time.Second
	// doubtWithin bounds the writing of a doubt, also when a call has run out of
	// time.
	doubtWithin = 5 * time.Second
)

var errTooManyDoubts = errors.New("too many posts are in doubt")

// doubts are posts in doubt. What is known of them is read each time, because
// another process may have spoken since.
type doubts struct {
	memory Memory
	mu     sync.Mutex // one change at a time
}

// doubtful are posts in doubt by their keys' tokens, and since when, in seconds of
// Unix time.
type doubtful map[string]int64

// load recalls the posts in doubt, this process's and those of others.
func (d *doubts) load(ctx context.Context) (doubtful, error) {
	stored, err := d.memory.Recall(ctx, doubtKey)
	if err != nil {
		return nil, fmt.Errorf("recalling which posts are in doubt: %w", err)
	}
	since := make(doubtful)
	if stored != "" {
		if err := json.Unmarshal([]byte(stored), &since); err != nil {
			return nil, fmt.Errorf("recalling which posts are in doubt: %w", err)
		}
	}
	oldest := time.Now().Add(-confirmAge).Unix()
	maps.DeleteFunc(since, func(_ string, at int64) bool { return at < oldest })
	return since, nil
}

func (d *doubts) has(ctx context.Context, token string) (bool, error) {
	since, err := d.load(ctx)
	_, ok := since[token]
	return ok, err
}

// add puts a post in doubt.
func (d *doubts) add(ctx context.Context, token string) error {
	return d.change(ctx, func(since doubtful) (changed bool, err error) {
		_, ok := since[token]
		switch {
		case ok:
			return false, nil
		case len(since) >= maxDoubts:
			return false, errTooManyDoubts
		}
		since[token] = time.Now().Unix()
		return true, nil
	})
}

// settle takes a post out of doubt.
func (d *doubts) settle(ctx context.Context, token string) error {
	return d.change(ctx, func(since doubtful) (changed bool, err error) {
		_, ok := since[token]
		delete(since, token)
		return ok, nil
	})
}

// change changes the doubts, and remembers them if that made a difference.
func (d *doubts) change(ctx context.Context, change func(doubtful) (changed bool, err error)) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), doubtWithin)
	defer cancel()
	d.mu.Lock()
	defer d.mu.Unlock()
	since, err := d.load(ctx)
	if err != nil {
		return err
	}
	changed, err := change(since)
	if err != nil || !changed {
		return err
	}
	stored, err := json.Marshal(since)
	if err == nil {
		err = d.memory.Remember(ctx, doubtKey, string(stored))
	}
	if err != nil {
		return fmt.Errorf("remembering which posts are in doubt: %w", err)
	}
	return nil
}

// said is told how the sending of a post ended, and keeps or ends the doubt.
func (d *Discord) said(ctx context.Context, act bot.Act, sendErr error) error {
	var err error
	switch {
	case sendErr == nil:
		err = d.doubts.settle(ctx, act.Token())
	case errors.Is(sendErr, bot.ErrUnknownOutcome):
		err = d.doubts.add(ctx, act.Token())
	}
	if err != nil {
		d.log.Warn("discord: a doubt is not remembered", "error", err)
	}
	return sendErr
}

// sure reports whether an error of looking for a post would be the same the next
// time. Any other means that Discord could not be asked.
func sure(err error) bool {
	for _, reason := range []error{bot.ErrPermanent, errUnreadable, errTooBusy, errSameWords} {
		if errors.Is(err, reason) {
			return true
		}
	}
	return false
}

// later has a post in doubt tried again, when Discord could not be asked about
// it; whoever sends it then looks for it first.
func later(err error) error {
	var wait *bot.RetryAfterError
	if errors.As(err, &wait) {
		return err
	}
	return &bot.RetryAfterError{Wait: askAgain, Err: err}
}
