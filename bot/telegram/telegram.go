// Package telegram is the platform Telegram, through its Bot API.
//
// A Telegram says what is owed (Send, Edit, Retract, Pin: it is what an outbox
// calls) and answers what members ask (Run). Render and RenderReply turn
// messages into text and entities and are pure. Of gopkg.in/telebot.v3 it uses
// the types and the routing of updates; it reads answers, polls, and keeps the
// pace itself.
package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"cloudnative.tw/herald/bot"
)

// DefaultURL is where Telegram's own server is.
const DefaultURL = "https://api.telegram.org"

// Memory keeps what must survive a restart: how far the updates were read, and
// commands that do not fit a button.
type Memory interface {
	// Recall returns what was remembered under a key, or "" for nothing or for
	// what was to be kept no longer.
	Recall(ctx context.Context, key string) (value string, err error)
	// Remember keeps a value of at most a kilobyte under a key until a time; for
	// ever if that is zero.
	Remember(ctx context.Context, key, value string, until time.Time) error
}

// Channel is a place of config.yaml and how to speak there.
type Channel struct {
	bot.Channel
	ChannelConfig
}

// Options is what a Telegram is made of. Token and Memory are needed; a zero
// value elsewhere means the default.
type Options struct {
	Token  bot.Secret
	Memory Memory
	// URL is the Bot API's; DefaultURL.
	URL string
	// Transport makes the requests; one with deadlines.
	Transport http.RoundTripper
	// Channels are those of config.yaml that are on Telegram.
	Channels []Channel
	// Now is the clock.
	Now func() time.Time
	Log *slog.Logger
}

// Telegram is one bot. It is safe for concurrent use.
type Telegram struct {
	api     *client
	pace    *pace
	breaker breaker
	memory  Memory
	now     func() time.Time
	log     *slog.Logger

	mu       sync.Mutex // guards what follows
	channels map[bot.Address]Channel
}

// tokenShape is what a token looks like
// (https://core.telegram.org/bots/features#botfather). To another, Telegram
// answers as if there were no such method.
var tokenShape = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)

// New returns a bot. It calls nobody yet.
func New(o Options) (*Telegram, error) {
	if o.Token == "" || o.Memory == nil {
		return nil, errors.New("telegram: a token and a memory are needed")
	}
	if !tokenShape.MatchString(string(o.Token)) {
		return nil, errors.New("telegram: the token (TELEGRAM_TOKEN) has not the shape that @BotFather gives: a number, a colon, and letters")
	}
	if o.URL == "" {
		o.URL = DefaultURL
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Transport == nil {
		o.Transport = defaultTransport()
	}
	t := &Telegram{
		api:    &client{token: o.Token, url: strings.TrimRight(o.URL, "/"), transport: o.Transport},
		pace:   newPace(o.Now),
		memory: o.Memory, now: o.Now, log: o.Log,
	}
	t.SetChannels(o.Channels)
	return t, nil
}

func defaultTransport() http.RoundTripper {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 90 * time.Second, // above the longest poll
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConnsPerHost:   16,
		ForceAttemptHTTP2:     true,
	}
}

// SetChannels replaces the channels of config.yaml.
func (t *Telegram) SetChannels(channels []Channel) {
	byAddress := make(map[bot.Address]Channel, len(channels))
	for _, c := range channels {
		byAddress[c.Address] = c
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.channels = byAddress
}

// channel returns the channel at an address; ok is false if config.yaml names
// none.
func (t *Telegram) channel(a bot.Address) (Channel, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c, ok := t.channels[a]
	return c, ok
}

// Resolve returns the address with the chat's number for its "@name". The
// ledger knows chats by number, because names change hands.
func (t *Telegram) Resolve(ctx context.Context, a bot.Address) (bot.Address, error) {
	if !strings.HasPrefix(a.Chat, "@") {
		return a, nil
	}
	info, err := t.chat(ctx, a.Chat)
	if err != nil {
		return a, fmt.Errorf("finding the number of %s: %w", a.Chat, err)
	}
	a.Chat = fmt.Sprint(info.ID)
	return a, nil
}

// Trouble returns why Telegram cannot be spoken to at present, or "".
func (t *Telegram) Trouble() string { return t.breaker.trouble() }

// Close closes connections that are idle. Call it when nothing is sent and
// nobody is answered any more.
func (t *Telegram) Close() {
	if c, ok := t.api.transport.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
