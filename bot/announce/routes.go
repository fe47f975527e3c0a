package announce

import (
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
	a.beginning = beginning
	if n := a.channels(); n > 0 && len(begun) == 0 {
		a.log.Warn("the store is empty: Herald takes everything that is there as known and announces none of it; "+
			"if it has spoken in these channels before, look whether this is the right store", "channels", n)
	}
	return nil
}

// begin lets the routes begin whose sources were read.
func (a *Announcer) begin(ctx context.Context, now time.Time, read func(source string) bool) error {
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
	for _, r := range routes {
		delete(a.beginning, r)
		a.log.Info("announcement begins: it passes over what is there already",
			"announcement", r.Announcement, "source", r.Source, "address", r.Address.String(), "items", a.count(r.Source))
	}
	return nil
}

// count returns how many items of a source are there.
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
