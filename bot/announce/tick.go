package announce

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

// Answerer carries out a command for an announcement.
type Answerer interface {
	// Answer returns the answer to a command's line without its slash.
	Answer(ctx context.Context, line string, lang bot.Lang) bot.Reply
}

// Tick is a moment of an announcement's schedule.
type Tick struct {
	Announcement string
	// From is the tick up to which the schedule was carried out before, zero if
	// it never was; At is up to which it is now.
	From, At time.Time
}

// carryOut carries out the schedules that are due. One's trouble does not keep
// it from the others.
func (a *Announcer) carryOut(ctx context.Context, now time.Time) error {
	if err := a.learnTicks(ctx); err != nil {
		return err
	}
	var errs []error
	for i := range a.announcements {
		ann := &a.announcements[i]
		var err error
		switch {
		case ann.ticks():
			err = a.carryOutSchedule(ctx, now, ann)
		case a.waiting && ann.CatchUp == CatchUpDigest:
			err = a.digestMissed(ctx, now, ann)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("announcement %s: %w", ann.Name, err))
		}
	}
	a.waiting = a.waiting && len(errs) > 0
	return errors.Join(errs...)
}

func (a *Announcer) learnTicks(ctx context.Context) error {
	if a.ticks != nil {
		return nil
	}
	ticks, err := a.store.Ticks(ctx)
	if err != nil {
		return fmt.Errorf("reading which schedules were carried out: %w", err)
	}
	a.ticks = ticks
	return nil
}

// NextTick returns which announcement says something on its schedule next, and
// when; "" and the zero time if none does.
func (a *Announcer) NextTick(now time.Time) (name string, at time.Time) {
	a.doing.Lock()
	defer a.doing.Unlock()
	return a.nextTick(now)
}

// nextTick is NextTick for who holds the lock.
func (a *Announcer) nextTick(now time.Time) (name string, next time.Time) {
	for i := range a.announcements {
		ann := &a.announcements[i]
		if !ann.ticks() {
			continue
		}
		from, begun := a.ticks[ann.Name]
		if !begun {
			from = now
		}
		if t := ann.Schedule.Next(from); next.IsZero() || t.Before(next) {
			name, next = ann.Name, t
		}
	}
	return name, next
}

// carryOutSchedule does what the last tick asks for that was not carried out.
// Those before it were missed, and one is enough.
func (a *Announcer) carryOutSchedule(ctx context.Context, now time.Time, ann *Announcement) error {
	from, begun := a.ticks[ann.Name]
	if !begun { // it begins now
		return a.recordTick(ctx, Record{Now: now, Ticks: []Tick{{ann.Name, time.Time{}, now}}})
	}
	tick := ann.Schedule.Prev(now)
	if !tick.After(from) {
		return nil
	}
	record := Record{Now: now, Ticks: []Tick{{ann.Name, from, tick}}}
	until := tick.Add(ann.maxAge())
	if next := ann.Schedule.Next(tick); next.Before(until) && !ann.Digest {
		until = next // what is said then takes its place
	}
	if !until.After(now) {
		record.Decisions = a.decline(ann, Channel{}, fmt.Sprintf("it was due on %s, while Herald was not running",
			tick.In(a.zone).Format("2006-01-02 15:04")))
		return a.recordTick(ctx, record)
	}
	for _, channel := range ann.To {
		if err := a.sayAtTick(ctx, &record, ann, channel, tick, until); err != nil {
			return err
		}
	}
	a.askAboutHeld(&record, ann.subject()+":"+ann.occasion(tick))
	return a.recordTick(ctx, record)
}

// sayAtTick adds what is said in a channel at a tick.
func (a *Announcer) sayAtTick(ctx context.Context, r *Record, ann *Announcement, channel Channel, tick, until time.Time) error {
	act := Act{
		Act: bot.Act{Kind: bot.Post, Key: bot.Key{
			Subject: ann.subject(), Address: channel.Address, Occasion: ann.occasion(tick),
		}},
		Announcement: ann.Name, Followers: ann.followers(channel), AtMost: ann.AtMost,
		News: true, NotBefore: r.Now, Until: until,
	}
	if ann.Approve {
		act.Held, act.Reason = true, "it waits for approval"
	}
	var why string
	var err error
	switch {
	case ann.Digest:
		act.Message, act.Members, err = a.digest(ctx, r.Now, ann, channel, ann.span(tick))
		if len(act.Members) == 0 {
			why = "there was nothing to say on " + tick.In(a.zone).Format(time.DateOnly)
		}
	case ann.Command != "":
		act.Message, why = a.answered(ctx, ann, channel, tick)
	default:
		act.Message = bot.Message{Card: bot.Card{Body: textIn(ann.Text, channel.Lang)}}
	}
	if err != nil {
		return err
	}
	if why != "" {
		r.Decisions = append(r.Decisions, a.decline(ann, channel, why)...)
		return nil
	}
	act.Message.Mentions = ann.Mentions
	act.Message.Silent = act.Message.Silent || ann.Silent
	r.Acts = append(r.Acts, act)
	return nil
}

