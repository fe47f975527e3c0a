package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func channel(name string) bot.Address { return bot.Address{Platform: bot.Console, Chat: name} }

// platform is a Sender that keeps a history and fails as its script says.
type platform struct {
	// fail, if not nil, decides how the n-th call for a subject (from 1) ends.
	fail func(act bot.Act, n int) error

	mu      sync.Mutex
	calls   map[string]int
	history []string
}

func (p *platform) act(act bot.Act) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.calls == nil {
		p.calls = make(map[string]int)
	}
	key := string(act.Kind) + " " + act.Subject
	p.calls[key]++
	if p.fail != nil {
		if err := p.fail(act, p.calls[key]); err != nil {
			return err
		}
	}
	p.history = append(p.history, key)
	return nil
}

func (p *platform) said() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.history)
}

func (p *platform) Send(_ context.Context, act bot.Act) (string, error) {
	return "m-" + act.Subject, p.act(act)
}

// editing is a platform that can also edit and retract.
type editing struct{ *platform }

func (p editing) Edit(_ context.Context, act bot.Act) error    { return p.act(act) }
func (p editing) Retract(_ context.Context, act bot.Act) error { return p.act(act) }

// knowing is a platform that can be asked what it has.
type knowing struct {
	*platform
	has func(bot.Act) (string, error)
}

func (p knowing) Confirm(_ context.Context, act bot.Act) (string, error) { return p.has(act) }

// desk is an outbox on a store of its own, with a clock that tests move.
type desk struct {
	*testing.T
	*outbox.Outbox
	store      *store.Store
	now        time.Time
	generation int64
}

func newDesk(t *testing.T, sender outbox.Sender, change ...func(*outbox.Config)) *desk {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "herald.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	d := &desk{T: t, store: s, now: noon}
	config := outbox.Config{
		Store: s, Owner: "test", Senders: map[bot.Platform]outbox.Sender{bot.Console: sender},
		Now: func() time.Time { return d.now }, Random: func() float64 { return 0.5 },
	}
	for _, c := range change {
		c(&config)
	}
	if d.Outbox, err = outbox.New(config); err != nil {
		t.Fatal(err)
	}
	return d
}

// owe records posts of the subjects in one channel.
func (d *desk) owe(channel bot.Address, subjects ...string) {
	d.Helper()
	var acts []announce.Act
	for _, s := range subjects {
		acts = append(acts, announce.Act{
			Act:       bot.Act{Kind: bot.Post, Key: bot.Key{Subject: s, Address: channel, Occasion: bot.OccasionNew}, Message: bot.Message{Card: bot.Card{Title: s}}},
			NotBefore: d.now, Until: d.now.Add(72 * time.Hour),
		})
	}
	d.record(acts...)
}

func (d *desk) record(acts ...announce.Act) {
	d.Helper()
	_, err := d.store.Record(context.Background(), announce.Record{Origin: "site", Generation: d.generation, Now: d.now, Seen: d.now, Acts: acts})
	if err != nil {
		d.Fatal(err)
	}
	d.generation++
	d.Wake()
}

func (d *desk) drain() {
	d.Helper()
	if err := d.Drain(context.Background()); err != nil {
		d.Fatal(err)
	}
}

// begin begins the one act that is owed, and waits until it ended.
func (d *desk) begin() {
	d.Helper()
	<-d.Changed() // by what owes it
	if err := d.Do(context.Background(), d.now); err != nil {
		d.Fatal(err)
	}
	<-d.Changed()
}

// states returns "subject state" of each act, the oldest first.
func (d *desk) states() []string {
	d.Helper()
	entries, err := d.store.Ledger(context.Background(), store.Query{Limit: 10_000})
	if err != nil {
		d.Fatal(err)
	}
	var all []string
	for _, e := range slices.Backward(entries) {
		all = append(all, e.Subject+" "+string(e.State))
	}
	return all
}

func (d *desk) want(states ...string) {
	d.Helper()
	if diff := cmp.Diff(states, d.states()); diff != "" {
		d.Fatalf("states (-want +got):\n%s", diff)
	}
}

