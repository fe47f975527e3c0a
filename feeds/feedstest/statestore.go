package feedstest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudnative.tw/herald/feeds"
)

// noon is when the suite begins.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const lease = 5 * time.Minute

// TestStateStore holds a StateStore against what the interface says. open
// returns an empty store that nobody else uses; the suite does not close it.
func TestStateStore(t *testing.T, open func(t *testing.T) feeds.StateStore) {
	for name, test := range map[string]func(*ledger){
		"a new source is written as it is offered": newSource,
		"what was saved comes back":                saved,
		"nothing is claimed before it is due":      notDue,
		"what another polls is not claimed":        othersClaim,
		"a claim ends":                             claimEnds,
		"who lost a claim saves nothing":           lostClaim,
		"saving ends the claim":                    savingEndsClaim,
		"a new address is due at once":             newAddress,
		"names and texts of any kind":              anyText,
		"many at once":                             many,
		"of several owners one is given a source":  race,
		"a context that ended leaves no trace":     ended,
	} {
		t.Run(name, func(t *testing.T) { test(&ledger{t, open(t), noon}) })
	}
}

// ledger is a store under test and its clock.
type ledger struct {
	*testing.T
	store feeds.StateStore
	now   time.Time
}

func source(name string) feeds.State {
	return feeds.State{Source: name, Address: "https://" + name + ".example/feed"}
}

func (l *ledger) step(owner string, save []feeds.State, claim ...feeds.State) []feeds.Turn {
	l.Helper()
	turns, err := l.store.Step(l.Context(), feeds.Step{Now: l.now, Owner: owner, Until: l.now.Add(lease), Save: save, Claim: claim})
	if err != nil {
		l.Fatal(err)
	}
	slices.SortFunc(turns, func(a, b feeds.Turn) int { return cmp.Compare(a.State.Source, b.State.Source) })
	return turns
}

// claim claims one source, which must work.
func (l *ledger) claim(owner string, s feeds.State) feeds.State {
	l.Helper()
	turns := l.step(owner, nil, s)
	if len(turns) != 1 || !turns[0].Claimed {
		l.Fatalf("%s did not get %s: %+v", owner, s.Source, turns)
	}
	return turns[0].State
}

// refused asks for one source, which must not work, and returns when it may be
// asked for again.
func (l *ledger) refused(owner string, s feeds.State) feeds.Turn {
	l.Helper()
	turns := l.step(owner, nil, s)
	if len(turns) != 1 || turns[0].Claimed {
		l.Fatalf("%s got %s: %+v", owner, s.Source, turns)
	}
	return turns[0]
}

func (l *ledger) want(want ...feeds.State) {
	l.Helper()
	got, err := l.store.States(l.Context())
	if err != nil {
		l.Fatal(err)
	}
	slices.SortFunc(got, func(a, b feeds.State) int { return cmp.Compare(a.Source, b.Source) })
	if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		l.Errorf("states (-want +got):\n%s", diff)
	}
}

// full is a state in which nothing is zero.
func full(name string) feeds.State {
	s := source(name)
	s.Cursor = `{"etag":"W/\"abc--gzip\"","下":"一頁"}`
	s.Due = noon.Add(time.Hour)
	s.Health = feeds.Health{
		Polled: noon, Good: noon.Add(-time.Hour), Changed: noon.Add(-2 * time.Hour),
		Failures: 3, Since: noon.Add(-time.Minute), Err: "get https://a.example/feed: status 503",
		Told: true, Notice: "has moved for good",
	}
	return s
}

func newSource(l *ledger) {
	l.want()
	if turns := l.step("one", nil); len(turns) != 0 {
		l.Errorf("turns of nothing: %+v", turns)
	}
	renamed := full("b") // known under another name before
	renamed.Due = noon
	if diff := gocmp.Diff(renamed, l.claim("one", renamed)); diff != "" {
		l.Errorf("claimed (-want +got):\n%s", diff)
	}
	if got := l.claim("one", source("a")); got != source("a") {
		l.Errorf("claimed %+v", got)
	}
	l.want(source("a"), renamed)
}

func saved(l *ledger) {
	l.claim("one", source("a"))
	want := full("a")
	l.step("one", []feeds.State{want})
	l.want(want)
	l.now = want.Due
	// What the owner believes to know does not count.
	stale := source("a")
	stale.Cursor = "stale"
	if diff := gocmp.Diff(want, l.claim("two", stale)); diff != "" {
		l.Errorf("claimed (-want +got):\n%s", diff)
	}
	l.step("two", []feeds.State{source("a")}) // everything can become zero again
	l.want(source("a"))
}

func notDue(l *ledger) {
	l.claim("one", source("a"))
	s := full("a")
	l.step("one", []feeds.State{s})
	l.now = s.Due.Add(-time.Second)
	turn := l.refused("one", source("a"))
	if !turn.Again.Equal(s.Due) {
		l.Errorf("again at %s, want %s", turn.Again, s.Due)
	}
	if diff := gocmp.Diff(s, turn.State); diff != "" {
		l.Errorf("known (-want +got):\n%s", diff)
	}
	l.now = s.Due
	l.claim("two", source("a"))
}

