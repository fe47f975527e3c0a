package announce

import (
	"context"
	"fmt"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

// digestMissed says in one message what waits for a digest that no schedule makes:
// what appeared while nobody looked, or what waited when the announcement's digest
// was given up.
func (a *Announcer) digestMissed(ctx context.Context, now time.Time, ann *Announcement) error {
	record := Record{Now: now}
	due := now
	if !ann.Schedule.IsZero() {
		due = ann.Schedule.Next(now)
	}
	for _, channel := range ann.To {
		message, members, err := a.digest(ctx, now, ann, channel, 0)
		if err != nil {
			return err
		}
		if len(members) == 0 {
			continue
		}
		act := ann.own(channel, "missed:"+now.UTC().Format(time.RFC3339))
		act.Message, act.Members = message, members
		act.NotBefore, act.Until = due, due.Add(ann.maxAge())
		record.Acts = append(record.Acts, act)
	}
	if len(record.Acts) == 0 {
		return nil
	}
	a.askAboutHeld(&record, ann.subject()+":missed:"+now.UTC().Format(time.RFC3339))
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

// gather has waiting members looked for that no schedule collects.
func (a *Announcer) gather(now time.Time) {
	a.waiting = true
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tick = now
}
