package content

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// watchPause is how long an entry rests after its Origin's Watch panicked.
const watchPause = time.Minute

// Entry is one content entry of config.yaml.
type Entry struct {
	Name string
	// Sources are for EntryState.Sources.
	Sources []string
	Origin  Origin
	Format  Format
}

// shelf is an entry in a Library with what is known of it.
type shelf struct {
	Entry
	now func() time.Time
	log *slog.Logger

	reading sync.Mutex // one read at a time; guards what follows
	pending Change     // what the Format has not taken
	refused error      // why it has not
	stock   atomic.Pointer[stock]
}

// stock is what an entry contributes to a snapshot. It never changes.
type stock struct {
	posts   []*Post
	pages   []Problem // of the Format
	files   []Problem // of the Origin
	state   EntryState
	edition int // how often the Format has answered
}

func newShelf(e Entry, now func() time.Time, log *slog.Logger) *shelf {
	s := &shelf{Entry: e, now: now, log: log.With("entry", e.Name)}
	s.stock.Store(&stock{state: EntryState{Entry: e.Name, Sources: e.Sources}})
	return s
}

// read brings the shelf up to date and reports whether it differs from before.
// What fails is in the state; the posts of the last good tree stay.
func (s *shelf) read(ctx context.Context) bool {
	s.reading.Lock()
	defer s.reading.Unlock()
	old := s.stock.Load()
	next := *old
	next.state.Err = s.update(ctx, &next)
	if ctx.Err() == nil {
		s.tell(old.state.Err, next.state.Err)
	}
	if same(old, &next) {
		return false
	}
	s.stock.Store(&next)
	return true
}

// update reads what changed into next and returns what is wrong.
func (s *shelf) update(ctx context.Context, next *stock) error {
	var change Change
	err := s.guard("reading its files", func() (err error) {
		change, err = s.Origin.Read(ctx, s.Format.Wants)
		return err
	})
	if err != nil {
		return err
	}
	first := next.edition == 0 && s.refused == nil
	if first || !change.empty() {
		s.refused = s.format(change, next)
	}
	if s.refused != nil {
		return s.refused
	}
	next.files = change.Problems
	next.state.Revision = change.Revision
	return change.Stale
}

// format hands the change to the Format, with what it has refused before.
func (s *shelf) format(change Change, next *stock) error {
	s.pending.add(change)
	return s.guard("reading its pages", func() error {
		next.posts, next.pages = s.Format.Update(s.pending.Files, s.pending.Removed)
		next.edition++
		next.state.Read = s.now()
		s.pending = Change{}
		return nil
	})
}

// watch runs the Origin's Watch until ctx ends.
func (s *shelf) watch(ctx context.Context, changed func()) {
	for ctx.Err() == nil {
		err := s.guard("watching its files", func() error {
			s.Origin.Watch(ctx, changed)
			return nil
		})
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(watchPause):
		}
	}
}

// guard turns a panic on what came from outside into an error.
func (s *shelf) guard(doing string, do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: panic: %v", doing, p)
			s.log.Error("content entry panicked", "err", err, "stack", string(debug.Stack()))
		}
	}()
	return do()
}

// tell logs when the entry begins to fail and when it is well again.
func (s *shelf) tell(before, now error) {
	switch {
	case before == nil && now != nil:
		s.log.Warn("content entry cannot be brought up to date", "err", now)
	case before != nil && now == nil:
		s.log.Info("content entry is up to date again")
	}
}

// same reports whether both show the same.
func same(a, b *stock) bool {
	return a.edition == b.edition &&
		a.state.Revision == b.state.Revision &&
		text(a.state.Err) == text(b.state.Err) &&
		slices.EqualFunc(a.files, b.files, func(a, b Problem) bool { return a.Error() == b.Error() })
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