func (d *desk) entry(subject string) store.Entry {
	d.Helper()
	entries, err := d.store.Ledger(context.Background(), store.Query{Subject: subject})
	if err != nil || len(entries) == 0 {
		d.Fatalf("no act of %s (error %v)", subject, err)
	}
	return entries[0]
}

func TestOrderWithinAChannel(t *testing.T) {
	p := &platform{}
	d := newDesk(t, p)
	d.owe(channel("a"), "1", "2", "3")
	d.drain()
	if diff := cmp.Diff([]string{"post 1", "post 2", "post 3"}, p.said()); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
	d.want("1 sent", "2 sent", "3 sent")
	if e := d.entry("1"); e.Said != "m-1" || e.Attempts != 1 {
		t.Errorf("ledger: %+v", e)
	}
}

// Each row is what a first call of a platform may end with.
func TestOutcomes(t *testing.T) {
	tests := []struct {
		name   string
		err    error
		resend bool
		want   outbox.State
		reason string
		// pause is how long the lane is silent after it.
		pause    time.Duration
		attempts int
	}{
		{"refused for good", fmt.Errorf("403: %w", bot.ErrPermanent), false, outbox.Failed, "403: refused for good", 0, 1},
		{"wait", &bot.RetryAfterError{Wait: 7 * time.Second}, false, outbox.Owed, "wait 7s for this channel", 7 * time.Second, 0},
		{"wait for the whole platform", &bot.RetryAfterError{Wait: 7 * time.Second, Global: true}, false, outbox.Owed, "wait 7s for the whole platform", 7 * time.Second, 0},
		{"wait no time at all", &bot.RetryAfterError{Wait: -1}, false, outbox.Owed, "wait -1ns for this channel", 100 * time.Millisecond, 0},
		{"try later", errors.New("502"), false, outbox.Owed, "502", time.Second, 1},
		{"unknown", fmt.Errorf("EOF: %w", bot.ErrUnknownOutcome), false, outbox.Uncertain, "EOF: outcome unknown", 0, 1},
		{"unknown, and may be said twice", fmt.Errorf("EOF: %w", bot.ErrUnknownOutcome), true, outbox.Owed, "EOF: outcome unknown", time.Second, 1},
		{"out of time", context.DeadlineExceeded, false, outbox.Uncertain, "context deadline exceeded", 0, 1},
		{"hostile reason", errors.New("a\x00b\xff" + string(make([]byte, 600))), false, outbox.Owed, "ab", time.Second, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := &platform{fail: func(act bot.Act, n int) error {
				if act.Subject == "bad" && n == 1 {
					return tt.err
				}
				return nil
			}}
			d := newDesk(t, p, func(c *outbox.Config) { c.Resend = func(bot.Address) bool { return tt.resend } })
			d.owe(channel("a"), "bad", "next")
			d.drain()
			e := d.entry("bad")
			if e.State != tt.want || e.Reason != tt.reason || e.Attempts != tt.attempts {
				t.Errorf("bad is %s (%q) after %d attempts, want %s (%q) after %d", e.State, e.Reason, e.Attempts, tt.want, tt.reason, tt.attempts)
			}
			if tt.want != outbox.Owed { // it left the lane
				d.want("bad "+string(tt.want), "next sent")
				return
			}
			d.want("bad owed", "next owed")
			if next := d.Next(d.now); !next.Equal(d.now.Add(min(tt.pause, 2*time.Second))) {
				t.Errorf("next in %s, want %s", next.Sub(d.now), tt.pause)
			}
			d.now = d.now.Add(tt.pause - time.Millisecond)
			d.drain()
			d.want("bad owed", "next owed")
			d.now = d.now.Add(time.Millisecond)
			d.drain()
			d.want("bad sent", "next sent")
		})
	}
}

func TestAPlatformThatSaysNothingOfItsMessage(t *testing.T) {
	d := newDesk(t, silent{})
	d.owe(channel("a"), "1")
	d.drain()
	d.want("1 uncertain")
}

type silent struct{}

func (silent) Send(context.Context, bot.Act) (string, error) { return "", nil }

