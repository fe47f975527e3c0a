// Package announce decides what is news, where it is said, in which words and
// under which key, and records that together with what it now knows, in one
// transaction. Package outbox says it.
//
// News is what was not there when Herald last looked; dates decide nothing
// except how old an item may be that appeared while nobody looked. What is
// known of an origin is compared with the whole of it each time, so there is no
// cursor to lose and nothing to replay. An origin that is read for the first
// time is known from then on, and nothing in it is news. Of a feed only a part is
// seen: what it does not show is not gone for that (see Take).
package announce

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
)

const (
	// defaultHeartbeat makes the time in which news can have appeared before a
	// restart known to the hour.
	defaultHeartbeat = time.Hour
	// retry is how long a store that failed is left alone.
	retry = 5 * time.Second
)

// Options says what an Announcer works with. Store is required.
type Options struct {
	Store Store
	// Announcements are in the order of config.yaml.
	Announcements []Announcement
	// Feeds are the names of the sources whose news comes by Take; all others are
	// the content's.
	Feeds []string
	// Moderators is where people are told what waits for them; nil if nowhere.
	Moderators *Channel
	// Reason says a reason in a language, for moderators; nil leaves it in English.
	Reason func(lang bot.Lang, reason string) string
	// Community is what templates call the community.
	Community string
	// Answer carries out the commands that announcements name; nil if none does.
	Answer Answerer
	// Begun is told what begins, each announcement and source once; nil if nobody is.
	Begun func([]Beginning)
	// Asking tells that sources are being asked what appeared while nobody looked.
	// Digests wait for that; nil is never.
	Asking func(now time.Time) bool
	// Heartbeat is how often it is recorded that the origins are being watched; 0
	// means an hour.
	Heartbeat time.Duration
	// Zone is the community's; nil means UTC.
	Zone *time.Location
	// Log is told what begins, what is held and what cannot be read; nil tells
	// nobody.
	Log *slog.Logger
}

// Announcer announces what is new. Make one with New, Offer it what there is,
// and call Do whenever Next says so.
type Announcer struct {
	store         Store
	announcements []Announcement
	feeds         []string
	moderators    *Channel
	reason        func(bot.Lang, string) string
	community     string
	heartbeat     time.Duration
	answer        Answerer
	begun         func([]Beginning)
	asking        func(now time.Time) bool
	zone          *time.Location
	log           *slog.Logger

	mu      sync.Mutex // guards what follows
	offered *content.Snapshot
	pending bool      // whether offered was not looked at yet
	failed  bool      // whether the last Do did
	due     time.Time // when to Do if nothing is pending, or the last Do failed
	tick    time.Time // when the next schedule falls due; zero for never

	doing    sync.Mutex // one Do at a time; guards what follows
	memories map[string]*memory
	// routes are those that began; nil until it is known.
	routes map[Route]bool
	// first tells that nothing ever began before.
	first bool
	// drip is, by address, from when on the next missed item may be said there.
	drip map[bot.Address]time.Time
	// ticks is until when each schedule was carried out; nil until it is known.
	ticks map[string]CarriedOut
	// waiting tells that something may wait for a digest that has no schedule.
	waiting bool
	told    map[string]string // what was said in the log of an item that cannot be read
}

// New returns an announcer that has looked at nothing yet.
func New(o Options) *Announcer {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Reason == nil {
		o.Reason = func(_ bot.Lang, reason string) string { return reason }
	}
	if o.Begun == nil {
		o.Begun = func([]Beginning) {}
	}
	if o.Asking == nil {
		o.Asking = func(time.Time) bool { return false }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Announcer{
		store:         o.Store,
		announcements: o.Announcements,
		feeds:         o.Feeds,
		moderators:    o.Moderators,
		reason:        o.Reason,
		community:     o.Community,
		heartbeat:     cmp.Or(o.Heartbeat, defaultHeartbeat),
		answer:        o.Answer,
		begun:         o.Begun,
		asking:        o.Asking,
		zone:          o.Zone,
		log:           o.Log,
		memories:      make(map[string]*memory),
		waiting:       true,
		told:          make(map[string]string),
	}
}

// Offer hands over the newest snapshot, for Do to look at. Snapshots that were
// not looked at yet are forgotten: each is the whole.
func (a *Announcer) Offer(s *content.Snapshot) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.offered, a.pending = s, true
}

