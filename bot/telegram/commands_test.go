package telegram

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

var specs = []bot.CommandSpec{
	{Name: "recap", Names: bot.Texts{bot.TraditionalChinese: "回顧"}, Summary: both("看年度回顧", "Read a recap")},
	{Name: "search", Aliases: []string{"find"}, Summary: both("搜尋", "Search"), Private: true},
	{Name: "help", Aliases: []string{"start"}, Summary: both("說明", "Help"), Private: true},
	{Name: "id", Summary: both("頻道設定", "Settings"), Private: true},
	{Name: "secret", Summary: both("x", "x"), Hidden: true},
}

// echo answers with what it was asked.
type echo struct {
	mu    sync.Mutex
	asked []bot.Command
	reply func(bot.Command) bot.Reply
}

func (e *echo) Handle(_ context.Context, cmd bot.Command) bot.Reply {
	e.mu.Lock()
	e.asked = append(e.asked, cmd)
	e.mu.Unlock()
	if e.reply != nil {
		return e.reply(cmd)
	}
	return bot.Reply{Card: bot.Card{Title: cmd.Name + "|" + cmd.Args}}
}

func (e *echo) all() []bot.Command {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]bot.Command(nil), e.asked...)
}

// runs has a bot answer until the returned function is called.
func (r *rig) runs(t *testing.T, b *Telegram, c Commands) (stop func()) {
	t.Helper()
	if c.Specs == nil {
		c.Specs = specs
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx, c) }()
	synctest.Wait()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

// texts returns what the bot said in a chat.
func (r *rig) texts(chat int64) []string {
	texts := []string{}
	for _, m := range r.server.Messages(chat) {
		texts = append(texts, m.Text)
	}
	return texts
}

func TestCommandsAreRead(t *testing.T) {
	tests := []struct {
		name, text string
		chat       int64
		thread     int
		want       string // name|args of the command; "" for no answer
	}{
		{"private", "/recap 2023", annID, 0, "recap|2023"},
		{"private without a slash", "recap 2023", annID, 0, "recap|2023"},
		{"full-width slash", "／回顧 2023", annID, 0, "回顧|2023"},
		{"several lines", "/recap\n2023", annID, 0, "recap|2023"},
		{"group", "/recap 2023", groupID, 0, "recap|2023"},
		{"to us by name", "/recap@Herald_Bot  2023 ", groupID, 0, "recap|2023"},
		{"to another bot", "/recap@other_bot 2023", groupID, 0, ""},
		{"full-width to another bot", "／recap@other_bot 2023", groupID, 0, ""},
		{"unknown in a group", "/weather", groupID, 0, ""},
		{"unknown but to us", "/weather@herald_bot", groupID, 0, "weather|"},
		{"talk in a group", "recap 2023 was good", groupID, 0, ""},
		{"topic", "/find x", forumID, 42, "find|x"},
		{"channel", "/recap", channelID, 0, "recap|"},
		{"a place the config does not name", "/recap", -1077, 0, ""},
		{"id anywhere", "/id", -1077, 0, "id|"},
		{"discussion group of a channel", "/recap", -1078, 0, "recap|"},
		{"deep link", "/start recap_2023", annID, 0, "recap|2023"},
		{"deep link to an alias", "/start find_x_y", annID, 0, "find|x y"},
		{"start", "/start", annID, 0, "start|"},
		{"deep link that is gone", "/start k-gone", annID, 0, "這個按鈕太舊了，請重新輸入指令。"},
		{"nothing", "/", annID, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, telegramtest.Knobs{Strange: true})
				r.server.AddChat(telegramtest.Chat{ID: -1077, Type: "supergroup"})
				r.server.AddChat(telegramtest.Chat{ID: -1078, Type: "supergroup", Linked: channelID})
				r.runs(t, r.Telegram, Commands{Handler: new(echo)})
				id := r.server.Say(ann, tt.chat, tt.thread, tt.text)
				time.Sleep(time.Minute)
				got := r.server.Messages(tt.chat)
				if tt.want == "" {
					if len(got) > 0 {
						t.Errorf("answered %q", got[0].Text)
					}
					return
				}
				if len(got) != 1 || got[0].Text != tt.want || got[0].Thread != tt.thread {
					t.Fatalf("said %+v; want %q in topic %d", got, tt.want, tt.thread)
				}
				if reply := got[0].ReplyTo; (tt.chat < 0) != (reply == id) {
					t.Errorf("it answers message %d", reply)
				}
				if r.server.Waiting() != 0 {
					t.Errorf("%d updates are not confirmed", r.server.Waiting())
				}
			})
		})
	}
}

func TestWhatBotsSayIsNotForUs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		r.runs(t, r.Telegram, Commands{Handler: new(echo)})
		chat := map[string]any{"id": annID, "type": "private", "first_name": "Ann"}
		person := map[string]any{"id": annID, "is_bot": false, "first_name": "Ann"}
		other := map[string]any{"id": 5, "is_bot": true, "first_name": "Bot"}
		for i, m := range []map[string]any{
			{"from": person, "via_bot": other}, // chosen in inline mode
			{"from": other},
			{"from": person, "sender_chat": map[string]any{"id": channelID, "type": "channel"}, "is_automatic_forward": true},
		} {
			m["message_id"], m["date"], m["chat"], m["text"] = 100+i, time.Now().Unix(), chat, "/recap 2023"
			r.server.Push("message", m)
		}
		time.Sleep(time.Minute)
		if got := r.texts(annID); len(got) > 0 {
			t.Errorf("answered %q", got)
		}
	})
}

func TestCommandKnowsItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		h := new(echo)
		r.runs(t, r.Telegram, Commands{Handler: h})
		r.server.Say(ben, forumID, 42, "/recap")
		time.Sleep(time.Second)
		r.server.Say(ann, annID, 0, "/recap")
		time.Sleep(time.Second)
		asked := h.all()
		if len(asked) != 2 {
			t.Fatalf("asked %+v", asked)
		}
		topic := asked[0]
		if topic.Channel.Name != "topic" || topic.Channel.Address != topicAt || topic.Channel.Lang != bot.English || topic.Locale != "en" || topic.Direct {
			t.Errorf("in the topic: %+v", topic)
		}
		if !asked[1].Direct || asked[1].Locale != "zh-hant" {
			t.Errorf("in private: %+v", asked[1])
		}
	})
}

func TestPagesTurnInPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		long := "recap " + strings.Repeat("長", 40)
		h := &echo{reply: func(cmd bot.Command) bot.Reply {
			return bot.Reply{
				Card: bot.Card{Title: "page " + cmd.Args}, Private: cmd.Pressed, Failed: cmd.Args == "bad",
				Buttons: []bot.Button{{Label: "next", Command: "recap 2"}, {Label: "long", Command: long}, {Label: "bad", Command: "recap bad"}},
			}
		}}
		stop := r.runs(t, r.Telegram, Commands{Handler: h})
		r.server.Say(ann, groupID, 0, "/recap 1")
		time.Sleep(time.Second)
		id := r.server.Messages(groupID)[0].ID
		press := func(label, want string) map[string]any {
			t.Helper()
			query := r.server.Press(ben, groupID, id, label)
			time.Sleep(5 * time.Second)
			if got := r.texts(groupID); len(got) != 1 || got[0] != want {
				t.Errorf("after %s there stands %q; want %q", label, got, want)
			}
			answered := r.server.Answered(query)
			if answered == nil {
				t.Errorf("%s was not answered", label)
			}
			return answered
		}
		press("next", "page 2")
		press("next", "page 2") // the same page again
		if a := press("bad", "page 2"); a["text"] != "page bad" || a["show_alert"] != true {
			t.Errorf("a failed page: %v", a)
		}
		stop()
		r.runs(t, r.newBot(t), Commands{Handler: h}) // buttons work after a restart
		press("long", "page "+strings.Repeat("長", 40))
		r.memory.forget()
		if a := press("long", "page "+strings.Repeat("長", 40)); a["text"] != expired[bot.English] {
			t.Errorf("a button that is too old: %v", a)
		}
	})
}

func TestPrivateAnswersInAGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		h := &echo{reply: func(cmd bot.Command) bot.Reply {
			if cmd.Name == "id" {
				return bot.Reply{Card: bot.Card{Title: "id"}, Private: true}
			}
			var body bot.Text
			for i := range 5 {
				body = append(body, bot.Span{Kind: bot.Item, Number: i + 1}, bot.Span{Text: "hit"}, bot.Span{Kind: bot.Line})
			}
			return bot.Reply{Card: bot.Card{Title: cmd.Args, Body: body}, Private: true, Buttons: []bot.Button{{Label: "›", Command: "search x /2"}}}
		}}
		r.runs(t, r.Telegram, Commands{Handler: h})
		r.server.Say(ann, groupID, 0, "/search 永續")
		time.Sleep(time.Second)
		got := r.server.Messages(groupID)[0]
		if got.Text != "永續\n\n1. hit\n2. hit\n3. hit" {
			t.Errorf("the group sees %q", got.Text)
		}
		keyboard := toJSON(t, got.Keyboard)
		_, link, _ := strings.Cut(keyboard, "?start=")
		p, _, _ := strings.Cut(link, `"`)
		if !strings.Contains(keyboard, "私訊看全部") || !strings.Contains(keyboard, "https://t.me/herald_bot?start=k-") {
			t.Errorf("its buttons: %s", keyboard)
		}
		r.server.Say(ann, annID, 0, "/start "+p)
		r.server.Say(ann, groupID, 0, "/id")
		time.Sleep(time.Second)
		if got := r.texts(annID); len(got) != 1 || !strings.HasPrefix(got[0], "永續\n\n1. hit\n2. hit\n3. hit\n4. hit") {
			t.Errorf("in private: %q", got)
		}
		if all := r.server.Messages(groupID); len(all) != 2 || all[1].Text != "id" || all[1].Keyboard != nil {
			t.Errorf("a short private answer: %+v", all[1:])
		}
	})
}

func TestMenusAreSetOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		r.runs(t, r.Telegram, Commands{Handler: new(echo), Language: bot.TraditionalChinese})()
		menus := r.server.Menus()
		want := map[string]string{
			"all_private_chats/en": `[{"command":"recap","description":"Read a recap"},{"command":"search","description":"Search"},{"command":"help","description":"Help"},{"command":"id","description":"Settings"}]`,
			"all_group_chats":      `[{"command":"recap","description":"看年度回顧"},{"command":"search","description":"搜尋"},{"command":"help","description":"說明"},{"command":"id","description":"頻道設定"}]`,
		}
		for key, menu := range want {
			if menus[key] != menu {
				t.Errorf("menu %s: %s; want %s", key, menus[key], menu)
			}
		}
		if len(menus) != 6 {
			t.Errorf("%d menus: %v", len(menus), menus)
		}
		before := len(r.server.Calls("setMyCommands"))
		r.runs(t, r.newBot(t), Commands{Handler: new(echo), Language: bot.TraditionalChinese})()
		if after := len(r.server.Calls("setMyCommands")); after != before {
			t.Errorf("%d menus were set again", after-before)
		}
	})
}
