package discord

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// shard is one of the bot's connections to the gateway, over all the times that
// it is made anew.
type shard struct {
	discord    *Discord
	gate       *identifyGate
	answering  *sync.WaitGroup
	gateway    string
	number, of int
	log        *slog.Logger

	// The session, to be resumed where resumeURL says; "" if there is none.
	session, resumeURL string
	seq                int64
	// fruitless counts attempts to resume it that did not get through.
	fruitless int
}

// maxFruitless attempts to resume a session are made before a new one is begun.
const maxFruitless = 3

// run keeps the shard connected until ctx ends or its error is one for good.
func (s *shard) run(ctx context.Context) error {
	for failures := 0; ctx.Err() == nil; {
		good, err := s.once(ctx)
		if fatal := s.judge(err); fatal != nil {
			return fatal
		}
		if good >= stable {
			failures = 0
		}
		pause := retryPause(failures)
		if errors.Is(err, errSessionInvalid) {
			pause = max(pause, shortly())
		}
		failures++
		if ctx.Err() == nil {
			s.log.Info("discord: connection lost; connecting again", "error", err, "pause", pause, "resumes", s.session != "")
			_ = sleep(ctx, pause) // the loop looks at ctx
		}
	}
	return nil
}

// judge returns an error for good, and forgets the session if it cannot be
// resumed.
func (s *shard) judge(err error) error {
	fatal, resumable := closed(err)
	if fatal != nil {
		return fatal
	}
	if !resumable || errors.Is(err, errSessionInvalid) || s.fruitless >= maxFruitless {
		s.forget()
	}
	return nil
}

func (s *shard) forget() { s.session, s.resumeURL, s.seq, s.fruitless = "", "", 0, 0 }

// once makes one connection and keeps it as long as it lasts. good is how long
// that was after the session stood.
func (s *shard) once(ctx context.Context) (good time.Duration, err error) {
	leave := func() {}
	if s.session != "" {
		s.fruitless++
	} else {
		if err := s.gate.wait(ctx); err != nil {
			return 0, err
		}
		leave = sync.OnceFunc(s.gate.leave)
		defer leave()
	}
	c, err := s.dial(ctx)
	if err != nil {
		return 0, err
	}
	defer c.close()
	c.identified = leave
	return c.live(ctx)
}

// shortly is the pause that Discord asks for after it called a session invalid
// (https://discord.com/developers/docs/events/gateway#resuming).
func shortly() time.Duration { return time.Second + rand.N(4*time.Second) }
