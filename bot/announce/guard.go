package announce

import (
	"fmt"
	"time"
)

// fewAtOnce is how many items of a source may be new or gone at once without
// anyone being asked, if they are less than a fifth of it. One alone is never
// too many, because small sources have to begin.
const fewAtOnce = 3

// manyAtOnce is how many may be new at once even if all their dates say that
// they have just appeared.
const manyAtOnce = 10

// dateGrace is how much older than the last look the date of something new may
// be: sites date their pages by the day, and publish them late.
const dateGrace = 24 * time.Hour

func tooMany(n, of int) bool { return n > fewAtOnce || n > 1 && n*5 >= of }

// guard counts what happened in each source. One that looks new or empty all at
// once has more often a wrong setting, a changed address scheme or a broken
// checkout than news. What is new but has a date from since the last look is
// what one would expect, and counts only by the dozen; after a time in which
// nobody looked not even then. What is not said in any case does not count.
type guard struct {
	known, new, odd, gone map[string]int
	// missed tells that nobody looked for a time, though somebody should have.
	missed bool
}

// newGuard returns the guard of changes to sources that had so many known items
// when they were last looked at, which was at since. Until watched nobody was to
// look again.
func newGuard(known map[string]int, changes []change, since, watched, now time.Time) guard {
	g := guard{known: known, new: make(map[string]int), odd: make(map[string]int), gone: make(map[string]int)}
	g.missed = now.Sub(latest(since, watched)) > missedAfter
	for _, c := range changes {
		switch c.kind {
		case isNew:
			if c.silent != "" {
				continue
			}
			g.new[c.source()]++
			if date := c.now.date; date.Before(since.Add(-dateGrace)) || date.After(now.Add(dateGrace)) {
				g.odd[c.source()]++
			}
		case isGone:
			g.gone[c.source()]++
		case isDifferent, isBack:
		}
	}
	return g
}

// holdNew returns why what is new in the source is held, or "".
func (g guard) holdNew(source string) string {
	n := g.new[source]
	other := n > fewAtOnce && g.known[source] == 0 // nothing of it is as it was
	if tooMany(g.odd[source], g.known[source]) || (n > manyAtOnce || other) && !g.missed {
		return fmt.Sprintf("%d items of %s look new at once", n, source)
	}
	return ""
}

// holdGone returns why the withdrawal of what is gone from the source is held,
// or "". That nothing is left is always a reason to ask.
func (g guard) holdGone(source string) string {
	n, of := g.gone[source], g.known[source]
	if tooMany(n, of) || n > 0 && n == of {
		return fmt.Sprintf("%d of %d items of %s are missing at once", n, of, source)
	}
	return ""
}
