package store_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

// kills is how often a program is killed in each test; HERALD_SOAK=1 asks for
// the full number.
func kills() int {
	if os.Getenv("HERALD_SOAK") != "" {
		return 300
	}
	return 20
}

// A program that announces and delivers is killed, at every boundary between
// two steps and at random moments. Where the platform can be asked what it has,
// nothing is lost and nothing is said twice. Where it cannot, nothing is said
// twice either, and what may or may not have been said is uncertain.
func TestKilledAnywhere(t *testing.T) {
	for _, knows := range []bool{true, false} {
		t.Run(fmt.Sprintf("platform knows=%t", knows), func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, dsn string) {
				p := newRecorder(t)
				seed := rand.Uint64()
				random := rand.New(rand.NewPCG(seed, 0))
				t.Logf("seed %d", seed)
				for i := range kills() {
					program := crashingProgram(dsn, p.URL, knows)
					after := time.Duration(random.IntN(int(150 * time.Millisecond)))
					if i < len(points) || i%2 == 0 {
						program.Env = append(program.Env, crashingAt+points[i%len(points)], fmt.Sprint(crashingAfter, random.IntN(6)))
						after = 500 * time.Millisecond // for points that are passed only when the store is new
					}
					killed(t, program, after)
				}
				last := crashingProgram(dsn, p.URL, knows)
				last.Env = append(last.Env, crashingEnds+"1")
				if out, err := last.CombinedOutput(); err != nil {
					t.Fatalf("the last run: %v\n%s", err, out)
				}
				compareWithPlatform(t, open(t, dsn), p, knows)
				t.Logf("killed %d times", kills())
			})
		})
	}
}

func crashingProgram(dsn, platform string, knows bool) *exec.Cmd {
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), crashingRole+"=1", crashingStore+dsn, crashingPlatform+platform)
	if knows {
		program.Env = append(program.Env, crashingKnows+"1")
	}
	return program
}

// killed runs a program until it is killed: by itself, or after a time. The
// program ends in no other way.
func killed(t *testing.T, program *exec.Cmd, after time.Duration) {
	t.Helper()
	var out bytes.Buffer
	program.Stdout, program.Stderr = &out, &out
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { program.Process.Kill() })
	defer timer.Stop()
	err := program.Wait()
	if program.ProcessState.Exited() {
		t.Fatalf("the program ended by itself: %v\n%s", err, &out)
	}
}

func compareWithPlatform(t *testing.T, s *store.Store, p *recorder, knows bool) {
	t.Helper()
	known, err := s.Known(t.Context(), "site")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := s.Ledger(t.Context(), store.Query{Limit: 1_000_000})
	if err != nil {
		t.Fatal(err)
	}
	states := make(map[outbox.State]int)
	said := make(map[string]bool)
	for _, e := range entries {
		states[e.State]++
		n := p.count(e.Token())
		said[e.Token()] = true
		switch {
		case n > 1:
			t.Errorf("%s was said %d times", e.Subject, n)
		case e.State == outbox.Sent && n == 0:
			t.Errorf("%s was not said, but is sent", e.Subject)
		case e.State != outbox.Sent && (knows || e.State != outbox.Uncertain):
			t.Errorf("%s is %s (%s)", e.Subject, e.State, e.Reason)
		}
	}
	if want := len(known.Items) * len(crashingChannels); len(entries) != want {
		t.Errorf("%d acts for %d items, want %d", len(entries), len(known.Items), want)
	}
	if n := len(p.tokens()); n != 0 && slices.ContainsFunc(p.tokens(), func(token string) bool { return !said[token] }) {
		t.Error("the platform has messages that the ledger does not know")
	}
	t.Logf("%d items, %d acts: %v", len(known.Items), len(entries), states)
}

// What follows is the program that is killed.

const (
	crashingRole     = "HERALD_TEST_CRASHING"
	crashingStore    = "HERALD_TEST_STORE="
	crashingPlatform = "HERALD_TEST_PLATFORM="
	crashingKnows    = "HERALD_TEST_KNOWS="
	crashingAt       = "HERALD_TEST_KILL_AT="
	crashingAfter    = "HERALD_TEST_KILL_AFTER="
	crashingEnds     = "HERALD_TEST_ENDS="
	crashingReplica  = "HERALD_TEST_REPLICA="
	crashingLease    = "HERALD_TEST_LEASE="
)

var crashingChannels = []announce.Channel{crashingChannel("1"), crashingChannel("2"), crashingChannel("3")}

func crashingChannel(chat string) announce.Channel {
	return announce.Channel{Channel: bot.Channel{Name: chat, Address: bot.Address{Platform: bot.Discord, Chat: chat}, Lang: bot.English}}
}

func setting(name string) string { return os.Getenv(name[:len(name)-1]) }

// crashing announces one post after the other until it is killed.
func crashing() int {
	if err := crash(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func crash(ctx context.Context) error {
	s, err := store.Open(ctx, setting(crashingStore))
	if err != nil {
		return err
	}
	defer s.Close()
	k := newKiller()
	lease, err := time.ParseDuration(cmp.Or(setting(crashingLease), "200ms"))
	if err != nil {
		return err
	}
	a := announce.New(announce.Options{
		Store:         killingStore{s, k},
		Announcements: []announce.Announcement{{Name: "articles", From: []string{"blog"}, To: crashingChannels}},
	})
	o, err := outbox.New(outbox.Config{
		Store: killingStore{s, k}, Owner: fmt.Sprint(os.Getpid(), time.Now().UnixNano()), Lease: lease,
		Senders: map[bot.Platform]outbox.Sender{bot.Discord: newClient(k)},
	})
	if err != nil {
		return err
	}
	ends := setting(crashingEnds) != ""
	if setting(crashingReplica) != "" {
		return replicate(ctx, s, o, ends)
	}
	known, err := s.Known(ctx, "site")
	if err != nil {
		return err
	}
	for n := len(known.Items); ; n++ {
		a.Offer(tree(n))
		if err := a.Do(ctx, time.Now()); err != nil {
			return err
		}
		o.Wake()
		if err := o.Drain(ctx); err != nil {
			return err
		}
		if ends && delivered(ctx, s) {
			return nil
		}
		if ends {
			n--
		}
	}
}

// delivered reports whether nothing is left to do; it waits a little if there
// is, because a lease may have to end first.
func delivered(ctx context.Context, s *store.Store) bool {
	for _, state := range []outbox.State{outbox.Owed, outbox.Sending} {
		if left, err := s.Ledger(ctx, store.Query{State: state}); err != nil || len(left) > 0 {
			time.Sleep(20 * time.Millisecond)
			return false
		}
	}
	return true
}
