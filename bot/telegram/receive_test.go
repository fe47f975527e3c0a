package telegram

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

func TestAFloodStaysInItsChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		r.runs(t, r.Telegram, Commands{Handler: new(echo)})
		for i := range 50 { // one member
			r.server.Say(ben, groupID, 0, fmt.Sprint("/recap ", i))
		}
		for i := range 100 { // many members
			r.server.Say(telegramtest.User{ID: int64(9000 + i), Name: "x"}, forumID, 42, fmt.Sprint("/recap ", i))
		}
		r.server.Say(ann, annID, 0, "/recap mine")
		time.Sleep(5 * time.Second)
		if got := r.texts(annID); len(got) != 1 {
			t.Errorf("5 seconds later %q was answered in the other chat", got)
		}
		time.Sleep(10 * time.Minute)
		told := 0
		group := r.texts(groupID)
		for _, text := range group {
			if text == tooMany[bot.English] {
				told++
			}
		}
		if len(group) != memberBurst+1 || told != 1 {
			t.Errorf("one member's flood was answered %d times, told to wait %d times; want %d and 1", len(group), told, memberBurst+1)
		}
		r.server.Say(ben, groupID, 0, "/recap later")
		time.Sleep(time.Minute)
		if all := r.texts(groupID); all[len(all)-1] != "recap|later" {
			t.Errorf("later: %q", all[len(all)-1])
		}
		if len(r.server.Limited()) > 0 || r.server.Waiting() > 0 {
			t.Errorf("%d calls came too soon, %d updates wait", len(r.server.Limited()), r.server.Waiting())
		}
	})
}

// TestRestarts asks while the bot stops and starts, cleanly and by a kill.
func TestRestarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{NoLimits: true})
		h := new(echo)
		n := 0
		for round := range 20 {
			stop := r.runs(t, r.newBot(t), Commands{Handler: h})
			for range 3 {
				for _, chat := range []int64{annID, groupID, forumID} {
					r.server.Say(telegramtest.User{ID: int64(8000 + n), Name: "x"}, chat, 0, fmt.Sprint("/recap ", n))
					n++
				}
			}
			time.Sleep(time.Duration(round%4) * 700 * time.Millisecond)
			stop()
		}
		r.runs(t, r.newBot(t), Commands{Handler: h})
		time.Sleep(time.Minute)
		answered := make(map[string]int)
		for _, chat := range []int64{annID, groupID, forumID} {
			for _, text := range r.texts(chat) {
				answered[text]++
			}
		}
		for i := range n {
			if got := answered[fmt.Sprint("recap|", i)]; got != 1 {
				t.Errorf("command %d was answered %d times", i, got)
			}
		}
	})
}

// TestAfterAKillAtMostOnePerChat has the bot killed while one chat is slow, so
// that Telegram has not heard of what was answered in the others.
func TestAfterAKillAtMostOnePerChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{NoLimits: true})
		chats := []int64{annID, groupID, forumID}
		for i := range 10 {
			for _, chat := range chats {
				r.server.Say(telegramtest.User{ID: int64(8000 + i), Name: "x"}, chat, 0, fmt.Sprint("/recap ", i))
			}
		}
		var answers atomic.Int32
		stop := r.runs(t, r.Telegram, Commands{Handler: &echo{reply: func(cmd bot.Command) bot.Reply {
			if cmd.Channel.Chat == fmt.Sprint(groupID) {
				time.Sleep(15 * time.Second)
			}
			if answers.Add(1) == 17 {
				r.kill(errors.New("killed"))
			}
			return bot.Reply{Card: bot.Card{Title: cmd.Args}}
		}}})
		time.Sleep(time.Minute)
		stop()
		if answers.Load() < 17 {
			t.Fatalf("%d answers; the kill did not come", answers.Load())
		}
		r.kill(nil)
		r.runs(t, r.newBot(t), Commands{Handler: &echo{reply: func(cmd bot.Command) bot.Reply {
			return bot.Reply{Card: bot.Card{Title: cmd.Args}}
		}}})
		time.Sleep(time.Minute)
		for _, chat := range chats {
			seen := make(map[string]int)
			doubled := 0
			for _, text := range r.texts(chat) {
				if seen[text]++; seen[text] > 1 {
					doubled++
				}
			}
			if len(seen) != 10 || doubled > 1 {
				t.Errorf("chat %d: %d of 10 answered, %d twice", chat, len(seen), doubled)
			}
		}
	})
}

