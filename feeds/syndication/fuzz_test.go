package syndication_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/syndication"
)

func FuzzParse(f *testing.F) {
	for _, data := range fixtures(f) {
		f.Add(data, "")
	}
	f.Add([]byte(rss(`<title>t &#8; &amp;amp;</title><guid>1</guid><pubDate>2026年8月5日 下午3點</pubDate><media:group><media:description>x</media:description></media:group>`)), "text/xml; charset=big5")
	f.Add([]byte(atomFeed(`<id>1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">t</div></title>`)), "")
	f.Add([]byte(jsonFeed(`{"id":1,"title":"t","authors":[{"name":"a"}]}`)), "application/feed+json")
	f.Add([]byte(`<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><item><title>t</title><link>a</link></item></rdf:RDF>`), "")
	f.Add([]byte(inUTF16(rss(`<title>t</title><link>a</link>`), true, true)), "")
	f.Fuzz(func(t *testing.T, data []byte, contentType string) {
		before := string(data)
		feed, err := syndication.Parse(data, contentType, options())
		if string(data) != before {
			t.Error("the input was changed")
		}
		if err != nil {
			if len(feed.Items) > 0 || strings.Contains(err.Error(), "panic") {
				t.Errorf("%d items and %v", len(feed.Items), err)
			}
			return
		}
		if len(feed.Items) > 500 || len(feed.Problems) > 20 || len(feed.Withdrawn) > 500 || feed.Wait < 0 || feed.Hash == "" {
			t.Errorf("out of bounds: %d items, %d problems, wait %v", len(feed.Items), len(feed.Problems), feed.Wait)
		}
		seen := map[string]bool{}
		for _, item := range feed.Items {
			if seen[item.ID] {
				t.Errorf("ID %q twice", item.ID)
			}
			seen[item.ID] = true
			checkItem(t, item)
		}
	})
}

// checkItem checks what everybody who takes an item in relies on.
func checkItem(t *testing.T, item feeds.Item) {
	t.Helper()
	if item.ID == "" || item.Subject == "" || item.Title == "" || item.Version == "" || item.Revision == "" {
		t.Errorf("incomplete: %+v", item)
	}
	texts := append(append([]string{item.ID, item.Subject, item.Title, item.URL, item.Summary, item.Excerpt, item.Image, item.Lang}, item.Authors...), item.Tags...)
	for _, s := range texts {
		if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) || len(s) > 2000 {
			t.Errorf("no line of text: %q", s)
		}
	}
	for _, address := range []string{item.URL, item.Image} {
		if address != "" && feeds.Clean(address) != address {
			t.Errorf("no clean address: %q", address)
		}
	}
	if item.URL == "" || len(item.ID) > 1000 || len(item.Subject) > 1000 {
		t.Errorf("URL %q, ID of %d bytes, subject of %d", item.URL, len(item.ID), len(item.Subject))
	}
	if item.Published.After(now) {
		t.Errorf("published %v, in the future", item.Published)
	}
}
