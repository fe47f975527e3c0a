package syndication_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"cloudnative.tw/herald/feeds/syndication"
)

func encoded(t *testing.T, e encoding.Encoding, text string) string {
	t.Helper()
	s, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func inUTF16(text string, big, mark bool) string {
	var b strings.Builder
	units := utf16.Encode([]rune(text))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	for _, u := range units {
		if big {
			b.Write([]byte{byte(u >> 8), byte(u)})
		} else {
			b.Write([]byte{byte(u), byte(u >> 8)})
		}
	}
	return b.String()
}

// TestEncodings holds what labels and bytes say, together and against each
// other.
func TestEncodings(t *testing.T) {
	feed := func(declaration string) string {
		return declaration + `<rss version="2.0"><channel><title>x</title><item><title>中文標題</title><guid>1</guid></item></channel></rss>`
	}
	label := func(encoding string) string { return `<?xml version="1.0" encoding="` + encoding + `"?>` }
	latin := strings.ReplaceAll(feed(label("ISO-8859-1")), "中文標題", "café")
	for name, test := range map[string]struct {
		body, contentType, want string
	}{
		"UTF-8":                            {feed(label("UTF-8")), "", "中文標題"},
		"no label":                         {feed(""), "", "中文標題"},
		"a byte order mark":                {"\ufeff" + feed(label("utf-8")), "", "中文標題"},
		"two byte order marks":             {"\ufeff\ufeff" + feed(label("utf-8")), "", "中文標題"},
		"Big5":                             {encoded(t, traditionalchinese.Big5, feed(label("Big5"))), "", "中文標題"},
		"Big5 by the header":               {encoded(t, traditionalchinese.Big5, feed("")), "text/xml; charset=big5", "中文標題"},
		"Big5, the header says UTF-8":      {encoded(t, traditionalchinese.Big5, feed(label("Big5"))), "text/xml; charset=utf-8", "中文標題"},
		"GBK called gb2312":                {encoded(t, simplifiedchinese.GBK, feed(label("gb2312"))), "", "中文標題"},
		"Latin-1":                          {encoded(t, charmap.ISO8859_1, latin), "", "café"},
		"ISO-2022-JP, which is ASCII":      {encoded(t, japanese.ISO2022JP, strings.ReplaceAll(feed(label("ISO-2022-JP")), "中文標題", "日本語")), "", "日本語"},
		"UTF-8 called ISO-8859-1":          {feed(label("ISO-8859-1")), "", "中文標題"},
		"UTF-8 called Big5":                {feed(label("Big5")), "text/xml; charset=big5", "中文標題"},
		"UTF-8 called what nobody knows":   {feed(label("x-unknown-99")), "", "中文標題"},
		"UTF-8 called UTF-16":              {feed(label("UTF-16")), "", "中文標題"},
		"Big5 called UTF-8":                {encoded(t, traditionalchinese.Big5, feed(label("UTF-8"))), "", "\ufffd"},
		"UTF-16 LE with a mark":            {inUTF16(feed(label("UTF-16")), false, true), "", "中文標題"},
		"UTF-16 BE with a mark":            {inUTF16(feed(label("UTF-16")), true, true), "", "中文標題"},
		"UTF-16 LE without":                {inUTF16(feed(label("UTF-16")), false, false), "", "中文標題"},
		"UTF-16 BE without":                {inUTF16(feed(""), true, false), "", "中文標題"},
		"a label in the middle":            {feed("") + label("Big5"), "", "中文標題"},
		"JSON in UTF-16":                   {inUTF16(jsonFeed(`{"id":"1","title":"中文標題"}`), false, true), "", "中文標題"},
		"JSON with a mark":                 {"\ufeff" + jsonFeed(`{"id":"1","title":"中文標題"}`), "", "中文標題"},
		"JSON in Big5 by the header":       {encoded(t, traditionalchinese.Big5, jsonFeed(`{"id":"1","title":"中文標題"}`)), "application/json; charset=Big5", "中文標題"},
		"a header that cannot be read":     {feed(""), "text/xml; charset=\"", "中文標題"},
		"one wrong byte costs a character": {strings.Replace(feed(""), "標", "\xff", 1), "", "中文\ufffd題"},
	} {
		t.Run(name, func(t *testing.T) {
			feed, err := syndication.Parse([]byte(test.body), test.contentType, options())
			if err != nil || len(feed.Items) != 1 {
				t.Fatalf("%d items, %v", len(feed.Items), err)
			}
			got := feed.Items[0].Title
			if test.want == "\ufffd" && strings.Contains(got, test.want) {
				return // which letters are left is chance
			}
			if got != test.want {
				t.Errorf("title %q, want %q", got, test.want)
			}
		})
	}
}

// TestWhatStandsBeforeTheRoot is tolerated.
func TestWhatStandsBeforeTheRoot(t *testing.T) {
	item := `<rss version="2.0"><channel><item><title>標題</title><guid>1</guid></item></channel></rss>`
	for name, before := range map[string]string{
		"a long comment":        `<?xml version="1.0"?><!--` + strings.Repeat(" 很長 ", 4000) + `-->`,
		"a comment with a root": `<!-- <html> <rss> -->`,
		"instructions":          `<?xml version="1.0"?><?xml-stylesheet href="a.xsl" type="text/xsl"?>`,
		"blank lines":           "\n\n  <?xml version=\"1.0\"?>",
		"a PHP warning":         "<br />\n<b>Warning</b>: nothing in <b>x.php</b><br />\n<?xml version=\"1.0\"?>",
		"text":                  "Notice: x\n<?xml version=\"1.0\"?>",
		"zero bytes":            "\x00\x00\x00<?xml version=\"1.0\"?>",
		"a DTD": `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">
			<!ENTITY file SYSTEM "file:///etc/passwd">]>`,
	} {
		t.Run(name, func(t *testing.T) {
			if got := one(t, before+item).Title; got != "標題" {
				t.Errorf("title %q", got)
			}
		})
	}
}

// TestWhatStandsBehindTheRoot is not read.
func TestWhatStandsBehindTheRoot(t *testing.T) {
	item := `<rss version="2.0"><channel><item><title>標題</title><guid>1</guid></item></channel></rss>`
	for _, behind := range []string{"\n", "<!-- 0.2 s -->", "<script>if (a < b) {}</script>", "</body></html>", "<br />\n<b>Warning</b>: x", item, "\x00", strings.Repeat("<a>", 1<<20)} {
		if got := one(t, item+behind).Title; got != "標題" {
			t.Errorf("%.40q: title %q", behind, got)
		}
	}
}

func TestEntitiesAreNotExpanded(t *testing.T) {
	bomb := `<!DOCTYPE rss [<!ENTITY a "HA"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>`
	item := one(t, bomb+rss(`<title>&b; &x;</title><guid>1</guid>`))
	if item.Title != "&b; &x;" {
		t.Errorf("title %q", item.Title)
	}
}

func TestTitles(t *testing.T) {
	for name, test := range map[string]struct{ feed, want string }{
		"entities":                     {rss(`<title>聚會 &#8211; 十二月 &amp; more</title><guid>1</guid>`), "聚會 – 十二月 & more"},
		"escaped twice":                {rss(`<title>Q&amp;amp;A</title><guid>1</guid>`), "Q&A"},
		"escaped thrice":               {rss(`<title>Q&amp;amp;amp;A</title><guid>1</guid>`), "Q&amp;A"},
		"raw ampersand and nbsp":       {rss(`<title>Q & A&nbsp;now</title><guid>1</guid>`), "Q & A now"},
		"CDATA with HTML":              {rss(`<title><![CDATA[<b>新版</b> <a href="x">發布</a><br/>]]></title><guid>1</guid>`), "新版 發布"},
		"CDATA with entities":          {rss(`<title><![CDATA[A &amp; B]]></title><guid>1</guid>`), "A & B"},
		"what is no tag":               {rss(`<title><![CDATA[第一篇 <實驗> & <multi-cluster> 1 < 2]]></title><guid>1</guid>`), "第一篇 <實驗> & <multi-cluster> 1 < 2"},
		"elements in it":               {rss(`<title>新版 <em>發布</em></title><guid>1</guid>`), "新版 發布"},
		"two lines":                    {rss("<title>\n  雲端\n  原生 meetup\n  2026 </title><guid>1</guid>"), "雲端原生 meetup 2026"},
		"control characters":           {rss("<title>a\x01b\x0bc&#8;d\ufffe</title><guid>1</guid>"), "abc d"},
		"turned direction":             {rss("<title>a\u202eb\u200bc</title><guid>1</guid>"), "abc"},
		"not composed":                 {rss("<title>cafe\u0301</title><guid>1</guid>"), "café"},
		"dc:title":                     {rss(`<dc:title>標題</dc:title><guid>1</guid>`), "標題"},
		"Atom text":                    {atomFeed(`<id>1</id><title>Use &lt;b&gt; &amp;amp; co</title>`), "Use <b> &amp; co"},
		"Atom text, said":              {atomFeed(`<id>1</id><title type="text">Use &lt;b&gt;</title>`), "Use <b>"},
		"Atom html":                    {atomFeed(`<id>1</id><title type="html">&lt;b&gt;It’s&lt;/b&gt; &amp;amp; fine</title>`), "It’s & fine"},
		"Atom html in CDATA":           {atomFeed(`<id>1</id><title type="html"><![CDATA[<i>a</i> &amp; <pod>]]></title>`), "a & <pod>"},
		"Atom xhtml":                   {atomFeed(`<id>1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <b>b</b> &amp; c</div></title>`), "a b & c"},
		"Atom with media:title behind": {atomFeed(`<id>1</id><title>right</title><media:group xmlns:media="http://search.yahoo.com/mrss/"><media:title type="html">wrong</media:title></media:group>`), "right"},
		"JSON is text":                 {jsonFeed(`{"id":"1","title":"Use <b> &amp; co"}`), "Use <b> &amp; co"},
		"JSON number as title":         {jsonFeed(`{"id":1,"title":"x"}`), "x"},
		"none, a sentence":             {rss(`<guid>1</guid><description>&lt;p&gt;Meetup 見！ 十二月。&lt;/p&gt;</description>`), "Meetup 見！"},
		"none, an English sentence":    {rss(`<guid>1</guid><description>Version 1.2 is out. It has more.</description>`), "Version 1.2 is out."},
		"none, a first line":           {rss(`<guid>1</guid><description><![CDATA[<p>第一行</p><p>第二行。</p>]]></description>`), "第一行"},
		"none, from the content":       {rss(`<guid>1</guid><content:encoded><![CDATA[<p>全文。再來</p>]]></content:encoded>`), "全文。"},
		"none at all":                  {rss(`<guid isPermaLink="false">1</guid><link>https://site.example/a</link>`), "Site"},
		"empty":                        {rss(`<title> </title><guid>1</guid><description>文</description>`), "文"},
		"only marks":                   {rss(`<title>…</title><guid>1</guid><description>文</description>`), "文"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := one(t, test.feed).Title; got != test.want {
				t.Errorf("title %q, want %q", got, test.want)
			}
		})
	}
}

