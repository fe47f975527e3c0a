package store_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

// takeover is within what time another replica must speak.
const takeover = 15 * time.Second

// Two replicas share a PostgreSQL store. Whichever speaks is killed again and
// again in the middle of what it says: the other one takes over, nothing is lost
// and nothing is said twice.
func TestAStandbyTakesOver(t *testing.T) {
	kills, lease := 6, 500*time.Millisecond
	if os.Getenv("HERALD_SOAK") != "" {
		kills = 100
		t.Run("lease of 10s", func(t *testing.T) { killSpeakers(t, 3, 10*time.Second) }) // the outbox's own
	}
	t.Run("lease of "+lease.String(), func(t *testing.T) { killSpeakers(t, kills, lease) })
}

func killSpeakers(t *testing.T, kills int, lease time.Duration) {
	dsn := postgresSchema(t)
	p := newRecorder(t)
	p.heard = make(chan string, 100_000) // nobody waits for the test to listen
	news := newsroom{T: t, store: open(t, dsn)}
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d", seed)
	replicas := make(map[string]*replica)
	for i := range 2 {
		startReplica(t, replicas, fmt.Sprint("replica ", i), dsn, p.URL, lease)
	}
	var longest time.Duration
	for i := range kills {
		news.publish(20)
		speaker := p.next(t, "")
		for range random.IntN(50) { // of 60
			speaker = p.next(t, "")
		}
		replicas[speaker].kill(t)
		delete(replicas, speaker)
		killed := time.Now()
		news.publish(1)
		p.next(t, speaker)
		longest = max(longest, time.Since(killed))
		startReplica(t, replicas, fmt.Sprint("replica ", i+2), dsn, p.URL, lease)
	}
	for _, r := range replicas {
		r.kill(t)
	}
	last := replicaProgram("last", dsn, p.URL, lease)
	last.Env = append(last.Env, crashingEnds+"1")
	if out, err := last.CombinedOutput(); err != nil {
		t.Fatalf("the last run: %v\n%s", err, out)
	}
	compareWithPlatform(t, news.store, p, true)
	t.Logf("%d speakers killed; the longest silence was %s", kills, longest.Round(time.Millisecond))
}

// next waits until somebody says something who is not the one named.
func (r *recorder) next(t *testing.T, not string) string {
	t.Helper()
	timeout := time.NewTimer(takeover)
	defer timeout.Stop()
	for {
		select {
		case name := <-r.heard:
			if name != not {
				return name
			}
		case <-timeout.C:
			t.Fatalf("nobody said anything for %s", takeover)
		}
	}
}

// newsroom records posts that replicas then deliver.
type newsroom struct {
	*testing.T
	store      *store.Store
	generation int64
	n          int
}

// publish records n items for three channels.
func (r *newsroom) publish(n int) {
	r.Helper()
	now := time.Now()
	record := announce.Record{Origin: "site", Generation: r.generation, Now: now, Seen: now}
	for range n {
		r.n++
		subject := fmt.Sprintf("https://example.org/%d", r.n)
		record.Items = append(record.Items, announce.Item{ID: subject, Source: "blog", Subject: subject, FirstSeen: now})
		for _, channel := range crashingChannels {
			record.Acts = append(record.Acts, announce.Act{
				Act:       bot.Act{Kind: bot.Post, Key: bot.Key{Subject: subject, Address: channel.Address, Occasion: bot.OccasionNew}},
				NotBefore: now,
			})
		}
	}
	if _, err := r.store.Record(r.Context(), record); err != nil {
		r.Fatal(err)
	}
	r.generation++
}

// replica is a process that speaks, or stands by.
type replica struct {
	*exec.Cmd
	out bytes.Buffer
}

func replicaProgram(name, dsn, platform string, lease time.Duration) *exec.Cmd {
	program := crashingProgram(dsn, platform, true)
	program.Env = append(program.Env, crashingReplica+name, crashingLease+lease.String())
	return program
}

func startReplica(t *testing.T, replicas map[string]*replica, name, dsn, platform string, lease time.Duration) {
	t.Helper()
	r := &replica{Cmd: replicaProgram(name, dsn, platform, lease)}
	r.Stdout, r.Stderr = &r.out, &r.out
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Process.Kill() }) // if the test ends early
	replicas[name] = r
}

func (r *replica) kill(t *testing.T) {
	t.Helper()
	r.Process.Kill()
	err := r.Wait()
	if r.ProcessState.Exited() {
		t.Fatalf("the program ended by itself: %v\n%s", err, &r.out)
	}
}

// replicate delivers what others record until it is killed, or until all is
// delivered.
func replicate(ctx context.Context, s *store.Store, o *outbox.Outbox, ends bool) error {
	for !ends || !delivered(ctx, s) {
		now := time.Now()
		next := o.Next(now)
		if !next.After(now) {
			if err := o.Do(ctx, now); err != nil {
				return err
			}
			continue
		}
		timer := time.NewTimer(next.Sub(now))
		select {
		case <-o.Changed():
		case <-timer.C:
		}
		timer.Stop()
	}
	return nil
}
