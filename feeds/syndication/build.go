package syndication

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"cloudnative.tw/herald/feeds"
)

var (
	errNothing = errors.New("it has no identity, link, title or text")
	errLong    = fmt.Errorf("its address is longer than %d bytes", maxID)
)

// builder makes a Feed of what a feed of any format says.
type builder struct {
	raw   *rawFeed
	o     Options
	feed  Feed
	taken map[string]bool // the IDs given so far
	parts []string        // of the feed's hash
}

func (b *builder) build() Feed {
	b.feed = Feed{
		Title: b.raw.title.line(maxTitle),
		Link:  resolve(b.raw.link, cmp.Or(resolve(b.raw.base, b.o.URL), b.o.URL)),
		Wait:  b.raw.wait,
	}
	for _, p := range b.raw.problems {
		b.problem(p.Item, p.Err)
	}
	var drafts []draft
	for i, e := range b.raw.entries {
		if b.o.quirks.skips(e) {
			continue
		}
		if d, err := b.draft(e); err != nil {
			b.problem(cmp.Or(e.title.line(maxName), fmt.Sprintf("item %d", i+1)), err)
		} else {
			drafts = append(drafts, d)
		}
	}
	b.withoutCommonPages(drafts)
	for i, id := range identities(drafts) {
		if item := b.finish(drafts[i], id); !b.taken[item.ID] { // the same twice
			b.taken[item.ID] = true
			b.parts = append(b.parts, item.ID+" "+item.Version)
			b.feed.Items = append(b.feed.Items, item)
		}
	}
	if b.raw.cut > 0 {
		b.problem("the feed", fmt.Errorf("it has %d items more than the %d that are read", b.raw.cut, maxItems))
	}
	for _, id := range b.raw.withdrawn[:min(len(b.raw.withdrawn), maxItems)] {
		if id = identity(id); !b.taken[id] {
			b.feed.Withdrawn = append(b.feed.Withdrawn, id)
		}
	}
	slices.Sort(b.feed.Withdrawn) // tombstones are read in no order
	b.feed.Withdrawn = slices.Compact(b.feed.Withdrawn)
	b.feed.Hash = b.hash()
	return b.feed
}

func (b *builder) problem(item string, err error) {
	if len(b.feed.Problems) < maxProblems {
		b.feed.Problems = append(b.feed.Problems, feeds.Problem{Item: item, Err: err})
	}
}

// draft is an item that has no identity yet.
type draft struct {
	item feeds.Item
	// id is the feed's own identity of the item, page where it alone is to be
	// read; or "".
	id, page string
	// published is as the feed says, perhaps in the future.
	published time.Time
}

func (b *builder) draft(e entry) (draft, error) {
	address := b.address(e)
	d := draft{id: identity(e.id), page: feeds.Canonical(address), published: b.published(e.dates)}
	d.item = feeds.Item{
		Source:    b.o.Source,
		Origin:    b.o.Origin,
		Subject:   d.page,
		Title:     b.title(e),
		URL:       cmp.Or(address, b.feed.Link, feeds.Clean(b.o.URL)),
		Summary:   e.summary.line(maxText),
		Excerpt:   e.content.line(maxText),
		Authors:   b.authors(e),
		Tags:      unique(e.tags, maxTags, maxTag),
		Lang:      cmp.Or(languageTag(e.lang), languageTag(b.raw.lang)),
		Published: b.clamp(d.published),
	}
	if !b.o.quirks.noPictures {
		d.item.Image = b.image(e, d.item.URL)
	}
	switch {
	case d.id == "" && address == "" && d.item.Title == "":
		return draft{}, errNothing
	case len(d.item.Subject) > maxID, len(d.item.URL) > maxAddress:
		return draft{}, errLong
	}
	d.item.Title = cmp.Or(d.item.Title, b.feed.Title, d.item.URL)
	return d, nil
}

// finish returns the item of a draft, whose identity within the feed is id.
func (b *builder) finish(d draft, id string) feeds.Item {
	item := d.item
	item.ID = id
	if item.Subject == "" { // it has no page of its own
		item.Subject = feeds.ItemSubject(b.o.Origin, item.ID)
	}
	item.Revision = b.o.quirks.revision(item)
	item.Version = version(item, d.published)
	return item
}

// title returns the item's title, or the first sentence of its text.
func (b *builder) title(e entry) string {
	if title := e.title.line(maxTitle); title != "" {
		return title
	}
	for _, text := range []rich{e.summary, e.content} {
		if s := text.firstSentence(); s != "" {
			return s
		}
	}
	return ""
}

// authors returns who wrote the item: the feed's authors if it names none
// (RFC 4287, section 4.1.2).
func (b *builder) authors(e entry) []string {
	if names := unique(e.authors, maxNames, maxName); len(names) > 0 {
		return names
	}
	return unique(b.raw.authors, maxNames, maxName)
}

// address returns where the item may be read: the first link that is one, else
// an id that says it is one.
func (b *builder) address(e entry) string {
	from := cmp.Or(b.feed.Link, b.o.URL)
	if b.raw.relative {
		from = cmp.Or(b.o.URL, b.feed.Link)
	}
	base := cmp.Or(resolve(e.base, from), from)
	for _, link := range e.links {
		if address := resolve(link, base); address != "" {
			return address
		}
	}
	if e.permalink {
		return feeds.Clean(e.id)
	}
	return ""
}

// published returns the first of the dates that can be read, zero if none can.
func (b *builder) published(dates []string) time.Time {
	for _, d := range dates {
		if t, ok := parseDate(d, b.o.Zone); ok {
			return t.In(b.o.Zone)
		}
	}
	return time.Time{}
}

// clamp returns the time, or now if that is earlier: a post dated ahead is out
// when it is in the feed, and would otherwise stay the newest for years.
func (b *builder) clamp(t time.Time) time.Time {
	if t.After(b.o.Now) && !b.o.Now.IsZero() {
		return b.o.Now.In(b.o.Zone)
	}
	return t
}

// hash returns the hash of all items, whatever their order: some servers sort
// by the last comment.
func (b *builder) hash() string {
	slices.Sort(b.parts)
	return hash(append(b.parts, b.feed.Withdrawn...)...)
}

// languageTag returns the tag in its usual form, "" for what is none.
func languageTag(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	if s == "" || len(s) > 35 { // RFC 5646, section 4.4.1
		return ""
	}
	tag, err := language.Parse(s)
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}

// unique returns up to most of the texts on one line of up to limit characters
// each, without those that say nothing or the same.
func unique(texts []string, most, limit int) []string {
	var kept []string
	for _, s := range texts {
		s = rich{s, loose}.line(limit)
		same := func(k string) bool { return strings.EqualFold(k, s) }
		if s == "" || slices.ContainsFunc(kept, same) {
			continue
		}
		if kept = append(kept, s); len(kept) == most {
			break
		}
	}
	return kept
}

// hash returns a hash of texts, so that no two lists have the same.
func hash(texts ...string) string {
	h := sha256.New()
	for _, s := range texts {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
