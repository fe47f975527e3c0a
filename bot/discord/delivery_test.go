package discord

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/discord/discordtest"
)

// soak returns the count for HERALD_SOAK=1, else the small one.
func soak(small, full int) int {
	if os.Getenv("HERALD_SOAK") == "1" {
		return full
	}
	return small
}

// TestNothingIsLostOrSaidTwice cuts connections and answers 502, before and after
// the request was carried out, in channels and in forums.
func TestNothingIsLostOrSaidTwice(t *testing.T) {
	knobs := discordtest.Difficult()
	knobs.CutAfter, knobs.BadGateway, knobs.CutBefore, knobs.Unavailable = 0.15, 0.15, 0.1, 0.05
	knobs.PerRoute = 0
	for seed := range soak(3, 40) {
		inWorld(t, knobs, nil, func(t *testing.T, w *world) {
			w.fake.Seed(uint64(seed))
			channels := []string{
				w.fake.Add(discordtest.Channel{}), w.fake.Add(discordtest.Channel{Kind: discordtest.Forum}),
				w.fake.Add(discordtest.Channel{Kind: discordtest.Announcement, Deny: discordtest.EmbedLinks}),
			}
			const each = 30
			for i := range each {
				for _, channel := range channels {
					if _, err := w.deliver(post(channel, fmt.Sprint(i))); err != nil {
						t.Fatal(err)
					}
					if i%10 == 9 {
						time.Sleep(10 * time.Minute) // the nonces are forgotten
					}
				}
			}
			for _, channel := range channels {
				said := make(map[string]int)
				for _, m := range w.fake.Messages(channel) {
					said[m.Content]++
				}
				for _, thread := range w.fake.Threads(channel) {
					for _, m := range w.fake.Messages(thread) {
						said[m.Content]++
					}
				}
				for content, n := range said {
					if n != 1 {
						t.Errorf("seed %d: said %d times: %q", seed, n, content)
					}
				}
				if len(said) != each {
					t.Errorf("seed %d: said %d of %d", seed, len(said), each)
				}
			}
		})
	}
}

func TestConfirm(t *testing.T) {
	inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
		channel := w.fake.Add(discordtest.Channel{})
		act := post(channel, "a")
		if id, err := w.Confirm(w.ctx, act); id != "" || err != nil {
			t.Errorf("an empty channel has %q: %v", id, err)
		}
		want, err := w.Send(w.ctx, act)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 250 {
			w.fake.Say(channel, fmt.Sprint("chatter ", i))
		}
		if id, err := w.Confirm(w.ctx, act); id != want || err != nil {
			t.Errorf("found %q, want %q: %v", id, want, err)
		}
		same := act
		same.Occasion = "digest:later" // the same words on another occasion
		if id, err := w.Confirm(w.ctx, same); id != "" || err != nil {
			t.Errorf("took %q for it: %v", id, err)
		}
		for i := range 1000 {
			w.fake.Say(channel, fmt.Sprint("more chatter ", i))
		}
		if id, err := w.Confirm(w.ctx, act); id != "" || !errors.Is(err, errTooBusy) {
			t.Errorf("found %q in a busy channel: %v", id, err)
		}
		w.fake.Change(channel, func(c *discordtest.Channel) { c.Deny = discordtest.ReadMessageHistory })
		if id, err := w.Confirm(w.ctx, act); id != "" || !errors.Is(err, errUnreadable) {
			t.Errorf("found %q without permission: %v", id, err)
		}
	})
}

func TestConfirmWithoutAKey(t *testing.T) {
	inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
		channel := w.fake.Add(discordtest.Channel{})
		act := post(channel, "a")
		act.Message.Body = nil // no embed, and so no key
		want, err := w.Send(w.ctx, act)
		if err != nil {
			t.Fatal(err)
		}
		if id, err := w.Confirm(w.ctx, act); id != want || err != nil {
			t.Errorf("found %q, want %q: %v", id, want, err)
		}
		time.Sleep(sameWordsAge + time.Minute)
		if id, err := w.Confirm(w.ctx, act); id != "" || !errors.Is(err, errSameWords) {
			t.Errorf("took %q of half a day ago for it: %v", id, err)
		}
	})
}

func TestAnAnswerThatCannotBeReadIsNoRefusal(t *testing.T) {
	knobs := discordtest.Calm()
	knobs.OddHeaders, knobs.NewComponents = 1, 1
	inWorld(t, knobs, nil, func(t *testing.T, w *world) {
		channel := w.fake.Add(discordtest.Channel{})
		for i := range 20 {
			if _, err := w.deliver(post(channel, fmt.Sprint(i))); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(w.fake.Messages(channel)); n != 20 {
			t.Errorf("said %d of 20", n)
		}
	})
}

// bodyless answers every creation with 200 and half a body.
type bodyless struct{ http.RoundTripper }

func (b bodyless) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err == nil && r.Method == http.MethodPost {
		answer.Body = http.MaxBytesReader(nil, answer.Body, 10)
	}
	return answer, err
}

