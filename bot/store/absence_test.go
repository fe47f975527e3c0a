package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot/announce"
)

// seen are items of a feed that were first seen then.
func seen(at time.Time, ids ...string) []announce.Item {
	var items []announce.Item
	for _, id := range ids {
		items = append(items, announce.Item{
			ID: id, Source: "videos", Subject: "https://example.org/" + id, URL: "https://example.org/" + id, Title: id,
			Revision: "1", FirstSeen: at,
		})
	}
	return items
}

// note writes a record about the feed.
func (b *book) note(r announce.Record) {
	b.Helper()
	r.Origin, r.Generation, r.Now, r.Seen = "feed:videos", b.generation, b.now, b.now
	if _, err := b.Record(b.Context(), r); err != nil {
		b.Fatal(err)
	}
	b.generation++
}

// absent returns what is missed of the feed.
func (b *book) absent() []announce.Absence {
	b.Helper()
	known, err := b.KnownOf(b.Context(), "feed:videos", announce.Wanted{})
	if err != nil {
		b.Fatal(err)
	}
	return known.Absent
}

// looks takes the absences that are due, as "ID at a time".
func (b *book) looks(most int) string {
	b.Helper()
	taken, err := b.TakeAbsent(b.Context(), b.now, b.now.Add(time.Hour), most)
	if err != nil {
		b.Fatal(err)
	}
	var ids []string
	for _, a := range taken {
		if a.Origin != "feed:videos" || a.Item.ID != a.ID || a.Item.URL != "https://example.org/"+a.ID {
			b.Errorf("%s is of item %+v", a.ID, a.Item)
		}
		ids = append(ids, a.ID)
	}
	return strings.Join(ids, " ")
}

func TestAbsences(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		missed := func(id string, look time.Duration) announce.Absence {
			return announce.Absence{ID: id, Since: noon, Look: noon.Add(look)}
		}
		b.note(announce.Record{Items: seen(noon, "a", "b", "c", "d")})
		b.note(announce.Record{Absent: []announce.Absence{missed("b", 2*time.Minute), missed("a", time.Minute), missed("c", time.Hour)}})
		if got := b.looks(5); got != "" {
			t.Errorf("looks before they are due at %s", got)
		}
		b.now = noon.Add(5 * time.Minute)
		if got := b.looks(1); got != "a" {
			t.Errorf("took %q, want the longest due", got)
		}
		if first, second := b.looks(5), b.looks(5); first != "b" || second != "" {
			t.Errorf("took %q and then %q, want b once", first, second)
		}

		lost := missed("a", 24*time.Hour)
		lost.Lost = b.now
		never := announce.Absence{ID: "b", Since: noon}
		b.note(announce.Record{Absent: []announce.Absence{lost, never}, Settled: []string{"c", "unknown"}})
		if diff := cmp.Diff([]announce.Absence{lost, never}, b.absent()); diff != "" {
			t.Errorf("absences (-want +got):\n%s", diff)
		}
		b.now = noon.Add(90 * 24 * time.Hour)
		if got := b.looks(5); got != "a" {
			t.Errorf("took %q, want a alone: b is never to be looked at", got)
		}
		if _, err := b.Prune(t.Context(), b.now); err != nil {
			t.Fatal(err)
		}
		if got := b.absent(); len(got) > 0 {
			t.Errorf("after 90 days there are %+v", got)
		}
	})
}

// An absence goes with its item: where the feed is renamed to, and when another
// ID stands for it.
func TestAbsencesFollowTheirItems(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		address := map[string]string{"feed:films": "https://example.org/feed"}
		if _, err := b.Adopt(t.Context(), noon, announce.Names{Origins: map[string]string{"feed:videos": address["feed:films"]}}); err != nil {
			t.Fatal(err)
		}
		b.note(announce.Record{Items: seen(noon, "a", "b")})
		b.note(announce.Record{Absent: []announce.Absence{{ID: "a", Since: noon, Look: noon}, {ID: "b", Since: noon, Look: noon}}})
		b.note(announce.Record{Forget: []string{"a"}})
		if _, err := b.Adopt(t.Context(), noon, announce.Names{Origins: address}); err != nil {
			t.Fatal(err)
		}
		taken, err := b.TakeAbsent(t.Context(), noon, noon.Add(time.Hour), 5)
		if err != nil {
			t.Fatal(err)
		}
		if len(taken) != 1 || taken[0].Origin != "feed:films" || taken[0].ID != "b" {
			t.Errorf("took %+v, want b of films", taken)
		}
	})
}

// What was seen since counts only if something may have been said of it.
func TestSeenSince(t *testing.T) {
	onEachEngine(t, func(t *testing.T, dsn string) {
		b := newBook(t, dsn)
		silent, gone := seen(noon, "silent"), seen(noon, "gone")
		silent[0].Reason, gone[0].Gone = "it was there", noon
		b.note(announce.Record{Items: append(append(seen(noon, "b", "a"), silent...), gone...)})
		b.note(announce.Record{Items: seen(noon.Add(-time.Hour), "older")})
		since := func(at time.Time) string {
			items, err := b.SeenSince(t.Context(), "feed:videos", at)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, i := range items {
				ids = append(ids, i.ID)
			}
			return strings.Join(ids, " ")
		}
		if got := since(noon); got != "a b" {
			t.Errorf("since noon %q, want a b", got)
		}
		if got := since(noon.Add(-time.Hour)); got != "a b older" {
			t.Errorf("since eleven %q, want a b older", got)
		}
		there, err := b.Count(t.Context(), "feed:videos")
		if diff := cmp.Diff(map[string]int{"videos": 4}, there); err != nil || diff != "" {
			t.Errorf("count (-want +got, error %v):\n%s", err, diff)
		}
	})
}
