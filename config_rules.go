package main

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/command"
	"cloudnative.tw/herald/bot/schedule"
	"cloudnative.tw/herald/content/git"
)

// defaultConfig returns what holds where the file says nothing.
func defaultConfig() *Config { return &Config{Store: "herald.db"} }

// check finds what is wrong although it could be decoded, and computes what the
// rest of Herald needs: addresses, languages, the zone, paths.
func (d *decoder) check(c *Config, dir string) {
	d.checkCommunity(&c.Community)
	d.checkSources(c, d.checkContent(c, dir))
	d.checkChannels(c)
	d.checkModerators(c)
	d.checkAnnouncements(c)
	d.checkCommands(c)
	d.checkSynonyms(c.Synonyms)
	switch {
	case c.Store == "":
		d.reject("store", missing.with(), storeHint.with())
	case strings.HasSuffix(c.Store, "/"):
		d.reject("store", storeIsFolder.with(shown(c.Store)), storeHint.with())
	}
	c.Store = resolve(dir, c.Store)
}

// reject reports a mistake at a path, once, and not where that or what it is part
// of could not be decoded.
func (d *decoder) reject(path string, what, hint bot.Texts) {
	for part := path; part != ""; part = parent(part) {
		if d.broken[part] {
			return
		}
	}
	if d.broken[""] || d.said[path] {
		return
	}
	d.said[path] = true
	at := d.places.of(path)
	d.found = append(d.found, Diagnostic{Line: at.line, Column: at.column, Path: path, What: what, Hint: hint})
}

// by returns the report function of a package's own Check, for the settings
// below path; "" is path itself. What is wrong with several settings together is
// not said if one of them could not be decoded: what seems to be missing may be
// what is misspelt.
func (d *decoder) by(path string) func(string, error) {
	return func(below string, err error) {
		at := path
		if below != "" {
			at = join(path, below)
		}
		if !d.brokenBelow(at) {
			d.reject(at, saidOf(err), bot.Texts{})
		}
	}
}

func (d *decoder) brokenBelow(path string) bool {
	for broken := range d.broken {
		if strings.HasPrefix(broken, path+".") || strings.HasPrefix(broken, path+"[") {
			return true
		}
	}
	return false
}

// saidOf returns what an error of a package's own Check says, in each language if
// it can. The leaves know no bot.Lang, but its tags.
func saidOf(err error) bot.Texts {
	var byLang interface{ In(lang bot.Lang) string }
	if errors.As(err, &byLang) {
		return inAll(byLang.In)
	}
	var byTag interface{ In(tag string) string }
	if errors.As(err, &byTag) {
		return inAll(func(lang bot.Lang) string { return byTag.In(string(lang)) })
	}
	return bot.Texts{"": err.Error()}
}

func inAll(say func(bot.Lang) string) bot.Texts {
	texts := bot.Texts{}
	for _, lang := range bot.Langs() {
		texts[lang] = say(lang)
	}
	return texts
}

var (
	// nameRule is of channels, sources and announcements: a name is typed in
	// chats and on command lines.
	nameRule  = regexp.MustCompile(`^[\pL\pN_-]{1,32}$`)
	colorRule = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)
)

func (d *decoder) checkName(path, name string) {
	if !nameRule.MatchString(name) {
		d.reject(path, badName.with(shown(name)), badNameHint.with())
	}
}

func (d *decoder) checkCommunity(c *Community) {
	if c.URL != "" && !isWebAddress(c.URL) {
		d.reject("community.url", badURL.with(shown(c.URL)), badURLHint.with())
	}
	if c.Color != "" && !colorRule.MatchString(c.Color) {
		d.reject("community.color", badColor.with(shown(c.Color)), badColorHint.with())
	}
	zone, err := time.LoadLocation(c.Timezone)
	// "Local" is the server's zone, which no moderator knows.
	if err != nil || c.Timezone == "Local" {
		d.reject("community.timezone", badZone.with(shown(c.Timezone)), badZoneHint.with())
		return
	}
	c.Zone = zone
	c.QuietHours = d.quiet("community.quiet", c.Quiet, zone)
}

func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}

