package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// The outbox finds these by their methods.
var (
	_ outbox.Sender    = (*Telegram)(nil)
	_ outbox.Editor    = (*Telegram)(nil)
	_ outbox.Retractor = (*Telegram)(nil)
)

// newReceiver returns a receiver whose Telegram refuses every call.
func newReceiver(h bot.Handler) *receiver {
	log := slog.New(slog.DiscardHandler)
	m := newMemory()
	refuse := roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("no network") })
	return &receiver{
		Telegram: &Telegram{memory: m, now: time.Now, log: log, pace: newPace(time.Now), api: &client{url: "http://x", transport: refuse}},
		Commands: Commands{Handler: h, Anywhere: true, Finder: &shelf{}}, names: commandNames(specs), me: me{Username: "herald_bot"},
		members: members{all: make(map[int64]*member)}, slots: make(chan struct{}, maxHandlers),
		handled: handled{memory: m, now: time.Now, log: log, last: make(map[int64]int64)},
		linked:  linkedChats{known: make(map[int64]linkedChat)},
	}
}

// FuzzUpdate has anything come as an update. Nothing that a member or a server
// sends may panic.
func FuzzUpdate(f *testing.F) {
	for _, s := range []string{
		`{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},"from":{"id":7,"first_name":"x"},"text":"/recap 2023"}}`,
		`{"update_id":2,"message":{"message_id":1,"date":1,"chat":{"id":-7,"type":"supergroup"},"from":{"id":7},"text":"／search@herald_bot x","is_topic_message":true,"message_thread_id":5}}`,
		`{"update_id":3,"channel_post":{"message_id":1,"date":1,"chat":{"id":-7,"type":"channel"},"sender_chat":{"id":-7},"text":"/id"}}`,
		`{"update_id":4,"callback_query":{"id":"1","from":{"id":7},"data":"recap 2023 1","message":{"message_id":1,"date":0,"chat":{"id":7,"type":"private"}}}}`,
		`{"update_id":5,"callback_query":{"id":"1","from":{"id":7},"data":"~x","inline_message_id":"1"}}`,
		`{"update_id":6,"inline_query":{"id":"1","from":{"id":7},"query":"永續","offset":""}}`,
		`{"update_id":7,"message":{"message_id":1,"date":1,"chat":{"id":-7,"type":"group"},"migrate_to_chat_id":-8}}`,
		`{"update_id":8,"message":{"chat":null,"text":"/x"}}`, `{"update_id":9,"callback_query":{"data":"\f"}}`, `[]`, `{}`, `{"update_id":"x"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(_ *testing.T, raw []byte) {
		u, err := readUpdate(json.RawMessage(raw))
		if err != nil {
			return
		}
		r := newReceiver(&echo{})
		r.breaker.fail(time.Now(), "no network") // so that nothing waits
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		r.route(ctx, u.Update) // not handle, which contains panics
	})
}

// FuzzLink has a deep link lead to the command that it was made for.
func FuzzLink(f *testing.F) {
	for _, s := range []string{"recap 2023", "search 永續", "recap", "find a_b c", "search  two  spaces", "k-x y", "recap_2023", "recap -", "search " + string(make([]byte, 80))} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		cmd := commandOf(line)
		line = commandLine(cmd)
		if cmd.Name == "" {
			return
		}
		r := newReceiver(&echo{})
		link, err := r.link(t.Context(), line)
		if err != nil {
			t.Fatal(err)
		}
		p := link[len("https://t.me/herald_bot?start="):]
		got, ok := r.opened(t.Context(), p)
		if !parameter.MatchString(p) || !ok || commandLine(got) != line {
			t.Errorf("%q became %q, which is %q, %v", line, p, commandLine(got), ok)
		}
	})
}
