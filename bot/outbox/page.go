package outbox

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"cloudnative.tw/herald/bot"
)

const (
	// pageTimeout is how long a page may take to answer. Its lane waits meanwhile.
	pageTimeout = 10 * time.Second
	// pageHolds is how long an answer of a page holds, for all acts that link to
	// it.
	pageHolds = time.Minute
	// pageKept is how long a page is known after it was last of interest: longer
	// than the longest wait.
	pageKept = 15 * time.Minute
)

// pages remembers what pages answered.
type pages struct {
	mu    sync.Mutex
	known map[string]*page
}

// page is what one page answered last.
type page struct {
	wanted time.Time // guarded by pages.mu

	mu       sync.Mutex // held while the page is asked for
	asked    time.Time
	err      error
	failures int
}

// get returns the page at url and forgets those that nobody wants any more.
func (p *pages) get(url string, now time.Time) *page {
	p.mu.Lock()
	defer p.mu.Unlock()
	for url, page := range p.known {
		if now.Sub(page.wanted) > pageKept {
			delete(p.known, url)
		}
	}
	if p.known[url] == nil {
		p.known[url] = &page{}
	}
	p.known[url].wanted = now
	return p.known[url]
}

// ask asks for the page that an act waits for and keeps the answer for the next
// Do. It keeps none if ctx ended, because the page is not to blame then.
func (o *Outbox) ask(ctx context.Context, wanted Page) {
	answer := Answer{ID: wanted.ID, State: Owed}
	if url := wanted.Message.Page(); url != "" && wanted.Unreadable == nil {
		answer = o.answer(wanted, o.pages.get(url, o.config.Now()).ask(ctx, o, url))
	}
	answer.At = o.config.Now()
	o.mu.Lock()
	delete(o.asking, wanted.ID)
	if ctx.Err() == nil {
		o.answers = append(o.answers, answer)
		if answer.State == Held {
			o.news = append(o.news, news{wanted.Act, Outcome{ID: answer.ID, At: answer.At, State: Held, Reason: answer.Reason}})
		}
	}
	o.mu.Unlock()
	o.signal()
}

// reply is what a page answered, and when it is to be asked again if that was no
// good.
type reply struct {
	err   error
	again time.Time
}

// ask asks for the page unless its last answer still holds.
func (p *page) ask(ctx context.Context, o *Outbox, url string) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked.IsZero() || o.config.Now().Sub(p.asked) >= pageHolds {
		p.err = o.live(ctx, url)
		p.asked = o.config.Now()
		p.failures++
		if p.err == nil {
			p.failures = 0
		}
	}
	again := o.config.Now().Add(backoff(firstAsk, maxAsk, p.failures, o.config.Random()))
	if holds := p.asked.Add(pageHolds); again.Before(holds) {
		again = holds
	}
	return reply{p.err, again}
}

// live asks for a page. A panic there is an answer like any other.
func (o *Outbox) live(ctx context.Context, url string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			o.config.Log.Error("asking for a page panicked", "url", url, "panic", p, "stack", string(debug.Stack()))
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, pageTimeout)
	defer cancel()
	return o.config.Live(ctx, url)
}

// answer decides what a page's reply means for an act that links to it.
func (o *Outbox) answer(wanted Page, r reply) Answer {
	answer := Answer{ID: wanted.ID, State: Owed}
	late := !o.config.Now().Before(wanted.Until)
	log := o.config.Log.With("act", wanted.ID, "subject", wanted.Subject, "address", wanted.Address.String())
	switch {
	case r.err == nil:
		return answer
	case !late:
		answer.NotBefore = r.again
		if wanted.Until.Before(answer.NotBefore) {
			answer.NotBefore = wanted.Until
		}
		answer.Reason = reason(fmt.Errorf("its page does not answer yet: %w", r.err))
		log.Info("waits for its page", "reason", answer.Reason)
		return answer
	}
	answer.Reason = reason(fmt.Errorf("its page does not answer: %w", r.err))
	switch wanted.Missing {
	case bot.HoldMissing:
		answer.State = Held
		log.Error("not said", "state", Held, "reason", answer.Reason)
	case bot.SkipMissing:
		answer.State = Skipped
		log.Info("not said", "state", Skipped, "reason", answer.Reason)
	case bot.SayMissing, "":
		log.Warn("said without its page", "reason", answer.Reason)
	}
	return answer
}
