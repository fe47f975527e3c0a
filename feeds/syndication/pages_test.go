package syndication_test

import (
	"strings"
	"testing"

	"cloudnative.tw/herald/feeds"
)

// TestPagesOfSeveralItems holds which pages tell an item from others: items of
// podcasts, status pages and change logs all name the same one.
func TestPagesOfSeveralItems(t *testing.T) {
	const next = `</item><item>`
	const home = `<link>https://site.example/</link>`
	for name, test := range map[string]struct {
		items string
		want  []string // the subjects, "" for one of the item's own
	}{
		"the feed's own page":                 {`<title>a</title><guid>1</guid>` + home, []string{""}},
		"the feed's own page, without a GUID": {`<title>a</title>` + home, []string{""}},
		"the feed's own page as a GUID":       {`<title>a</title><guid>https://site.example</guid>` + next + `<title>b</title><guid>https://site.example</guid>`, []string{"", ""}},
		"several of a podcast":                {`<title>a</title><guid>1</guid>` + home + next + `<title>b</title><guid>2</guid>` + home, []string{"", ""}},
		"a page of two":                       {`<title>a</title><guid>1</guid><link>/log</link>` + next + `<title>b</title><guid>2</guid><link>/log/?utm_source=x</link>`, []string{"", ""}},
		"a page of two, and another":          {`<title>a</title><guid>1</guid><link>/log</link>` + next + `<title>b</title><guid>2</guid><link>/log</link>` + next + `<title>c</title><guid>3</guid><link>/c</link>`, []string{"", "", "https://site.example/c"}},
		"a page of two without GUIDs":         {`<title>a</title><link>/log</link>` + next + `<title>b</title><link>/log</link>`, []string{"", ""}},
		"each day under the same title":       {`<title>a</title><guid>1</guid><link>/log</link><pubDate>2026-11-01</pubDate>` + next + `<title>a</title><guid>2</guid><link>/log</link><pubDate>2026-11-02</pubDate>`, []string{"", ""}},
		"one article under two GUIDs":         {`<title>a</title><guid>1</guid><link>/a</link><pubDate>2026-11-01</pubDate>` + next + `<title>a</title><guid>2</guid><link>/a</link><pubDate>2026-11-01</pubDate>`, []string{"https://site.example/a", "https://site.example/a"}},
		"the parts of one page":               {`<title>a</title><link>/log#1</link>` + next + `<title>b</title><link>/log#2</link>`, []string{"https://site.example/log#1", "https://site.example/log#2"}},
	} {
		t.Run(name, func(t *testing.T) {
			feed := mustParse(t, rss(test.items))
			if len(feed.Items) != len(test.want) || len(feed.Problems) != 0 {
				t.Fatalf("%d items, want %d; problems %v", len(feed.Items), len(test.want), feed.Problems)
			}
			own := map[string]bool{}
			for i, item := range feed.Items {
				if !strings.HasPrefix(item.URL, "https://site.example/") {
					t.Errorf("URL %q is not for the reader", item.URL)
				}
				want := test.want[i]
				if want == "" {
					want = feeds.ItemSubject(item.Origin, item.ID)
				}
				if item.Subject != want || own[item.Subject] && test.want[i] == "" {
					t.Errorf("%q: subject %q, want %q", item.Title, item.Subject, want)
				}
				own[item.Subject] = true
			}
		})
	}
}

// TestAnItemKeepsItsIDBesideOthers: what the feed calls an item is what it is
// known by, alone and beside another of the same page.
func TestAnItemKeepsItsIDBesideOthers(t *testing.T) {
	const first = `<title>a</title><guid>https://site.example/log</guid><link>/log</link>`
	alone := one(t, rss(first))
	beside := mustParse(t, rss(`<title>b</title><guid>2</guid><link>/log</link></item><item>`+first)).Items[1]
	if alone.ID != beside.ID || alone.Revision != beside.Revision {
		t.Errorf("%+v became %+v", alone, beside)
	}
}
