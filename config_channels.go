package main

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/discord"
	"cloudnative.tw/herald/bot/schedule"
	"cloudnative.tw/herald/bot/telegram"
)

// ChannelConfig is a channel as a moderator writes it: on exactly one platform.
type ChannelConfig struct {
	// Discord is the link of a channel, as copied, or its number.
	Discord string `yaml:"discord"`
	// Telegram is t.me/name, @name or the chat's number.
	Telegram string `yaml:"telegram"`
	// Topic is the number of a topic in a Telegram group.
	Topic int `yaml:"topic"`
	// Console is true for the terminal that Herald runs in.
	Console bool `yaml:"console"`
	// Language is what is spoken there; the community's if not set.
	Language bot.Lang `yaml:"language"`
	// Quiet is when news waits: "22:00-08:00", "none", or "" for the community's.
	Quiet string `yaml:"quiet"`
	// Publish passes messages on to the channels that follow a Discord channel,
	// Thread opens a thread below each.
	Publish bool `yaml:"publish"`
	Thread  bool `yaml:"thread"`
	// Tags are the tags of a Discord forum's threads, by the tag of an item.
	Tags map[string]string `yaml:"tags"`
	// Preview says where pictures stand: on Telegram above, below, photo or none;
	// on Discord "page" shows the page's own preview instead.
	Preview string `yaml:"preview"`
	// Protect forbids members of a Telegram chat to forward and save.
	Protect bool `yaml:"protect"`
	// Uncertain is what is done about a message of which nobody can say whether
	// it was sent: "hold", which is the default, or "resend".
	Uncertain string `yaml:"uncertain"`

	// QuietHours are what Quiet means.
	QuietHours schedule.Quiet `yaml:"-"`

	// Channel is what the settings mean.
	Channel bot.Channel `yaml:"-"`

	// off tells that it cannot be found: nothing is owed to it.
	off bool
}

// What is done about a message of which nobody can say whether it was sent.
const (
	uncertainHold   = "hold"
	uncertainResend = "resend"
)

// announcementsOn returns the announcements in the order of the file. Channels
// of platforms that are off are left out, so that nothing is owed to them.
func (c *Config) announcementsOn(on func(bot.Platform) bool) []announce.Announcement {
	var all []announce.Announcement
	for _, a := range c.Announcements {
		var to []announce.Channel
		for _, name := range a.Value.To {
			if channel := c.Channels.get(name); channel.isOn(on) {
				to = append(to, channel.outlet())
			}
		}
		all = append(all, a.Value.Resolve(a.Name, c.Community.Zone, to, c.own(a.Value.From)))
	}
	return all
}

// isOn tells whether anything is said in the channel, on the platforms that are
// on.
func (c *ChannelConfig) isOn(on func(bot.Platform) bool) bool {
	return on(c.Channel.Platform) && !c.off
}

// outlet returns the channel as announcements speak in it.
func (c *ChannelConfig) outlet() announce.Channel {
	out := announce.Channel{Channel: c.Channel, Previews: c.Channel.Platform != bot.Console}
	if c.Channel.Platform == bot.Discord {
		out.Followers = c.discordOptions().Follows()
	}
	return out
}

// pagePreview is the Preview of a Discord channel that shows the page's own.
const pagePreview = "page"

// previewModes returns what preview may say on a platform; nothing where no
// pictures are shown.
func previewModes(on bot.Platform) (modes []string) {
	switch on {
	case bot.Discord:
		modes = []string{pagePreview}
	case bot.Telegram:
		for _, mode := range telegram.PreviewModes() {
			modes = append(modes, string(mode))
		}
	case bot.Console:
	}
	return modes
}

func (c *ChannelConfig) discordOptions() discord.Options {
	return discord.Options{Publish: c.Publish, Thread: c.Thread, Tags: c.Tags, Preview: c.Preview == pagePreview}
}

// consoleChat is the Chat of the console's address: there is one console.
const consoleChat = "console"

