package discord

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
)

// Options are the settings of a channel in config.yaml that only Discord has.
type Options struct {
	// Publish passes announcements on to the channels that follow this one.
	Publish bool `yaml:"publish"`
	// Thread opens a thread below each announcement.
	Thread bool `yaml:"thread"`
	// Tags are the tags of a forum's threads: the tag of an item, and what the
	// forum calls it. OtherTag is for items of which no tag is named.
	Tags map[string]string `yaml:"tags"`
	// Preview shows the page's own preview in place of the picture.
	Preview bool `yaml:"preview"`
}

// OtherTag is the key of Options.Tags for items that have none of the others.
const OtherTag = "other"

// maxTagName is from https://discord.com/developers/docs/resources/channel#forum-tag-object.
const maxTagName = 20

// tag returns what the forum calls an item's tag, whose case does not matter.
func (o Options) tag(word string) string {
	if name, ok := o.Tags[word]; ok {
		return name
	}
	for _, key := range slices.Sorted(maps.Keys(o.Tags)) {
		if strings.EqualFold(key, word) {
			return o.Tags[key]
		}
	}
	return word
}

// Check reports what makes no sense, whatever the channel is: as *ConfigError.
func (o Options) Check(report func(path string, err error)) {
	if o.Thread && len(o.Tags) > 0 {
		report("thread", &ConfigError{both("tags 用於論壇，論壇裡每則公告本來就是討論串", "tags are for forums, where every announcement is a thread already")})
	}
	for _, word := range slices.Sorted(maps.Keys(o.Tags)) {
		if name := cleanLine(o.Tags[word]); name == "" || units(name) > maxTagName {
			report("tags."+word, &ConfigError{both(
				fmt.Sprintf("論壇的標籤是 1 到 %d 個字", maxTagName), fmt.Sprintf("the tag of a forum has 1 to %d characters", maxTagName))})
		}
	}
}

// ConfigError is what is wrong with something that moderators wrote, in each
// language.
type ConfigError struct{ What bot.Texts }

// Error returns the sentence in English.
func (e *ConfigError) Error() string { return e.In(bot.English) }

// In returns the sentence in one language.
func (e *ConfigError) In(lang bot.Lang) string { return e.What.In(lang) }

// Follows returns what else is owed for each announcement in the channel.
func (o Options) Follows() []bot.ActKind {
	var kinds []bot.ActKind
	if o.Publish {
		kinds = append(kinds, bot.Publish)
	}
	if o.Thread {
		kinds = append(kinds, bot.Thread)
	}
	return kinds
}

// Channel is a channel of the config.
type Channel struct {
	bot.Channel
	Options Options
	// Pinned tells that announcements are kept in sight there, for Check.
	Pinned bool
}

// Memory keeps a few values of up to 64 KiB over restarts, such as when sessions
// were begun. It is called from several goroutines.
type Memory interface {
	// Recall returns the value of a key; "" if there is none.
	Recall(ctx context.Context, key string) (string, error)
	Remember(ctx context.Context, key, value string) error
}

// Config says what a Discord works with. Token is needed; a zero value elsewhere
// means the default.
type Config struct {
	Token bot.Secret
	// APIURL is where the REST API is; https://discord.com/api/v10.
	APIURL string
	// Channels are those of the config.
	Channels []Channel
	// Lang is the community's language, for channels that the config does not
	// name.
	Lang bot.Lang
	// Accent is the community's colour as "#rrggbb", Site the address of its
	// site.
	Accent, Site string

	// Commands are registered with Discord, and Handler answers them. A Handler
	// that is a bot.Completer also completes their options. Without a Handler
	// there are no commands.
	Handler  bot.Handler
	Commands []bot.CommandSpec
	// Guilds are the servers that commands are registered and answered in. Without
	// any they are registered everywhere; private chats have them then too.
	Guilds []string

	// Memory keeps the budget of gateway sessions and the posts in doubt; nil keeps
	// them in this process alone, so that a program that is restarted in a loop may
	// exceed the one and forget the other.
	Memory Memory
	// Transport carries the requests; nil is one with deadlines.
	Transport http.RoundTripper
	// Dial connects to the gateway; nil is the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	Log  *slog.Logger
}

const defaultAPI = "https://discord.com/api/v10"

// requestTimeout bounds one request, its answer included. Discord answers within
// a second or not at all.
const requestTimeout = 20 * time.Second

func (c Config) withDefaults() Config {
	if c.APIURL == "" {
		c.APIURL = defaultAPI
	}
	if c.Lang == "" {
		c.Lang = bot.Langs()[0]
	}
	if c.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.ResponseHeaderTimeout = requestTimeout
		t.MaxIdleConnsPerHost = 16
		c.Transport = t
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Memory == nil {
		c.Memory = &forgetful{values: make(map[string]string)}
	}
	return c
}