func othersClaim(l *ledger) {
	l.claim("one", source("a"))
	turns := l.step("two", nil, source("a"), source("b"))
	if len(turns) != 2 || turns[0].Claimed || !turns[1].Claimed {
		l.Fatalf("turns: %+v", turns)
	}
	if !turns[0].Again.Equal(noon.Add(lease)) {
		l.Errorf("again at %s, want at the end of the other's claim", turns[0].Again)
	}
	l.claim("one", source("a")) // its own is none of another's
}

func claimEnds(l *ledger) {
	l.claim("one", source("a"))
	l.now = noon.Add(lease - time.Second)
	l.refused("two", source("a"))
	l.now = noon.Add(lease)
	l.claim("two", source("a"))
	l.refused("one", source("a"))
}

func lostClaim(l *ledger) {
	l.claim("one", source("a"))
	l.now = noon.Add(lease)
	l.claim("two", source("a"))
	late, never := full("a"), full("never claimed")
	l.step("one", []feeds.State{late, never})
	l.want(source("a"))
	l.refused("one", source("a"))
	s := full("a")
	s.Cursor = "two's"
	l.step("two", []feeds.State{s})
	l.want(s)
}

func savingEndsClaim(l *ledger) {
	l.claim("one", source("a"))
	s := source("a")
	s.Cursor = "1"
	l.step("one", []feeds.State{s})
	if got := l.claim("two", source("a")); got.Cursor != "1" {
		l.Errorf("cursor %q", got.Cursor)
	}
	l.step("one", []feeds.State{full("a")}) // it was given up
	l.want(s)
	s.Cursor = "2"
	turns := l.step("two", []feeds.State{s}, source("a")) // saved before it is claimed
	if len(turns) != 1 || !turns[0].Claimed || turns[0].State.Cursor != "2" {
		l.Errorf("turns: %+v", turns)
	}
}

func newAddress(l *ledger) {
	l.claim("one", source("a"))
	old := full("a")
	l.step("one", []feeds.State{old})
	elsewhere := source("a")
	elsewhere.Address = "https://new.example/feed"
	if diff := gocmp.Diff(old, l.claim("one", elsewhere)); diff != "" {
		l.Errorf("claimed (-want +got):\n%s", diff)
	}
	l.want(old)
	l.refused("two", elsewhere)
	elsewhere.Due = noon.Add(time.Hour)
	l.step("one", []feeds.State{elsewhere})
	l.want(elsewhere)
	l.refused("two", elsewhere)
}

func anyText(l *ledger) {
	var want []feeds.State
	for _, name := range []string{"A", "a", "a'; DROP TABLE sources; --", "iThome 鐵人賽", "😀"} {
		s := full(name)
		s.Address = name
		s.Cursor = strings.Repeat("鐵", 1365) // 4095 bytes
		s.Health.Err = name
		l.claim("o'wner", feeds.State{Source: name, Address: name})
		l.step("o'wner", []feeds.State{s})
		want = append(want, s)
	}
	l.want(want...)
}

func many(l *ledger) {
	var all, want []feeds.State
	for i := range 1000 {
		s := source(strings.Repeat("x", i%7) + string(rune('一'+i)))
		all = append(all, s)
		s.Due = noon.Add(time.Duration(i) * time.Second)
		want = append(want, s)
	}
	for _, turn := range l.step("one", nil, all...) {
		if !turn.Claimed {
			l.Fatalf("not claimed: %+v", turn)
		}
	}
	l.step("one", want)
	slices.SortFunc(want, func(a, b feeds.State) int { return cmp.Compare(a.Source, b.Source) })
	l.want(want...)
	l.now = noon.Add(499 * time.Second)
	due := 0
	for _, turn := range l.step("two", nil, all...) {
		if turn.Claimed {
			due++
		}
	}
	if due != 500 {
		l.Errorf("claimed %d, want 500", due)
	}
}

func race(l *ledger) {
	var all []feeds.State
	for _, name := range strings.Fields("a b c d e f g h") {
		all = append(all, source(name))
	}
	var mu sync.Mutex
	got := make(map[string]int)
	var group sync.WaitGroup
	for _, owner := range []string{"one", "two", "three", "four"} {
		group.Go(func() {
			turns, err := l.store.Step(l.Context(), feeds.Step{Now: noon, Owner: owner, Until: noon.Add(lease), Claim: all})
			if err != nil {
				l.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, turn := range turns {
				if turn.Claimed {
					got[turn.State.Source]++
				}
			}
		})
	}
	group.Wait()
	for _, s := range all {
		if got[s.Source] != 1 {
			l.Errorf("%s was given to %d owners", s.Source, got[s.Source])
		}
	}
}

func ended(l *ledger) {
	l.claim("one", source("a"))
	ctx, cancel := context.WithCancel(l.Context())
	cancel()
	_, err := l.store.Step(ctx, feeds.Step{Now: noon, Owner: "one", Until: noon.Add(lease), Save: []feeds.State{full("a")}, Claim: []feeds.State{source("b")}})
	if err == nil {
		l.Error("Step goes on after its context ended")
	}
	l.want(source("a"))
	if _, err := l.store.States(ctx); err == nil {
		l.Error("States goes on after its context ended")
	}
}
