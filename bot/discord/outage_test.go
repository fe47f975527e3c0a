package discord

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/discord/discordtest"
)

// TestAnOutageAndARestart has a post carried out, its answer lost, and Discord
// gone until after a restart, when no nonce is remembered.
func TestAnOutageAndARestart(t *testing.T) {
	for _, kind := range []int{discordtest.Text, discordtest.Forum} {
		memory := &forgetful{values: make(map[string]string)}
		inWorld(t, discordtest.Calm(), func(c *Config) { c.Memory = memory }, func(t *testing.T, w *world) {
			channel := w.fake.Add(discordtest.Channel{Kind: kind})
			act := post(channel, "a")
			if _, err := w.place(w.ctx, channel); err != nil {
				t.Fatal(err)
			}
			knobs := discordtest.Calm()
			knobs.BadGateway = 1
			w.fake.Set(knobs)
			if _, err := w.Send(w.ctx, act); !errors.Is(err, bot.ErrUnknownOutcome) {
				t.Errorf("sent: %v", err)
			}
			knobs.Unavailable = 1
			w.fake.Set(knobs)
			var wait *bot.RetryAfterError
			if _, err := w.Confirm(w.ctx, act); !errors.As(err, &wait) {
				t.Errorf("confirmed: %v", err)
			}
			for range 10 {
				time.Sleep(10 * time.Minute)
				if _, err := w.Send(w.ctx, act); !errors.As(err, &wait) {
					t.Errorf("sent again: %v", err)
				}
			}
			restarted, err := New(w.config)
			if err != nil {
				t.Fatal(err)
			}
			w.Discord = restarted
			w.fake.Set(discordtest.Calm())
			id, err := w.Send(w.ctx, act)
			if err != nil || id == "" {
				t.Errorf("found %q: %v", id, err)
			}
			if n := len(w.fake.Messages(channel)) + len(w.fake.Threads(channel)); n != 1 {
				t.Errorf("said %d times", n)
			}
			if memory.values[doubtKey] != "{}" {
				t.Errorf("still in doubt: %s", memory.values[doubtKey])
			}
		})
	}
}

// TestAPostInDoubtOfAnotherProcess has one process send a post, its answer lost,
// and another one, which has spoken before, send it again.
func TestAPostInDoubtOfAnotherProcess(t *testing.T) {
	memory := &forgetful{values: make(map[string]string)}
	inWorld(t, discordtest.Calm(), func(c *Config) { c.Memory = memory }, func(t *testing.T, w *world) {
		channel := w.fake.Add(discordtest.Channel{Kind: discordtest.Forum}) // where no nonce helps
		other, err := New(w.config)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Send(w.ctx, post(channel, "before")); err != nil {
			t.Fatal(err)
		}
		if _, err := w.place(w.ctx, channel); err != nil {
			t.Fatal(err)
		}
		w.fake.Set(discordtest.Knobs{BadGateway: 1})
		act := post(channel, "a")
		if _, err := w.Send(w.ctx, act); !errors.Is(err, bot.ErrUnknownOutcome) {
			t.Errorf("sent: %v", err)
		}
		w.fake.Set(discordtest.Calm())
		if id, err := other.Send(w.ctx, act); err != nil || id == "" {
			t.Errorf("found %q: %v", id, err)
		}
		if n := len(w.fake.Threads(channel)); n != 2 {
			t.Errorf("%d threads, want 2", n)
		}
		if memory.values[doubtKey] != "{}" {
			t.Errorf("still in doubt: %s", memory.values[doubtKey])
		}
	})
}

// TestAPostInDoubtThatWasNotSaid is said once Discord is back.
func TestAPostInDoubtThatWasNotSaid(t *testing.T) {
	inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
		channel := w.fake.Add(discordtest.Channel{})
		knobs := discordtest.Calm()
		knobs.Unavailable = 1
		w.fake.Set(knobs)
		time.AfterFunc(time.Hour, func() { w.fake.Set(discordtest.Calm()) })
		for i := range 5 {
			if _, err := w.deliver(post(channel, fmt.Sprint(i))); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(w.fake.Messages(channel)); n != 5 {
			t.Errorf("said %d of 5", n)
		}
	})
}

// broken is a Memory that fails.
type broken struct{}

func (broken) Recall(context.Context, string) (string, error) { return "", nil }
func (broken) Remember(context.Context, string, string) error { return errors.New("disk full") }

func TestWithoutMemoryTheOutcomeStaysUnknown(t *testing.T) {
	for _, knobs := range []discordtest.Knobs{{Unavailable: 1}, {Banned: 1}} {
		inWorld(t, discordtest.Calm(), func(c *Config) { c.Memory = broken{} }, func(t *testing.T, w *world) {
			act := post(w.fake.Add(discordtest.Channel{}), "a")
			w.fake.Set(knobs)
			_, err := w.Confirm(w.ctx, act)
			var wait *bot.RetryAfterError
			if err == nil || errors.As(err, &wait) {
				t.Errorf("confirmed: %v", err)
			}
		})
	}
}
