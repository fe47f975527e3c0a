package announce

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

// redigest returns what is to be done at now about a digest whose items changed:
// it is composed as it was, of what they are now. Without ok nobody knows any more
// how it was composed, as the announcement is gone or takes nothing there.
func (a *Announcer) redigest(d Digest, now time.Time) (act Act, ok bool) {
	ann, channel, ok := a.maker(d)
	if !ok {
		return Act{}, false
	}
	act.Announcement, act.Subject, act.NotBefore = d.Announcement, d.Subject, now.Add(editAfter)
	if d.Withdrawn {
		act.NotBefore = now.Add(retractAfter)
	}
	if len(d.Items) == 0 {
		act.Kind, act.Occasion, act.Message = bot.Retract, "retract:"+d.Occasion, composeRetraction(channel.Lang)
		return act, true
	}
	act.Kind, act.Occasion, act.Until = bot.Edit, "edit:"+d.Occasion+":"+revisionOf(d.Items), now.Add(ann.maxAge())
	act.Unsaid = ann.composeDigest(d.Items, channel.Lang, ann.spanOf(d.Occasion))
	act.Message = markEdited(act.Unsaid, channel.Lang, now.In(a.zone))
	act.Message.Mentions = nil // an edit calls nobody
	return act, true
}

// maker returns which announcement made a digest, and for which channel.
func (a *Announcer) maker(d Digest) (*Announcement, Channel, bool) {
	for i := range a.announcements {
		ann := &a.announcements[i]
		for _, channel := range ann.To {
			if ann.Name == d.Announcement && channel.Address == d.Address {
				return ann, channel, true
			}
		}
	}
	return nil, Channel{}, false
}

// revisionOf stands for what items are now.
func revisionOf(items []feeds.Item) string {
	h := sha256.New()
	for _, item := range items {
		h.Write([]byte(item.ID + "\x00" + item.Revision + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// digestAt is how the occasion of a digest begins that a schedule made; its tick
// follows.
const digestAt = "digest:"

// spanOf returns the time that the digest of an occasion is about, 0 for one that
// no schedule made.
func (a *Announcement) spanOf(occasion string) time.Duration {
	text, scheduled := strings.CutPrefix(occasion, digestAt)
	tick, err := time.Parse(time.RFC3339, text)
	if !scheduled || err != nil || a.Schedule.IsZero() {
		return 0
	}
	return a.span(tick)
}

// span returns the time from the tick before to this one.
func (a *Announcement) span(tick time.Time) time.Duration {
	return tick.Sub(a.Schedule.Prev(tick.Add(-time.Second)))
}

// composeDigest returns the digest of items, as the announcement says it.
func (a *Announcement) composeDigest(items []feeds.Item, lang bot.Lang, span time.Duration) bot.Message {
	m := composeDigest(items, lang, span, a.more(len(items)))
	m.Mentions, m.Silent = a.Mentions, a.Silent
	return m
}
