package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/discord/discordtest"
)

// handler answers with what it was asked.
type handler struct {
	slow  time.Duration
	panic bool
	reply bot.Reply
	calls atomic.Int64
}

func (h *handler) Handle(ctx context.Context, cmd bot.Command) bot.Reply {
	h.calls.Add(1)
	if h.slow > 0 && sleep(ctx, h.slow) != nil {
		<-ctx.Done()
	}
	if h.panic {
		panic("on purpose")
	}
	if h.reply.Title != "" {
		return h.reply
	}
	return bot.Reply{
		Card:    bot.Card{Title: cmd.Name + "(" + cmd.Args + ")", Footer: fmt.Sprintf("%s %s direct=%t pressed=%t", cmd.Channel.Address, cmd.Locale, cmd.Direct, cmd.Pressed)},
		Private: cmd.Pressed,
		Buttons: []bot.Button{{Label: "›", Command: cmd.Name + " next"}},
	}
}

func (h *handler) Complete(_ context.Context, cmd bot.Command) []bot.Choice {
	if h.panic {
		panic("on purpose")
	}
	return []bot.Choice{{Label: "Year 2023", Value: "2023"}, {Label: cmd.Args, Value: "not a number"}, {Label: strings.Repeat("x", 200), Value: "7"}}
}

var specs = []bot.CommandSpec{
	{
		Name: "recap", Names: bot.Texts{bot.TraditionalChinese: "回顧"}, Summary: both("看年度回顧", "Read a recap"),
		Options: []bot.OptionSpec{{Name: "year", Names: both("年份", "year"), Summary: both("年份", "a year"), Number: true, Min: 1, Max: 3000, Completes: true}},
	},
	{
		Name: "latest", Summary: both("最新", "Newest"),
		Options: []bot.OptionSpec{{Name: "count", Summary: both("篇數", "how many"), Number: true, Min: 1, Max: 9}, {Name: "tag", Summary: both("標籤", "tag"), Completes: true}},
	},
	{Name: "search", Private: true, Summary: both("搜尋", "Search"), Options: []bot.OptionSpec{{Name: "words", Summary: both("字", "words"), Required: true, Completes: true}}},
	{Name: "secret", Hidden: true, Summary: both("隱藏", "hidden")},
}

// running runs a test beside a bot that is connected.
func running(t *testing.T, knobs discordtest.Knobs, h *handler, change func(*Config), test func(t *testing.T, w *world)) {
	t.Helper()
	inWorld(t, knobs, func(c *Config) {
		c.Handler, c.Commands = h, specs
		if change != nil {
			change(c)
		}
	}, func(t *testing.T, w *world) {
		ctx, stop := context.WithCancel(w.ctx)
		ended := make(chan error, 1)
		go func() { ended <- w.Run(ctx) }()
		defer func() {
			stop()
			if err := <-ended; err != nil {
				t.Errorf("Run ended with %v", err)
			}
		}()
		settleDown()
		test(t, w)
	})
}

// ask has a member do something and waits for the answer.
func (w *world) ask(t *testing.T, use discordtest.Use) discordtest.Interaction {
	t.Helper()
	i := w.fake.Interact(use)
	ctx, cancel := context.WithTimeout(w.ctx, 20*time.Minute)
	defer cancel()
	if err := i.Wait(ctx); err != nil {
		t.Errorf("%+v: %v\n%s", use, err, w.log)
	}
	synctest.Wait()
	return w.fake.Answer(i)
}

func content(i discordtest.Interaction) string {
	message := i.Message
	if len(i.FollowUps) > 0 {
		message = i.FollowUps[0]
	}
	s, _ := message["content"].(string)
	return s
}

