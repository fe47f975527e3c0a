package telegram

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

// lanes sends n messages to each of the given number of groups, in order within
// a group, sixteen at once, as an outbox does. It returns when each group's last
// one was said.
func lanes(t *testing.T, r *rig, groups, n int) map[int64]time.Time {
	var wg sync.WaitGroup
	var mu sync.Mutex
	finished := make(map[int64]time.Time)
	workers := make(chan struct{}, 16)
	for g := range groups {
		id := int64(-5000 - g)
		wg.Go(func() {
			for i := range n {
				to := bot.Address{Platform: bot.Telegram, Chat: fmt.Sprint(id)}
				m := bot.Message{Card: bot.Card{Title: fmt.Sprintf("第 %d 則", i)}}
				for {
					workers <- struct{}{}
					_, err := r.Send(t.Context(), post(to, m))
					<-workers
					var wait *bot.RetryAfterError
					if errors.As(err, &wait) {
						time.Sleep(wait.Wait)
						continue
					}
					if errors.Is(err, bot.ErrUnknownOutcome) {
						break // for a person to decide
					}
					if err != nil {
						t.Error(err)
					}
					break
				}
			}
			mu.Lock()
			finished[id] = time.Now()
			mu.Unlock()
		})
	}
	wg.Wait()
	return finished
}

func addGroups(r *rig, n int) {
	for g := range n {
		r.server.AddChat(telegramtest.Chat{ID: int64(-5000 - g), Type: "supergroup"})
	}
}

// inOrder checks that every group got n messages, once each and in order.
func inOrder(t *testing.T, r *rig, groups, n int) {
	t.Helper()
	for g := range groups {
		all := r.server.Messages(int64(-5000 - g))
		if len(all) != n {
			t.Fatalf("group %d has %d messages; want %d", g, len(all), n)
		}
		for i, m := range all {
			if m.Text != fmt.Sprintf("第 %d 則", i) {
				t.Fatalf("group %d: message %d is %q", g, i, m.Text)
			}
		}
	}
}

// TestThousandAnnouncements keeps to the limits and hardly stays below them.
func TestThousandAnnouncements(t *testing.T) {
	const groups, each = 200, 5
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		addGroups(r, groups)
		start := time.Now()
		lanes(t, r, groups, each)
		took := time.Since(start)
		allowed := time.Duration(groups*each/30) * time.Second
		t.Logf("%d announcements took %v; the limits allow %v", groups*each, took, allowed)
		if took > allowed*105/100 {
			t.Errorf("took %v; want at most 5%% more than %v", took, allowed)
		}
		if limited := r.server.Limited(); len(limited) > 0 {
			t.Errorf("%d calls came too soon", len(limited))
		}
		inOrder(t, r, groups, each)
	})
}

// TestGroupsOfTwentyAMinute fills one group.
func TestGroupsOfTwentyAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		addGroups(r, 1)
		start := time.Now()
		lanes(t, r, 1, 100)
		if took := time.Since(start); took > 5*time.Minute {
			t.Errorf("100 messages took %v", took)
		}
		if limited := r.server.Limited(); len(limited) > 0 {
			t.Errorf("%d calls came too soon", len(limited))
		}
		inOrder(t, r, 1, 100)
	})
}

// TestWaitsOfADay has one call in fifty answered with a wait of up to a day:
// nothing is lost, and groups that met none are on time.
func TestWaitsOfADay(t *testing.T) {
	const groups, each = 200, 5
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{
			Rate: map[telegramtest.Fault]float64{telegramtest.Flood: 0.02}, FloodWait: 24 * time.Hour, Seed: 7,
		})
		addGroups(r, groups)
		start := time.Now()
		finished := lanes(t, r, groups, each)
		inOrder(t, r, groups, each)
		met := make(map[int64]bool)
		for _, c := range r.server.Calls("sendMessage") {
			if c.Fault == telegramtest.Flood {
				met[c.Chat] = true
			}
		}
		for group, at := range finished {
			if !met[group] && at.Sub(start) > time.Duration(groups*each/30+10)*time.Second {
				t.Errorf("group %d was told to wait for nothing, but took %v", group, at.Sub(start))
			}
		}
		if len(met) == 0 || len(r.server.Limited()) > 0 {
			t.Errorf("%d groups met a wait, %d calls came too soon", len(met), len(r.server.Limited()))
		}
	})
}

// TestAnHourOfBadGateways keeps quiet while Telegram is in trouble, and goes on
// when it is well again.
func TestAnHourOfBadGateways(t *testing.T) {
	const groups, each = 30, 3
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		addGroups(r, groups)
		r.server.Always("", telegramtest.BadGateway)
		healed := make(chan struct{})
		go func() {
			time.Sleep(time.Hour)
			r.server.Always("", "")
			close(healed)
		}()
		start := time.Now()
		lanes(t, r, groups, each)
		<-healed
		during, said := 0, 0
		for _, c := range r.server.Calls() {
			if c.At.Sub(start) < time.Hour {
				during++
			}
			if c.Code == 200 && c.Method == "sendMessage" {
				said++
			}
		}
		standing := 0
		for g := range groups {
			standing += len(r.server.Messages(int64(-5000 - g)))
		}
		t.Logf("%d calls in the hour; %d of %d said, the others uncertain", during, said, groups*each)
		if during > 3600 {
			t.Errorf("%d calls in an hour; want under one a second", during)
		}
		if said != standing || groups*each-said > 16 {
			t.Errorf("%d said, %d stand there; at most the 16 in flight may be uncertain", said, standing)
		}
		if strings.Contains(r.Trouble(), "answer") {
			t.Errorf("still in trouble: %s", r.Trouble())
		}
	})
}

// TestAnnouncementsAmongCommands has thousands of members ask at once:
// announcements get through all the same.
func TestAnnouncementsAmongCommands(t *testing.T) {
	const groups, each = 20, 5
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		addGroups(r, groups)
		r.runs(t, r.Telegram, Commands{Handler: new(echo)})
		for i := range 2000 {
			id := int64(20_000 + i)
			r.server.AddChat(telegramtest.Chat{ID: id, Type: "private"})
			r.server.Say(telegramtest.User{ID: id, Name: "x"}, id, 0, "/recap 2023")
		}
		start := time.Now()
		lanes(t, r, groups, each)
		if took := time.Since(start); took > 15*time.Second { // ten a second are theirs
			t.Errorf("%d announcements took %v", groups*each, took)
		}
		inOrder(t, r, groups, each)
		time.Sleep(5 * time.Minute)
		if limited := r.server.Limited(); len(limited) > 0 {
			t.Errorf("%d calls came too soon", len(limited))
		}
		if waiting := r.server.Waiting(); waiting > 0 {
			t.Errorf("%d updates wait", waiting)
		}
	})
}
