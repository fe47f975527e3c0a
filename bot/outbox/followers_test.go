package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
)

// following is a platform that can do all that follows a message.
type following struct{ *platform }

func (p following) Publish(_ context.Context, act bot.Act) error { return p.act(act) }
func (p following) Pin(_ context.Context, act bot.Act) error     { return p.act(act) }
func (p following) Thread(_ context.Context, act bot.Act) error  { return p.act(act) }

// follow records a post with what follows it.
func (d *desk) follow(channel bot.Address, subject string, followers ...bot.ActKind) {
	d.Helper()
	d.record(announce.Act{
		Act:       bot.Act{Kind: bot.Post, Key: bot.Key{Subject: subject, Address: channel, Occasion: bot.OccasionNew}},
		Followers: followers, NotBefore: d.now, Until: d.now.Add(72 * time.Hour),
	})
}

func TestFollowers(t *testing.T) {
	p := &platform{fail: func(act bot.Act, _ int) error {
		if act.Kind != bot.Post && act.MessageID != "m-"+act.Subject {
			return fmt.Errorf("of message %q: %w", act.MessageID, bot.ErrPermanent)
		}
		return nil
	}}
	d := newDesk(t, following{p})
	d.follow(channel("a"), "1", bot.Publish, bot.Pin, bot.Thread)
	d.drain()
	d.want("1 sent", "1 sent", "1 sent", "1 sent")
	if got := p.said(); len(got) != 4 || got[0] != "post 1" {
		t.Errorf("said: %v", got)
	}
}

func TestAPlatformThatCannotFollow(t *testing.T) {
	d := newDesk(t, &platform{})
	d.follow(channel("a"), "1", bot.Publish, bot.Pin, bot.Thread)
	d.drain()
	d.want("1 sent", "1 skipped", "1 skipped", "1 skipped")
	if e := d.entry("1"); e.Reason != "not possible on this platform" {
		t.Errorf("reason %q", e.Reason)
	}
}

// Whatever goes wrong with a follower, the lane goes on, and the message is not
// said again.
func TestTroubleOfAFollowerIsItsOwn(t *testing.T) {
	for _, tt := range []struct {
		name   string
		err    error
		again  time.Duration // when it is tried again; 0 for never
		reason string
	}{
		{"an hourly budget", &bot.RetryAfterError{Wait: time.Hour}, time.Hour, "wait 1h0m0s for this channel"},
		{"a server error", errors.New("502"), time.Second, "502"},
		{"an unknown outcome", bot.ErrUnknownOutcome, time.Second, "outcome unknown"},
		{"a refusal", bot.ErrPermanent, 0, "refused for good"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &platform{fail: func(act bot.Act, n int) error {
				if act.Kind == bot.Publish && n == 1 {
					return tt.err
				}
				return nil
			}}
			d := newDesk(t, following{p})
			d.follow(channel("a"), "1", bot.Publish)
			d.drain()
			d.owe(channel("a"), "2", "3")
			d.drain()
			want := outbox.Owed
			if tt.again == 0 {
				want = outbox.Failed
			}
			d.want("1 sent", "1 "+string(want), "2 sent", "3 sent")
			if e := d.entry("1"); e.Reason != tt.reason {
				t.Errorf("reason %q, want %q", e.Reason, tt.reason)
			}
			if tt.again == 0 {
				return
			}
			d.now = d.now.Add(tt.again - time.Millisecond)
			d.drain()
			d.want("1 sent", "1 owed", "2 sent", "3 sent")
			d.now = d.now.Add(time.Millisecond)
			d.drain()
			d.want("1 sent", "1 sent", "2 sent", "3 sent")
			if diff := cmp.Diff([]string{"post 1", "post 2", "post 3", "publish 1"}, p.said()); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
		})
	}
}

// A wait for the whole platform holds up followers too.
func TestFollowersWaitForTheirPlatform(t *testing.T) {
	p := &platform{fail: func(act bot.Act, n int) error {
		switch {
		case act.Kind == bot.Pin && n == 1:
			return errors.New("502")
		case act.Subject == "2" && n == 1:
			return &bot.RetryAfterError{Wait: time.Minute, Global: true}
		}
		return nil
	}}
	d := newDesk(t, following{p})
	d.follow(channel("a"), "1", bot.Pin)
	d.drain()
	d.owe(channel("b"), "2")
	d.drain()
	d.now = d.now.Add(time.Minute - time.Millisecond)
	d.drain()
	d.want("1 sent", "1 owed", "2 owed")
	d.now = d.now.Add(time.Millisecond)
	d.drain()
	d.want("1 sent", "1 sent", "2 sent")
}
