package syndication

import (
	ext "github.com/mmcdole/gofeed/extensions"
)

// entry is an item of any format: what it says, before the rules that are the
// same for all.
type entry struct {
	id string
	// permalink tells that the id may be the address of the page.
	permalink bool
	// links are where it may be read, the best first.
	links []string
	// base is what relative links are relative to, beside the feed's; or "".
	base             string
	title            rich
	summary, content rich
	pictures         []picture
	authors          []string
	tags             []string
	lang             string
	// dates are when it may have been published, the best first.
	dates []string
}

// picture is one that the feed declares. Sizes are in pixels, "" if not said.
type picture struct {
	url           string
	width, height string
}

// rich is a text and what it is made of.
type rich struct {
	text string
	kind textKind
}

type textKind int

const (
	// plain is text, and what looks like a tag in it is text.
	plain textKind = iota
	// loose is text in which there may be HTML: RSS does not say, and many
	// writers of Atom put their bare titles where HTML is declared.
	loose
	// markup is HTML.
	markup
)

// first returns the first text that says something.
func first(texts ...rich) rich {
	for _, t := range texts {
		if t.text != "" {
			return t
		}
	}
	return rich{}
}

// elements returns the elements of a foreign namespace.
func elements(all ext.Extensions, prefix, name string) []ext.Extension { return all[prefix][name] }

// values returns the texts of elements of a foreign namespace.
func values(all ext.Extensions, prefix, name string) []string {
	var texts []string
	for _, e := range elements(all, prefix, name) {
		if e.Value != "" {
			texts = append(texts, e.Value)
		}
	}
	return texts
}

// value returns the first of values, or "".
func value(all ext.Extensions, prefix, name string) string {
	if texts := values(all, prefix, name); len(texts) > 0 {
		return texts[0]
	}
	return ""
}

// media is what an item says in Media RSS (https://www.rssboard.org/media-rss),
// directly or in a group.
type media struct {
	description rich
	keywords    string
	pictures    []picture
}

func readMedia(all ext.Extensions) media {
	var m media
	m.add(all["media"], 0)
	return m
}

// add takes in what elements say. Groups and contents have more in them.
func (m *media) add(children map[string][]ext.Extension, depth int) {
	if depth > 2 {
		return
	}
	for _, e := range children["thumbnail"] {
		m.pictures = append(m.pictures, pictureOf(e))
	}
	for _, name := range []string{"group", "content"} {
		for _, e := range children[name] {
			m.add(e.Children, depth+1)
			if name == "content" && (e.Attrs["medium"] == "image" || isImage(e.Attrs["type"])) {
				m.pictures = append(m.pictures, pictureOf(e))
			}
		}
	}
	if d := children["description"]; len(d) > 0 && m.description.text == "" && depth <= 1 {
		m.description = rich{text: d[0].Value}
		if d[0].Attrs["type"] == "html" {
			m.description.kind = markup
		}
	}
	if k := children["keywords"]; len(k) > 0 && m.keywords == "" {
		m.keywords = k[0].Value
	}
}

func pictureOf(e ext.Extension) picture {
	return picture{url: e.Attrs["url"], width: e.Attrs["width"], height: e.Attrs["height"]}
}
