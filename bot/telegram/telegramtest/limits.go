package telegramtest

import "time"

// limits are what the Bots FAQ tells (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this):
// about 30 messages a second over all chats, one a second in one chat with
// short bursts, 20 a minute in one group. Those of channels are not documented;
// they are held to the groups' here.
type limits struct {
	all   []time.Time
	chats map[int64]*chatLimit
}

type chatLimit struct {
	sent []time.Time
	// full is when a burst would be allowed again in full.
	full time.Time
	// until is when a flood wait ends that a fault imposed.
	until time.Time
}

const (
	perSecond = 30
	perMinute = 20
	burst     = 5
)

// take counts a message to a chat and returns 0, or returns how long the sender
// must wait.
func (l *limits) take(now time.Time, chat int64) time.Duration {
	if l.chats == nil {
		l.chats = make(map[int64]*chatLimit)
	}
	c := l.chats[chat]
	if c == nil {
		c = new(chatLimit)
		l.chats[chat] = c
	}
	if c.until.After(now) {
		return c.until.Sub(now)
	}
	l.all = since(l.all, now.Add(-time.Second))
	c.sent = since(c.sent, now.Add(-time.Minute))
	switch {
	case len(l.all) >= perSecond:
		return time.Second
	case chat < 0 && len(c.sent) >= perMinute:
		return c.sent[len(c.sent)-perMinute].Add(time.Minute).Sub(now)
	case c.full.Sub(now) > (burst-1)*time.Second:
		return c.full.Sub(now) - (burst-1)*time.Second
	}
	if c.full.Before(now) {
		c.full = now
	}
	c.full = c.full.Add(time.Second)
	l.all = append(l.all, now)
	c.sent = append(c.sent, now)
	return 0
}

// since returns the times after start.
func since(times []time.Time, start time.Time) []time.Time {
	for len(times) > 0 && !times[0].After(start) {
		times = times[1:]
	}
	return times
}