// address reads where the channel is. The path of what is wrong is relative to
// the channel.
func (c ChannelConfig) address() (a bot.Address, path string, what, hint bot.Texts) {
	platforms := 0
	for _, set := range []bool{c.Discord != "", c.Telegram != "", c.Console} {
		if set {
			platforms++
		}
	}
	switch {
	case platforms == 0:
		return a, "", noPlatform.with(), noPlatformHint.with()
	case platforms > 1:
		return a, "", manyPlatforms.with(), manyPlatformsHint.with()
	case c.Topic != 0 && c.Telegram == "":
		return a, "topic", topicElsewhere.with(), bot.Texts{}
	case c.Topic < 0:
		return a, "topic", noTopic.with(), bot.Texts{}
	case c.Discord != "":
		a, what, hint = discordAddress(c.Discord)
		return a, "discord", what, hint
	case c.Telegram != "":
		a, what, hint = telegramAddress(c.Telegram)
		if c.Topic > 0 {
			a.Thread = fmt.Sprint(c.Topic)
		}
		return a, "telegram", what, hint
	}
	return bot.Address{Platform: bot.Console, Chat: consoleChat}, "", nil, nil
}

var (
	// A snowflake is a number of up to 64 bits
	// (https://discord.com/developers/docs/reference#snowflakes).
	snowflake   = regexp.MustCompile(`^[1-9][0-9]{0,19}$`)
	discordHost = regexp.MustCompile(`^(?:(?:www|ptb|canary)\.)?discord(?:app)?\.com$`)
	// A public name is 5 to 32 letters, digits and underscores, or 4 for a bought
	// one (https://core.telegram.org/method/account.checkUsername).
	telegramName   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{3,31}$`)
	telegramNumber = regexp.MustCompile(`^-?[1-9][0-9]{0,15}$`)
)

// discordAddress reads a channel's number or its copied link,
// https://discord.com/channels/SERVER/CHANNEL.
func discordAddress(s string) (a bot.Address, what, hint bot.Texts) {
	if snowflake.MatchString(s) {
		return bot.Address{Platform: bot.Discord, Chat: s}, nil, nil
	}
	u, parts := splitLink(s)
	switch {
	case u.Host == "discord.gg" || discordHost.MatchString(u.Host) && parts[0] == "invite":
		return a, inviteLink.with(), discordLinkHint.with()
	case discordHost.MatchString(u.Host) && len(parts) == 4 && parts[0] == "channels":
		return a, messageLink.with(), discordLinkHint.with()
	case discordHost.MatchString(u.Host) && len(parts) == 3 && parts[0] == "channels" && snowflake.MatchString(parts[2]):
		return bot.Address{Platform: bot.Discord, Chat: parts[2]}, nil, nil
	}
	return a, noDiscordChannel.with(shown(s)), discordLinkHint.with()
}

// telegramAddress reads t.me/name, @name, a chat's number or the link of a
// private chat, t.me/c/NUMBER. A name stays a name, as "@name" in lower case:
// only Telegram knows its number.
func telegramAddress(s string) (a bot.Address, what, hint bot.Texts) {
	a.Platform = bot.Telegram
	if telegramNumber.MatchString(s) {
		a.Chat = s
		return a, nil, nil
	}
	if name, ok := strings.CutPrefix(s, "@"); ok && telegramName.MatchString(name) {
		a.Chat = "@" + strings.ToLower(name)
		return a, nil, nil
	}
	u, parts := splitLink(s)
	ours := u.Host == "t.me" || u.Host == "telegram.me"
	switch {
	case ours && (strings.HasPrefix(parts[0], "+") || parts[0] == "joinchat"):
		return a, inviteLink.with(), telegramLinkHint.with()
	case ours && len(parts) == 2 && parts[0] == "c" && telegramNumber.MatchString(parts[1]):
		a.Chat = "-100" + parts[1] // https://core.telegram.org/api/bots/ids
		return a, nil, nil
	case ours && len(parts) > 1:
		return a, messageLink.with(), topicHint.with()
	case ours && telegramName.MatchString(parts[0]):
		a.Chat = "@" + strings.ToLower(parts[0])
		return a, nil, nil
	}
	return a, noTelegramChat.with(shown(s)), telegramLinkHint.with()
}

// splitLink returns a link, whose https:// may be missing, and the parts of its
// path, of which there is at least one.
func splitLink(s string) (*url.URL, []string) {
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return &url.URL{}, []string{""}
	}
	return u, strings.Split(strings.Trim(u.Path, "/"), "/")
}
