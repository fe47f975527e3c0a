package telegram

import (
	"context"
	"sync"
	"time"
)

// The pace is what the Bots FAQ asks for
// (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this):
// about 30 messages a second over all chats, one a second in one chat with short
// bursts, 20 a minute in one group. Whether the last holds for channels is not
// told; it is kept there too. The spans are a little longer than asked, because
// calls arrive less evenly than they leave.
const (
	perSecond, second = 30, 1020 * time.Millisecond
	perMinute, minute = 20, 61 * time.Second
	perChat, burst    = time.Second, 3
)

// pace says when the next call may be made. Waits that Telegram asked for are
// kept for the chat that they were asked for.
type pace struct {
	now func() time.Time

	mu    sync.Mutex // guards what follows
	all   window
	chats map[string]*chatPace
	swept time.Time
}

type chatPace struct {
	minute window
	// full is when a burst would be allowed again in full.
	full time.Time
	// until is when the wait ends that Telegram asked for.
	until time.Time
}

func newPace(now func() time.Time) *pace {
	return &pace{now: now, all: make(window, 0, perSecond), chats: make(map[string]*chatPace)}
}

// wait returns when a call about a chat may be made and has been counted. A wait
// longer than most is returned at once instead.
func (p *pace) wait(ctx context.Context, chat string, most time.Duration) (left time.Duration, err error) {
	deadline := p.now().Add(most)
	for {
		left := p.take(chat)
		if left <= 0 {
			return 0, nil
		}
		if p.now().Add(left).After(deadline) {
			return left, nil
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return 0, ctx.Err()
		}
	}
}

// take counts a call that may be made now, or returns how long it has to wait.
func (p *pace) take(chat string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	p.sweep(now)
	c := p.chats[chat]
	if c == nil {
		c = new(chatPace)
		p.chats[chat] = c
	}
	next := p.all.next(perSecond, second)
	for _, t := range []time.Time{c.until, c.full.Add(-(burst - 1) * perChat), c.minuteNext(chat)} {
		if t.After(next) {
			next = t
		}
	}
	if next.After(now) {
		return next.Sub(now)
	}
	p.all.add(now, perSecond)
	c.minute.add(now, perMinute)
	if c.full.Before(now) {
		c.full = now
	}
	c.full = c.full.Add(perChat)
	return 0
}

// minuteNext is when a group may have its next message.
func (c *chatPace) minuteNext(chat string) time.Time {
	if !isGroup(chat) {
		return time.Time{}
	}
	return c.minute.next(perMinute, minute)
}

// isGroup reports whether a chat is a group or channel: their numbers are
// negative (https://core.telegram.org/api/bots/ids), and only they have names
// that a bot may use.
func isGroup(chat string) bool { return chat != "" && (chat[0] == '-' || chat[0] == '@') }

// hold keeps a chat silent for as long as Telegram asked.
func (p *pace) hold(chat string, wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.chats[chat]
	if c == nil {
		c = new(chatPace)
		p.chats[chat] = c
	}
	if until := p.now().Add(wait); until.After(c.until) {
		c.until = until
	}
}

// sweep forgets chats that nothing is to be remembered of.
func (p *pace) sweep(now time.Time) {
	if now.Sub(p.swept) < time.Minute {
		return
	}
	p.swept = now
	for chat, c := range p.chats {
		if now.After(c.until) && now.After(c.full) && now.After(c.minute.last().Add(minute)) {
			delete(p.chats, chat)
		}
	}
}

// window is when the last calls were made, oldest first.
type window []time.Time

// next returns when one more call keeps to n in a span.
func (w window) next(n int, span time.Duration) time.Time {
	if len(w) < n {
		return time.Time{}
	}
	return w[len(w)-n].Add(span)
}

func (w *window) add(t time.Time, n int) {
	if len(*w) == n {
		copy(*w, (*w)[1:])
		*w = (*w)[:n-1]
	}
	*w = append(*w, t)
}

func (w window) last() time.Time {
	if len(w) == 0 {
		return time.Time{}
	}
	return w[len(w)-1]
}
