package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

// fakeTelegram is the Telegram of a script, with the chats of telegramRooms.
type fakeTelegram struct {
	*telegramtest.Server
	served chan error
	// behind is where Herald listens behind a proxy; "" for no proxy.
	behind string
}

// RoundTrip delivers to a webhook as a proxy with TLS does.
func (f *fakeTelegram) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = "http", f.behind
	return http.DefaultTransport.RoundTrip(r)
}

// telegramRooms are the chats of every script's Telegram, by the names that
// scripts know them by. A topic of a chat is written as "chat/42".
var telegramRooms = map[string]telegramtest.Chat{
	"channel": {ID: -1001000000001, Type: "channel", Title: "Example News", Username: "example_news", Bot: telegramtest.Admin()},
	"chat":    {ID: -1001000000002, Type: "supergroup", Title: "Example Chat", Username: "example_chat", Topics: map[int]bool{42: true, 43: false}, Bot: telegramtest.Admin()},
	"group":   {ID: -4001, Type: "group", Title: "Example Group"},
	"mods":    {ID: -1001000000003, Type: "supergroup", Title: "Moderators"},
	"ann":     {ID: 7001, Type: "private", Title: "Ann"},
	"ben":     {ID: 7002, Type: "private", Title: "Ben"},
}

// movedGroup is the number that the group gets when it becomes a supergroup;
// scripts call it group2.
const movedGroup = -1001000000009

// telegramMembers are who speaks there: one in Chinese, one in English.
var telegramMembers = map[string]telegramtest.User{
	"ann": {ID: 7001, Name: "Ann", Language: "zh-hant"},
	"ben": {ID: 7002, Name: "Ben", Language: "en"},
}

// telegramVerbs are what scripts can do on Telegram.
var telegramVerbs = verbs{
	"on":     {"[difficult]", 0, telegramOn},
	"proxy":  {"", 0, telegramProxy},
	"menus":  {"", 0, telegramMenus},
	"say":    {"WHO ROOM TEXT", 3, telegramSay},
	"press":  {"WHO ROOM LABEL", 3, telegramPress},
	"inline": {"WHO TEXT", 2, telegramInline},
	"wait": {"ROOM RE", 2, func(ts *testscript.TestScript, args []string) {
		await(ts, func() string { return theTelegram(ts).show(ts, args[0]) }, args[1])
	}},
	"show":  {"ROOM", 1, func(ts *testscript.TestScript, args []string) { say(ts, theTelegram(ts).show(ts, args[0])) }},
	"calls": {"", 0, telegramCalls},
	"meets": {"METHOD FAULT...", 2, telegramMeets},
	"migrate": {"", 0, func(ts *testscript.TestScript, _ []string) {
		theTelegram(ts).Migrate(telegramRooms["group"].ID, movedGroup)
	}},
	"rights": {"ROOM STATUS", 2, telegramRights},
	"rename": {"ROOM NAME", 2, telegramRename},
}

func theTelegram(ts *testscript.TestScript) *fakeTelegram {
	f := fakesOf(ts).telegram
	if f == nil {
		ts.Fatalf("there is no Telegram: say telegram on first")
	}
	return f
}

// chatOf reads the name of a chat or topic.
func chatOf(ts *testscript.TestScript, name string) (chat int64, topic int) {
	name, thread, _ := strings.Cut(name, "/")
	if name == "group2" { // what "group" became
		return movedGroup, 0
	}
	r, ok := telegramRooms[name]
	if !ok {
		ts.Fatalf("there is no room %q", name)
	}
	topic, _ = strconv.Atoi(thread)
	return r.ID, topic
}

func member(ts *testscript.TestScript, name string) telegramtest.User {
	who, ok := telegramMembers[name]
	if !ok {
		ts.Fatalf("there is no member %q", name)
	}
	return who
}

// newFakeTelegram returns a Telegram that holds calls against the official
// description of the API where HERALD_SHARED names it.
func newFakeTelegram(knobs telegramtest.Knobs) (*fakeTelegram, error) {
	spec, err := telegramtest.SharedSpec()
	if err != nil {
		return nil, err
	}
	f := &fakeTelegram{served: make(chan error, 1)}
	f.Server = telegramtest.New(telegramtest.Config{Spec: spec, Knobs: &knobs, Client: &http.Client{Transport: f}})
	for _, r := range telegramRooms {
		f.AddChat(r)
	}
	return f, nil
}

func telegramOn(ts *testscript.TestScript, args []string) {
	var knobs telegramtest.Knobs
	if len(args) > 0 {
		knobs = telegramtest.Difficult()
	}
	f, err := newFakeTelegram(knobs)
	ts.Check(err)
	listener, address := listen(ts)
	go func() { f.served <- f.Serve(listener) }()
	fakesOf(ts).telegram = f
	ts.Setenv("TELEGRAM_API_URL", address)
	ts.Setenv("TELEGRAM_TOKEN", telegramtest.Token)
}

// telegramProxy has Telegram deliver to Herald, which gets the settings for it.
func telegramProxy(ts *testscript.TestScript, _ []string) {
	listener, _ := listen(ts) // a port that is free
	f := theTelegram(ts)
	f.behind = listener.Addr().String()
	ts.Check(listener.Close())
	ts.Setenv("TELEGRAM_WEBHOOK_URL", "https://herald.example/hook")
	ts.Setenv("TELEGRAM_WEBHOOK_SECRET", "a-secret_of-0123456789")
	ts.Setenv("TELEGRAM_WEBHOOK_LISTEN", f.behind)
}

