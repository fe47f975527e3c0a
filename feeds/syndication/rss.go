package syndication

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

// readRSS reads RSS 0.9x, 1.0 (RDF) and 2.0.
func readRSS(doc *document) (*rawFeed, error) {
	parsed, err := (&rss.Parser{}).Parse(bytes.NewReader(doc.clean))
	if err != nil {
		return nil, fmt.Errorf("the RSS cannot be read: %w", brief(err))
	}
	raw := &rawFeed{
		title: rich{parsed.Title, loose},
		link:  parsed.Link,
		base:  doc.base,
		lang:  cmp.Or(parsed.Language, value(parsed.Extensions, "dc", "language")),
		wait:  max(ttl(parsed.TTL), updatePeriod(parsed.Extensions)),
		cut:   doc.cut,
	}
	for i, item := range parsed.Items {
		e := fromRSS(item)
		if i < len(doc.items) {
			e.base = doc.items[i].base
			e.lang = cmp.Or(e.lang, doc.items[i].lang)
		}
		raw.entries = append(raw.entries, e)
	}
	return raw, nil
}

func fromRSS(item *rss.Item) entry {
	x := item.Extensions
	m := readMedia(x)
	e := entry{
		title:    first(rich{item.Title, loose}, rich{value(x, "dc", "title"), loose}),
		summary:  first(rich{item.Description, markup}, rich{value(x, "dc", "description"), markup}, m.description, rich{value(x, "itunes", "summary"), markup}),
		content:  rich{item.Content, markup},
		pictures: m.pictures,
		authors:  authorsRSS(item),
		tags:     tagsRSS(item, m),
		lang:     value(x, "dc", "language"),
		dates:    []string{item.PubDate},
	}
	if item.GUID != nil {
		e.id = item.GUID.Value
		e.permalink = !strings.EqualFold(item.GUID.IsPermalink, "false")
	}
	e.links = append(values(x, "feedburner", "origLink"), item.Link)
	for _, l := range elements(x, "atom", "link") {
		if relation(l.Attrs["rel"]) == "alternate" {
			e.links = append(e.links, l.Attrs["href"])
		}
	}
	for _, enclosure := range item.Enclosures {
		if isImage(enclosure.Type) {
			e.pictures = append(e.pictures, picture{url: enclosure.URL})
		}
	}
	for _, image := range elements(x, "itunes", "image") {
		e.pictures = append(e.pictures, picture{url: image.Attrs["href"]})
	}
	for _, at := range [][2]string{
		{"dc", "date"}, {"dcterms", "issued"}, {"dcterms", "created"}, {"atom", "published"}, {"atom", "updated"}, {"dcterms", "modified"},
	} {
		e.dates = append(e.dates, value(x, at[0], at[1]))
	}
	if len(x["discourse"]) > 0 {
		e.summary.text = withoutDiscourseCount(e.summary.text)
	}
	return e
}

// withoutDiscourseCount drops the last lines of a topic, in whatever language:
// how many posts it has by now, and a link to it.
func withoutDiscourseCount(description string) string {
	if at := strings.LastIndex(description, "<p><small>"); at >= 0 {
		return description[:at]
	}
	return description
}

func authorsRSS(item *rss.Item) []string {
	for _, names := range [][]string{
		values(item.Extensions, "dc", "creator"), {item.Author}, values(item.Extensions, "dc", "author"),
		values(item.Extensions, "itunes", "author"), atomNames(item.Extensions),
	} {
		for i := range names {
			names[i] = withoutAddress(names[i])
		}
		if strings.Join(names, "") != "" {
			return names
		}
	}
	return nil
}

// atomNames returns the names of Atom authors within an RSS item.
func atomNames(x ext.Extensions) []string {
	var names []string
	for _, author := range elements(x, "atom", "author") {
		for _, name := range author.Children["name"] {
			names = append(names, name.Value)
		}
	}
	return names
}

var eMail = regexp.MustCompile(`[^\s()<>]+@[^\s()<>]+`)

// withoutAddress returns an author's name without the e-mail address that RSS
// demands: nobody asked for that to be said in a chat.
func withoutAddress(author string) string {
	name := eMail.ReplaceAllString(author, "")
	return strings.Trim(name, " ()<>\t\n")
}

func tagsRSS(item *rss.Item, m media) []string {
	var tags []string
	for _, c := range item.Categories {
		tags = append(tags, c.Value)
	}
	tags = append(tags, values(item.Extensions, "dc", "subject")...)
	for _, c := range elements(item.Extensions, "atom", "category") {
		tags = append(tags, c.Attrs["term"])
	}
	for _, words := range []string{value(item.Extensions, "itunes", "keywords"), m.keywords} {
		tags = append(tags, strings.Split(words, ",")...)
	}
	return tags
}

// ttl returns how long RSS 2.0's ttl, in minutes, wants the feed to be left
// alone.
func ttl(minutes string) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(minutes))
	if err != nil || n < 0 {
		return 0
	}
	return min(time.Duration(min(n, 1<<20))*time.Minute, maxWait)
}

// maxWait is the longest that a feed is left alone because it says so.
const maxWait = 24 * time.Hour

// updatePeriod returns how often the feed says it is updated
// (https://web.resource.org/rss/1.0/modules/syndication/).
func updatePeriod(x ext.Extensions) time.Duration {
	period, known := map[string]time.Duration{
		"hourly": time.Hour, "daily": maxWait, "weekly": maxWait * 7, "monthly": maxWait * 30, "yearly": maxWait * 365,
	}[strings.ToLower(value(x, "sy", "updatePeriod"))]
	if !known {
		return 0
	}
	if times, err := strconv.Atoi(value(x, "sy", "updateFrequency")); err == nil && times > 1 {
		period /= time.Duration(times)
	}
	return min(period, maxWait)
}

func isImage(mediaType string) bool { return strings.HasPrefix(strings.ToLower(mediaType), "image/") }