func TestLinks(t *testing.T) {
	for name, test := range map[string]struct{ feed, want string }{
		"absolute":                      {rss(`<title>t</title><link>https://site.example/a</link>`), "https://site.example/a"},
		"relative to the site":          {rss(`<title>t</title><link>/a/b</link>`), "https://site.example/a/b"},
		"relative to xml:base":          {rss(`<title>t</title><link>c</link>`)[:0] + strings.Replace(rss(`<title>t</title><link>c</link>`), "<item>", `<item xml:base="https://base.example/a/b/">`, 1), "https://base.example/a/b/c"},
		"relative to the feed":          {`<rss version="2.0"><channel><title>s</title><item><title>t</title><link>a</link></item></channel></rss>`, "https://feed.example/blog/a"},
		"without a scheme":              {rss(`<title>t</title><link>//other.example/a</link>`), "https://other.example/a"},
		"raw Chinese":                   {rss(`<title>t</title><link>https://site.example/中文 檔名</link>`), "https://site.example/%E4%B8%AD%E6%96%87%20%E6%AA%94%E5%90%8D"},
		"around it space":               {rss("<title>t</title><link>\n https://site.example/a \n</link>"), "https://site.example/a"},
		"guid is the permalink":         {rss(`<title>t</title><guid isPermaLink="true">https://site.example/g</guid>`), "https://site.example/g"},
		"guid is by default":            {rss(`<title>t</title><guid>https://site.example/g</guid>`), "https://site.example/g"},
		"guid is not":                   {rss(`<title>t</title><guid isPermaLink="false">https://site.example/g</guid>`), "https://site.example/"},
		"guid that is no address":       {rss(`<title>t</title><guid>42</guid>`), "https://site.example/"},
		"javascript":                    {rss(`<title>t</title><link>javascript:alert(1)</link><guid>42</guid>`), "https://site.example/"},
		"javascript, but a permalink":   {rss(`<title>t</title><link>javascript:alert(1)</link><guid>https://site.example/g</guid>`), "https://site.example/g"},
		"mailto":                        {rss(`<title>t</title><link>mailto:a@site.example</link><guid>42</guid>`), "https://site.example/"},
		"feedburner":                    {rss(`<title>t</title><link>https://feedproxy.example/~r/x</link><feedburner:origLink>https://site.example/orig</feedburner:origLink>`), "https://site.example/orig"},
		"atom:link in RSS":              {rss(`<title>t</title><guid>42</guid><atom:link rel="self" href="/self"/><atom:link href="/alt"/>`), "https://site.example/alt"},
		"tracking":                      {rss(`<title>t</title><link>https://medium.com/@x/y-1?source=rss-0123456789ab------2</link>`), "https://medium.com/@x/y-1"},
		"Atom prefers HTML":             {atomFeed(`<id>1</id><title>t</title><link rel="self" href="/self"/><link type="application/json" href="/json"/><link rel="alternate" type="text/html" href="/html"/>`), "https://feed.example/html"},
		"Atom by its id":                {atomFeed(`<id>https://site.example/i</id><title>t</title>`), "https://site.example/i"},
		"Atom by content elsewhere":     {atomFeed(`<id>tag:x</id><title>t</title><content src="/c" type="text/html"/>`), "https://feed.example/c"},
		"JSON":                          {jsonFeed(`{"id":"1","url":"/j"}`), "https://site.example/j"},
		"JSON, elsewhere":               {jsonFeed(`{"id":"1","title":"t","external_url":"https://other.example/e"}`), "https://other.example/e"},
		"base of the feed is no page":   {strings.Replace(atomFeed(`<id>1</id><title>t</title><link href="a"/>`), "<feed ", `<feed xml:base="https://base.example/x/" `, 1), "https://base.example/x/a"},
		"an address that is no address": {rss(`<title>t</title><link>https://[::1/</link><guid>9</guid>`), "https://site.example/"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := one(t, test.feed).URL; got != test.want {
				t.Errorf("URL %q, want %q", got, test.want)
			}
		})
	}
}

