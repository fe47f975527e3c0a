package feeds

import (
	"container/heap"
	"time"
)

// line holds the sources that are not being polled, in the order in which they
// fall due, and decides who is next. One whose host has enough to do waits with
// that host, and one that failed the last time waits for one of the places that
// such sources have.
type line struct {
	idle    byDue
	failing []*watched // due, but there are enough of these at work
	// busy counts those at work, trying those of them that failed the last time.
	busy, trying int
}

// host is what is known of a server.
type host struct {
	busy    int
	waiting []*watched // due, but the host has enough to do
	// failures counts the polls in a row that the host as a whole refused; until
	// is how long it is left alone for that.
	failures int
	until    time.Time
}

// limits are how many sources may be at work at once.
type limits struct{ workers, perHost int }

// trying is how many of those may be sources that failed the last time.
func (l limits) trying() int { return max(l.workers/2, 1) }

func (l *line) push(w *watched) { heap.Push(&l.idle, w) }

// next takes the source out of the line that is to be polled next, and counts it
// as being at work; nil if there is none at this time.
func (l *line) next(now time.Time, lim limits) *watched {
	if l.busy >= lim.workers {
		return nil
	}
	for len(l.idle) > 0 && !l.idle[0].due.After(now) {
		w, _ := heap.Pop(&l.idle).(*watched)
		if w.failed() {
			l.failing = append(l.failing, w)
			l.wake(w.host, lim) // w is not the one to use a free place there
		} else if l.admit(w, now, lim) {
			return w
		}
	}
	for len(l.failing) > 0 && l.trying < lim.trying() {
		w := l.failing[0]
		l.failing = l.failing[1:]
		if l.admit(w, now, lim) {
			w.trying = true
			l.trying++
			return w
		}
	}
	return nil
}

func (w *watched) failed() bool { return w.state.Health.Failures > 0 }

// admit counts w as being at work if its host has a place for it.
func (l *line) admit(w *watched, now time.Time, lim limits) bool {
	switch h := w.host; {
	case h.until.After(now):
		w.due = h.until.Add(w.jitter())
		l.push(w)
		l.wake(h, lim)
		return false
	case h.busy >= lim.perHost:
		h.waiting = append(h.waiting, w)
		return false
	}
	w.host.busy++
	l.busy++
	return true
}

// leave tells that w is not at work any more.
func (l *line) leave(w *watched, lim limits) {
	l.busy--
	w.host.busy--
	if w.trying {
		w.trying = false
		l.trying--
	}
	l.wake(w.host, lim)
}

// wake has the first that waits for h stand in line again.
func (l *line) wake(h *host, lim limits) {
	if len(h.waiting) > 0 && h.busy < lim.perHost {
		l.push(h.waiting[0])
		h.waiting = h.waiting[1:]
	}
}

// due returns when the first of those that wait for nothing else falls due; zero
// if there is none.
func (l *line) due() time.Time {
	if len(l.idle) == 0 {
		return time.Time{}
	}
	return l.idle[0].due
}

// byDue is a heap.
type byDue []*watched

func (q byDue) Len() int           { return len(q) }
func (q byDue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }
func (q byDue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push and Pop are for package heap.
func (q *byDue) Push(x any) {
	if w, ok := x.(*watched); ok {
		*q = append(*q, w)
	}
}

func (q *byDue) Pop() any {
	last := len(*q) - 1
	w := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return w
}
