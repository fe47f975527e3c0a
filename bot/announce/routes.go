package announce

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"cloudnative.tw/herald/bot"
)

// learnRoutes finds out which routes begin now.
func (a *Announcer) learnRoutes(ctx context.Context) error {
	if a.beginning != nil {
		return nil
	}
	begun, err := a.store.Routes(ctx)
	if err != nil {
		return fmt.Errorf("reading which announcements began: %w", err)
	}
	beginning := make(map[Route]bool)
	for _, ann := range a.announcements {
		for _, source := range ann.From {
			for _, channel := range ann.To {
				if r := (Route{ann.Name, source, channel.Address}); !slices.Contains(begun, r) {
					beginning[r] = true
				}
			}
		}
	}
	a.beginning, a.first = beginning, len(begun) == 0
	if n := a.channels(); n > 0 && len(begun) == 0 {
		a.log.Warn("the store is empty: Herald takes everything that is there as known and announces none of it; "+
			"if it has spoken in these channels before, look whether this is the right store", "channels", n)
	}
	return nil
}

// Beginning is that an announcement takes news of a source from now on. Items is
// how many are there already, which it passes over.
type Beginning struct {
	Announcement, Source string
	Items                int
}

// begin lets the routes begin whose sources were read; there tells how many items
// a source has.
func (a *Announcer) begin(ctx context.Context, now time.Time, read func(source string) bool, there func(source string) int) error {
	var routes []Route
	for r := range a.beginning {
		if read(r.Source) {
			routes = append(routes, r)
		}
	}
	if len(routes) == 0 {
		return nil
	}
	if err := a.store.Begin(ctx, now, routes); err != nil {
		return fmt.Errorf("recording that announcements began: %w", err)
	}
	var begun []Beginning
	for _, r := range routes {
		delete(a.beginning, r)
		a.log.Info("announcement begins: it passes over what is there already",
			"announcement", r.Announcement, "source", r.Source, "address", r.Address.String(), "items", there(r.Source))
		if b := (Beginning{r.Announcement, r.Source, there(r.Source)}); !slices.Contains(begun, b) {
			begun = append(begun, b)
		}
	}
	slices.SortFunc(begun, func(a, b Beginning) int {
		return cmp.Or(cmp.Compare(a.Announcement, b.Announcement), cmp.Compare(a.Source, b.Source))
	})
	a.begun(begun)
	return a.tellBegun(ctx, now, begun)
}

var begunText = bot.Texts{
	bot.TraditionalChinese: "「%s」從現在開始公告 %s：已經在那裡的 %d 則不會發。",
	bot.English:            "%s announces %s from now on: the %d that are there already are passed over.",
}

// tellBegun tells moderators what begins, unless that is everything: who starts
// Herald for the first time knows.
func (a *Announcer) tellBegun(ctx context.Context, now time.Time, begun []Beginning) error {
	if a.first {
		return nil
	}
	for _, b := range begun {
		text := bot.Texts{}
		for lang, form := range begunText {
			text[lang] = fmt.Sprintf(form, b.Announcement, b.Source, b.Items)
		}
		key := fmt.Sprintf("begin:%s:%s:%d", b.Announcement, b.Source, now.Unix())
		if err := a.Notify(ctx, now, key, text); err != nil {
			return err
		}
	}
	return nil
}

// count returns how many posts of a source are there.
func (a *Announcer) count(source string) int {
	n := 0
	for _, m := range a.memories {
		for _, item := range m.items {
			if item.Source == source && item.Gone.IsZero() {
				n++
			}
		}
	}
	return n
}

// channels returns how many channels of real platforms are spoken in.
func (a *Announcer) channels() int {
	n := 0
	for _, p := range a.everywhere() {
		if p.channel.Platform != bot.Console {
			n++
		}
	}
	return n
}
