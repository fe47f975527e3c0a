package syndication_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/feeds/syndication"
)

// TestWhatWouldBreakTheParser: documents that make gofeed or encoding/xml run
// out of stack, memory or time are refused before they get there.
func TestWhatWouldBreakTheParser(t *testing.T) {
	declarations := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, ` xmlns:n%d="u%d"`, i, i)
		}
		return b.String()
	}
	nest := func(tag string, n int) string {
		return strings.Repeat("<"+tag+">", n) + strings.Repeat("</"+tag+">", n)
	}
	for name, text := range map[string]string{
		"elements nested deep":            rss(`<title>t</title>` + nest("a", 100_000)),
		"extensions nested deep":          rss(`<title>t</title><media:group>` + nest("media:group", 100_000) + `</media:group>`),
		"elements left open":              `<rss><channel>` + strings.Repeat("<x:a>", 1<<20),
		"namespaces for each element":     `<rss` + declarations(20_000) + `><channel><item>` + strings.Repeat("<a/>", 100_000) + `</item></channel></rss>`,
		"a text in many pieces":           rss(`<title>t</title><media:text>` + strings.Repeat("aaaaaaaaaaaaaaaa<!---->", 300_000) + `</media:text>`),
		"a text in many pieces, by tags":  rss(`<title>t</title><media:text>` + strings.Repeat("aaaaaaaaaaaaaaaa<b/>", 290_000) + `</media:text>`),
		"a text in many pieces, by CDATA": rss(`<title>t</title><media:text>` + strings.Repeat("aaaaaaaaaaaa<![CDATA[a]]>", 300_000) + `</media:text>`),
		"very many elements":              rss(`<title>t</title>` + strings.Repeat("<media:a/>", 500_000)),
		"an end tag without a beginning":  rss(`<title>t</title></p><guid>1</guid>`),
		"a name without end":              `<rss><` + strings.Repeat("a", 1<<20) + ` <`,
		"JSON nested deep":                `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","x":` + strings.Repeat("[", 1<<20) + strings.Repeat("]", 1<<20) + `}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			feed, err := syndication.Parse([]byte(text), "", options())
			if err == nil {
				t.Errorf("%d items and no error", len(feed.Items))
			} else if len(err.Error()) > 300 {
				t.Errorf("an error of %d bytes: %.100s", len(err.Error()), err)
			}
		})
	}
}

// TestMuchIsReadInPart: more items than anybody announces cost what is read of
// them, and a problem says so.
func TestMuchIsReadInPart(t *testing.T) {
	var xml, entries, json strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&xml, "<item><title>t%d</title><guid>%d</guid><media:x>%d</media:x></item>", i, i, i)
		fmt.Fprintf(&entries, "<entry><title type=\"html\">t%d</title><id>%d</id></entry>", i, i)
		fmt.Fprintf(&json, `{"id":%d,"title":"t%d"},`, i, i)
	}
	for name, text := range map[string]string{
		"RSS":  `<rss><channel><title>Site</title>` + xml.String() + `<link>https://site.example/</link></channel></rss>`,
		"RDF":  `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><link>https://site.example/</link></channel>` + xml.String() + `</rdf:RDF>`,
		"Atom": `<feed xmlns="http://www.w3.org/2005/Atom">` + entries.String() + `<link href="https://site.example/"/></feed>`,
		"JSON": jsonFeed(strings.TrimSuffix(json.String(), ",")),
	} {
		feed := mustParse(t, text)
		if len(feed.Items) != 500 || feed.Items[499].Title != "t499" || len(feed.Problems) != 1 || feed.Link != "https://site.example/" {
			t.Errorf("%s: %d items, link %q, problems %v", name, len(feed.Items), feed.Link, feed.Problems)
		}
	}
}

