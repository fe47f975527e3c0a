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

// turn is how a call waits for its turn.
type turn struct {
	// most is the longest that it waits inside of the call.
	most time.Duration
	// share is how many calls of its kind may be made in a second.
	share int
}

var (
	// actTurn is for what is owed. Longer waits are the outbox's, so that no
	// worker stands idle for one chat.
	actTurn = turn{1500 * time.Millisecond, perSecond}
	// answerTurn is for answers. A member who waits longer has gone; and however
	// many ask, announcements get through.
	answerTurn = turn{10 * time.Second, perSecond * 2 / 3}
)

// pace says when the next call may be made. Waits that Telegram asked for are
// kept for the chat that they were asked for.
type pace struct {
	now func() time.Time

	mu  sync.Mutex // guards what follows
	all window
	// answers are those of all that are not acts.
	answers window
	chats   map[string]*chatPace
	swept   time.Time
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
// longer than the turn allows is returned at once instead.
func (p *pace) wait(ctx context.Context, chat string, t turn) (left time.Duration, err error) {
	deadline := p.now().Add(t.most)
	for {
		left := p.take(chat, t.share)
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
func (p *pace) take(chat string, share int) time.Duration {
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
	for _, t := range []time.Time{p.answersNext(share), c.until, c.full.Add(-(burst - 1) * perChat), c.minuteNext(chat)} {
		if t.After(next) {
			next = t
		}
	}
	if next.After(now) {
		return next.Sub(now)
	}
	p.all.add(now, perSecond)
	if share < perSecond {
		p.answers.add(now, share)
	}
	c.minute.add(now, perMinute)
	if c.full.Before(now) {
		c.full = now
	}
	c.full = c.full.Add(perChat)
	return 0
}

// answersNext is when there may be one more call of a kind that has only a share.
func (p *pace) answersNext(share int) time.Time {
	if share >= perSecond {
		return time.Time{}
	}
	return p.answers.next(share, second)
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
