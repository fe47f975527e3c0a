package main

import (
	"slices"
	"strings"

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
		for address := range strings.FieldsSeq(s.Value.Feed.Address()) {
			if owner, taken := feeds[address]; taken && owner != path {
				d.reject(path, sameSource.with(owner), sameAddressHint.with())
			}
			feeds[address] = path
		}
	}
}

func (d *decoder) checkModerators(c *Config) {
	if name := c.Moderators.Channel; name != "" {
		d.checkRef("moderators.channel", name, c.Channels.names(), noChannel)
	}
}