// digestMissed says in one message what appeared while nobody looked.
func (a *Announcer) digestMissed(ctx context.Context, now time.Time, ann *Announcement) error {
	record := Record{Now: now}
	for _, channel := range ann.To {
		message, members, err := a.digest(ctx, now, ann, channel, 0)
		if err != nil {
			return err
		}
		if len(members) == 0 {
			continue
		}
		record.Acts = append(record.Acts, Act{
			Act: bot.Act{Kind: bot.Post, Message: message, Key: bot.Key{
				Subject: ann.subject(), Address: channel.Address, Occasion: "missed:" + now.UTC().Format(time.RFC3339),
			}},
			Announcement: ann.Name, Members: members, Followers: ann.followers(channel),
			News: true, NotBefore: now, Until: now.Add(ann.maxAge()),
		})
	}
	if len(record.Acts) == 0 {
		return nil
	}
	return a.recordTick(ctx, record)
}

// digest returns the message of what waits for one in a channel, over the time
// since the last one, and of whom it is made.
func (a *Announcer) digest(ctx context.Context, now time.Time, ann *Announcement, channel Channel, span time.Duration) (bot.Message, []int64, error) {
	waiting, err := a.store.Waiting(ctx, ann.Name, channel.Address, now)
	if err != nil {
		return bot.Message{}, nil, fmt.Errorf("reading what waits for the digest: %w", err)
	}
	var (
		items   []feeds.Item
		members []int64
	)
	for _, w := range waiting {
		items = append(items, w.Item)
		members = append(members, w.ID)
	}
	if len(items) == 0 {
		return bot.Message{}, nil, nil
	}
	return ann.composeDigest(items, channel.Lang, span), members, nil
}

// more is what members type to see all items of a digest.
func (a *Announcement) more(items int) string {
	if !a.Own {
		return ""
	}
	return fmt.Sprintf("/latest %d", items)
}

// answered returns the answer to the announcement's command, or why it is not
// said.
func (a *Announcer) answered(ctx context.Context, ann *Announcement, channel Channel, tick time.Time) (bot.Message, string) {
	if a.answer == nil {
		return bot.Message{}, "no command can be carried out"
	}
	line := CommandAt(ann.Command, tick.In(a.zone))
	reply := a.answer.Answer(ctx, line, channel.Lang)
	if reply.Failed {
		why := fmt.Sprintf("/%s had nothing to say: %s", line, oneLine(reply.Title+" "+reply.Body.String()))
		a.log.Warn("a scheduled command was not said", "announcement", ann.Name, "channel", channel.Name, "reason", why)
		return bot.Message{}, why
	}
	return bot.Message{Card: reply.Card, Buttons: reply.Buttons}, ""
}

// CommandAt returns an announcement's command with the year, month and day of a
// tick in the places of {year}, {month} and {day}.
func CommandAt(line string, tick time.Time) string {
	return strings.NewReplacer(
		"{year}", tick.Format("2006"), "{month}", tick.Format("1"), "{day}", tick.Format("2"),
	).Replace(line)
}

// textIn returns the text for a language, or the one for all, or any.
func textIn(texts map[bot.Lang]bot.Text, lang bot.Lang) bot.Text {
	for _, l := range append([]bot.Lang{lang, ""}, bot.Langs()...) {
		if t, ok := texts[l]; ok {
			return t
		}
	}
	return nil
}

// occasion is why something is said at a tick.
func (a *Announcement) occasion(tick time.Time) string {
	kind := "text:"
	switch {
	case a.Digest:
		kind = digestAt
	case a.Command != "":
		kind = "command:"
	}
	return kind + tick.UTC().Format(time.RFC3339)
}

func (a *Announcer) decline(ann *Announcement, channel Channel, why string) []Decision {
	return []Decision{{Subject: ann.subject(), Announcement: ann.Name, Address: channel.Address, Reason: why}}
}

// recordTick records what was done at a tick. That another process did it is as
// good.
func (a *Announcer) recordTick(ctx context.Context, r Record) error {
	owed, err := a.store.Record(ctx, r)
	if errors.Is(err, ErrStale) {
		a.ticks = nil
		return a.learnTicks(ctx)
	}
	if err != nil {
		return fmt.Errorf("recording a tick: %w", err)
	}
	for _, t := range r.Ticks {
		a.ticks[t.Announcement] = t.At
	}
	if owed > 0 {
		a.log.Info("owed", "acts", owed)
	}
	return nil
}

// gather has waiting members looked for that no schedule collects.
func (a *Announcer) gather(now time.Time) {
	a.waiting = true
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tick = now
}
