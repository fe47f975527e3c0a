package syndication_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/syndication"
)

func ids(feed syndication.Feed) []string {
	var all []string
	for _, item := range feed.Items {
		all = append(all, item.ID)
	}
	return all
}

func TestIdentities(t *testing.T) {
	for name, test := range map[string]struct {
		feed string
		want []string
	}{
		"guid":                            {rss(`<title>t</title><guid isPermaLink="false"> forum-42 </guid><link>https://site.example/a</link>`), []string{"forum-42"}},
		"guid that is an address":         {rss(`<title>t</title><guid>http://Site.example/a/?utm_source=x</guid>`), []string{"https://site.example/a"}},
		"no guid":                         {rss(`<title>t</title><link>http://site.example/a/?utm_source=x</link>`), []string{"https://site.example/a"}},
		"an empty guid":                   {rss(`<title>t</title><guid></guid><link>https://site.example/a</link>`), []string{"https://site.example/a"}},
		"Atom id, whatever xml:base says": {strings.Replace(atomFeed(`<id>1</id><title>t</title><link href="a"/>`), "<entry>", `<entry xml:base="https://base.example/x/">`, 1), []string{"1"}},
		"the same, on the feed":           {strings.Replace(atomFeed(`<id>a/b</id><title>t</title>`), "<feed ", `<feed title="xml:base" xml:base="https://base.example/x/" `, 1), []string{"a/b"}},
		"a tag URI":                       {atomFeed(`<id>tag:github.com,2008:Repository/1/v1.2.0</id><title>t</title>`), []string{"tag:github.com,2008:Repository/1/v1.2.0"}},
		"a number in JSON":                {jsonFeed(`{"id":12,"title":"t"}`), []string{"12"}},
		"the same guid twice": {rss(`<title>a</title><guid>1</guid><link>/a</link></item><item><title>b</title><guid>1</guid><link>/b</link>`),
			[]string{"1|https://site.example/a", "1|https://site.example/b"}},
		"the same item twice":  {rss(`<title>a</title><guid>1</guid><link>/a</link></item><item><title>a</title><guid>1</guid><link>/a</link>`), []string{"1"}},
		"the same link twice":  {rss(`<title>a</title><link>/a</link></item><item><title>a</title><link>/a?utm_source=x</link>`), []string{"https://site.example/a"}},
		"a change log's parts": {rss(`<title>a</title><link>/log#1</link></item><item><title>b</title><link>/log#2</link>`), []string{"https://site.example/log#1", "https://site.example/log#2"}},
	} {
		t.Run(name, func(t *testing.T) {
			feed := mustParse(t, test.feed)
			if got := ids(feed); !slices.Equal(got, test.want) || len(feed.Problems) != 0 {
				t.Errorf("IDs %q, want %q; problems %v", got, test.want, feed.Problems)
			}
		})
	}
}

func TestItemsWithNeitherIDNorLink(t *testing.T) {
	text := `<rss version="0.91"><channel><title>Site</title><link>https://site.example/</link>
		<item><title>a</title><pubDate>2026-11-01</pubDate></item><item><title>a</title><pubDate>2026-11-02</pubDate></item>
		<item><title>b</title></item><item><description>c</description></item><item></item></channel></rss>`
	feed, again := mustParse(t, text), mustParse(t, text)
	if len(feed.Items) != 4 || len(feed.Problems) != 1 {
		t.Fatalf("%d items, problems %v", len(feed.Items), feed.Problems)
	}
	seen := map[string]bool{}
	for i, item := range feed.Items {
		if seen[item.ID] || seen[item.Subject] {
			t.Errorf("%q is not told apart: %q, %q", item.Title, item.ID, item.Subject)
		}
		seen[item.ID], seen[item.Subject] = true, true
		if item.URL != "https://site.example/" {
			t.Errorf("URL %q, want the site's", item.URL)
		}
		if again.Items[i].ID != item.ID || again.Items[i].Subject != item.Subject {
			t.Errorf("%q is not known again", item.Title)
		}
	}
}