// kill takes store and network away from one moment to the next: what is written
// then is lost, and Telegram hears nothing more. nil gives them back.
func (r *rig) kill(err error) {
	r.memory.breakWith(err)
	fault := telegramtest.CutBefore
	if err == nil {
		fault = ""
	}
	r.server.Always("", fault)
}

func TestPollingThroughTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		h := new(echo)
		r.runs(t, r.Telegram, Commands{Handler: h})
		for _, fault := range []telegramtest.Fault{telegramtest.BadGateway, telegramtest.CutBefore, telegramtest.Garbage, telegramtest.Internal} {
			r.server.Always("getUpdates", fault)
			before := len(r.server.Calls())
			r.server.Say(ann, annID, 0, "/recap "+string(fault)[:3])
			time.Sleep(time.Hour)
			if n := len(r.server.Calls()) - before; n > 100 {
				t.Errorf("%s: %d calls in an hour", fault, n)
			}
			r.server.Always("getUpdates", "")
			time.Sleep(2 * time.Minute)
			all := r.texts(annID)
			if len(all) == 0 || all[len(all)-1] != "recap|"+string(fault)[:3] {
				t.Errorf("after %s: %q", fault, all)
			}
		}
		told := strings.Count(r.log.String(), "no messages from Telegram")
		if told != 4 {
			t.Errorf("told %d times; want once for each trouble:\n%s", told, r.log.String())
		}
	})
}

func TestTwoBotsAreToldPlainly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		r.runs(t, r.Telegram, Commands{Handler: new(echo)})
		other := r.newBot(t)
		other.memory = newMemory()
		r.runs(t, other, Commands{Handler: new(echo)})
		time.Sleep(10 * time.Minute)
		if !strings.Contains(r.log.String(), "Another program reads this bot's messages") {
			t.Errorf("not told:\n%s", r.log.String())
		}
		if n := len(r.server.Calls("getUpdates")); n > 100 {
			t.Errorf("%d polls in ten minutes", n)
		}
	})
}

func TestAPanicCostsItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		r.runs(t, r.Telegram, Commands{Handler: &echo{reply: func(cmd bot.Command) bot.Reply {
			if cmd.Args == "boom" {
				panic("a member's secret words")
			}
			return bot.Reply{Card: bot.Card{Title: "fine"}}
		}}})
		r.server.Say(ann, annID, 0, "/recap boom")
		r.server.Push("message", map[string]any{"message_id": "x"})
		r.server.Push("message", map[string]any{})
		r.server.Push("callback_query", map[string]any{"id": "x"})
		r.server.Say(ann, annID, 0, "/recap")
		time.Sleep(time.Minute)
		if got := r.texts(annID); len(got) != 1 || got[0] != "fine" {
			t.Errorf("said %q", got)
		}
		if strings.Contains(r.log.String(), "secret words") || !strings.Contains(r.log.String(), "panicked") {
			t.Errorf("log:\n%s", r.log.String())
		}
	})
}

func TestMigrationIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		var moved []string
		r.runs(t, r.Telegram, Commands{Handler: new(echo), Moved: func(from, to bot.Address) {
			moved = append(moved, from.String()+" to "+to.String())
		}})
		r.server.Migrate(groupID, -1009)
		time.Sleep(time.Second)
		synctest.Wait()
		if fmt.Sprint(moved) != "[telegram:-4001 to telegram:-1009]" {
			t.Errorf("moved %q", moved)
		}
	})
}

// TestAHandlerThatHangs does not keep the bot from stopping.
func TestAHandlerThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		release := make(chan struct{})
		stop := r.runs(t, r.Telegram, Commands{Handler: &echo{reply: func(bot.Command) bot.Reply {
			<-release
			return bot.Reply{}
		}}})
		r.server.Say(ann, annID, 0, "/recap")
		time.Sleep(time.Second)
		start := time.Now()
		stop()
		if took := time.Since(start); took > time.Minute {
			t.Errorf("stopping took %v", took)
		}
		close(release)
	})
}
