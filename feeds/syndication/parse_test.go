package syndication_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/syndication"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	taipei = mustZone("Asia/Taipei")
	now    = time.Date(2026, 11, 26, 12, 0, 0, 0, taipei)
)

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// options are those of a source in Taiwan.
func options() syndication.Options {
	return syndication.Options{Now: now, URL: "https://feed.example/blog/feed.xml", Zone: taipei, Source: "news", Origin: "feed:news"}
}

func mustParse(t *testing.T, text string) syndication.Feed {
	t.Helper()
	feed, err := syndication.Parse([]byte(text), "", options())
	if err != nil {
		t.Fatalf("Parse: %v\nof %.300s", err, text)
	}
	return feed
}

// one parses a feed of one item and returns that.
func one(t *testing.T, text string) feeds.Item {
	t.Helper()
	feed := mustParse(t, text)
	if len(feed.Items) != 1 {
		t.Fatalf("%d items, want one; problems: %v\nof %.300s", len(feed.Items), feed.Problems, text)
	}
	return feed.Items[0]
}

// rss returns an RSS feed of one item that has the elements.
func rss(elements string) string {
	return `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
		xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
		xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:discourse="http://www.discourse.org/">
		<channel><title>Site</title><link>https://site.example/</link><item>` + elements + `</item></channel></rss>`
}

// atomFeed returns an Atom feed of one entry that has the elements.
func atomFeed(elements string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom"><title>Site</title><link href="https://site.example/"/><entry>` + elements + `</entry></feed>`
}

// jsonFeed returns a JSON Feed of the items.
func jsonFeed(items string) string {
	return `{"version":"https://jsonfeed.org/version/1.1","title":"Site","home_page_url":"https://site.example/","items":[` + items + `]}`
}

func fixtures(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(file)] = data
	}
	return all
}

// TestEveryFixture holds what each publisher's feed is read as.
func TestEveryFixture(t *testing.T) {
	for name, data := range fixtures(t) {
		t.Run(name, func(t *testing.T) {
			feed, err := syndication.Parse(data, "", options())
			if err != nil {
				t.Fatal(err)
			}
			for i := range feed.Items { // hashes say nothing to a reader
				item := &feed.Items[i]
				if item.Version == "" || item.Revision == "" || item.ID == "" || item.Subject == "" || item.Source != "news" || item.Origin != "feed:news" {
					t.Errorf("incomplete: %+v", *item)
				}
				item.Version, item.Revision, item.Source, item.Origin = "", "", "", ""
			}
			feed.Hash = ""
			got, err := json.MarshalIndent(feed, "", "\t")
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", "golden", name+".json")
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimSpace(string(want)), string(got)); diff != "" {
				t.Errorf("read differently (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsNoFeed(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		want error
	}{
		"nothing":                   {"", syndication.ErrEmpty},
		"space":                     {" \r\n\t\ufeff", syndication.ErrEmpty},
		"an HTML page":              {"<!DOCTYPE html><html><body>Log in<br></body></html>", syndication.ErrHTML},
		"an HTML page, in capitals": {"\n<!-- x --><HTML><head><title>x</title>", syndication.ErrHTML},
		"an XHTML page":             {`<?xml version="1.0"?><!DOCTYPE html PUBLIC "a" "b"><html xmlns="http://www.w3.org/1999/xhtml"></html>`, syndication.ErrHTML},
		"JSON of another kind":      {`{"message":"Not Found"}`, syndication.ErrFormat},
		"JSON with items":           {`{"items":[{"id":"1","title":"x"}]}`, syndication.ErrFormat},
		"a JSON Feed without items": {`{"version":"https://jsonfeed.org/version/1"}`, syndication.ErrFormat},
		"broken JSON":               {`{"version":"https://jsonfeed.org/version/1","items":[`, syndication.ErrFormat},
		"a JSON list":               {`[{"title":"x"}]`, syndication.ErrFormat},
		"a sitemap":                 {`<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>`, syndication.ErrFormat},
		"text":                      {"Service temporarily unavailable", syndication.ErrFormat},
		"no element":                {"<!-- nothing -->", syndication.ErrFormat},
		"too much":                  {strings.Repeat(" ", 8<<20+1), syndication.ErrSize},
	} {
		t.Run(name, func(t *testing.T) {
			feed, err := syndication.Parse([]byte(test.body), "application/rss+xml", options())
			if !errors.Is(err, test.want) || len(feed.Items) != 0 {
				t.Errorf("got %d items and %v, want %v", len(feed.Items), err, test.want)
			}
		})
	}
}

// TestCutShort cuts a feed at every byte: what arrived in part is an error, and
// never a feed of fewer items.
func TestCutShort(t *testing.T) {
	for name, data := range fixtures(t) {
		data = []byte(strings.TrimSpace(string(data)))
		step := max(1, len(data)/60)
		for n := 0; n < len(data); n += step {
			if feed, err := syndication.Parse(data[:n], "", options()); err == nil {
				t.Errorf("%s cut at %d: %d items and no error", name, n, len(feed.Items))
			}
		}
	}
}

func TestAnEmptyFeedIsAFeed(t *testing.T) {
	for _, text := range []string{
		`<rss version="2.0"><channel><title>Site</title></channel></rss>`,
		`<feed xmlns="http://www.w3.org/2005/Atom"><title>Site</title></feed >`,
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>Site</title></channel></rdf:RDF>`,
		jsonFeed(""),
	} {
		if feed := mustParse(t, text); len(feed.Items) != 0 || len(feed.Problems) != 0 || feed.Title != "Site" {
			t.Errorf("%s: %+v", text, feed)
		}
	}
}
