package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/command"
)

// checkAnnouncements checks what each announcement names, and leaves the rest to
// its own Check.
func (d *decoder) checkAnnouncements(c *Config) {
	sources, channels := c.sourceNames(), c.Channels.names()
	for _, a := range c.Announcements {
		path := "announcements." + a.Name
		d.checkName(path, a.Name)
		d.checkRefs(path+".from", a.Value.From, sources, noNews)
		d.checkRefs(path+".to", a.Value.To, channels, noChannel)
		report := d.by(path)
		a.Value.Check(c.Community.Zone, func(below string, err error) {
			// A digest needs a schedule: one that could not be read is there.
			if below != "digest" || !d.broken[path+".schedule"] && !d.broken[path+".from"] {
				report(below, err)
			}
		})
		if line := a.Value.Command; line != "" {
			d.checkCommandLine(path+".command", line, c.Commands)
		}
	}
	d.checkFormerNames(c)
}

// checkCommandLine reports a line that calls no command.
func (d *decoder) checkCommandLine(path, line string, commands map[string]command.Config) {
	if known, ok := command.Calls(commands, line); !ok {
		name, _, _ := strings.Cut(strings.TrimLeft(line, "/／"), " ")
		d.reject(path, noCommand.with(shown(name)), refHint(name, known))
	}
	for _, word := range placeholder.FindAllString(line, -1) {
		if !slices.Contains(placeholders, word) {
			d.reject(path, noPlaceholder.with(shown(word)), refHint(word, placeholders))
		}
	}
}

// placeholders are what announce.CommandAt puts the parts of a date in the places
// of, placeholder what looks like one.
var (
	placeholders = []string{"{year}", "{month}", "{day}"}
	placeholder  = regexp.MustCompile(`\{[^{}]*\}`)
)

// checkFormerNames refuses a former name that is still in use, or claimed twice.
func (d *decoder) checkFormerNames(c *Config) {
	claimed := map[string]string{}
	for _, a := range c.Announcements {
		was, path := a.Value.Was, "announcements."+a.Name+".was"
		if was == "" {
			continue
		}
		if owner, taken := claimed[was]; taken || slices.Contains(c.Announcements.names(), was) {
			d.reject(path, nameTaken.with(shown(was), cmp.Or(owner, "announcements."+was)), wasHint.with())
		}
		claimed[was] = path
	}
}

// checkRef reports a name that stands for nothing.
func (d *decoder) checkRef(path, name string, known []string, unknown phrase) {
	if !slices.Contains(known, name) {
		d.reject(path, unknown.with(shown(name)), refHint(name, known))
	}
}

// checkRefs reports names that stand for nothing.
func (d *decoder) checkRefs(path string, names, known []string, unknown phrase) {
	for i, name := range names {
		at := fmt.Sprintf("%s[%d]", path, i)
		if slices.Contains(names[:i], name) {
			d.reject(at, namedTwice.with(shown(name)), twiceHint.with())
			continue
		}
		d.checkRef(at, name, known, unknown)
	}
}

// refHint says which name was probably meant.
func refHint(name string, known []string) bot.Texts {
	near := nearest(name, known)
	switch {
	case strings.ContainsAny(name, ",，、"):
		return listHint.with(strings.Join(known, ", "))
	case near != "":
		return didYouMean.with(near)
	case len(known) > 0:
		return oneOf.with(strings.Join(known, ", "))
	}
	return bot.Texts{}
}
