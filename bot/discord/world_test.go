package discord

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/discord/discordtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a Discord before a fake, on pipes in memory.
type world struct {
	*Discord
	fake      *discordtest.Fake
	log       *syncBuffer
	ctx       context.Context
	transport *http.Transport
}

// syncBuffer is what was logged.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// inWorld runs a test in a bubble with a clock of its own. Every request of it
// must be one that Discord takes.
func inWorld(t *testing.T, knobs discordtest.Knobs, change func(*Config), test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		fake := discordtest.New(spec(t))
		fake.Set(knobs)
		pipe := discordtest.Pipe()
		fake.Serve(pipe)
		transport := &http.Transport{DialContext: pipe.DialContext, MaxIdleConnsPerHost: 64}
		w := &world{fake: fake, log: new(syncBuffer), ctx: t.Context(), transport: transport}
		config := Config{
			Token: discordtest.Token, APIURL: "http://discord.test", Transport: transport, Dial: pipe.DialContext,
			Log: slog.New(slog.NewTextHandler(w.log, nil)), Site: "https://cloudnative.tw", Lang: bot.TraditionalChinese,
		}
		if change != nil {
			change(&config)
		}
		var err error
		if w.Discord, err = New(config); err != nil {
			t.Fatal(err)
		}
		defer func() {
			transport.CloseIdleConnections()
			pipe.Close()
			fake.Close()
			for _, problem := range fake.Problems() {
				t.Errorf("a request that Discord refuses: %s", problem)
			}
		}()
		test(t, w)
	})
}

// post is an act that says a title in a channel.
func post(channel, subject string) bot.Act {
	return bot.Act{
		Kind: bot.Post,
		Key:  bot.Key{Subject: subject, Address: bot.Address{Platform: bot.Discord, Chat: channel}, Occasion: bot.OccasionNew},
		Message: bot.Message{Card: bot.Card{
			Title: "Title of " + subject, URL: "https://cloudnative.tw/" + subject, Body: bot.Plain("What it says."),
		}},
	}
}

// deliver carries out a post as the outbox does: of a post of unknown outcome
// the platform is asked, and what was not said is said again later.
func (w *world) deliver(act bot.Act) (messageID string, err error) {
	for range 10_000 {
		messageID, err = w.Send(w.ctx, act)
		if classify(err) == "unknown" {
			messageID, err = w.Confirm(w.ctx, act)
			if err == nil && messageID == "" {
				err = errors.New("not said")
			}
		}
		if err == nil || classify(err) != "later" {
			return messageID, err
		}
		pauseFor(err)
	}
	return "", err
}

// fakeID is a number that no channel has.
func fakeID(n int) string { return strconv.Itoa(500000000000000000 + n) }

func settleDown() { time.Sleep(time.Second); synctest.Wait() }
