package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
)

const (
	// pollTime is how long Telegram may wait for something to happen, and
	// pollSlack how much longer its answer may take.
	pollTime, pollSlack = 50 * time.Second, 25 * time.Second
	// pollLimit is how many updates come at once at most
	// (https://core.telegram.org/bots/api#getupdates).
	pollLimit = 100
	// pollPause is how long after a batch the next is fetched although not all of
	// it is done: one slow chat does not keep the others waiting.
	pollPause = time.Second
	// offsetKey is where the offset is remembered, and offsetFor how long it is of
	// use: after a week without updates their numbers start anywhere
	// (https://core.telegram.org/bots/api#update).
	offsetKey = "telegram.offset"
	offsetFor = 6 * 24 * time.Hour
)

type getUpdates struct {
	Offset  int64    `json:"offset,omitzero"`
	Limit   int      `json:"limit"`
	Timeout int      `json:"timeout"`
	Allowed []string `json:"allowed_updates"`
}

// poll fetches updates until ctx ends. An update is confirmed to Telegram only
// when it and all before it are done, so a kill loses none. The exception is a
// flood: Telegram brings a hundred updates from the first that is not confirmed
// on, so when those are not done in a moment they are confirmed all the same, or
// nobody else would be heard.
func (r *receiver) poll(ctx context.Context) {
	handling := context.WithoutCancel(ctx)
	offset := r.recallOffset(ctx)
	var backoff backoff
	idle := r.now()
	for ctx.Err() == nil {
		timeout := pollTime
		if r.dispatcher.busy() {
			timeout = 0 // what is not confirmed comes back at once anyway
		} else if r.now().Sub(idle) > offsetFor {
			offset = r.forget()
		}
		raws, err := r.fetch(ctx, offset, timeout)
		if err != nil {
			if ctx.Err() == nil {
				r.pollFailed(ctx, err, &backoff)
			}
			continue
		}
		r.pollWorks(&backoff)
		next := offset
		for _, raw := range raws {
			next = max(next, r.take(handling, raw, offset)+1)
		}
		r.await(ctx)
		if len(raws) > 0 {
			idle = r.now()
			offset = r.dispatcher.confirm(next, len(raws) == pollLimit)
			r.rememberOffset(ctx, offset)
		}
	}
	r.dispatcher.stop(stopTime)
	if offset != 0 {
		ctx, cancel := context.WithTimeout(handling, rememberTime)
		defer cancel()
		r.rememberOffset(ctx, r.dispatcher.confirm(max(offset, r.seen+1), false))
	}
}

// forget begins to count anew, as Telegram may after a week without updates.
// Nothing may be open.
func (r *receiver) forget() (offset int64) {
	r.seen = 0
	r.dispatcher.forget()
	r.handled.forget()
	return 0
}

func (r *receiver) fetch(ctx context.Context, offset int64, timeout time.Duration) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout+pollSlack)
	defer cancel()
	var raws []json.RawMessage
	err := r.observe(r.api.call(ctx, "getUpdates", getUpdates{
		Offset: max(offset, 0), Limit: pollLimit, Timeout: int(timeout / time.Second), Allowed: allowedUpdates,
	}, &raws))
	return raws, err
}

// take has one update handled, and returns its number. One that makes no sense
// costs itself.
func (r *receiver) take(ctx context.Context, raw json.RawMessage, offset int64) int64 {
	u, err := readUpdate(raw)
	if err != nil {
		r.log.Warn("an update was passed over", "update", u.id, "err", fmt.Sprintf("%T", errors.Unwrap(err)))
		return u.id
	}
	r.seen = max(r.seen, u.id)
	if u.id >= offset && !r.taken.has(u.id) {
		r.taken.add(u.id)
		r.dispatcher.add(ctx, u)
	}
	return u.id
}

// await waits until everything taken is done, but not much longer than a moment.
func (r *receiver) await(ctx context.Context) {
	timer := time.NewTimer(pollPause)
	defer timer.Stop()
	for {
		done := r.dispatcher.oneOpen()
		if done == nil {
			break
		}
		select {
		case <-done:
			continue
		case <-timer.C:
		case <-ctx.Done():
		}
		break
	}
	if n := r.dispatcher.takePassed(); n > 0 {
		r.log.Warn("a chat asked for more than can be answered", "passed", n)
	}
}

func (r *receiver) recallOffset(ctx context.Context) int64 {
	value, err := r.memory.Recall(ctx, offsetKey)
	if err != nil {
		r.log.Warn("recalling how far updates were read", "err", err)
	}
	number, at, _ := strings.Cut(value, " ")
	offset, err1 := strconv.ParseInt(number, 10, 64)
	seconds, err2 := strconv.ParseInt(at, 10, 64)
	if err1 != nil || err2 != nil || r.now().Sub(time.Unix(seconds, 0)) > offsetFor {
		return 0
	}
	return offset
}

func (r *receiver) rememberOffset(ctx context.Context, offset int64) {
	now := r.now()
	value := strconv.FormatInt(offset, 10) + " " + strconv.FormatInt(now.Unix(), 10)
	if err := r.memory.Remember(ctx, offsetKey, value, now.Add(offsetFor)); err != nil && ctx.Err() == nil {
		r.log.Warn("remembering how far updates were read", "err", err)
	}
}

// backoff is how long polling rests after it failed.
type backoff struct {
	failures int
	// told is what was said of it last.
	told string
}

// pollFailed says once what is wrong, and waits.
func (r *receiver) pollFailed(ctx context.Context, err error, b *backoff) {
	b.failures++
	wait := restAfter(b.failures)
	what, hint, _ := Explain(err)
	switch kind := kindIn(err); kind {
	case Flood:
		wait = floodIn(err)
	case WebhookActive:
		if err := r.observe(r.api.call(ctx, "deleteWebhook", nil, nil)); err != nil {
			r.log.Warn("removing the webhook", "err", err)
		}
	case Unauthorized:
		wait = max(wait, unauthorizedWait)
	default:
	}
	if told := string(kindIn(err)); told != b.told || b.failures == 1 {
		b.told = told
		r.log.Error("no messages from Telegram: "+what.In(bot.English), "err", err, "hint", hint.In(bot.English))
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (r *receiver) pollWorks(b *backoff) {
	if b.failures > 0 {
		r.log.Info("messages from Telegram again", "failures", b.failures)
	}
	*b = backoff{}
}
