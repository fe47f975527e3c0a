package feeds

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	// maxCursor and maxLine are how many bytes of a cursor and of an error are
	// kept.
	maxCursor = 4096
	maxLine   = 500
)

// good returns the state of a source after a poll that went well and was taken
// in.
func (p *Poller) good(ctx context.Context, now time.Time, l landing) State {
	s := l.state
	h := &s.Health
	if h.Failures > 0 {
		p.config.Log.Info("a source can be read again", l.named("failures", h.Failures, "since", h.Since)...)
	}
	if h.Told && p.tell(ctx, now, l.watched, Notice{Kind: Recovered, Since: h.Since}) {
		h.Told = false
	}
	if n := l.batch.Notice; n != "" && n != h.Notice && p.tell(ctx, now, l.watched, Notice{Kind: Remark, Text: n}) {
		h.Notice = n
	}
	h.Polled, h.Good = now, now
	if !l.batch.Unchanged {
		h.Changed = now
	}
	h.Failures, h.Err = 0, ""
	if !h.Told {
		h.Since = time.Time{}
	}
	l.host.failures = 0
	s.Cursor = p.cursor(l)
	s.Due = l.after(now, l.batch.Wait)
	p.logProblems(l)
	return s
}

// cursor returns the cursor that a poll brought, if it can be kept. Without one
// the next poll brings everything, of which nothing is new.
func (p *Poller) cursor(l landing) string {
	c := l.batch.Cursor
	if len(c) > maxCursor || !utf8.ValidString(c) || strings.Contains(c, "\x00") {
		p.config.Log.Error("a source's cursor cannot be kept", l.named("bytes", len(c))...)
		return ""
	}
	return c
}

// logProblems tells of items that cannot be read, when that is news.
func (p *Poller) logProblems(l landing) {
	if l.batch.Unchanged {
		return
	}
	problem := ""
	if n := len(l.batch.Problems); n > 0 {
		first := l.batch.Problems[0]
		problem = oneLine(fmt.Sprintf("%d, the first: %s: %v", n, first.Item, first.Err))
	}
	if problem != "" && problem != l.problem {
		p.config.Log.Warn("items of a source cannot be read", l.named("problems", problem)...)
	}
	l.problem = problem
}

// bad returns the state of a source after a poll that failed. It is never given
// up.
func (p *Poller) bad(ctx context.Context, now time.Time, l landing) State {
	s := l.state
	h := &s.Health
	h.Polled = now
	if h.Failures == 0 && !h.Told {
		h.Since = now
	}
	h.Failures++
	text := oneLine(l.err.Error())
	if text != h.Err {
		p.config.Log.Warn("a source cannot be read", l.named("err", text)...)
	}
	h.Err = text
	var why PollError
	if e := (*PollError)(nil); errors.As(l.err, &e) {
		why = *e
	}
	if why.Host {
		l.host.refused(now, why.Wait)
	}
	s.Due = now.Add(backoff(l.Every, p.config.MaxBackoff, h.Failures, p.config.Random()))
	asked := time.Time{}
	if why.Wait > 0 {
		asked = now.Add(min(why.Wait, maxWait) + l.jitter())
		s.Due = later(s.Due, asked)
	}
	if h.Told {
		return s
	}
	told := h.Since.Add(p.patience(*h))
	switch {
	case why.Gone:
		h.Told = p.tell(ctx, now, l.watched, Notice{Kind: Gone, Since: h.Since, Text: text})
	case !now.Before(told):
		h.Told = p.tell(ctx, now, l.watched, Notice{Kind: Failing, Since: h.Since, Text: text})
	case s.Due.After(told):
		s.Due = later(told, asked) // to tell in time, of what is still so
	}
	return s
}

// patience returns how long a source may fail before moderators are told. One
// that never worked is likely to be a slip in the configuration.
func (p *Poller) patience(h Health) time.Duration {
	if h.Good.IsZero() {
		return min(p.config.TellAfter, time.Hour)
	}
	return p.config.TellAfter
}

// oneLine returns text as one line that every store can keep.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
	text = strings.ReplaceAll(text, "\x00", "")
	if len(text) > maxLine {
		text = strings.ToValidUTF8(text[:maxLine], "")
	}
	return text
}
