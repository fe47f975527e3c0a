package outbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
)

// loud keeps whether what was said made a sound.
type loud struct{ *platform }

func (p loud) Send(ctx context.Context, act bot.Act) (string, error) {
	if act.Message.Silent {
		act.Subject += " silently"
	}
	return p.platform.Send(ctx, act)
}

func TestQuietHours(t *testing.T) {
	morning := noon.Add(8 * time.Hour)
	p := &platform{}
	d := newDesk(t, loud{p}, func(c *outbox.Config) {
		c.Quiet = func(a bot.Address, now time.Time) time.Time {
			if a == channel("quiet") && now.Before(morning) {
				return morning
			}
			return time.Time{}
		}
	})
	owe := func(name, subject string, news bool) {
		d.record(announce.Act{
			Act:  bot.Act{Kind: bot.Post, Key: bot.Key{Subject: subject, Address: channel(name), Occasion: bot.OccasionNew}},
			News: news, NotBefore: d.now,
		})
	}
	owe("quiet", "news", true)
	owe("quiet", "reminder", false)
	d.drain()
	owe("awake", "other news", true)
	d.drain()
	d.now = morning
	d.drain()
	if diff := cmp.Diff([]string{"post reminder silently", "post other news", "post news"}, p.said()); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}
