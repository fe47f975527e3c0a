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
	add := func(platform bot.Platform, channel string, what, hint bot.Texts, note bool) {
		at := "channels." + channel
		if channel == "" {
			at = platformNames[platform]
		}
		where := a.cfg.places.of(at)
		found = append(found, Diagnostic{File: path, Line: where.line, Column: where.column, Path: at, What: what, Hint: hint, Note: note})
	}
	if p.discord != nil {
		for _, f := range p.discord.Check(ctx) {
			add(bot.Discord, f.Channel, f.What, bot.Texts{}, f.Severity != discord.Bad)
		}
	}
	if p.telegram != nil {
		for _, f := range p.telegram.Check(ctx) {
			add(bot.Telegram, f.Channel, f.What, f.Hint, !f.Wrong)
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
