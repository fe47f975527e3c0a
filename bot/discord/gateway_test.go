package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/discord/discordtest"
)

// backWithin is how long the bot may be away after the trouble ended: the longest
// pause before a session and before a connection, and what a connection takes.
const backWithin = identifyMax + 2*(retryMax+dialWithin+helloWithin+readyWithin)

func troubles() []discordtest.Trouble {
	return []discordtest.Trouble{
		discordtest.NoHello, discordtest.ReconnectFirst, discordtest.AckFirst, discordtest.ReconnectLater, discordtest.InvalidSession,
		discordtest.InvalidResumed, discordtest.CloseAtOnce, discordtest.CloseAfterReady, discordtest.NoAcks, discordtest.Silence,
		discordtest.Garbage, discordtest.NewEvent, discordtest.AskHeartbeat,
	}
}

// waitReady waits until a session stands, and returns how long that took.
func (w *world) waitReady(t *testing.T, sessions int) time.Duration {
	t.Helper()
	begin := time.Now()
	for w.fake.Ready() < sessions {
		if time.Since(begin) > backWithin {
			t.Fatalf("not connected after %s\n%s", time.Since(begin), w.log)
		}
		time.Sleep(time.Second)
		synctest.Wait()
	}
	return time.Since(begin)
}

func TestEveryTroubleIsOvercome(t *testing.T) {
	for _, trouble := range troubles() {
		t.Run(string(trouble), func(t *testing.T) {
			running(t, discordtest.Calm(), &handler{}, nil, func(t *testing.T, w *world) {
				w.waitReady(t, 1)
				w.fake.Trouble(trouble, trouble, trouble)
				w.fake.Drop(4000)
				time.Sleep(5 * time.Minute)
				w.waitReady(t, 1)
				if got := w.ask(t, discordtest.Use{Guild: discordtest.Guild, Command: "recap"}); content(got) != "**recap()**" {
					t.Errorf("answered %q", content(got))
				}
				if n := len(w.fake.Identifies()); n > 4 {
					t.Errorf("began %d sessions", n)
				}
			})
		})
	}
}

func TestEveryTroubleAtTheStart(t *testing.T) {
	for _, trouble := range troubles() {
		t.Run(string(trouble), func(t *testing.T) {
			inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
				w.fake.Trouble(trouble)
				ctx, stop := context.WithCancel(w.ctx)
				ended := make(chan error)
				go func() { ended <- w.Run(ctx) }()
				time.Sleep(3 * time.Minute)
				w.waitReady(t, 1)
				stop()
				begin := time.Now()
				if err := <-ended; err != nil || time.Since(begin) > 0 {
					t.Errorf("Run ended with %v after %s", err, time.Since(begin))
				}
			})
		})
	}
}

func TestStopDuringEveryWait(t *testing.T) {
	for _, trouble := range []discordtest.Trouble{discordtest.NoHello, discordtest.ReconnectFirst, discordtest.InvalidSession, discordtest.CloseAtOnce} {
		for _, after := range []time.Duration{0, 100 * time.Millisecond, 2 * time.Second, 14 * time.Second, 40 * time.Second} {
			inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
				w.fake.Trouble(trouble, trouble, trouble, trouble)
				ctx, stop := context.WithTimeout(w.ctx, after)
				defer stop()
				begin := time.Now()
				if err := w.Run(ctx); err != nil || time.Since(begin) > after {
					t.Errorf("%s: Run ended with %v, %s after it was stopped", trouble, err, time.Since(begin)-after)
				}
			})
		}
	}
}

func TestASessionIsResumedAndLosesNothing(t *testing.T) {
	running(t, discordtest.Calm(), &handler{}, nil, func(t *testing.T, w *world) {
		w.waitReady(t, 1)
		w.fake.Push(7, nil)
		synctest.Wait()
		i := w.fake.Interact(discordtest.Use{Guild: discordtest.Guild, Command: "recap"}) // while away
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := w.fake.Answer(i); content(got) != "**recap()**" {
			t.Errorf("answered %q\n%s", content(got), w.log)
		}
		w.fake.Hang()
		time.Sleep(4 * time.Minute)
		w.waitReady(t, 1)
		if n, resumes := len(w.fake.Identifies()), w.fake.Resumes(); resumes < 1 || n > 2 {
			t.Errorf("%d sessions begun, %d resumed", n, resumes)
		}
	})
}

