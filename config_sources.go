package main

import (
	"slices"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds/syndication"
)

// SourceConfig is a source outside. The key that is set says what kind it is.
type SourceConfig struct {
	Feed syndication.Config `yaml:",inline"`
}

// Moderators are the people who steer Herald.
type Moderators struct {
	// Channel is the name of the channel in which Herald tells them what waits for
	// them; "" for none.
	Channel string `yaml:"channel"`
}

// sourceNames returns the names that "from:" of an announcement may use.
func (c *Config) sourceNames() []string {
	return slices.Concat(c.contentSources(), c.Sources.names())
}

// parts returns the feeds of all sources outside, by the name under which it is
// remembered how each is doing.
func (c *Config) parts() map[string]syndication.Part {
	all := map[string]syndication.Part{}
	for _, s := range c.Sources {
		for _, part := range s.Value.Feed.Parts(s.Name) {
			all[part.Name] = part
		}
	}
	return all
}

// feedName returns what people call a feed: the name of its source, and of
// several which.
func feedName(lang bot.Lang, source, feed string) string {
	if feed == "" {
		return source
	}
	return source + bracketed.in(lang, feed)
}

// checkSources checks the sources outside. Their names are unique together with
// those of the content, and no two are the same: a source is known again by its
// name or its address.
func (d *decoder) checkSources(c *Config, owners map[string]string) {
	feeds := map[string]string{}
	for _, s := range c.Sources {
		path := "sources." + s.Name
		d.checkName(path, s.Name)
		if owner, taken := owners[s.Name]; taken {
			d.reject(path, nameTaken.with(shown(s.Name), owner), nameTakenHint.with())
		}
		before := len(d.found)
		if s.Value.Feed.Check(d.by(path)); len(d.found) > before {
			continue
		}
		for _, part := range s.Value.Feed.Parts(s.Name) {
			if owner, taken := feeds[part.Address]; taken && owner != path {
				d.reject(path, sameSource.with(owner), sameAddressHint.with())
			}
			feeds[part.Address] = path
		}
	}
}

func (d *decoder) checkModerators(c *Config) {
	if name := c.Moderators.Channel; name != "" {
		d.checkRef("moderators.channel", name, c.Channels.names(), noChannel)
	}
}
