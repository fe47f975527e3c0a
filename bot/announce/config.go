package announce

import (
	"errors"

	"cloudnative.tw/herald/bot"
)

// Config is one announcement of config.yaml.
type Config struct {
	// From names the sources whose items are announced.
	From []string `yaml:"from"`
	// To names the channels where.
	To []string `yaml:"to"`
}

// Check reports what is wrong with the announcement as it stands; whether the
// names exist is for the caller to know.
func (c Config) Check(report func(path string, err error)) {
	if len(c.From) == 0 {
		report("from", errors.New("names no source"))
	}
	if len(c.To) == 0 {
		report("to", errors.New("names no channel"))
	}
}

// Announcement is a Config with its channels. Channels whose platform is off
// are left out, so that nothing is owed to them.
type Announcement struct {
	Name string
	From []string
	To   []bot.Channel
}