// TestAZombieThatStillTalks sends events and acknowledges nothing.
func TestAZombieThatStillTalks(t *testing.T) {
	inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
		w.fake.Trouble(discordtest.NoAcks)
		ctx, stop := context.WithCancel(w.ctx)
		defer stop()
		ended := make(chan error)
		go func() { ended <- w.Run(ctx) }()
		for range 30 {
			time.Sleep(5 * time.Second)
			w.fake.Dispatch("TYPING_START", map[string]any{}, "")
		}
		if n := w.fake.Connects(); n != 2 {
			t.Errorf("connected %d times", n)
		}
		stop()
		<-ended
	})
}

func TestWhatAPersonMustChangeEndsRun(t *testing.T) {
	tests := []struct {
		name  string
		knobs func(*discordtest.Knobs)
		token bot.Secret
		drop  int
		code  int
	}{
		{name: "a wrong token", token: "wrong", code: 0},
		{name: "intents", knobs: func(k *discordtest.Knobs) { k.DisallowedIntents = 1 }, code: 4014},
		{name: "a token reset while connected", drop: 4004, code: 4004},
		{name: "an old version", drop: 4012, code: 4012},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			knobs := discordtest.Calm()
			if tt.knobs != nil {
				tt.knobs(&knobs)
			}
			inWorld(t, knobs, func(c *Config) {
				if tt.token != "" {
					c.Token = tt.token
				}
			}, func(t *testing.T, w *world) {
				if tt.drop != 0 {
					time.AfterFunc(time.Minute, func() { w.fake.Drop(tt.drop) })
				}
				err := w.Run(w.ctx)
				var fatal *FatalError
				if !errors.As(err, &fatal) || fatal.Code != tt.code || fatal.What.In(bot.TraditionalChinese) == "" {
					t.Errorf("Run ended with %v", err)
				}
				if n := w.fake.Connects(); n > 1 {
					t.Errorf("connected %d times", n)
				}
			})
		})
	}
}

func TestShardsAsDiscordAsks(t *testing.T) {
	knobs := discordtest.Calm()
	knobs.Shards = 3
	running(t, knobs, &handler{}, nil, func(t *testing.T, w *world) {
		w.waitReady(t, 3)
		identifies := w.fake.Identifies()
		for i := 1; i < len(identifies); i++ {
			if gap := identifies[i].Sub(identifies[i-1]); gap < identifySpacing {
				t.Errorf("two sessions were begun within %s", gap)
			}
		}
		for i := range 3 {
			if got := w.ask(t, discordtest.Use{Guild: fmt.Sprint(i << 22), Command: "recap"}); content(got) != "**recap()**" {
				t.Errorf("shard %d answered %q", i, content(got))
			}
		}
		knobs.Shards = 4 // the bot has grown
		w.fake.Set(knobs)
		w.fake.Drop(4011)
		time.Sleep(time.Minute)
		w.waitReady(t, 4)
	})
}

// TestADayOfTrouble is 24 hours of everything that can go wrong with a gateway.
func TestADayOfTrouble(t *testing.T) {
	for seed := range soak(1, 10) {
		knobs := discordtest.Calm()
		knobs.Gateway = make(map[discordtest.Trouble]float64)
		for _, trouble := range troubles() {
			knobs.Gateway[trouble] = 0.12
		}
		running(t, knobs, &handler{}, nil, func(t *testing.T, w *world) {
			w.fake.Seed(uint64(seed))
			random := rand.New(rand.NewPCG(uint64(seed), 3))
			end := time.Now().Add(24 * time.Hour)
			for time.Now().Before(end) {
				time.Sleep(time.Duration(random.Int64N(int64(10 * time.Minute))))
				switch random.IntN(6) {
				case 0:
					w.fake.Drop(0)
				case 1:
					w.fake.Drop(4000 + random.IntN(4))
				case 2:
					w.fake.Push(7, nil)
				case 3:
					w.fake.Push(9, random.IntN(2) == 0)
				case 4:
					w.fake.Hang()
				case 5:
					w.fake.Push(11, nil)
				}
			}
			n := len(w.fake.Identifies())
			t.Logf("seed %d: %d connections, %d sessions begun, %d resumed", seed, w.fake.Connects(), n, w.fake.Resumes())
			if n > identifyPerDay || w.fake.TokenReset() {
				t.Errorf("began %d sessions in a day", n)
			}
			w.fake.Set(discordtest.Calm())
			t.Logf("back %s after the trouble ended", w.waitReady(t, 1))
			if got := w.ask(t, discordtest.Use{Guild: discordtest.Guild, Command: "recap"}); content(got) != "**recap()**" {
				t.Errorf("answered %q", content(got))
			}
		})
	}
}

