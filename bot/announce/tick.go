package announce

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
)

// Answerer carries out a command for an announcement.
type Answerer interface {
	// Answer returns the answer to a command's line without its slash.
	Answer(ctx context.Context, line string, lang bot.Lang) bot.Reply
}

// Tick is a moment of an announcement's schedule.
type Tick struct {
	Announcement string
	// Schedule is the Key of the schedule.
	Schedule string
	// From is the tick up to which the schedule was carried out before, zero if
	// it never was; At is up to which it is now.
	From, At time.Time
}

// lookAgain is how long what cannot be carried out yet is left alone.
const lookAgain = 2 * time.Second

// carryOut carries out the schedules that are due. One's trouble does not keep
// it from the others. Digests wait while sources are being asked for what was
// missed.
func (a *Announcer) carryOut(ctx context.Context, now time.Time) error {
	if err := a.learnTicks(ctx); err != nil {
		return err
	}
	var errs []error
	asking, later := a.asking(now), false
	for i := range a.announcements {
		ann := &a.announcements[i]
		var err error
		switch {
		case asking && ann.Digest:
		case ann.ticks():
			err = a.carryOutSchedule(ctx, now, ann)
		case a.waiting && !asking:
			err = a.digestMissed(ctx, now, ann)
		}
		switch {
		case errors.Is(err, ErrStale):
			later = true
		case err != nil:
			errs = append(errs, fmt.Errorf("announcement %s: %w", ann.Name, err))
		}
	}
	if later { // another process was faster, perhaps with something else
		a.ticks = nil
		errs = append(errs, a.learnTicks(ctx))
	}
	err := errors.Join(errs...)
	a.waiting = a.waiting && (asking || later || err != nil)
	return err
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
		last, begun := a.ticks[ann.Name]
		if !begun {
			last.At = now
		}
		if t := ann.Schedule.Next(last.At); next.IsZero() || t.Before(next) {
			name, next = ann.Name, t
		}
	}
	return name, next
}

// carryOutSchedule does what the last tick asks for that was not carried out.
// Those before it were missed, and one is enough.
func (a *Announcer) carryOutSchedule(ctx context.Context, now time.Time, ann *Announcement) error {
	last, begun := a.ticks[ann.Name]
	key := ann.Schedule.Key()
	if !begun || last.Schedule != "" && last.Schedule != key { // it begins now
		return a.recordTick(ctx, Record{Now: now, Ticks: []Tick{{ann.Name, key, last.At, now}}})
	}
	tick := ann.Schedule.Prev(now)
	if !tick.After(last.At) {
		return nil
	}
	record := Record{Now: now, Ticks: []Tick{{ann.Name, key, last.At, tick}}}
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
	act := ann.own(channel, ann.occasion(tick))
	act.NotBefore, act.Until = r.Now, until
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

// own returns a post of the announcement's own in a channel, without its words.
func (a *Announcement) own(channel Channel, occasion string) Act {
	act := Act{
		Act:          bot.Act{Kind: bot.Post, Key: bot.Key{Subject: a.subject(), Address: channel.Address, Occasion: occasion}},
		Announcement: a.Name, Followers: a.followers(channel), AtMost: a.AtMost, News: true,
	}
	act.approval(a)
	return act
}

// approval has the act wait for a person if its announcement wants that.
func (act *Act) approval(a *Announcement) {
	if a.Approve {
		act.Held, act.Reason = true, "it waits for approval"
	}
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

// recordTick records what was done at a tick.
func (a *Announcer) recordTick(ctx context.Context, r Record) error {
	done, err := a.store.Record(ctx, r)
	if err != nil {
		return fmt.Errorf("recording a tick: %w", err)
	}
	for _, t := range r.Ticks {
		a.ticks[t.Announcement] = CarriedOut{t.At, t.Schedule}
	}
	a.tell(r, done)
	return nil
}
