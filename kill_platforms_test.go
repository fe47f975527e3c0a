package main

import (
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/bot/discord/discordtest"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

// killLatency is how long a platform under siege takes to answer at most, so
// that many kills come between a request and its answer.
const killLatency = 40 * time.Millisecond

// TestKillsOnDiscord kills a Herald that speaks on a Discord whose connections
// are also cut after it did what was asked. Discord honours nonces, and can be
// asked: nothing is lost, nothing is said twice, and nothing stays unknown.
func TestKillsOnDiscord(t *testing.T) {
	t.Parallel()
	room := discordRooms["news"]
	s := newSiege(t, "discord: https://discord.com/channels/"+discordtest.Guild+"/"+room.ID)
	f, err := newFakeDiscord()
	s.must(err)
	t.Cleanup(func() { s.must((&fakes{discord: f}).end(s.dir)) })
	knobs := discordtest.Calm()
	knobs.Latency, knobs.CutAfter, knobs.CutBefore = killLatency, 0.05, 0.05
	f.Set(knobs)
	f.Serve(s.serve("DISCORD", discordtest.Token))
	s.said = func() map[string]int {
		said := make(map[string]int)
		for _, m := range f.Messages(room.ID) {
			title, _, _ := strings.Cut(m.Content, "\n")
			said[strings.Trim(title, "*")]++
		}
		return said
	}
	s.latency = 2 * killLatency
	s.run(6, 200)
	s.judge(func(e store.Entry, times int) bool { return e.State == outbox.Sent && times == 1 })
}

// TestKillsOnTelegram kills a Herald that speaks on Telegram, which cannot be
// asked what it did. Nothing is lost, and nothing is said twice: what may have
// been said is uncertain.
func TestKillsOnTelegram(t *testing.T) {
	t.Parallel()
	s := telegramSiege(t, "")
	s.run(6, 200)
	s.judge(func(e store.Entry, times int) bool {
		return e.State == outbox.Sent && times == 1 || e.State == outbox.Uncertain && times <= 1
	})
}

// TestKillsOnTelegramResent does so under the policy "resend": nothing is lost
// or unknown, and what was said twice took more than one attempt, as the ledger
// shows.
func TestKillsOnTelegramResent(t *testing.T) {
	t.Parallel()
	s := telegramSiege(t, ", uncertain: resend")
	s.run(6, 200)
	s.judge(func(e store.Entry, times int) bool {
		return e.State == outbox.Sent && times >= 1 && times <= e.Attempts
	})
}

func telegramSiege(t *testing.T, options string) *siege {
	t.Helper()
	room := telegramRooms["channel"]
	s := newSiege(t, "telegram: t.me/"+room.Username+options)
	f, err := newFakeTelegram(telegramtest.Knobs{
		NoLimits: true, // else the test waits for minutes
		Rate:     map[telegramtest.Fault]float64{telegramtest.CutAfter: 0.05, telegramtest.CutBefore: 0.05},
	})
	s.must(err)
	slow := &http.Server{Handler: lateAnswers{f}, ReadHeaderTimeout: answerTime}
	t.Cleanup(func() {
		s.must(slow.Close())
		s.must((&fakes{telegram: f}).end(s.dir))
	})
	listener := s.serve("TELEGRAM", telegramtest.Token)
	go func() {
		_ = slow.Serve(listener) // until Close
		f.served <- nil
	}()
	s.said = func() map[string]int {
		said := make(map[string]int)
		for _, m := range f.Messages(room.ID) {
			title, _, _ := strings.Cut(m.Text, "\n")
			said[title]++
		}
		return said
	}
	s.latency = killLatency
	return s
}

// lateAnswers is a Telegram that takes its time before it says something, and
// again before it answers.
type lateAnswers struct{ *fakeTelegram }

// ServeHTTP implements http.Handler.
func (l lateAnswers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/sendMessage") {
		l.fakeTelegram.ServeHTTP(w, r)
		return
	}
	<-time.After(rand.N(killLatency / 2))
	answer := httptest.NewRecorder()
	l.fakeTelegram.ServeHTTP(answer, r)
	<-time.After(rand.N(killLatency / 2))
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // it may be gone
}

// serve returns a listener for a platform, and tells Herald of it.
func (s *siege) serve(platform, token string) net.Listener {
	s.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	address := "http://" + listener.Addr().String()
	if platform == "DISCORD" {
		address += "/api/v10"
	}
	s.env = append(s.env, platform+"_API_URL="+address, platform+"_TOKEN="+token)
	return listener
}
