package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
)

func (b *book) adopt(n announce.Names) []announce.Change {
	b.Helper()
	changes, err := b.Adopt(b.Context(), b.now, n)
	if err != nil {
		b.Fatal(err)
	}
	return changes
}

// lanes returns every act, the oldest first, as "occasion title state address".
func (b *book) lanes() []string {
	b.Helper()
	entries, err := b.ledger()
	if err != nil {
		b.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Occasion+" "+e.Subject+" "+string(e.State)+" "+e.Address.Chat)
	}
	return got
}

func TestAMovedChannelTakesAlongWhatIsNotSaidYet(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		moved := bot.Address{Platform: bot.Telegram, Chat: "-200"}
		here := func(a bot.Address) announce.Names {
			return announce.Names{Channels: map[string]bot.Address{"news": a}}
		}
		b.adopt(here(tg))
		routes := []announce.Route{{Announcement: "articles", Source: "blog", Address: tg}}
		if err := b.Begin(b.Context(), b.now, routes); err != nil {
			t.Fatal(err)
		}
		owed := post("owed")
		owed.Followers = []bot.ActKind{bot.Pin}
		b.record(post("said"))
		b.settle(b.take(), outbox.Sent)
		b.record(owed)

		want := []announce.Change{{Kind: "channel", Name: "news", From: tg.String(), To: moved.String(), Moved: true}}
		if diff := cmp.Diff(want, b.adopt(here(moved))); diff != "" {
			t.Errorf("changes (-want +got):\n%s", diff)
		}
		if more := b.adopt(here(moved)); len(more) != 0 {
			t.Errorf("once more: %v", more)
		}
		change := edit("said", "2")
		change.Address = moved
		b.record(change)
		wantLanes := []string{
			"new said sent " + tg.Chat, "new owed owed " + moved.Chat, "pin owed owed " + moved.Chat,
			"edit:2 said owed " + tg.Chat, // edited where it stands
		}
		if diff := cmp.Diff(wantLanes, b.lanes()); diff != "" {
			t.Errorf("ledger (-want +got):\n%s", diff)
		}
		begun, err := b.Routes(b.Context())
		if err != nil || len(begun) != 1 || begun[0].Address != moved {
			t.Errorf("routes: %v, %v", begun, err)
		}
	})
}

func TestARenamedThingIsKnownByItsAddress(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		names := func(origin, source, channel string) announce.Names {
			return announce.Names{
				Origins:  map[string]string{origin: "/srv/posts"},
				Sources:  map[string]string{source: "/srv/posts#blog"},
				Channels: map[string]bot.Address{channel: tg},
			}
		}
		b.adopt(names("site", "blog", "news"))
		_, err := b.Record(b.Context(), announce.Record{
			Origin: "site", Now: b.now, Seen: b.now,
			Items: []announce.Item{{ID: "a.md", Source: "blog", Subject: "s", FirstSeen: b.now}},
			Acts:  []announce.Act{post("s")},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Begin(b.Context(), b.now, []announce.Route{{Announcement: "articles", Source: "blog", Address: tg}}); err != nil {
			t.Fatal(err)
		}
		want := []announce.Change{
			{Kind: "origin", Name: "home", From: "site", To: "home"},
			{Kind: "source", Name: "articles", From: "blog", To: "articles"},
			{Kind: "channel", Name: "talk", From: "news", To: "talk"},
		}
		if diff := cmp.Diff(want, b.adopt(names("home", "articles", "talk"))); diff != "" {
			t.Errorf("changes (-want +got):\n%s", diff)
		}
		known, err := b.Known(b.Context(), "home")
		if err != nil || len(known.Items) != 1 || known.Items[0].Source != "articles" {
			t.Errorf("known: %+v, %v", known, err)
		}
		routes, err := b.Routes(b.Context())
		if err != nil || len(routes) != 1 || routes[0].Source != "articles" {
			t.Errorf("routes: %+v, %v", routes, err)
		}
		entries, err := b.ledger()
		if err != nil || entries[0].Origin != "home" {
			t.Errorf("ledger: %+v, %v", entries, err)
		}
	})
}

