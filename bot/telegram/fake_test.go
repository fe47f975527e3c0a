package telegram

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

// memory is a Memory that forgets with the test.
type memory struct {
	mu     sync.Mutex
	values map[string]string
	until  map[string]time.Time
	broken error
	// ahead is how far the clock of bot and memory is ahead of the time that
	// passes, so that a week need not.
	ahead atomic.Int64
}

func (m *memory) now() time.Time { return time.Now().Add(time.Duration(m.ahead.Load())) }

func newMemory() *memory {
	return &memory{values: make(map[string]string), until: make(map[string]time.Time)}
}

func (m *memory) Recall(_ context.Context, key string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if until := m.until[key]; !until.IsZero() && m.now().After(until) {
		return "", m.broken
	}
	return m.values[key], m.broken
}

func (m *memory) Remember(_ context.Context, key, value string, until time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return m.broken
	}
	m.values[key], m.until[key] = value, until
	return nil
}

// breakWith has everything fail from now on; nil mends it.
func (m *memory) breakWith(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = err
}

func (m *memory) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.values)
}

// The chats of every fake.
const (
	channelID = -1001000000001
	forumID   = -1001000000002 // with topic 42 open and 43 closed
	groupID   = -4001
	annID     = 7001
	benID     = 7002
)

var (
	channelAt = bot.Address{Platform: bot.Telegram, Chat: "-1001000000001"}
	topicAt   = bot.Address{Platform: bot.Telegram, Chat: "-1001000000002", Thread: "42"}
	ann       = telegramtest.User{ID: annID, Name: "Ann", Language: "zh-hant"}
	ben       = telegramtest.User{ID: benID, Name: "Ben", Language: "en"}
)

// rig is a bot and the fake that it talks to, in memory.
type rig struct {
	*Telegram
	server    *telegramtest.Server
	memory    *memory
	log       *logBuffer
	transport *http.Transport
}

// newRig returns a bot on a calm fake unless knobs say otherwise. At the end of
// the test no call may have been refused by the description of the API, and the
// token may not have been logged.
func newRig(t testing.TB, knobs telegramtest.Knobs) *rig {
	t.Helper()
	spec, err := telegramtest.SharedSpec()
	if err != nil {
		t.Fatal(err)
	}
	pipe := telegramtest.NewPipe()
	r := &rig{memory: newMemory(), log: new(logBuffer), transport: &http.Transport{DialContext: pipe.Dial, MaxIdleConnsPerHost: 16}}
	r.server = telegramtest.New(telegramtest.Config{Spec: spec, Knobs: &knobs})
	for _, c := range []telegramtest.Chat{
		{ID: channelID, Type: "channel", Title: "News", Username: "cntug_news", Bot: telegramtest.Admin(), Linked: groupID},
		{ID: forumID, Type: "supergroup", Title: "Forum", Topics: map[int]bool{42: true, 43: false}, Bot: telegramtest.Admin()},
		{ID: groupID, Type: "group", Title: "Group"},
		{ID: annID, Type: "private", Title: "Ann"},
		{ID: benID, Type: "private", Title: "Ben"},
	} {
		r.server.AddChat(c)
	}
	served := make(chan error, 1)
	server := r.server
	go func() { served <- server.Serve(pipe) }()
	r.Telegram = r.newBot(t)
	t.Cleanup(func() {
		r.transport.CloseIdleConnections()
		if err := errors.Join(server.Close(), <-served); err != nil {
			t.Error(err)
		}
		for _, c := range r.server.Refused() {
			t.Errorf("%s %v was refused: %q", c.Method, c.Params, c.Wrong)
		}
		if strings.Contains(r.log.String(), telegramtest.Token) {
			t.Errorf("the token was logged:\n%s", r.log.String())
		}
	})
	return r
}

// newBot returns another bot on the same fake and memory, as after a restart.
func (r *rig) newBot(t testing.TB) *Telegram {
	t.Helper()
	b, err := New(Options{
		Token: telegramtest.Token, URL: "http://telegram.test", Transport: r.transport, Memory: r.memory, Now: r.memory.now,
		Channels: []Channel{
			{Channel: bot.Channel{Name: "news", Address: channelAt, Lang: bot.TraditionalChinese}},
			{Channel: bot.Channel{Name: "topic", Address: topicAt, Lang: bot.English}, ChannelConfig: ChannelConfig{Protect: true}},
			{Channel: bot.Channel{Name: "group", Address: bot.Address{Platform: bot.Telegram, Chat: "-4001"}, Lang: bot.TraditionalChinese}},
		},
		Log: slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// logBuffer is a log that can be read while it is written.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func post(to bot.Address, m bot.Message) bot.Act {
	return bot.Act{Kind: bot.Post, Key: bot.Key{Subject: m.URL, Address: to, Occasion: bot.OccasionNew}, Message: m}
}

func about(kind bot.ActKind, to bot.Address, id string, m bot.Message) bot.Act {
	return bot.Act{Kind: kind, Key: bot.Key{Subject: m.URL, Address: to}, Message: m, MessageID: id}
}