// TestAPostIsOneSubject: the community's own post has one subject, whether it
// comes from the content, whose URLs the site generator makes, or from the RSS,
// the Atom or the JSON that the generator writes, which quote it raw.
func TestAPostIsOneSubject(t *testing.T) {
	for _, post := range []struct{ content, feed string }{
		{"https://cloudnative.tw/blog/2023-year-end-recap", "https://cloudnative.tw/blog/2023-year-end-recap"},
		{"https://cloudnative.tw/blog/2023-year-end-recap", "https://cloudnative.tw/blog/2023-year-end-recap/"},
		{"https://example.tw/blog/2026/11/18/%E4%B8%AD%E6%96%87%20%E6%AA%94%E5%90%8D", "https://example.tw/blog/2026/11/18/中文 檔名"},
		{"https://example.tw/blog/what%27s-new-%28x%29", "https://example.tw/blog/what's-new-(x)"},
		{"https://example.tw/blog/a/", "http://example.tw/blog/a"},
	} {
		want := feeds.Canonical(post.content)
		for _, text := range []string{
			rss(`<title>t</title><link>` + post.feed + `</link><guid>` + post.feed + `</guid>`),
			rss(`<title>t</title><guid>` + post.feed + `</guid>`),
			atomFeed(`<title>t</title><id>` + post.feed + `</id><link href="` + post.feed + `"/>`),
			jsonFeed(`{"id":"` + post.feed + `","url":"` + post.feed + `","title":"t"}`),
		} {
			if got := one(t, text).Subject; got != want {
				t.Errorf("subject %q, but %q in the content", got, want)
			}
		}
	}
}

func TestAVideoIsOneSubject(t *testing.T) {
	want := "https://www.youtube.com/watch?v=BBBBBBBBBBB"
	for _, link := range []string{"https://www.youtube.com/shorts/BBBBBBBBBBB", "https://youtu.be/BBBBBBBBBBB", want + "&amp;list=PL1"} {
		if got := one(t, rss(`<title>t</title><link>`+link+`</link>`)).Subject; got != want {
			t.Errorf("%s: subject %q", link, got)
		}
	}
}

// TestWhatChangesARevision says which changes of a feed are seen.
func TestWhatChangesARevision(t *testing.T) {
	const item = `<title>標題</title><link>https://site.example/a</link><guid>1</guid><dc:creator>甲</dc:creator>` +
		`<description>摘要</description><content:encoded><![CDATA[<p>全文</p><img src="/a.png">]]></content:encoded>` +
		`<category>k8s</category><pubDate>2026-11-01</pubDate>`
	base := one(t, rss(item))
	long := strings.Repeat("很長的摘要。", 20)
	for name, test := range map[string]struct {
		old, new          string
		revision, version bool // change
	}{
		"the title":                {"標題", "新標題", true, true},
		"the link":                 {"example/a<", "example/b<", true, true},
		"the summary":              {">摘要", ">新摘要", true, true},
		"the excerpt":              {"全文", "新的全文", true, true},
		"the author":               {">甲", ">乙", true, true},
		"the picture":              {"/a.png", "/b.png", true, true},
		"a picture's signature":    {"/a.png", "/a.png?Expires=1764100000&amp;Signature=x", false, true},
		"a picture and its query":  {"/a.png", "/b.png?v=2", true, true},
		"a tag":                    {"k8s", "ebpf", false, true},
		"the date":                 {"2026-11-01", "2026-11-02", false, true},
		"tracking":                 {"example/a<", "example/a?utm_source=x<", false, false},
		"space":                    {">摘要", ">  摘要\n", false, false},
		"how it is written":        {">摘要<", "><![CDATA[<p>摘要</p>]]><", false, false},
		"a counter":                {"<category>", `<slash:comments xmlns:slash="http://purl.org/rss/1.0/modules/slash/">7</slash:comments><category>`, false, false},
		"a picture that counts":    {"<img", `<img src="https://site.example/_/stat?x" width="1" height="1"><img`, false, false},
		"a comment in the feed":    {"<category>", "<!-- built at 12:00 --><category>", false, false},
		"an element of the future": {"<category>", "<whatever>x</whatever><category>", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.Replace(item, test.old, test.new, 1)
			if changed == item {
				t.Fatal("nothing was changed")
			}
			got := one(t, rss(changed))
			if (got.Revision != base.Revision) != test.revision || (got.Version != base.Version) != test.version {
				t.Errorf("revision changed: %v, version changed: %v", got.Revision != base.Revision, got.Version != base.Version)
			}
			if got.ID != base.ID {
				t.Errorf("ID %q became %q", base.ID, got.ID)
			}
		})
	}
	t.Run("behind what is shown", func(t *testing.T) {
		a := one(t, rss(strings.Replace(item, ">摘要", ">"+long+"甲", 1)))
		b := one(t, rss(strings.Replace(item, ">摘要", ">"+long+"乙", 1)))
		if a.Revision != b.Revision || a.Version == b.Version {
			t.Errorf("revisions %s, %s; versions %s, %s", a.Revision, b.Revision, a.Version, b.Version)
		}
	})
}