// TestTheNewestOfManyAreRead: where the oldest item stands first, the last ones
// are the news.
func TestTheNewestOfManyAreRead(t *testing.T) {
	var xml, dc, entries, json strings.Builder
	first := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 700 {
		date := first.AddDate(0, 0, i)
		fmt.Fprintf(&xml, "<item xml:base=\"https://base.example/%d/\"><title>t%d</title><link>a</link><pubDate> %s</pubDate></item>", i, i, date.Format(time.RFC1123Z))
		fmt.Fprintf(&dc, "<item><title>t%d</title><link>https://base.example/%d/a</link><dc:date><![CDATA[%s]]></dc:date></item>", i, i, date.Format(time.RFC3339))
		fmt.Fprintf(&entries, "<entry xml:base=\"https://base.example/%d/\"><updated>%s</updated><published>2019-01-01T00:00:00Z</published><title type=\"html\">t%d</title><id>%d</id><link href=\"a\"/></entry>",
			i, date.Format(time.RFC3339), i, i)
		fmt.Fprintf(&json, `{"id":%d,"title":"t%d","url":"https://base.example/%d/a","date_modified":%q},`, i, i, i, date.Format(time.RFC3339))
	}
	for name, text := range map[string]string{
		"RSS":  `<rss><channel><title>Site</title>` + xml.String() + `<link>https://site.example/</link></channel></rss>`,
		"RDF":  `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://purl.org/rss/1.0/"><channel><link>https://site.example/</link></channel>` + dc.String() + `</rdf:RDF>`,
		"Atom": `<feed xmlns="http://www.w3.org/2005/Atom">` + entries.String() + `<link href="https://site.example/"/></feed>`,
		"JSON": jsonFeed(strings.TrimSuffix(json.String(), ",")),
	} {
		feed := mustParse(t, text)
		if len(feed.Items) != 500 || len(feed.Problems) != 1 || feed.Link != "https://site.example/" {
			t.Fatalf("%s: %d items, link %q, problems %v", name, len(feed.Items), feed.Link, feed.Problems)
		}
		for i, item := range feed.Items {
			if item.Title != fmt.Sprint("t", 200+i) || item.URL != fmt.Sprintf("https://base.example/%d/a", 200+i) {
				t.Fatalf("%s: item %d is %s at %s", name, i, item.Title, item.URL)
			}
		}
	}
}

// TestABadItemCostsItself in JSON, where items are read one by one.
func TestABadItemCostsItself(t *testing.T) {
	feed := mustParse(t, jsonFeed(`{"id":"1","title":"a"},{"id":"2","title":{"no":"text"}},null,7,{},{"id":"3","title":"c"}`))
	if len(feed.Items) != 2 || len(feed.Problems) != 4 {
		t.Errorf("%d items, problems %v", len(feed.Items), feed.Problems)
	}
	if feed := mustParse(t, strings.Replace(jsonFeed(`{"id":"1","title":"a"}`), `"items"`, `"author":"A","language":7,"items"`, 1)); len(feed.Items) != 1 {
		t.Errorf("an author of another kind costs %d problems", len(feed.Problems))
	}
	if long := mustParse(t, jsonFeed(`{"id":"1","title":`+strings.Repeat("1", 1<<20)+`}`)); len(long.Problems[0].Err.Error()) > 300 {
		t.Error("a problem without end")
	}
	if many := mustParse(t, jsonFeed(strings.TrimSuffix(strings.Repeat("7,", 400), ","))); len(many.Problems) > 20 {
		t.Errorf("%d problems are said", len(many.Problems))
	}
}

// TestAMisfitCostsItself: a field of another kind than JSON Feed says costs no
// more than that field, and what it clearly means is taken.
func TestAMisfitCostsItself(t *testing.T) {
	const rest = `"title":"t","url":"https://site.example/a","date_published":"2026-11-20T00:00:00Z"`
	for fields, want := range map[string]struct{ id, tags, authors string }{
		`"id":"1","tags":"k8s"`:                                           {"1", "k8s", ""},
		`"id":"1","tags":["k8s",7,null,"eBPF"]`:                           {"1", "k8s,eBPF", ""},
		`"id":"1","tags":{"a":"b"}`:                                       {"1", "", ""},
		`"id":12,"author":"Bob"`:                                          {"12", "", "Bob"},
		`"id":"1","authors":["Bob",{"name":"Eve"},{"name":7}]`:            {"1", "", "Bob,Eve"},
		`"id":"1","authors":{"name":"Eve"}`:                               {"1", "", "Eve"},
		`"id":"1","authors":[],"author":{"name":"Eve","url":7}`:           {"1", "", "Eve"},
		`"id":"1","summary":7,"image":[],"language":{},"content_html":[]`: {"1", "", ""},
		`"id":"1","attachments":{"url":"x"}`:                              {"1", "", ""},
		`"id":"1","attachments":[7,{"url":7,"mime_type":"image/png"}]`:    {"1", "", ""},
		`"id":{"a":1}`: {"https://site.example/a", "", ""},
	} {
		item := one(t, jsonFeed(`{`+fields+`,`+rest+`}`))
		tags, authors := strings.Join(item.Tags, ","), strings.Join(item.Authors, ",")
		if item.ID != want.id || tags != want.tags || authors != want.authors || item.Title != "t" || item.Published.IsZero() {
			t.Errorf("%s: %+v", fields, item)
		}
	}
	feed := mustParse(t, strings.Replace(jsonFeed(`{"id":"1","title":"t"}`), `"items"`, `"author":"Bob","items"`, 1))
	if len(feed.Items) != 1 || strings.Join(feed.Items[0].Authors, "") != "Bob" {
		t.Errorf("the feed's author: %+v", feed)
	}
}
