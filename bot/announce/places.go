package announce

import (
	"slices"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

// place is a channel that an announcement takes something to.
type place struct {
	announcement *Announcement
	channel      Channel
	// mentions are those of every announcement that would have said it there.
	mentions []string
	// why is the reason for which the announcement says nothing there, or "".
	why string
}

// places returns where an item is said, each address once, and by whom: of
// several announcements the first in config.yaml that has no schedule, else the
// first. silences are those that would say it, but do not.
func (d *decider) places(item feeds.Item) (speakers, silences []place) {
	from := item.Source
	if slices.Contains(d.feeds, item.Source) {
		from = d.record.Origin
	}
	for i := range d.announcements {
		ann := &d.announcements[i]
		if !slices.Contains(ann.From, item.Source) {
			continue
		}
		why, passes := ann.Filter.Why(item)
		for _, channel := range ann.To {
			p := place{announcement: ann, channel: channel, mentions: ann.Mentions, why: why}
			if !d.routes[Route{ann.Name, from, channel.Address}] {
				p.why = "it was there when the announcement began"
			}
			if !passes || p.why != "" {
				silences = append(silences, p)
			} else {
				speakers = join(speakers, p)
			}
		}
	}
	return speakers, silences
}

// join adds a place to those that speak.
func join(speakers []place, p place) []place {
	i := slices.IndexFunc(speakers, func(q place) bool { return q.channel.Address == p.channel.Address })
	if i < 0 {
		return append(speakers, p)
	}
	mentions := slices.Clone(speakers[i].mentions)
	for _, m := range p.mentions {
		if !slices.Contains(mentions, m) {
			mentions = append(mentions, m)
		}
	}
	if p.announcement.Schedule.IsZero() && !speakers[i].announcement.Schedule.IsZero() {
		speakers[i] = p
	}
	speakers[i].mentions = mentions
	return speakers
}

// everywhere returns every address that any announcement speaks at.
func (a *Announcer) everywhere() []place {
	var places []place
	for i := range a.announcements {
		ann := &a.announcements[i]
		for _, channel := range ann.To {
			if !slices.ContainsFunc(places, func(q place) bool { return q.channel.Address == channel.Address }) {
				places = append(places, place{announcement: ann, channel: channel})
			}
		}
	}
	return places
}

// kept reports whether an announcement leaves what it has said as it is when that
// is to be changed so.
func (a *Announcer) kept(announcement string, kind bot.ActKind) bool {
	i := slices.IndexFunc(a.announcements, func(ann Announcement) bool { return ann.Name == announcement })
	return i >= 0 && (kind == bot.Edit && a.announcements[i].KeepEdits || kind == bot.Retract && a.announcements[i].KeepWithdrawn)
}

// say returns an item's message in a place.
func (a *Announcer) say(item feeds.Item, p place) bot.Message {
	m := compose(item, p.channel.Lang)
	if len(p.announcement.Templates) > 0 {
		text := p.announcement.Templates.In(p.channel.Lang).Text(ValuesOf(item, p.channel.Lang, a.community, a.datesIn(item)))
		m = bot.Message{Card: bot.Card{Body: text, Image: m.Image}}
	}
	m.Mentions = p.mentions
	m.Silent = p.announcement.Silent
	m.Tags = item.Tags
	return m
}

// sayEdit returns what an item's message becomes once the item was edited, at
// the time now.
func (a *Announcer) sayEdit(item feeds.Item, p place, now time.Time) bot.Message {
	m := a.say(item, p)
	if len(p.announcement.Templates) == 0 {
		m = markEdited(m, p.channel.Lang, now.In(a.zone))
	}
	m.Mentions = nil // an edit calls nobody
	return m
}