// TestTheHashIsOfItemsAlone: a feed that was only built again is the same.
func TestTheHashIsOfItemsAlone(t *testing.T) {
	a, b := `<item><title>a</title><guid>1</guid></item>`, `<item><title>b</title><guid>2</guid></item>`
	feed := func(top, items string) string {
		return `<rss version="2.0"><channel><title>Site</title>` + top + items + `</channel></rss>`
	}
	want := mustParse(t, feed("<lastBuildDate>Fri, 20 Nov 2026 02:03:04 +0000</lastBuildDate>", a+b)).Hash
	for name, text := range map[string]string{
		"built later":   feed("<lastBuildDate>Sat, 21 Nov 2026 02:03:04 +0000</lastBuildDate><generator>2</generator>", a+b),
		"another order": feed("", b+a),
		"other space":   feed("\n\n", a+"\n"+b),
	} {
		if got := mustParse(t, text).Hash; got != want {
			t.Errorf("%s: another hash", name)
		}
	}
	for name, text := range map[string]string{"one less": feed("", a), "none": feed("", ""), "changed": feed("", a+strings.Replace(b, ">b", ">c", 1))} {
		if got := mustParse(t, text).Hash; got == want {
			t.Errorf("%s: the same hash", name)
		}
	}
}

func TestTombstones(t *testing.T) {
	text := `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:gone="http://purl.org/atompub/tombstones/1.0"><title>Site</title>
		<gone:deleted-entry ref="tag:site.example,2026:1" when="2026-11-20T00:00:00Z"><gone:comment>x</gone:comment></gone:deleted-entry>
		<gone:deleted-entry ref="http://site.example/b/" when="2026-11-20T00:00:00Z"/><gone:deleted-entry ref=" "/>
		<gone:deleted-entry ref="still-here"/>
		<entry><id>still-here</id><title>t</title></entry></feed>`
	feed := mustParse(t, text)
	if want := []string{"https://site.example/b", "tag:site.example,2026:1"}; !slices.Equal(feed.Withdrawn, want) {
		t.Errorf("withdrawn %q, want %q", feed.Withdrawn, want)
	}
	if got := ids(feed); !slices.Equal(got, []string{"still-here"}) {
		t.Errorf("IDs %q", got)
	}
}

func TestLongIdentities(t *testing.T) {
	long := strings.Repeat("長", 1000)
	item := one(t, rss(`<title>t</title><guid isPermaLink="false">`+long+`</guid><link>/a</link>`))
	other := one(t, rss(`<title>t</title><guid isPermaLink="false">`+long+`x</guid><link>/a</link>`))
	if len(item.ID) > 1000 || item.ID == other.ID {
		t.Errorf("IDs %q and %q", item.ID, other.ID)
	}
	feed := mustParse(t, rss(fmt.Sprintf(`<title>t</title><guid isPermaLink="false">1</guid><link>/%s</link></item><item><title>u</title><link>/u</link>`, long)))
	if len(feed.Items) != 1 || len(feed.Problems) != 1 || feed.Problems[0].Item != "t" {
		t.Errorf("an address without end: %d items, problems %v", len(feed.Items), feed.Problems)
	}
}
