package discord

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"cloudnative.tw/herald/bot"
)

// Herald keeps its own connection to the gateway. discordgo's may hang for ever
// when the gateway says something out of turn, begins sessions without a pause
// or a limit, and cannot be stopped while it waits.

// gatewayPlan is Discord's answer to how to connect
// (https://discord.com/developers/docs/events/gateway#get-gateway-bot).
type gatewayPlan struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Limit  struct {
		Total      int   `json:"total"`
		Remaining  int   `json:"remaining"`
		ResetAfter int64 `json:"reset_after"` // milliseconds
	} `json:"session_start_limit"`
}

const (
	// retryMin and retryMax are the pauses between attempts to connect, doubling.
	// They are shortened by up to half by chance.
	retryMin = time.Second
	retryMax = time.Minute
	// stable is how long a connection must last to be taken for a good one.
	stable = time.Minute
)

// retryPause returns the pause before attempt n, counted from 0.
func retryPause(n int) time.Duration {
	d := min(retryMin<<min(n, 16), retryMax)
	return d/2 + rand.N(d/2)
}

// Run connects to the gateway and answers commands until ctx ends, which is no
// error. A *FatalError says what a person has to change first; every other
// trouble is waited out.
func (d *Discord) Run(ctx context.Context) error {
	var answering sync.WaitGroup
	defer answering.Wait()
	for attempt := 0; ctx.Err() == nil; attempt++ {
		plan, err := d.askGateway(ctx)
		if errors.Is(err, errUnauthorized) {
			return &FatalError{What: wrongToken}
		}
		if err == nil {
			began := time.Now()
			err = d.connect(ctx, plan, &answering)
			if time.Since(began) > stable {
				attempt = 0
			}
		}
		var fatal *FatalError
		switch {
		case errors.As(err, &fatal):
			return err
		case ctx.Err() == nil:
			d.log.Warn("discord: not connected; trying again", "error", err)
			if waitFor(ctx, err, attempt) != nil {
				return nil
			}
		}
	}
	return nil
}

// waitFor waits as long as err asks for, or as attempts deserve.
func waitFor(ctx context.Context, err error, attempt int) error {
	var wait *bot.RetryAfterError
	if errors.As(err, &wait) {
		return sleep(ctx, wait.Wait)
	}
	return sleep(ctx, retryPause(attempt))
}

// sleep waits, or returns the context's error when that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *Discord) askGateway(ctx context.Context) (gatewayPlan, error) {
	var plan gatewayPlan
	err := d.rest.call(ctx, request{doing: "asking for the gateway", method: "GET", path: "/gateway/bot", into: &plan})
	switch {
	case err != nil:
		return plan, err
	case plan.URL == "" || plan.Shards < 1:
		return plan, errors.New("asking for the gateway: discord names none")
	case plan.Limit.Total > 0 && plan.Limit.Remaining < 1:
		wait := time.Duration(plan.Limit.ResetAfter) * time.Millisecond
		return plan, &bot.RetryAfterError{Wait: min(max(wait, retryMin), day), Global: true, Err: errors.New("no sessions are left for today")}
	}
	return plan, nil
}

// connect runs all shards until one of them ends for good.
func (d *Discord) connect(ctx context.Context, plan gatewayPlan, answering *sync.WaitGroup) error {
	gate := newIdentifyGate(ctx, d.config.Memory, d.log, plan.Shards)
	group, ctx := errgroup.WithContext(ctx)
	for i := range plan.Shards {
		s := &shard{
			discord: d, gate: gate, answering: answering, gateway: plan.URL, number: i, of: plan.Shards,
			log: d.log.With("shard", fmt.Sprintf("%d/%d", i, plan.Shards)),
		}
		group.Go(func() error { return s.run(ctx) })
	}
	if d.config.Handler != nil {
		group.Go(func() error { d.keepRegistered(ctx); return nil })
	}
	return group.Wait()
}