// checkContent checks the entries and that no two sources share a name. It
// returns whose each name is.
func (d *decoder) checkContent(c *Config, dir string) map[string]string {
	owners := map[string]string{}
	for i := range c.Content {
		name, e, path := c.Content[i].Name, &c.Content[i].Value, "content."+c.Content[i].Name
		d.checkName(path, name)
		d.checkOrigin(path, *e)
		e.Path = resolve(dir, e.Path)
		e.Git.URL = resolveRepository(dir, e.Git.URL)
		e.Site.Check(d.by(path))
		for _, source := range e.Site.Sources(name) {
			at := c.sourcePath(name, source)
			d.checkName(at, source)
			if owner, taken := owners[source]; taken {
				d.reject(at, nameTaken.with(shown(source), owner), nameTakenHint.with())
			}
			owners[source] = at
		}
	}
	return owners
}

// checkOrigin checks that an entry's files come from exactly one place.
func (d *decoder) checkOrigin(path string, e Entry) {
	repository := e.Git != (git.Config{})
	switch {
	case e.Path != "" && repository:
		d.reject(path+".path", pathAndGit.with(), pathOrGitHint.with())
	case e.Path == "" && !repository:
		d.reject(path, noPath.with(), pathOrGitHint.with())
	case repository:
		e.Git.Check(d.by(path))
	}
}

// checkChannels reads the addresses; two names for one place would say
// everything twice there.
func (d *decoder) checkChannels(c *Config) {
	owners := map[bot.Address]string{}
	for i := range c.Channels {
		name, channel, path := c.Channels[i].Name, &c.Channels[i].Value, "channels."+c.Channels[i].Name
		d.checkName(path, name)
		if d.broken[path+".discord"] || d.broken[path+".telegram"] || d.broken[path+".console"] {
			continue
		}
		address, key, what, hint := channel.address()
		if key != "" {
			key = "." + key
		}
		if len(what) > 0 {
			d.reject(path+key, what, hint)
			continue
		}
		if owner, taken := owners[address]; taken {
			d.reject(path+key, sameAddress.with(owner), sameAddressHint.with())
		}
		owners[address] = path
		d.checkForeign(path, address.Platform, *channel)
		if channel.Language == "" {
			channel.Language = c.Community.Language
		}
		channel.Channel = bot.Channel{Name: name, Address: address, Lang: channel.Language}
		channel.QuietHours = c.Community.QuietHours
		if channel.Quiet != "" {
			channel.QuietHours = d.quiet(path+".quiet", channel.Quiet, c.Community.Zone)
		}
		if channel.Uncertain != "" && channel.Uncertain != uncertainHold && channel.Uncertain != uncertainResend {
			d.reject(path+".uncertain", noUncertain.with(shown(channel.Uncertain)), uncertainHint.with())
		}
	}
}

// checkForeign reports settings that the channel's platform does not know: they
// would be without effect, and nobody would know why.
func (d *decoder) checkForeign(path string, on bot.Platform, c ChannelConfig) {
	for _, s := range []struct {
		key  string
		set  bool
		of   bot.Platform
		what phrase
	}{
		{"publish", c.Publish, bot.Discord, discordAlone},
		{"thread", c.Thread, bot.Discord, discordAlone},
		{"tags", len(c.Tags) > 0, bot.Discord, discordAlone},
		{"protect", c.Protect, bot.Telegram, telegramAlone},
	} {
		if s.set && s.of != on {
			d.reject(path+"."+s.key, s.what.with(), foreignHint.with())
		}
	}
	switch modes := previewModes(on); {
	case c.Preview == "" || slices.Contains(modes, c.Preview):
	case len(modes) == 0:
		d.reject(path+".preview", noPictures.with(), foreignHint.with())
	default:
		d.reject(path+".preview", noPreview.with(shown(c.Preview)), oneOf.with(strings.Join(modes, ", ")))
	}
}

// quiet reads quiet hours.
func (d *decoder) quiet(path, hours string, zone *time.Location) schedule.Quiet {
	if hours == "" {
		return schedule.Quiet{}
	}
	quiet, err := schedule.ParseQuiet(hours, zone)
	if err != nil {
		d.reject(path, saidOf(err), bot.Texts{})
	}
	return quiet
}

func (d *decoder) checkCommands(c *Config) {
	sources := c.contentSources()
	for name, settings := range c.Commands {
		d.checkRefs("commands."+name+".from", settings.From, sources, noSource)
	}
	command.Check(c.Commands, nil, d.by("commands"))
}

func (d *decoder) checkSynonyms(groups [][]string) {
	for i, group := range groups {
		if len(group) < 2 {
			d.reject(fmt.Sprintf("synonyms[%d]", i), noGroup.with(), noGroupHint.with())
		}
	}
}
