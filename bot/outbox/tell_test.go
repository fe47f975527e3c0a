package outbox_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// Moderators are told once of what waits for a person, after that is written.
func TestAPersonIsTold(t *testing.T) {
	p := &platform{fail: func(act bot.Act, n int) error {
		switch act.Subject {
		case "refused":
			return fmt.Errorf("403: %w", bot.ErrPermanent)
		case "unknown":
			return bot.ErrUnknownOutcome
		case "later":
			return errors.New("502")
		case "wait":
			return &bot.RetryAfterError{Wait: time.Minute}
		}
		return nil
	}}
	var told []string
	var said sync.Map // how often each subject was said
	var broken failing
	var d *desk
	d, _, _ = newSite(t, func(c *outbox.Config) {
		broken.Store = c.Store
		c.Store = &broken
		c.Attempts = 2
		c.Senders = map[bot.Platform]outbox.Sender{bot.Console: p}
		c.Tell = func(act outbox.Act, out outbox.Outcome) {
			if e := d.entry(act.Subject); e.State != out.State || e.ID != out.ID {
				t.Errorf("told of %+v before it was written: %+v", out, e)
			}
			told = append(told, fmt.Sprintf("%s %s: %s", act.Subject, out.State, out.Reason))
			d.Wake() // as one does who has something to say about it
		}
		c.Said = func(act outbox.Act) {
			if _, twice := said.LoadOrStore(act.Subject, true); twice {
				t.Errorf("%s was said twice", act.Subject)
			}
		}
	})
	for _, subject := range []string{"fine", "refused", "unknown", "later", "wait"} {
		d.owe(channel(subject), subject)
	}
	d.link(time.Minute, bot.HoldMissing, "linked")
	if err := d.Do(t.Context(), d.now); err != nil {
		t.Fatal(err)
	}
	broken.broken.Store(true)
	if err := d.Do(t.Context(), d.now); !errors.Is(err, errDisk) || len(told) != 0 {
		t.Fatalf("Do on a broken store: %v, told %v", err, told)
	}
	broken.broken.Store(false)
	d.run(20 * time.Minute)
	want := map[string]bool{
		"refused failed: 403: refused for good":                        true,
		"unknown uncertain: outcome unknown":                           true,
		"later failed: given up after 2 attempts: 502":                 true,
		"page in linked held: its page does not answer: 404 Not Found": true,
	}
	got := make(map[string]bool)
	for _, s := range told {
		if got[s] {
			t.Errorf("told twice: %s", s)
		}
		got[s] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	for _, subject := range []string{"fine", "refused", "unknown", "later", "linked"} {
		if _, ok := said.Load(subject); ok != (subject == "fine") {
			t.Errorf("%s: said %t", subject, ok)
		}
	}
}

// What another process has taken over meanwhile is that one's to tell.
func TestNobodyIsToldOfWhatIsNoLongerOurs(t *testing.T) {
	m := &memory{passed: []int64{1}, acts: []outbox.Act{{ID: 1, Fence: 1, Attempts: 1, Act: bot.Act{Kind: bot.Post, Key: bot.Key{Address: channel("a")}}}}}
	told := 0
	o, err := outbox.New(outbox.Config{
		Store: m, Owner: "test", Senders: map[bot.Platform]outbox.Sender{bot.Console: silent{}},
		Tell: func(outbox.Act, outbox.Outcome) { told++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Do(t.Context(), noon); err != nil {
		t.Fatal(err)
	}
	<-o.Changed()
	if err := o.Do(t.Context(), noon); err != nil {
		t.Fatal(err)
	}
	if len(m.outcomes) != 1 || m.outcomes[0].State != outbox.Uncertain || told != 0 {
		t.Errorf("outcomes %+v, told %d times", m.outcomes, told)
	}
}
