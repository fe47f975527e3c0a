package main

import (
	"cloudnative.tw/herald/bot"
)

// tokenOf names what Herald needs to speak on a platform; "" for nothing.
var tokenOf = map[bot.Platform]string{bot.Discord: "DISCORD_TOKEN", bot.Telegram: "TELEGRAM_TOKEN"}

// lacks returns the name of the token that is missing for a platform, or "".
func (e environment) lacks(p bot.Platform) string {
	name := tokenOf[p]
	if name == "" || e.getenv(name) != "" || e.getenv(name+"_FILE") != "" {
		return ""
	}
	return name
}

// offDiagnostics notes the channels whose platform has no token.
func offDiagnostics(env environment, cfg *Config, path string) []Diagnostic {
	var found []Diagnostic
	for _, channel := range cfg.Channels {
		if token := env.lacks(channel.Value.Channel.Platform); token != "" {
			at := "channels." + channel.Name
			where := cfg.places.of(at)
			found = append(found, Diagnostic{
				File: path, Line: where.line, Column: where.column, Path: at, What: platformOff.with(token), Note: true,
			})
		}
	}
	return found
}

// tellOff logs which channels are off: nothing is owed to them.
func (a *app) tellOff() {
	for _, channel := range a.cfg.Channels {
		if token := a.env.lacks(channel.Value.Channel.Platform); token != "" {
			a.log.Info("a channel is off: there is no token for its platform", "channel", channel.Name, "token", token)
		}
	}
}