func TestCommandsAreAnswered(t *testing.T) {
	running(t, discordtest.Calm(), &handler{}, nil, func(t *testing.T, w *world) {
		channel := w.fake.Add(discordtest.Channel{})
		tests := []struct {
			use     discordtest.Use
			content string
			private bool
			first   int
		}{
			{discordtest.Use{Guild: discordtest.Guild, Channel: channel, Command: "recap", Options: []discordtest.Option{{Name: "year", Value: 2023}}, Locale: "zh-TW"}, "**recap(2023)**", false, respondMessage},
			{discordtest.Use{Guild: discordtest.Guild, Channel: channel, Command: "latest", Options: []discordtest.Option{{Name: "tag", Value: "k8s"}, {Name: "count", Value: 3}}}, "**latest(3 k8s)**", false, respondMessage},
			{discordtest.Use{Channel: channel, Command: "recap"}, "**recap()**", false, respondMessage},
			{discordtest.Use{Guild: discordtest.Guild, Channel: channel, Button: "/recap 2023 3"}, "**recap(2023 3)**", true, respondMessage},
			{discordtest.Use{Guild: discordtest.Guild, Channel: channel, Button: "/recap 2023 3", MessageFlags: 64}, "**recap(2023 3)**", false, respondUpdate},
		}
		for _, tt := range tests {
			got := w.ask(t, tt.use)
			if content(got) != tt.content || got.Private() != tt.private || got.First != tt.first {
				t.Errorf("%+v: %q, private %t, type %d", tt.use, content(got), got.Private(), got.First)
			}
			if got.After > 100*time.Millisecond {
				t.Errorf("answered after %s", got.After)
			}
		}
	})
}

func TestASlowHandlerGetsMoreTime(t *testing.T) {
	private := bot.Reply{Card: bot.Card{Title: "only you"}, Private: true}
	public := bot.Reply{Card: bot.Card{Title: "everybody"}}
	tests := []struct {
		name    string
		handler *handler
		use     discordtest.Use
		content string
		private bool
		first   int
	}{
		{"public", &handler{slow: 10 * time.Second, reply: public}, discordtest.Use{Command: "recap"}, "**everybody**", false, respondLater},
		{"private by table", &handler{slow: 10 * time.Second, reply: private}, discordtest.Use{Command: "search"}, "**only you**", true, respondLater},
		{"private after a public promise", &handler{slow: 10 * time.Second, reply: private}, discordtest.Use{Command: "recap"}, "**only you**", true, respondLater},
		{"pressed", &handler{slow: 10 * time.Second, reply: private}, discordtest.Use{Button: "/recap 1"}, "**only you**", true, respondLater},
		{"pressed in private", &handler{slow: 10 * time.Second, reply: private}, discordtest.Use{Button: "/recap 1", MessageFlags: 64}, "**only you**", false, updateLater},
		{"too slow", &handler{slow: time.Hour, reply: public}, discordtest.Use{Command: "recap"}, "That took too long. Please try again.", true, respondLater},
		{"panic", &handler{panic: true}, discordtest.Use{Command: "recap", Locale: "zh-TW"}, "出了點問題，請稍後再試。", true, respondMessage},
		{"slow panic", &handler{panic: true, slow: 5 * time.Second}, discordtest.Use{Command: "recap"}, "Something went wrong. Please try again later.", true, respondLater},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			running(t, discordtest.Calm(), tt.handler, nil, func(t *testing.T, w *world) {
				tt.use.Guild, tt.use.Channel = discordtest.Guild, w.fake.Add(discordtest.Channel{})
				got := w.ask(t, tt.use)
				if content(got) != tt.content || got.Private() != tt.private || got.First != tt.first {
					t.Errorf("%q, private %t, type %d\n%s", content(got), got.Private(), got.First, w.log)
				}
				if strings.Contains(w.log.String(), "on purpose") {
					t.Error("the panic's words are in the log")
				}
			})
		})
	}
}