func telegramMenus(ts *testscript.TestScript, _ []string) {
	f := theTelegram(ts)
	if !happens(func() bool { return len(f.Menus()) > 0 }) {
		ts.Fatalf("no menu within %v%s", answerTime, printed(ts))
	}
	menus := f.Menus()
	var b strings.Builder
	for _, scope := range slices.Sorted(maps.Keys(menus)) {
		fmt.Fprintf(&b, "%s %s\n", scope, menus[scope])
	}
	say(ts, b.String())
}

// telegramSay has a member type something, and shows what was answered.
func telegramSay(ts *testscript.TestScript, args []string) {
	f := theTelegram(ts)
	chat, topic := chatOf(ts, args[1])
	before := len(f.Messages(chat))
	f.Say(member(ts, args[0]), chat, topic, strings.Join(args[2:], " "))
	if !happens(func() bool { return len(f.Messages(chat)) > before }) {
		ts.Fatalf("no answer within %v%s", answerTime, printed(ts))
	}
	for _, m := range f.Messages(chat)[before:] {
		say(ts, showTelegram(m))
	}
}

// telegramPress has a member press a button of a chat's last message, and shows
// what the message and the notice became.
func telegramPress(ts *testscript.TestScript, args []string) {
	f := theTelegram(ts)
	chat, _ := chatOf(ts, args[1])
	messages := f.Messages(chat)
	query := ""
	if len(messages) > 0 {
		query = f.Press(member(ts, args[0]), chat, messages[len(messages)-1].ID, args[2])
	}
	if query == "" {
		ts.Fatalf("there is no button %q:\n%s", args[2], f.show(ts, args[1]))
	}
	if !happens(func() bool { return f.Answered(query) != nil }) {
		ts.Fatalf("the button was not answered within %v%s", answerTime, printed(ts))
	}
	answer := f.Answered(query)
	for _, key := range []string{"text", "url"} {
		if answer[key] != nil {
			say(ts, fmt.Sprintf("-- notice %v\n", answer[key]))
		}
	}
	messages = f.Messages(chat)
	say(ts, showTelegram(messages[len(messages)-1]))
}

// telegramInline has a member type "@bot TEXT", and shows what is offered.
func telegramInline(ts *testscript.TestScript, args []string) {
	f := theTelegram(ts)
	query := f.Ask(member(ts, args[0]), strings.Join(args[1:], " "))
	if !happens(func() bool { return f.Answered(query) != nil }) {
		ts.Fatalf("nothing was offered within %v%s", answerTime, printed(ts))
	}
	raw, err := json.MarshalIndent(f.Answered(query)["results"], "", "  ")
	ts.Check(err)
	say(ts, string(raw)+"\n")
}

func telegramCalls(ts *testscript.TestScript, _ []string) {
	for _, c := range theTelegram(ts).Calls() {
		say(ts, fmt.Sprintf("%s %d %d %s\n", c.Method, c.Chat, c.Code, c.Description))
	}
}

// telegramMeets has the next calls of a method meet faults, as "bad gateway".
func telegramMeets(ts *testscript.TestScript, args []string) {
	for _, fault := range args[1:] {
		theTelegram(ts).Next(args[0], telegramtest.Fault(fault))
	}
}

// telegramRights says what the bot is in a chat: administrator with every right,
// or member, kicked and so on with none.
func telegramRights(ts *testscript.TestScript, args []string) {
	chat, _ := chatOf(ts, args[0])
	theTelegram(ts).ChangeChat(chat, func(c *telegramtest.Chat) {
		c.Bot = telegramtest.Member{Status: args[1]}
		if args[1] == "administrator" {
			c.Bot = telegramtest.Admin()
		}
	})
}

func telegramRename(ts *testscript.TestScript, args []string) {
	chat, _ := chatOf(ts, args[0])
	theTelegram(ts).ChangeChat(chat, func(c *telegramtest.Chat) { c.Username = args[1] })
}

// show writes what the bot said in a chat or topic as a person reads it.
func (f *fakeTelegram) show(ts *testscript.TestScript, name string) string {
	chat, topic := chatOf(ts, name)
	var b strings.Builder
	for _, m := range f.Messages(chat) {
		if topic == 0 || m.Thread == topic {
			b.WriteString(showTelegram(m))
		}
	}
	return b.String()
}

// showTelegram writes a message: a line of signs, the text, buttons in brackets.
func showTelegram(m telegramtest.Message) string {
	var b strings.Builder
	b.WriteString("--")
	for _, sign := range []struct {
		is   bool
		word string
	}{
		{!m.Edited.IsZero(), "edited"}, {m.Pinned, "pinned"}, {m.Silent, "silent"}, {m.Protect, "protected"}, {m.ReplyTo != 0, "reply"},
		{m.Thread != 0, fmt.Sprintf("topic %d", m.Thread)}, {m.Photo != "", "photo " + m.Photo},
	} {
		if sign.is {
			b.WriteString(" " + sign.word)
		}
	}
	var preview struct {
		URL   string `json:"url"`
		Above bool   `json:"show_above_text"`
	}
	var keyboard struct {
		Rows [][]struct {
			Text string `json:"text"`
			URL  string `json:"url"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	}
	for value, into := range map[any]any{&m.Preview: &preview, &m.Keyboard: &keyboard} {
		if raw, err := json.Marshal(value); err == nil {
			_ = json.Unmarshal(raw, into) // what cannot be read is not shown
		}
	}
	if preview.URL != "" {
		fmt.Fprintf(&b, " preview %s above=%t", preview.URL, preview.Above)
	}
	b.WriteString("\n" + indent("", m.Text))
	for _, row := range keyboard.Rows {
		for _, key := range row {
			fmt.Fprintf(&b, "[%s %s%s] ", key.Text, key.URL, key.Data)
		}
		b.WriteString("\n")
	}
	return b.String()
}