func TestDatesOfItems(t *testing.T) {
	for name, test := range map[string]struct{ feed, want string }{
		"no zone":                {rss(`<title>t</title><pubDate>2026-08-05 08:57:56</pubDate>`), "2026-08-05T08:57:56+08:00"},
		"CST":                    {rss(`<title>t</title><pubDate>Wed, 05 Aug 2026 08:57:56 CST</pubDate>`), "2026-08-05T08:57:56+08:00"},
		"dc:date":                {rss(`<title>t</title><dc:date>2026-08-05T08:57:56Z</dc:date>`), "2026-08-05T16:57:56+08:00"},
		"pubDate before dc:date": {rss(`<title>t</title><dc:date>2026-08-06T00:00:00Z</dc:date><pubDate>2026-08-05</pubDate>`), "2026-08-05T00:00:00+08:00"},
		"unreadable pubDate":     {rss(`<title>t</title><pubDate>soon</pubDate><dc:date>2026-08-06</dc:date>`), "2026-08-06T00:00:00+08:00"},
		"atom:updated only":      {rss(`<title>t</title><atom:updated>2026-08-05T00:57:56Z</atom:updated>`), "2026-08-05T08:57:56+08:00"},
		"Atom updated only":      {atomFeed(`<id>1</id><title>t</title><updated>2026-08-05T00:57:56Z</updated>`), "2026-08-05T08:57:56+08:00"},
		"Atom published first":   {atomFeed(`<id>1</id><title>t</title><updated>2026-08-07T00:00:00Z</updated><published>2026-08-05T00:57:56Z</published>`), "2026-08-05T08:57:56+08:00"},
		"JSON modified only":     {jsonFeed(`{"id":"1","title":"t","date_modified":"2026-08-05T00:57:56.000Z"}`), "2026-08-05T08:57:56+08:00"},
		"year 1":                 {rss(`<title>t</title><pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate>`), "0001-01-01T00:00:00Z"},
		"none":                   {rss(`<title>t</title>`), "0001-01-01T00:00:00Z"},
		"the future is now":      {rss(`<title>t</title><pubDate>Fri, 01 Jan 2099 00:00:00 GMT</pubDate>`), now.Format(time.RFC3339)},
		"a wrong weekday":        {rss(`<title>t</title><pubDate>Mon, 05 Aug 2026 08:57:56 +0800</pubDate>`), "2026-08-05T08:57:56+08:00"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := one(t, test.feed).Published.Format(time.RFC3339); got != test.want {
				t.Errorf("published %s, want %s", got, test.want)
			}
		})
	}
}

