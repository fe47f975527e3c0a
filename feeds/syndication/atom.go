package syndication

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"github.com/mmcdole/gofeed/atom"
)

// readAtom reads Atom 0.3 and 1.0 (RFC 4287).
func readAtom(doc *document) (*rawFeed, error) {
	parsed, err := (&atom.Parser{}).Parse(bytes.NewReader(doc.clean))
	if err != nil {
		return nil, fmt.Errorf("the Atom feed cannot be read: %w", brief(err))
	}
	raw := &rawFeed{
		title:     rich{parsed.Title, loose},
		link:      pageLink(parsed.Links),
		base:      doc.base,
		relative:  true, // RFC 3986, section 5.1
		lang:      parsed.Language,
		authors:   persons(parsed.Authors),
		withdrawn: tombstones(parsed.Extensions),
		wait:      updatePeriod(parsed.Extensions),
		cut:       doc.cut,
	}
	for i, item := range parsed.Entries {
		e := fromAtom(item)
		if i < len(doc.items) {
			facts := doc.items[i]
			e.base, e.lang, e.title.kind = facts.base, facts.lang, titleKind(facts.title)
			if facts.summary == isPlain && item.Summary != "" {
				e.summary.kind = plain
			}
		}
		raw.entries = append(raw.entries, e)
	}
	return raw, nil
}

func fromAtom(item *atom.Entry) entry {
	m := readMedia(item.Extensions)
	e := entry{
		id:        item.ID,
		permalink: true,
		links:     append(values(item.Extensions, "feedburner", "origLink"), pageLink(item.Links)),
		title:     rich{item.Title, plain},
		summary:   first(rich{item.Summary, markup}, m.description),
		pictures:  m.pictures,
		authors:   persons(item.Authors),
		dates:     []string{item.Published, item.Updated},
	}
	if c := item.Content; c != nil {
		e.links = append(e.links, c.Src)
		switch {
		case c.Type == "text":
			e.content = rich{c.Value, plain}
		case isText(c.Type):
			e.content = rich{c.Value, markup}
		}
	}
	if len(e.authors) == 0 && item.Source != nil { // an entry of a planet
		e.authors = persons(item.Source.Authors)
	}
	for _, c := range item.Categories {
		e.tags = append(e.tags, cmp.Or(c.Label, c.Term))
	}
	e.tags = append(e.tags, strings.Split(m.keywords, ",")...)
	for _, l := range item.Links {
		if relation(l.Rel) == "enclosure" && isImage(l.Type) {
			e.pictures = append(e.pictures, picture{url: l.Href})
		}
	}
	return e
}

// isText tells whether an entry's content of that type can be read as text.
func isText(contentType string) bool {
	t := strings.ToLower(contentType)
	return !strings.Contains(t, "/") || strings.HasPrefix(t, "text/") || strings.Contains(t, "xhtml")
}

// titleKind returns how a title is to be read. Without a type it is text.
func titleKind(declared textType) textKind {
	switch declared {
	case isHTMLText:
		return loose
	case isXHTML:
		return markup
	default:
		return plain
	}
}

// pageLink returns the link to a page: an alternate one, in HTML if there are
// several.
func pageLink(links []*atom.Link) string {
	best := ""
	for _, l := range links {
		if relation(l.Rel) != "alternate" {
			continue
		}
		if strings.Contains(l.Type, "html") {
			return l.Href
		}
		best = cmp.Or(best, l.Href)
	}
	return best
}

// relation returns the name of a link's relation, which may be written as the
// IRI of that name (RFC 4287, section 4.2.7.2). Without one it is an alternate.
func relation(rel string) string {
	const names = "http://www.iana.org/assignments/relation/"
	return cmp.Or(strings.ToLower(strings.TrimPrefix(strings.TrimSpace(rel), names)), "alternate")
}

func persons(all []*atom.Person) []string {
	var names []string
	for _, p := range all {
		names = append(names, withoutAddress(p.Name))
	}
	return names
}

// tombstones returns the ids of deleted entries (RFC 6721, section 3), under
// whichever prefix the feed has given to that namespace.
func tombstones(x ext.Extensions) []string {
	var ids []string
	for prefix := range x {
		for _, e := range elements(x, prefix, "deleted-entry") {
			if ref := strings.TrimSpace(e.Attrs["ref"]); ref != "" {
				ids = append(ids, ref)
			}
		}
	}
	return ids
}
