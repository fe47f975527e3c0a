package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/discord"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/bot/telegram"
)

// platforms are those that there is a token for. The console needs none.
type platforms struct {
	discord  *discord.Discord
	telegram *telegram.Telegram
}

// memory is what platforms remember in.
type memory interface {
	Recall(ctx context.Context, key string) (string, error)
	Remember(ctx context.Context, key, value string, until time.Time) error
}

// newPlatforms returns the platforms whose tokens are set.
func (a *app) newPlatforms(m memory) (platforms, error) {
	var p platforms
	token, err := a.env.secret("DISCORD_TOKEN")
	if err != nil {
		return p, err
	}
	if token != "" {
		if p.discord, err = discord.New(a.discordConfig(token, m)); err != nil {
			return p, &exitError{exitUsage, err}
		}
	}
	if token, err = a.env.secret("TELEGRAM_TOKEN"); err != nil {
		return p, err
	}
	if token != "" {
		if p.telegram, err = telegram.New(a.telegramOptions(token, m)); err != nil {
			return p, &exitError{exitUsage, err}
		}
	}
	return p, nil
}

func (a *app) discordConfig(token string, m memory) discord.Config {
	return discord.Config{
		Token: bot.Secret(token), APIURL: a.env.getenv("DISCORD_API_URL"),
		Channels: a.cfg.discordChannels(), Lang: a.cfg.Community.Language,
		Accent: a.cfg.Community.Color, Site: a.cfg.Community.URL,
		Handler: a.commands, Commands: a.commands.Specs(), Guilds: a.cfg.guilds(),
		Memory: foreverMemory{m}, Log: a.log,
	}
}

func (a *app) telegramOptions(token string, m memory) telegram.Options {
	return telegram.Options{
		Token: bot.Secret(token), Memory: m, URL: a.env.getenv("TELEGRAM_API_URL"),
		Channels: a.cfg.telegramChannels(), Now: a.env.now, Log: a.log,
	}
}

// foreverMemory remembers without an end.
type foreverMemory struct{ memory }

// Remember implements discord.Memory.
func (f foreverMemory) Remember(ctx context.Context, key, value string) error {
	return f.memory.Remember(ctx, key, value, time.Time{})
}

// any tells whether there is a platform beside the console.
func (p platforms) any() bool { return p.discord != nil || p.telegram != nil }

// senders returns what the outbox speaks through, the console included.
func (p platforms) senders(console outbox.Sender) map[bot.Platform]outbox.Sender {
	senders := map[bot.Platform]outbox.Sender{bot.Console: console}
	if p.discord != nil {
		senders[bot.Discord] = p.discord
	}
	if p.telegram != nil {
		senders[bot.Telegram] = p.telegram
	}
	return senders
}

func (c *Config) discordChannels() []discord.Channel {
	var all []discord.Channel
	for _, channel := range c.Channels {
		if v := channel.Value; v.Channel.Platform == bot.Discord {
			all = append(all, discord.Channel{Channel: v.Channel, Options: v.discordOptions()})
		}
	}
	return all
}

func (c *Config) telegramChannels() []telegram.Channel {
	var all []telegram.Channel
	for _, channel := range c.Channels {
		if v := channel.Value; v.Channel.Platform == bot.Telegram {
			all = append(all, telegram.Channel{Channel: v.Channel, ChannelConfig: v.telegramConfig()})
		}
	}
	return all
}

var guildOf = regexp.MustCompile(`/channels/([1-9][0-9]{0,19})/`)

// guilds returns the Discord servers whose channels the config names by their
// links.
func (c *Config) guilds() []string {
	var guilds []string
	for _, channel := range c.Channels {
		if m := guildOf.FindStringSubmatch(channel.Value.Discord); m != nil && !slices.Contains(guilds, m[1]) {
			guilds = append(guilds, m[1])
		}
	}
	return guilds
}

// settle finds the numbers of Telegram's names, and where channels are now that
// have moved. A channel that cannot be found is off, as one line says.
func (a *app) settle(ctx context.Context, p platforms, ledger *store.Store) error {
	for i := range a.cfg.Channels {
		channel := &a.cfg.Channels[i].Value.Channel
		if p.telegram != nil && strings.HasPrefix(channel.Chat, "@") {
			number, err := a.number(ctx, p.telegram, ledger, channel.Address)
			if err != nil {
				a.log.Error("a channel is off until the next start: its chat cannot be found", "channel", channel.Name, "err", err)
				continue
			}
			channel.Address = number
		}
		now, err := ledger.Whereabouts(ctx, channel.Address)
		if err != nil {
			return err
		}
		channel.Address = now
	}
	if p.telegram != nil {
		p.telegram.SetChannels(a.cfg.telegramChannels())
	}
	return a.cfg.distinct()
}

// findTime is how long Telegram may take to tell a chat's number before the one
// that is remembered is used.
const findTime = 10 * time.Second

// number returns the address of a Telegram chat by its number.
func (a *app) number(ctx context.Context, t *telegram.Telegram, ledger *store.Store, address bot.Address) (bot.Address, error) {
	asking, cancel := context.WithTimeout(ctx, findTime)
	defer cancel()
	key := "telegram:chat:" + address.Chat
	found, err := t.Resolve(asking, address)
	if err == nil {
		return found, ledger.Remember(ctx, key, found.Chat, time.Time{})
	}
	known, recallErr := ledger.Recall(ctx, key)
	if recallErr != nil || known == "" {
		return address, err
	}
	address.Chat = known
	return address, nil
}

// distinct refuses two names for one place, which can be known only once
// Telegram has told the numbers.
func (c *Config) distinct() error {
	owners := map[bot.Address]string{}
	for _, channel := range c.Channels {
		if owner, taken := owners[channel.Value.Channel.Address]; taken {
			return &exitError{exitUsage, fmt.Errorf("channels.%s is the same place as channels.%s: keep one of the two names", channel.Name, owner)}
		}
		owners[channel.Value.Channel.Address] = channel.Name
	}
	return nil
}