// TestAFutureDateLosesNothing: what is dated ahead is there at once, and nothing
// of it changes as the clock goes on.
func TestAFutureDateLosesNothing(t *testing.T) {
	text := rss(`<title>t</title><link>https://site.example/a</link><pubDate>Fri, 01 Jan 2027 00:00:00 GMT</pubDate>`)
	o := options()
	first, err := syndication.Parse([]byte(text), "", o)
	if err != nil {
		t.Fatal(err)
	}
	o.Now = now.Add(time.Hour)
	later, err := syndication.Parse([]byte(text), "", o)
	if err != nil {
		t.Fatal(err)
	}
	a, b := first.Items[0], later.Items[0]
	if a.ID != b.ID || a.Version != b.Version || a.Revision != b.Revision || first.Hash != later.Hash {
		t.Errorf("the clock changed it:\n%+v\n%+v", a, b)
	}
}

// TestPrefixedFeeds: a feed may have a prefix for its own namespace.
func TestPrefixedFeeds(t *testing.T) {
	text := `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>Site</a:title><a:link href="https://site.example/"/>
		<a:entry><a:id>1</a:id><a:title>t</a:title><a:link href="https://site.example/a"/></a:entry></a:feed>`
	if item := one(t, text); item.ID != "1" || item.Title != "t" || item.URL != "https://site.example/a" {
		t.Errorf("got %+v", item)
	}
}
