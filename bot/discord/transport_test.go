package discord

import (
	"testing"
	"time"

	"cloudnative.tw/herald/bot/discord/discordtest"
)

// net/http asks again by itself when a connection that it kept ends before the
// answer. Discord counts that as another request.
func TestAsksAgainWithinTheLimits(t *testing.T) {
	knobs := discordtest.Calm()
	knobs.CutAfter, knobs.Latency = 0.3, 10*time.Millisecond
	inWorld(t, knobs, nil, func(t *testing.T, w *world) {
		channel := w.fake.Add(discordtest.Channel{})
		answered := 0
		for range 100 {
			if _, err := w.askPlace(w.ctx, channel); err == nil {
				answered++
			}
		}
		if n := w.fake.Limited(); n > 0 {
			t.Errorf("%d requests were beyond a limit", n)
		}
		if asked := len(w.fake.Requests()); answered < 50 || asked <= 110 {
			t.Errorf("%d of %d requests were answered; net/http no longer asks again?", answered, asked)
		}
	})
}