// A feed of a list that is the only one to be elsewhere is known again; of two it
// cannot be told which is which.
func TestAMovedFeedOfAList(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		list := func(feeds ...string) announce.Names {
			n := announce.Names{Origins: map[string]string{}, Sources: map[string]string{"videos": strings.Join(feeds, " ")}}
			for _, f := range feeds {
				n.Origins["feed:videos/"+f] = f
			}
			return n
		}
		b.adopt(list("a", "b"))
		for _, f := range []string{"a", "b"} {
			_, err := b.Record(b.Context(), announce.Record{
				Origin: "feed:videos/" + f, Now: b.now, Seen: b.now,
				Items: []announce.Item{{ID: "of " + f, Source: "videos", Subject: "of " + f, FirstSeen: b.now}},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, tt := range []struct {
			feeds []string
			knows map[string]string // by feed, the item
		}{
			{[]string{"b", "c"}, map[string]string{"b": "of b", "c": "of a"}},
			{[]string{"b", "c", "d"}, map[string]string{"b": "of b", "c": "of a", "d": ""}},
			{[]string{"c"}, map[string]string{"c": "of a"}},
			{[]string{"b", "c"}, map[string]string{"b": "of b", "c": "of a"}},
			{[]string{"e", "f"}, map[string]string{"e": "", "f": ""}},
			{[]string{"b", "c"}, map[string]string{"b": "of b", "c": "of a"}},
		} {
			b.adopt(list(tt.feeds...))
			for f, want := range tt.knows {
				known, err := b.Known(b.Context(), "feed:videos/"+f)
				if err != nil {
					t.Fatal(err)
				}
				got := ""
				for _, item := range known.Items {
					got += item.ID
				}
				if got != want {
					t.Errorf("of %v, %s knows %q, want %q", tt.feeds, f, got, want)
				}
			}
		}
	})
}

// What takes the place of a feed that is in another source now is another feed.
func TestAFeedThatIsInAnotherSource(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.adopt(announce.Names{
			Origins: map[string]string{"feed:one/a": "a", "feed:two/b": "b"}, Sources: map[string]string{"one": "a", "two": "b"},
		})
		route := announce.Route{Announcement: "news", Source: "feed:one/a", Address: tg}
		if err := b.Begin(t.Context(), b.now, []announce.Route{route}); err != nil {
			t.Fatal(err)
		}
		got := b.adopt(announce.Names{
			Origins: map[string]string{"feed:one/c": "c", "feed:two/a": "a", "feed:two/b": "b"},
			Sources: map[string]string{"one": "c", "two": "a b"},
		})
		want := announce.Change{Kind: "origin", Name: "feed:two/a", From: "feed:one/a", To: "feed:two/a"}
		if len(got) == 0 || got[0] != want || slices.ContainsFunc(got[1:], func(c announce.Change) bool { return c.Kind == "origin" }) {
			t.Errorf("changes %+v, want first %+v", got, want)
		}
		route.Source = "feed:two/a"
		if routes, err := b.Routes(t.Context()); err != nil || !slices.Equal(routes, []announce.Route{route}) {
			t.Errorf("routes %v, %v", routes, err)
		}
	})
}

func TestARenamedAnnouncementKeepsItsTicks(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		said := post("announcement:weekly")
		said.Announcement = "weekly"
		_, err := b.Record(b.Context(), announce.Record{
			Now: b.now, Ticks: []announce.Tick{{Announcement: "weekly", At: b.now}}, Acts: []announce.Act{said},
		})
		if err != nil {
			t.Fatal(err)
		}
		was := announce.Names{Was: map[string]string{"digest": "weekly"}, Announcements: []string{"digest"}}
		want := []announce.Change{{Kind: "announcement", Name: "digest", From: "weekly", To: "digest"}}
		if diff := cmp.Diff(want, b.adopt(was)); diff != "" {
			t.Errorf("changes (-want +got):\n%s", diff)
		}
		if again := b.adopt(was); len(again) != 0 {
			t.Errorf("once more: %v", again)
		}
		ticks, err := b.Ticks(b.Context())
		if err != nil || !ticks["digest"].At.Equal(b.now) || len(ticks) != 1 {
			t.Errorf("ticks: %v, %v", ticks, err)
		}
		b.adopt(announce.Names{Announcements: []string{"another"}})
		if left, err := b.Ticks(b.Context()); err != nil || len(left) > 0 {
			t.Errorf("ticks of an announcement that there is no more: %v, %v", left, err)
		}
		entries, err := b.ledger()
		if err != nil || entries[0].Subject != "announcement:digest" || entries[0].Announcement != "digest" {
			t.Errorf("ledger: %+v, %v", entries, err)
		}
	})
}

// An announcement may take the name of one that has said something at the same
// tick. What both said stays what each said.
func TestARenamedAnnouncementMeetsItsNamesake(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		b.record(post("announcement:weekly"), at(post("announcement:weekly"), dc), post("announcement:digest"))
		err := b.Begin(b.Context(), b.now, []announce.Route{{Announcement: "weekly", Source: "blog", Address: tg}})
		if err != nil {
			t.Fatal(err)
		}
		b.adopt(announce.Names{Was: map[string]string{"digest": "weekly"}})
		entries, err := b.ledger()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range entries {
			got = append(got, string(e.Address.Platform)+" "+e.Subject)
		}
		want := []string{"telegram announcement:weekly", "discord announcement:digest", "telegram announcement:digest"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("ledger (-want +got):\n%s", diff)
		}
	})
}