func TestCompletion(t *testing.T) {
	running(t, discordtest.Calm(), &handler{}, nil, func(t *testing.T, w *world) {
		year := w.ask(t, discordtest.Use{Guild: discordtest.Guild, Command: "recap", Focused: "year", Options: []discordtest.Option{{Name: "year", Value: "20"}}})
		if got := fmt.Sprint(year.Choices); got != "[map[name:Year 2023 value:2023] map[name:"+strings.Repeat("x", 99)+"… value:7]]" {
			t.Errorf("years: %s", got)
		}
		tag := w.ask(t, discordtest.Use{Guild: discordtest.Guild, Command: "latest", Focused: "tag", Options: []discordtest.Option{{Name: "tag", Value: "k8"}, {Name: "count", Value: 3}}})
		if len(tag.Choices) != 3 || tag.Choices[1]["name"] != "3 k8" {
			t.Errorf("tags: %v", tag.Choices)
		}
	})
	running(t, discordtest.Calm(), &handler{panic: true}, nil, func(t *testing.T, w *world) {
		got := w.ask(t, discordtest.Use{Guild: discordtest.Guild, Command: "recap", Focused: "year", Options: []discordtest.Option{{Name: "year", Value: ""}}})
		if got.First != respondComplete || len(got.Choices) > 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestCommandsElsewhereAreNotAnswered(t *testing.T) {
	h := &handler{}
	running(t, discordtest.Calm(), h, func(c *Config) { c.Guilds = []string{discordtest.Guild} }, func(t *testing.T, w *world) {
		w.fake.AddGuild("4194304000")
		got := w.ask(t, discordtest.Use{Guild: "4194304000", Command: "recap"})
		if !got.Private() || content(got) != "This bot is not set up for this server." || h.calls.Load() != 0 {
			t.Errorf("%q, private %t, %d calls", content(got), got.Private(), h.calls.Load())
		}
		if got := w.ask(t, discordtest.Use{Channel: "5", Command: "recap"}); content(got) != "**recap()**" {
			t.Errorf("in private: %q", content(got))
		}
	})
}

func TestRegistrationOnlyWhenChanged(t *testing.T) {
	puts := func(w *world) (n int) {
		for _, r := range w.fake.Requests() {
			if r.Method == http.MethodPut {
				n++
			}
		}
		return n
	}
	inWorld(t, discordtest.Calm(), func(c *Config) { c.Commands = specs }, func(t *testing.T, w *world) {
		for range 3 {
			if err := w.Register(w.ctx); err != nil {
				t.Fatal(err)
			}
		}
		if n := puts(w); n != 1 {
			t.Errorf("registered %d times", n)
		}
		var registered any
		if err := json.Unmarshal(w.fake.Registered(""), &registered); err != nil {
			t.Fatal(err)
		}
		golden(t, "commands", registered)
		w.config.Commands = specs[:2]
		if err := w.Register(w.ctx); err != nil {
			t.Fatal(err)
		}
		w.config.Guilds = []string{discordtest.Guild}
		for range 2 {
			if err := w.Register(w.ctx); err != nil {
				t.Fatal(err)
			}
		}
		if n := puts(w); n != 4 {
			t.Errorf("registered %d times", n)
		}
		if string(w.fake.Registered("")) != "[]" || len(w.fake.Registered(discordtest.Guild)) < 10 {
			t.Error("commands are not where they should be")
		}
	})
}

func TestCommandsOnABadDay(t *testing.T) {
	knobs := discordtest.Difficult()
	knobs.Gateway = nil
	count := soak(200, 2000)
	running(t, knobs, &handler{}, nil, func(t *testing.T, w *world) {
		w.waitReady(t, 1)
		var asked []*discordtest.Interaction
		for i := range count {
			time.Sleep(5 * time.Millisecond)
			asked = append(asked, w.fake.Interact(discordtest.Use{Guild: discordtest.Guild, Command: "recap", Options: []discordtest.Option{{Name: "year", Value: i}}}))
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		lost := 0
		for i, one := range asked {
			if got := w.fake.Answer(one); content(got) != fmt.Sprintf("**recap(%d)**", i) {
				lost++
			}
		}
		if lost > 0 {
			t.Errorf("%d of %d commands were not answered\n%s", lost, count, w.log)
		}
	})
}