func TestBackSoonAfterAnOutage(t *testing.T) {
	running(t, discordtest.Calm(), &handler{}, nil, func(t *testing.T, w *world) {
		down := discordtest.Calm()
		down.Down = true
		w.fake.Set(down)
		w.fake.Drop(0)
		time.Sleep(6 * time.Hour)
		if n := w.fake.Connects(); n != 1 {
			t.Errorf("connected %d times", n)
		}
		w.fake.Set(discordtest.Calm())
		if took := w.waitReady(t, 1); took > retryMax+identifySpacing {
			t.Errorf("back after %s", took)
		}
		if n := len(w.fake.Identifies()); n != 2 {
			t.Errorf("began %d sessions", n)
		}
	})
}

// TestAGatewayThatDropsEverySession would reset the token of a bot without a
// budget within the hour.
func TestAGatewayThatDropsEverySession(t *testing.T) {
	knobs := discordtest.Calm()
	knobs.SessionLife = 0 // nothing can be resumed
	knobs.Gateway = map[discordtest.Trouble]float64{discordtest.CloseAfterReady: 1}
	running(t, knobs, &handler{}, nil, func(t *testing.T, w *world) {
		time.Sleep(24 * time.Hour)
		if n := len(w.fake.Identifies()); n > identifyPerDay {
			t.Errorf("began %d sessions in a day", n)
		}
		w.fake.Set(discordtest.Calm())
		w.waitReady(t, 1)
	})
}

// TestRestartsKeepTheBudget starts and kills the program every few seconds.
func TestRestartsKeepTheBudget(t *testing.T) {
	memory := &forgetful{values: make(map[string]string)}
	inWorld(t, discordtest.Calm(), func(c *Config) { c.Memory = memory }, func(t *testing.T, w *world) {
		begin := time.Now()
		for time.Since(begin) < 24*time.Hour {
			ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
			if err := w.Run(ctx); err != nil {
				t.Fatal(err)
			}
			cancel()
		}
		if n := len(w.fake.Identifies()); n > identifyPerDay || n < 50 {
			t.Errorf("began %d sessions in a day", n)
		}
	})
}

func TestNextIdentify(t *testing.T) {
	now := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	ago := func(ages ...time.Duration) []time.Time {
		var log []time.Time
		for _, age := range ages {
			log = append(log, now.Add(-age))
		}
		return log
	}
	full := make([]time.Time, identifyPerDay)
	for i := range full {
		full[i] = now.Add(-23*time.Hour + time.Duration(i)*time.Second)
	}
	for name, tt := range map[string]struct {
		log    []time.Time
		shards int
		want   time.Duration
	}{
		"none":           {nil, 1, 0},
		"one just now":   {ago(0), 1, identifySpacing},
		"one long ago":   {ago(time.Hour), 1, 0},
		"five":           {ago(50*time.Second, 40*time.Second, 30*time.Second, 20*time.Second, 0), 1, identifyFirst},
		"seven":          {ago(50*time.Second, 40*time.Second, 30*time.Second, 20*time.Second, 3*time.Second, 2*time.Second, 0), 1, 4 * identifyFirst},
		"seven of three": {ago(50*time.Second, 40*time.Second, 30*time.Second, 20*time.Second, 3*time.Second, 2*time.Second, 0), 3, identifySpacing},
		"a full day":     {full, 1, time.Hour},
	} {
		if got := nextIdentify(tt.log, now, tt.shards).Sub(now); got != tt.want {
			t.Errorf("%s: wait %s, want %s", name, got, tt.want)
		}
	}
}

// TestSessionsRememberTheirMoment holds that a restart does not shorten the
// pause between two sessions: Discord calls the second invalid then, and it
// counts all the same.
func TestSessionsRememberTheirMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		memory := &forgetful{values: make(map[string]string)}
		log := slog.New(slog.DiscardHandler)
		time.Sleep(999 * time.Millisecond) // late in a second
		began := time.Now()
		newIdentifyGate(t.Context(), memory, log, 1).begun(t.Context())
		next := newIdentifyGate(t.Context(), memory, log, 1)
		if err := next.wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(began); waited < identifySpacing {
			t.Errorf("the next session began %s after the first, want %s", waited, identifySpacing)
		}
	})
}
