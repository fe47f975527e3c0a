package main

import (
	"context"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/discord"
)

// onlineTime is how long the platforms may take to answer.
const onlineTime = 2 * time.Minute

// online asks the platforms whether tokens, channels and permissions are as they
// must be. It says nothing anywhere.
func (a *app) online(ctx context.Context, path string) ([]Diagnostic, error) {
	ctx, cancel := context.WithTimeout(ctx, onlineTime)
	defer cancel()
	p, err := a.newPlatforms(forgetful{})
	if err != nil {
		return nil, err
	}
	var found []Diagnostic
	// add tells of a channel at its place in the file, and of a bot at none.
	add := func(platform bot.Platform, channel string, d Diagnostic) {
		d.File, d.Path = path, platformNames[platform]
		if channel != "" {
			d.Path = "channels." + channel
			where := a.cfg.places.of(d.Path)
			d.Line, d.Column = where.line, where.column
		}
		found = append(found, d)
	}
	if p.discord != nil {
		for _, f := range p.discord.Check(ctx) {
			add(bot.Discord, f.Channel, Diagnostic{What: f.What, Note: f.Severity != discord.Bad, Fine: f.Severity == discord.Good})
		}
	}
	if p.telegram != nil {
		for _, f := range p.telegram.Check(ctx) {
			add(bot.Telegram, f.Channel, Diagnostic{What: f.What, Hint: f.Hint, Note: !f.Wrong, Fine: !f.Wrong && len(f.Hint) == 0})
		}
	}
	return found, nil
}

var platformNames = map[bot.Platform]string{bot.Discord: "Discord", bot.Telegram: "Telegram", bot.Console: "console"}

// forgetful is a memory for programs that remember nothing.
type forgetful struct{}

// Recall implements memory.
func (forgetful) Recall(context.Context, string) (string, error) { return "", nil }

// Remember implements memory.
func (forgetful) Remember(context.Context, string, string, time.Time) error { return nil }
