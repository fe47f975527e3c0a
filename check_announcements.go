package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/console"
	"cloudnative.tw/herald/feeds"
)

// checker tells what is wrong with announcements that only shows when they are
// tried: on the posts that there are, and at the times that come.
type checker struct {
	*app
	path          string
	now           time.Time
	announcements []announce.Announcement
	found         []Diagnostic
}

// announcementDiagnostics tries every announcement of a config that is right.
func announcementDiagnostics(ctx context.Context, a *app, path string) []Diagnostic {
	c := &checker{app: a, path: path, now: a.env.now(), announcements: a.cfg.announcementsOn(anywhere)}
	c.quietNotes()
	c.unusedSources()
	for _, ann := range c.announcements {
		c.tryTemplates(ann)
		c.tryCommand(ctx, ann)
	}
	return c.found
}

func (c *checker) add(setting string, what bot.Texts, note bool) {
	c.found = append(c.found, c.cfg.diagnostic(c.path, setting, what, note))
}

func (c *checker) note(setting string, what bot.Texts) { c.add(setting, what, true) }

// diagnostic tells something of a setting, wherever that stands.
func (c *Config) diagnostic(path, setting string, what bot.Texts, note bool) Diagnostic {
	where := c.places.of(setting)
	return Diagnostic{File: path, Line: where.line, Column: where.column, Path: setting, What: what, Note: note}
}

// tryTemplates has each template say a real item: the newest that passes the
// announcement's filter. One that then says nothing is a mistake. An announcement
// without sources says no item.
func (c *checker) tryTemplates(ann announce.Announcement) {
	if len(ann.Templates) == 0 || len(ann.From) == 0 {
		return
	}
	item, found := c.recent(ann)
	for lang, template := range ann.Templates {
		setting := "announcements." + ann.Name + ".template"
		spoken := lang
		if lang == "" {
			spoken = c.cfg.Community.Language
		} else {
			setting += "." + string(lang)
		}
		if len(template.Text(announce.ValuesOf(item, spoken, c.cfg.Community.Name, c.cfg.Community.Zone))) > 0 {
			continue
		}
		if found {
			c.add(setting, saysNothingOf.with(shown(item.Title)), false)
		} else {
			c.add(setting, saysNothing.with(), false)
		}
	}
}

// unusedSources notes which sources no announcement uses: they are asked, and
// nothing of them is said.
func (c *checker) unusedSources() {
	for _, name := range c.cfg.Sources.names() {
		if !slices.ContainsFunc(c.announcements, func(a announce.Announcement) bool { return slices.Contains(a.From, name) }) {
			c.note("sources."+name, unusedSource.with())
		}
	}
}

// recent returns the newest post that an announcement would say. What sources
// outside bring is not asked for; such an item is made up, with all that one can
// have, and found is false.
func (c *checker) recent(ann announce.Announcement) (item feeds.Item, found bool) {
	for _, p := range c.library.Snapshot().Listed() { // the newest first
		if !slices.Contains(ann.From, p.Source) {
			continue
		}
		item, err := announce.ItemOf(p)
		if _, passes := ann.Filter.Why(item); err == nil && passes {
			return item, true
		}
	}
	return feeds.Item{
		Title: "Title", URL: "https://example.org", Summary: "Summary.", Excerpt: "Excerpt.", Authors: []string{"Author"},
		Tags: []string{"tag"}, Published: c.now, Source: ann.From[0],
	}, false
}

// tryCommand notes a command that answers nothing. One whose line depends on the
// time may do so until that comes.
func (c *checker) tryCommand(ctx context.Context, ann announce.Announcement) {
	if ann.Command == "" {
		return
	}
	tick := ann.Schedule.Next(c.now)
	line := announce.CommandAt(ann.Command, tick)
	if line != ann.Command {
		return
	}
	answers := answering{c.commands}
	if !answers.Answer(ctx, line, c.cfg.Community.Language).Failed {
		return
	}
	said := inAll(func(lang bot.Lang) string { return answerLine(answers.Answer(ctx, line, lang)) })
	c.note("announcements."+ann.Name+".command", answersNothing.with(said))
}

// answerLine returns the words of an answer on one line, not too many of them.
func answerLine(reply bot.Reply) string {
	return shorten(console.Clean(strings.TrimSpace(reply.Title+" "+reply.Body.String())), maxReason)
}

// maxReason bounds how much of an answer a note repeats, in characters.
const maxReason = 200