func TestHalfAnAnswerLeavesTheOutcomeUnknown(t *testing.T) {
	config := func(c *Config) { c.Transport = bodyless{c.Transport} }
	inWorld(t, discordtest.Calm(), config, func(t *testing.T, w *world) {
		channel := w.fake.Add(discordtest.Channel{})
		_, err := w.Send(w.ctx, post(channel, "a"))
		if !errors.Is(err, bot.ErrUnknownOutcome) {
			t.Errorf("sent: %v", err)
		}
	})
}

func TestNoWaitOutlastsItsContext(t *testing.T) {
	knobs := discordtest.Calm()
	knobs.PerRoute, knobs.PerRouteWindow = 1, 4*time.Second
	inWorld(t, knobs, nil, func(t *testing.T, w *world) {
		channel := w.fake.Add(discordtest.Channel{})
		if _, err := w.Send(w.ctx, post(channel, "a")); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(w.ctx, 100*time.Millisecond)
		defer cancel()
		begin := time.Now()
		_, err := w.Send(ctx, post(channel, "b"))
		if took := time.Since(begin); took != 100*time.Millisecond {
			t.Errorf("returned after %s", took)
		}
		if classify(err) != "later" { // nothing was sent: that is known
			t.Errorf("%v", err)
		}
	})
}

// TestPace says many things in many channels, as fast as the limits allow.
func TestPace(t *testing.T) {
	const channels, each, workers = 200, 5, 16
	knobs := discordtest.Calm()
	knobs.Latency = 40 * time.Millisecond
	inWorld(t, knobs, nil, func(t *testing.T, w *world) {
		lanes := make(chan string, channels)
		var ids []string
		for range channels {
			id := w.fake.Add(discordtest.Channel{})
			ids = append(ids, id)
			lanes <- id
		}
		close(lanes)
		begin := time.Now()
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for lane := range lanes {
					for i := range each {
						if _, err := w.deliver(post(lane, fmt.Sprint(i))); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		took := time.Since(begin)
		requests := len(w.fake.Requests())
		least := time.Duration(requests/globalLimit-1) * time.Second
		t.Logf("%d announcements in %d channels, %d requests: %s; the limits allow %s", channels*each, channels, requests, took, least)
		if took > least+least/20+time.Second {
			t.Errorf("took %s, the limits allow %s", took, least)
		}
		if n := w.fake.Limited(); n > 0 {
			t.Errorf("%d requests were beyond a limit", n)
		}
		for _, id := range ids {
			for i, m := range w.fake.Messages(id) {
				if !strings.HasPrefix(m.Content, fmt.Sprintf("**Title of %d**", i)) {
					t.Fatalf("message %d of channel %s is %q", i, id, m.Content)
				}
			}
		}
	})
}

func TestOneChannelsLimitHoldsUpNobody(t *testing.T) {
	inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
		busy, other := w.fake.Add(discordtest.Channel{}), w.fake.Add(discordtest.Channel{})
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := range 20 {
				if _, err := w.deliver(post(busy, fmt.Sprint(i))); err != nil {
					t.Error(err)
				}
			}
		})
		time.Sleep(2 * time.Second)
		synctest.Wait()
		begin := time.Now()
		if _, err := w.Send(w.ctx, post(other, "x")); err != nil {
			t.Error(err)
		}
		if took := time.Since(begin); took > 100*time.Millisecond {
			t.Errorf("the other channel waited %s", took)
		}
		wg.Wait()
		if n := w.fake.Limited(); n > 0 {
			t.Errorf("%d requests were beyond a limit", n)
		}
	})
}

// TestKilledAtAnyMoment stops deliveries anywhere, as a killed process would,
// and goes on later as the outbox does with what it finds in Sending.
func TestKilledAtAnyMoment(t *testing.T) {
	kills := soak(40, 200)
	knobs := discordtest.Calm()
	knobs.Latency = 30 * time.Millisecond
	inWorld(t, knobs, nil, func(t *testing.T, w *world) {
		random := rand.New(rand.NewPCG(5, 6))
		channels := []string{w.fake.Add(discordtest.Channel{}), w.fake.Add(discordtest.Channel{Kind: discordtest.Forum})}
		said := 0
		for i := range kills {
			act := post(channels[i%2], fmt.Sprint(i))
			ctx, kill := context.WithTimeout(w.ctx, time.Duration(random.Int64N(int64(80*time.Millisecond))))
			_, err := w.Send(ctx, act)
			kill()
			if err == nil {
				said++
			}
			time.Sleep(time.Duration(random.IntN(20)) * time.Minute) // the nonce may be forgotten
			id, err := w.Confirm(w.ctx, act)
			if err != nil {
				t.Fatal(err)
			}
			if id == "" {
				if _, err := w.deliver(act); err != nil {
					t.Fatal(err)
				}
			}
		}
		t.Logf("%d of %d deliveries ended before they were stopped", said, kills)
		messages := len(w.fake.Messages(channels[0])) + len(w.fake.Threads(channels[1]))
		if messages != kills {
			t.Errorf("said %d messages for %d acts", messages, kills)
		}
	})
}
