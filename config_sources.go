package main

import (
	"slices"

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

// checkSources checks the sources outside; their names are unique together with
// those of the content.
func (d *decoder) checkSources(c *Config, owners map[string]string) {
	for i := range c.Sources {
		name, path := c.Sources[i].Name, "sources."+c.Sources[i].Name
		d.checkName(path, name)
		if owner, taken := owners[name]; taken {
			d.reject(path, nameTaken.with(shown(name), owner), nameTakenHint.with())
		}
		c.Sources[i].Value.Feed.Check(d.by(path))
	}
}

func (d *decoder) checkModerators(c *Config) {
	if name := c.Moderators.Channel; name != "" {
		d.checkRefs("moderators.channel", []string{name}, c.Channels.names(), noChannel)
	}
}