// Next returns when Do should be called next; not after now if it should be
// called at once. Offer brings it forward.
func (a *Announcer) Next(now time.Time) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.failed:
		return a.due
	case a.pending, a.due.IsZero():
		return now
	case !a.tick.IsZero() && a.tick.Before(a.due):
		return a.tick
	default:
		return a.due
	}
}

// Look looks at what was offered and records what follows, as Do does, but carries
// out no schedule: for those who first ask the sources.
func (a *Announcer) Look(ctx context.Context, now time.Time) error {
	a.doing.Lock()
	defer a.doing.Unlock()
	snapshot := a.take()
	if snapshot == nil {
		return nil
	}
	if err := a.look(ctx, now, snapshot); err != nil {
		return fmt.Errorf("announcing: %w", err)
	}
	return nil
}

// Do looks at what was offered, carries out the schedules that are due, and
// records what follows. An error is the store's; what it cost is done by a later
// Do.
func (a *Announcer) Do(ctx context.Context, now time.Time) error {
	a.doing.Lock()
	defer a.doing.Unlock()
	var errs []error
	if snapshot := a.take(); snapshot != nil {
		errs = append(errs, a.look(ctx, now, snapshot))
	}
	errs = append(errs, a.carryOut(ctx, now))
	err := errors.Join(errs...)
	a.finish(now, err)
	if err != nil {
		return fmt.Errorf("announcing: %w", err)
	}
	return nil
}

func (a *Announcer) finish(now time.Time, err error) {
	_, tick := a.nextTick(now)
	if a.waiting || !tick.IsZero() && !tick.After(now) { // it could not be carried out yet
		tick = now.Add(lookAgain)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.failed = err != nil
	a.tick = tick
	a.due = now.Add(a.heartbeat)
	if a.failed {
		a.due = now.Add(retry)
	}
}

func (a *Announcer) take() *content.Snapshot {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pending = false
	return a.offered
}

// look looks at every entry; one's trouble does not keep it from the others.
func (a *Announcer) look(ctx context.Context, now time.Time, snapshot *content.Snapshot) error {
	var (
		errs []error
		read []string // sources that were looked at
	)
	for _, entry := range snapshot.Entries() {
		for _, source := range entry.Sources {
			if _, err := a.beginning(ctx, source, source); err != nil {
				return err
			}
		}
		if entry.Read.IsZero() { // its posts are missing, not gone
			continue
		}
		if err := a.lookAt(ctx, now, snapshot, entry); err != nil {
			errs = append(errs, fmt.Errorf("content entry %s: %w", entry.Entry, err))
		} else {
			read = append(read, entry.Sources...)
		}
	}
	if err := a.beginAll(ctx, now, read); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// lookAt looks at one entry, once more if another process was faster.
func (a *Announcer) lookAt(ctx context.Context, now time.Time, snapshot *content.Snapshot, entry content.EntryState) error {
	for again := true; ; again = false {
		m, err := a.memory(ctx, entry.Entry)
		if err != nil {
			return err
		}
		err = a.compareAndRecord(ctx, now, m, snapshot, entry)
		if err != nil {
			delete(a.memories, entry.Entry) // whether it was recorded may be unknown
		}
		if !errors.Is(err, ErrStale) || !again {
			return err
		}
	}
}

func (a *Announcer) memory(ctx context.Context, origin string) (*memory, error) {
	if m := a.memories[origin]; m != nil {
		return m, nil
	}
	known, err := a.store.Known(ctx, origin)
	if err != nil {
		return nil, fmt.Errorf("reading what is known: %w", err)
	}
	m := newMemory(origin, known)
	a.memories[origin] = m
	return m, nil
}
