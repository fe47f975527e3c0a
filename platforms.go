package main

import (
	"context"
	"regexp"
	"slices"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/discord"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/telegram"
)

// platforms are those that there is a token for. The console needs none.
type platforms struct {
	discord  *discord.Discord
	telegram *telegram.Telegram
	// webhook is how Telegram delivers; nil for polling.
	webhook *webhook
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
		if p.webhook, err = a.env.webhook(); err != nil {
			return p, err
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
			all = append(all, discord.Channel{Channel: v.Channel, Options: v.discordOptions(), Pinned: c.pinsIn(channel.Name)})
		}
	}
	return all
}

func (c *Config) telegramChannels() []telegram.Channel {
	var all []telegram.Channel
	for _, channel := range c.Channels {
		if v := channel.Value; v.Channel.Platform == bot.Telegram {
			now := v.Channel
			now.Address = c.moves.now(now.Address)
			config := telegram.ChannelConfig{Preview: telegram.PreviewMode(v.Preview), Protect: v.Protect, Pinned: c.pinsIn(channel.Name)}
			all = append(all, telegram.Channel{Channel: now, ChannelConfig: config})
		}
	}
	return all
}

// pinsIn reports whether any announcement pins its messages in a channel.
func (c *Config) pinsIn(channel string) bool {
	for _, a := range c.Announcements {
		if a.Value.Pin && slices.Contains(a.Value.To, channel) {
			return true
		}
	}
	return false
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
