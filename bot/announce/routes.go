package announce

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"cloudnative.tw/herald/bot"
)

// learnRoutes finds out which routes began.
func (a *Announcer) learnRoutes(ctx context.Context) error {
	begun, err := a.store.Routes(ctx)
	if err != nil {
		return fmt.Errorf("reading which announcements began: %w", err)
	}
	known := a.routes != nil
	a.routes = make(map[Route]bool, len(begun))
	for _, r := range begun {
		a.routes[r] = true
	}
	if known {
		return nil
	}
	a.first = len(begun) == 0
	if n := a.channels(); n > 0 && a.first {
		a.log.Warn("the store is empty: Herald takes everything that is there as known and announces none of it; "+
			"if it has spoken in these channels before, look whether this is the right store", "channels", n)
	}
	return nil
}

// beginning returns the routes of a source that have not begun. from is what of
// the source is looked at: see Route. They are learnt anew while there are some:
// another process may have been faster.
func (a *Announcer) beginning(ctx context.Context, source, from string) ([]Route, error) {
	if a.routes != nil && len(a.unbegun(source, from)) == 0 {
		return nil, nil
	}
	if err := a.learnRoutes(ctx); err != nil {
		return nil, err
	}
	return a.unbegun(source, from), nil
}

func (a *Announcer) unbegun(source, from string) []Route {
	return slices.DeleteFunc(a.routesOf(source, from), func(r Route) bool { return a.routes[r] })
}

// routesOf returns the routes of a source, or of one of its feeds.
func (a *Announcer) routesOf(source, from string) []Route {
	var routes []Route
	for _, ann := range a.announcements {
		if !slices.Contains(ann.From, source) {
			continue
		}
		for _, channel := range ann.To {
			routes = append(routes, Route{ann.Name, from, channel.Address})
		}
	}
	return routes
}

// Beginning is that an announcement takes news of a source from now on, or of one
// of the feeds that the source has, which Feed tells people. Items is how many are
// there already, which it passes over.
type Beginning struct {
	Announcement, Source, Feed string
	Items                      int
}

// begin lets routes of a source begin, or of its feed that is called so, which
// was read.
func (a *Announcer) begin(ctx context.Context, now time.Time, routes []Route, source, feed string, items int) ([]Beginning, error) {
	if len(routes) == 0 {
		return nil, nil
	}
	if err := a.store.Begin(ctx, now, routes); err != nil {
		return nil, fmt.Errorf("recording that announcements began: %w", err)
	}
	var begun []Beginning
	log := a.log
	if feed != "" {
		log = log.With("feed", feed)
	}
	for _, r := range routes {
		a.routes[r] = true
		log.Info("announcement begins: it passes over what is there already",
			"announcement", r.Announcement, "source", source, "address", r.Address.String(), "items", items)
		if b := (Beginning{r.Announcement, source, feed, items}); !slices.Contains(begun, b) {
			begun = append(begun, b)
		}
	}
	return begun, nil
}

// beginAll lets the routes of the sources begin that were read.
func (a *Announcer) beginAll(ctx context.Context, now time.Time, read []string) error {
	var all []Beginning
	for _, source := range read {
		routes, err := a.beginning(ctx, source, source)
		if err != nil {
			return err
		}
		begun, err := a.begin(ctx, now, routes, source, "", a.count(source))
		if err != nil {
			return err
		}
		all = append(all, begun...)
	}
	return a.tellBegun(ctx, now, all)
}

var begunText = bot.Texts{
	bot.TraditionalChinese: "「%s」從現在開始公告 %s：已經在那裡的 %d 則不會發。",
	bot.English:            "%s announces %s from now on: the %d that are there already are passed over.",
}

// feedText tells which of a source's feeds.
var feedText = bot.Texts{bot.TraditionalChinese: "（%s）", bot.English: " (%s)"}

// tellBegun tells moderators what begins, unless that is everything: who starts
// Herald for the first time knows.
func (a *Announcer) tellBegun(ctx context.Context, now time.Time, begun []Beginning) error {
	if len(begun) == 0 {
		return nil
	}
	slices.SortFunc(begun, func(a, b Beginning) int {
		return cmp.Or(cmp.Compare(a.Announcement, b.Announcement), cmp.Compare(a.Source, b.Source))
	})
	a.begun(begun)
	if a.first {
		return nil
	}
	for _, b := range begun {
		text := bot.Texts{}
		for lang, form := range begunText {
			source := b.Source
			if b.Feed != "" {
				source += fmt.Sprintf(feedText[lang], b.Feed)
			}
			text[lang] = fmt.Sprintf(form, b.Announcement, source, b.Items)
		}
		key := fmt.Sprintf("begin:%s:%s:%s:%d", b.Announcement, b.Source, b.Feed, now.Unix())
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
