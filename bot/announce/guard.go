package announce

import "fmt"

// fewAtOnce is how many items of a source may be new or gone at once without
// anyone being asked, if they are less than a fifth of it. One alone is never
// too many, because small sources have to begin.
const fewAtOnce = 3

func tooMany(n, of int) bool { return n > fewAtOnce || n > 1 && n*5 >= of }

// guard counts what happened in each source. One that looks new or empty all at
// once has more often a wrong setting, a changed address scheme or a broken
// checkout than news.
type guard struct{ known, new, gone map[string]int }

func newGuard(m *memory, changes []change) guard {
	g := guard{known: make(map[string]int), new: make(map[string]int), gone: make(map[string]int)}
	for _, item := range m.items {
		if item.Gone.IsZero() {
			g.known[item.Source]++
		}
	}
	for _, c := range changes {
		if c.kind == isNew {
			g.new[c.source()]++
		}
		if c.kind == isGone {
			g.gone[c.source()]++
		}
	}
	return g
}

// holdNew returns why what is new in the source is held, or "".
func (g guard) holdNew(source string) string {
	if n := g.new[source]; tooMany(n, g.known[source]) {
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