func TestGivingUp(t *testing.T) {
	p := &platform{fail: func(act bot.Act, _ int) error {
		if act.Subject == "poison" {
			return errors.New("500")
		}
		return nil
	}}
	d := newDesk(t, p, func(c *outbox.Config) { c.Attempts = 4 })
	d.owe(channel("a"), "poison", "next")
	for range 4 {
		d.drain()
		d.now = d.now.Add(time.Minute)
	}
	d.want("poison failed", "next sent")
	if e := d.entry("poison"); e.Reason != "given up after 4 attempts: 500" {
		t.Errorf("reason %q", e.Reason)
	}
}

func TestUsefulnessEndsWhileRetrying(t *testing.T) {
	p := &platform{fail: func(bot.Act, int) error { return &bot.RetryAfterError{Wait: 30 * time.Hour} }}
	d := newDesk(t, p)
	d.owe(channel("a"), "1")
	for range 4 {
		d.drain()
		d.now = d.now.Add(24 * time.Hour)
	}
	d.drain()
	d.want("1 skipped")
}

func TestAPanicCostsOneAct(t *testing.T) {
	p := &platform{}
	p.fail = func(act bot.Act, _ int) error {
		if act.Subject == "bad" {
			panic("on purpose")
		}
		return nil
	}
	d := newDesk(t, p)
	d.owe(channel("a"), "bad", "next")
	d.drain()
	d.want("bad uncertain", "next sent")
}

func TestOneChannelHoldsUpNoOther(t *testing.T) {
	hold := make(chan struct{})
	p := &platform{}
	d := newDesk(t, blocking{p, hold})
	d.owe(channel("slow"), "slow 1", "slow 2")
	d.owe(channel("quick"), "1", "2", "3")
	for len(p.said()) < 3 {
		if err := d.Do(t.Context(), d.now); err != nil {
			t.Fatal(err)
		}
		<-d.Changed()
	}
	if diff := cmp.Diff([]string{"post 1", "post 2", "post 3"}, p.said()); diff != "" {
		t.Errorf("said beside a slow channel (-want +got):\n%s", diff)
	}
	close(hold)
	d.drain()
	d.want("slow 1 sent", "slow 2 sent", "1 sent", "2 sent", "3 sent")
}

// blocking waits with what goes to the channel "slow".
type blocking struct {
	*platform
	hold <-chan struct{}
}

