package discord

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"

	"cloudnative.tw/herald/bot"
)

// Discord speaks, and answers commands, on Discord. It is an outbox.Sender,
// Editor, Retractor and Confirmer, and can also publish, pin and open threads.
type Discord struct {
	config   Config
	rest     *rest
	log      *slog.Logger
	channels map[string]Channel // those of the config, by number
	places   places
	publish  publishBudget
	doubts   doubts
	specs    map[string]bot.CommandSpec
	slots    chan struct{} // one for each command that is being answered

	mu sync.Mutex
	me string // the bot's own user and application id, once it is known
}

// New returns a Discord that has not asked for anything yet.
func New(config Config) (*Discord, error) {
	if strings.TrimSpace(string(config.Token)) == "" {
		return nil, errors.New("discord: there is no token (DISCORD_TOKEN)")
	}
	config.Token = bot.Secret(strings.TrimPrefix(strings.TrimSpace(string(config.Token)), "Bot "))
	config = config.withDefaults()
	rest, err := newREST(config)
	if err != nil {
		return nil, err
	}
	d := &Discord{
		config: config, rest: rest, log: config.Log,
		channels: make(map[string]Channel), specs: make(map[string]bot.CommandSpec),
		slots: make(chan struct{}, maxAnswering), doubts: doubts{memory: config.Memory},
	}
	for _, c := range config.Channels {
		d.channels[target(c.Address)] = c
	}
	for _, spec := range config.Commands {
		d.specs[spec.Name] = spec
	}
	return d, nil
}

// target is the channel that an address is, in Discord's terms: a thread is a
// channel of its own.
func target(a bot.Address) string {
	if a.Thread != "" {
		return a.Thread
	}
	return a.Chat
}

// channel returns what the config says about an address.
func (d *Discord) channel(a bot.Address) Channel {
	if c, ok := d.channels[target(a)]; ok {
		return c
	}
	return Channel{Channel: bot.Channel{Address: a, Lang: d.config.Lang}}
}

// look is how messages are drawn in a channel.
func (d *Discord) look(c Channel) Look {
	lang := c.Lang
	if lang == "" {
		lang = d.config.Lang
	}
	return Look{Lang: lang, Accent: d.config.Accent, Preview: c.Options.Preview}
}

// self returns the bot's own number.
func (d *Discord) self(ctx context.Context) (string, error) {
	d.mu.Lock()
	me := d.me
	d.mu.Unlock()
	if me != "" {
		return me, nil
	}
	var answer created
	err := d.rest.call(ctx, request{doing: "asking who the bot is", method: "GET", path: "/users/@me", into: &answer})
	if err != nil {
		return "", err
	}
	d.remember(answer.ID)
	return answer.ID, nil
}

func (d *Discord) remember(me string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.me = me
}
