package syndication_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cloudnative.tw/herald/feeds"
)

func TestSummariesAndExcerpts(t *testing.T) {
	content := func(html string) string {
		return rss(`<title>t</title><guid>1</guid><content:encoded><![CDATA[` + html + `]]></content:encoded>`)
	}
	excerpt := func(i feeds.Item) string { return i.Excerpt }
	summary := func(i feeds.Item) string { return i.Summary }
	for name, test := range map[string]struct {
		feed string
		of   func(feeds.Item) string
		want string
	}{
		"markup":                {content(`<p>今天 <b>要</b>談 <a href="x">eBPF</a>。</p><ul><li>一</li><li>二 &amp; 三</li></ul>`), excerpt, "今天 要談 eBPF。 一 二 & 三"},
		"what is not read":      {content(`<style>p{}</style><script>alert("x")</script><pre><code>kubectl</code></pre><svg><title>icon</title></svg><p>文</p><table><tr><td>1</td></tr></table>`), excerpt, "文"},
		"a heading's anchor":    {content(`<h2>標題<a class="hash-link" href="#x">` + "\u200b" + `</a></h2>內文`), excerpt, "標題 內文"},
		"broken Chinese lines":  {content("<p>今天\n要談的是\n  Kubernetes\n網路</p>"), excerpt, "今天要談的是 Kubernetes 網路"},
		"a broken tag":          {content(`文<p class="`), excerpt, "文"},
		"dots alone":            {content(`<p>…</p><p>---</p>`), excerpt, ""},
		"text in it":            {content(`1 < 2 & 3`), excerpt, "1 < 2 & 3"},
		"WordPress' end":        {rss(`<title>t</title><guid>1</guid><description>&lt;p&gt;摘要 [&amp;#8230;]&lt;/p&gt;&lt;p&gt;The post &lt;a href="x"&gt;t&lt;/a&gt; appeared first on &lt;a href="y"&gt;Site&lt;/a&gt;.&lt;/p&gt;</description>`), summary, "摘要…"},
		"Discourse' count":      {rss(`<title>t</title><guid>1</guid><discourse:topicPinned>No</discourse:topicPinned><description><![CDATA[<p>文</p><p><small>3 則貼文 - 2 位參與者</small></p><p><a href="x">閱讀完整話題</a></p>]]></description>`), summary, "文"},
		"the same by its words": {rss(`<title>t</title><guid>1</guid><description><![CDATA[<p>文</p><p><small>3 posts - 2 participants</small></p><p><a href="x">Read full topic</a></p>]]></description>`), summary, "文"},
		"Atom summary as text":  {atomFeed(`<id>1</id><title>t</title><summary type="text">Use &lt;b&gt;</summary>`), summary, "Use <b>"},
		"Atom summary as HTML":  {atomFeed(`<id>1</id><title>t</title><summary type="html">a &lt;b&gt;b&lt;/b&gt;</summary>`), summary, "a b"},
		"Atom content as XHTML": {atomFeed(`<id>1</id><title>t</title><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>a &amp; <b>b</b></p></div></content>`), excerpt, "a & b"},
		"Atom content, binary":  {atomFeed(`<id>1</id><title>t</title><content type="image/png">iVBORw0KGgo=</content>`), excerpt, ""},
		"media:description":     {atomFeed(`<id>1</id><title>t</title><media:group xmlns:media="http://search.yahoo.com/mrss/"><media:description>一 &lt;二&gt;` + "\n三</media:description></media:group>"), summary, "一 <二> 三"},
		"JSON text":             {jsonFeed(`{"id":"1","title":"t","content_text":"a <b> c"}`), excerpt, "a <b> c"},
		"JSON HTML":             {jsonFeed(`{"id":"1","title":"t","content_html":"a <b>b</b>","content_text":"no"}`), excerpt, "a b"},
		"GitHub's no content":   {atomFeed(`<id>1</id><title>t</title><content type="html">No content.</content>`), excerpt, ""},
		"no description":        {rss(`<title>t</title><guid>1</guid>`), summary, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.of(one(t, test.feed)); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestPictures(t *testing.T) {
	html := func(text string) string {
		return rss(`<title>t</title><link>https://site.example/blog/a</link><content:encoded><![CDATA[` + text + `]]></content:encoded>`)
	}
	media := func(elements string) string {
		return rss(`<title>t</title><link>https://site.example/blog/a</link>` + elements)
	}
	for name, test := range map[string]struct{ feed, want string }{
		"in the text":           {html(`<p>x</p><img alt="a" src="/img/a.png">`), "https://site.example/img/a.png"},
		"relative":              {html(`<img src="b.png"/>`), "https://site.example/blog/b.png"},
		"a pixel":               {html(`<img src="/p.gif" width="1" height="1"><img src="/a.png">`), "https://site.example/a.png"},
		"a pixel by its name":   {html(`<img src="https://medium.com/_/stat?event=x"><img src="https://pixel.wp.com/b.gif?x"><img src="/a.png">`), "https://site.example/a.png"},
		"hidden":                {html(`<img src="/h.png" style="display: none"><img src="/a.png">`), "https://site.example/a.png"},
		"an emoji":              {html(`<img class="emoji" src="/e.png"><img src="/s.png" width="20"><img src="/a.png">`), "https://site.example/a.png"},
		"inline data":           {html(`<img src="data:image/png;base64,iVBORw0KGgo="><img src="/a.png">`), "https://site.example/a.png"},
		"SVG":                   {html(`<img src="/a.svg">`), ""},
		"a script":              {html(`<img src="javascript:alert(1)">`), ""},
		"none":                  {html(`<p>x</p><img alt="x">`), ""},
		"in the summary":        {rss(`<title>t</title><guid>1</guid><description>&lt;img src="/a.png"&gt;</description>`), "https://site.example/a.png"},
		"media:thumbnail":       {media(`<media:thumbnail url="https://site.example/t.png"/><content:encoded>&lt;img src="/a.png"&gt;</content:encoded>`), "https://site.example/t.png"},
		"a small thumbnail":     {media(`<media:thumbnail height="30" width="30" url="https://site.example/t.png"/>`), ""},
		"media:content":         {media(`<media:content url="/c.jpg" type="image/jpeg"/>`), "https://site.example/c.jpg"},
		"a video":               {media(`<media:content url="/c.mp4" type="video/mp4"><media:thumbnail url="/v.jpg"/></media:content>`), "https://site.example/v.jpg"},
		"in a group":            {media(`<media:group><media:content url="/c.jpg" medium="image"/></media:group>`), "https://site.example/c.jpg"},
		"an enclosure":          {media(`<enclosure url="/e.mp3" type="audio/mpeg" length="1"/><enclosure url="/e.png" type="image/png" length="1"/>`), "https://site.example/e.png"},
		"itunes":                {media(`<itunes:image href="https://site.example/i.png"/>`), "https://site.example/i.png"},
		"Atom enclosure":        {atomFeed(`<id>1</id><title>t</title><link rel="enclosure" type="image/png" href="/e.png"/>`), "https://site.example/e.png"},
		"JSON":                  {jsonFeed(`{"id":"1","title":"t","image":"/j.png"}`), "https://site.example/j.png"},
		"JSON attachment":       {jsonFeed(`{"id":"1","title":"t","attachments":[{"url":"/m.mp3","mime_type":"audio/mpeg"},{"url":"/j.png","mime_type":"image/png"}]}`), "https://site.example/j.png"},
		"YouTube's other hosts": {media(`<media:thumbnail url="https://i4.ytimg.com/vi/x/hqdefault.jpg"/>`), "https://i.ytimg.com/vi/x/hqdefault.jpg"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := one(t, test.feed).Image; got != test.want {
				t.Errorf("picture %q, want %q", got, test.want)
			}
		})
	}
}

func TestAuthorsTagsAndLanguage(t *testing.T) {
	for name, test := range map[string]struct {
		feed          string
		authors, tags []string
		lang          string
	}{
		"dc:creator":          {rss(`<guid>1</guid><title>t</title><dc:creator>甲</dc:creator><dc:creator>乙</dc:creator>`), []string{"甲", "乙"}, nil, ""},
		"RSS author":          {rss(`<guid>1</guid><title>t</title><author>a@site.example (王小明)</author>`), []string{"王小明"}, nil, ""},
		"the other way":       {rss(`<guid>1</guid><title>t</title><author>王小明 &lt;a@site.example&gt;</author>`), []string{"王小明"}, nil, ""},
		"an address alone":    {rss(`<guid>1</guid><title>t</title><author>a@site.example</author>`), nil, nil, ""},
		"atom:author in RSS":  {rss(`<guid>1</guid><title>t</title><atom:author><atom:name>甲</atom:name></atom:author>`), []string{"甲"}, nil, ""},
		"itunes":              {rss(`<guid>1</guid><title>t</title><itunes:author>甲</itunes:author><itunes:keywords>a, b,a</itunes:keywords>`), []string{"甲"}, []string{"a", "b"}, ""},
		"an empty name":       {atomFeed(`<id>1</id><title>t</title><author><name></name></author>`), nil, nil, ""},
		"the feed's":          {strings.Replace(atomFeed(`<id>1</id><title>t</title>`), "<entry>", `<author><name>社群</name></author><entry>`, 1), []string{"社群"}, nil, ""},
		"a planet's":          {strings.Replace(atomFeed(`<id>1</id><title>t</title><source><author><name>甲</name></author></source>`), "<entry>", `<author><name>社群</name></author><entry>`, 1), []string{"甲"}, nil, ""},
		"JSON 1.0":            {jsonFeed(`{"id":"1","title":"t","author":{"name":"甲"}}`), []string{"甲"}, nil, ""},
		"JSON 1.1":            {jsonFeed(`{"id":"1","title":"t","author":{"name":"舊"},"authors":[{"name":"甲"},null,{"name":"乙"}],"tags":["k8s","K8S",""],"language":"zh-TW"}`), []string{"甲", "乙"}, []string{"k8s"}, "zh-TW"},
		"the same twice":      {rss(`<guid>1</guid><title>t</title><dc:creator>A</dc:creator><dc:creator>a</dc:creator><category>x</category><dc:subject>X</dc:subject><dc:subject>y</dc:subject>`), []string{"A"}, []string{"x", "y"}, ""},
		"Atom's label":        {atomFeed(`<id>1</id><title>t</title><category term="t1" label="標籤"/><category term="t2"/>`), nil, []string{"標籤", "t2"}, ""},
		"markup in a tag":     {rss(`<guid>1</guid><title>t</title><category>R&amp;amp;D</category>`), nil, []string{"R&D"}, ""},
		"the feed's language": {strings.Replace(rss(`<guid>1</guid><title>t</title>`), "<item>", `<language>zh-tw</language><item>`, 1), nil, nil, "zh-TW"},
		"the item's own":      {strings.Replace(atomFeed(`<id>1</id><title>t</title>`), "<entry>", `<entry xml:lang="en">`, 1), nil, nil, "en"},
		"dc:language":         {rss(`<guid>1</guid><title>t</title><dc:language>ja</dc:language>`), nil, nil, "ja"},
		"no language":         {strings.Replace(rss(`<guid>1</guid><title>t</title>`), "<item>", `<language>Chinese (Traditional)</language><item>`, 1), nil, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			item := one(t, test.feed)
			if !slices.Equal(item.Authors, test.authors) || !slices.Equal(item.Tags, test.tags) || item.Lang != test.lang {
				t.Errorf("authors %q, tags %q, language %q", item.Authors, item.Tags, item.Lang)
			}
		})
	}
}

func TestHowLongAFeedWantsToBeLeftAlone(t *testing.T) {
	sy := `<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"> %s </sy:updatePeriod><sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">%s</sy:updateFrequency>`
	for name, test := range map[string]struct {
		elements string
		want     time.Duration
	}{
		"it does not say":    {"", 0},
		"ttl":                {"<ttl>90</ttl>", 90 * time.Minute},
		"ttl too long":       {"<ttl>99999999</ttl>", 24 * time.Hour},
		"ttl nonsense":       {"<ttl>-5</ttl>", 0},
		"ttl a word":         {"<ttl>long</ttl>", 0},
		"hourly":             {fmt.Sprintf(sy, "hourly", "1"), time.Hour},
		"four times a day":   {fmt.Sprintf(sy, "daily", "4"), 6 * time.Hour},
		"yearly":             {fmt.Sprintf(sy, "yearly", "1"), 24 * time.Hour},
		"a strange period":   {fmt.Sprintf(sy, "sometimes", "1"), 0},
		"a strange number":   {fmt.Sprintf(sy, "hourly", "0"), time.Hour},
		"the longer of two":  {"<ttl>5</ttl>" + fmt.Sprintf(sy, "hourly", "1"), time.Hour},
		"a hub says nothing": {`<atom:link rel="hub" href="https://hub.example/"/>`, 0},
	} {
		text := strings.Replace(rss(`<guid>1</guid><title>t</title>`), "<item>", test.elements+"<item>", 1)
		if got := mustParse(t, text).Wait; got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestFieldsAreBounded(t *testing.T) {
	long := strings.Repeat("長", 5_000)
	var names, tags strings.Builder
	for i := range 100 {
		fmt.Fprintf(&names, "<dc:creator>%d%s</dc:creator>", i, long)
		fmt.Fprintf(&tags, "<category>%d%s</category>", i, long)
	}
	item := one(t, rss(`<guid>1</guid><title>`+long+`</title><description>`+long+`</description><content:encoded>`+long+`</content:encoded>`+names.String()+tags.String()))
	size := 0
	for _, s := range append(append([]string{item.Title, item.Summary, item.Excerpt}, item.Authors...), item.Tags...) {
		size += utf8.RuneCountInString(s)
	}
	if size > 5000 || len(item.Authors) > 10 || len(item.Tags) > 30 {
		t.Errorf("%d characters, %d authors, %d tags", size, len(item.Authors), len(item.Tags))
	}
	if !strings.HasSuffix(item.Title, "長…") || utf8.RuneCountInString(item.Title) != 300 {
		t.Errorf("title of %d characters", utf8.RuneCountInString(item.Title))
	}
}

// TestRelativeLinks: those of Atom are relative to where the document is (RFC
// 4287, section 2; RFC 3986, section 5.1), wherever its site is. RSS says nothing
// of them, and programs take its channel's link.
func TestRelativeLinks(t *testing.T) {
	atomBase := func(base string) string {
		return strings.Replace(atomFeed(`<id>1</id><title>t</title><link href="a"/>`), "<entry>", `<entry xml:base="`+base+`">`, 1)
	}
	for text, want := range map[string]string{
		atomFeed(`<id>1</id><title>t</title><link href="a"/>`):  "https://feed.example/blog/a",
		atomFeed(`<id>1</id><title>t</title><link href="/a"/>`): "https://feed.example/a",
		atomBase("x/"):                               "https://feed.example/blog/x/a",
		atomBase("https://base.example/x/"):          "https://base.example/x/a",
		rss(`<title>t</title><link>a</link>`):        "https://site.example/a",
		jsonFeed(`{"id":"1","title":"t","url":"a"}`): "https://site.example/a",
	} {
		if got := one(t, text).URL; got != want {
			t.Errorf("%s, want %s, of %s", got, want, text)
		}
	}
}

// TestRelationsAsAddresses: a relation may be written as the IRI of its name (RFC
// 4287, section 4.2.7.2).
func TestRelationsAsAddresses(t *testing.T) {
	const iana = "http://www.iana.org/assignments/relation/"
	entry := `<id>1</id><title>t</title><link rel="` + iana + `self" href="/self"/><link rel="` + iana + `alternate" href="/a"/>` +
		`<link rel="` + iana + `enclosure" type="image/png" href="/a.png"/>`
	item := one(t, strings.Replace(atomFeed(entry), "<link href", `<link rel="`+iana+`alternate" href`, 1))
	if item.URL != "https://feed.example/a" || item.Image != "https://feed.example/a.png" {
		t.Errorf("got %+v", item)
	}
	if item := one(t, rss(`<title>t</title><atom:link rel="`+iana+`alternate" href="/a"/>`)); item.URL != "https://site.example/a" {
		t.Errorf("got %+v", item)
	}
}