func (b blocking) Send(ctx context.Context, act bot.Act) (string, error) {
	if act.Address.Chat == "slow" {
		select {
		case <-b.hold:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	return b.platform.Send(ctx, act)
}

func TestWorkersAreBounded(t *testing.T) {
	var mu sync.Mutex
	most, now := 0, 0
	count := func(by int) {
		mu.Lock()
		defer mu.Unlock()
		now += by
		most = max(most, now)
	}
	d := newDesk(t, counting{count}, func(c *outbox.Config) { c.Workers = 3 })
	for i := range 20 {
		d.owe(channel(fmt.Sprint(i)), fmt.Sprint(i))
	}
	d.drain()
	if most > 3 {
		t.Errorf("%d calls at once, want 3 at most", most)
	}
	for _, s := range d.states() {
		if s[len(s)-4:] != "sent" {
			t.Error(s)
		}
	}
}

type counting struct{ count func(by int) }

func (c counting) Send(context.Context, bot.Act) (string, error) {
	c.count(1)
	defer c.count(-1)
	return "m", nil
}

func TestEditsAndRetractions(t *testing.T) {
	for _, tt := range []struct {
		name   string
		sender func(p *platform) outbox.Sender
		want   []string
	}{
		{"a platform that can", func(p *platform) outbox.Sender { return editing{p} }, []string{"1 sent", "1 sent", "1 sent"}},
		{"a platform that cannot", func(p *platform) outbox.Sender { return p }, []string{"1 sent", "1 skipped", "1 skipped"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &platform{fail: func(act bot.Act, n int) error {
				if act.Kind != bot.Post && act.MessageID != "m-1" {
					return fmt.Errorf("of message %q: %w", act.MessageID, bot.ErrPermanent)
				}
				if act.Kind != bot.Post && n == 1 { // doing it twice does no harm
					return bot.ErrUnknownOutcome
				}
				return nil
			}}
			d := newDesk(t, tt.sender(p))
			d.owe(channel("a"), "1")
			d.drain()
			for _, change := range []bot.Act{{Kind: bot.Edit, Key: bot.Key{Occasion: "edit:2"}}, {Kind: bot.Retract, Key: bot.Key{Occasion: "retract"}}} {
				change.Subject, change.Address = "1", channel("a")
				d.record(announce.Act{Act: change, NotBefore: d.now})
				d.drain()
				d.now = d.now.Add(time.Minute)
				d.drain()
			}
			d.want(tt.want...)
		})
	}
}

func TestAskingThePlatformAboutAnUnknownOutcome(t *testing.T) {
	for _, tt := range []struct {
		name string
		id   string
		err  error
		want string
		said int
	}{
		{"it has it", "m-found", nil, "1 sent", 0},
		{"it does not", "", nil, "1 sent", 1},
		{"it cannot say", "", errors.New("503"), "1 uncertain", 0},
		{"it will not say", "", fmt.Errorf("403: %w", bot.ErrPermanent), "1 uncertain", 0},
		{"it says when to try again", "", &bot.RetryAfterError{Wait: 30 * time.Second}, "1 sent", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &platform{fail: func(_ bot.Act, n int) error {
				if n == 1 {
					return bot.ErrUnknownOutcome
				}
				return nil
			}}
			d := newDesk(t, knowing{p, func(bot.Act) (string, error) { return tt.id, tt.err }})
			d.owe(channel("a"), "1")
			d.drain()
			d.now = d.now.Add(time.Minute)
			d.drain()
			d.want(tt.want)
			if got := len(p.said()); got != tt.said {
				t.Errorf("said %d times, want %d", got, tt.said)
			}
		})
	}
}

func TestAChannelThatMoved(t *testing.T) {
	p := &platform{fail: func(act bot.Act, n int) error {
		if act.Address == channel("old") {
			return &bot.MovedError{To: channel("new")}
		}
		return nil
	}}
	var moved []string
	d := newDesk(t, p, func(c *outbox.Config) {
		c.Moved = func(from, to bot.Address) {
			moved = append(moved, fmt.Sprintf("%s to %s after %d", from.Chat, to.Chat, len(p.said())))
		}
	})
	d.owe(channel("old"), "1", "2")
	d.drain()
	d.want("1 sent", "2 sent")
	if diff := cmp.Diff([]string{"old to new after 0"}, moved); diff != "" {
		t.Errorf("moved (-want +got):\n%s", diff)
	}
	for _, subject := range []string{"1", "2"} {
		if e := d.entry(subject); e.Address != channel("new") {
			t.Errorf("%s was said at %s", subject, e.Address)
		}
	}
	if got := p.calls["post 2"]; got != 1 {
		t.Errorf("2 was tried %d times, want 1: its channel was known to have moved", got)
	}
}

// A platform that sends the bot in circles, or nowhere, costs an act and no more.
func TestAChannelThatMovesForEver(t *testing.T) {
	for _, to := range []func(bot.Act) bot.Address{
		func(act bot.Act) bot.Address {
			return map[bot.Address]bot.Address{channel("a"): channel("b"), channel("b"): channel("a")}[act.Address]
		},
		func(act bot.Act) bot.Address { return act.Address },
		func(bot.Act) bot.Address { return bot.Address{} },
		func(bot.Act) bot.Address { return bot.Address{Platform: bot.Discord, Chat: "a"} },
	} {
		p := &platform{fail: func(act bot.Act, _ int) error {
			if act.Subject == "bad" {
				return &bot.MovedError{To: to(act)}
			}
			return nil
		}}
		d := newDesk(t, p, func(c *outbox.Config) { c.Attempts = 4 })
		d.owe(channel("a"), "bad", "next")
		for range 5 {
			d.drain()
			d.now = d.now.Add(time.Minute)
		}
		d.want("bad failed", "next sent")
	}
}
