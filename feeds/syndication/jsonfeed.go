package syndication

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"cloudnative.tw/herald/feeds"
)

// readJSON reads JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/).
// Items are decoded one by one, so that a bad one costs only itself.
func readJSON(text []byte) (*rawFeed, error) {
	var top struct {
		Version  string             `json:"version"`
		Title    string             `json:"title"`
		HomePage string             `json:"home_page_url"`
		Language string             `json:"language"`
		Author   json.RawMessage    `json:"author"`
		Authors  json.RawMessage    `json:"authors"`
		Items    *[]json.RawMessage `json:"items"`
	}
	var misfit *json.UnmarshalTypeError // costs what does not fit, and no more
	if err := json.Unmarshal(text, &top); err != nil && !errors.As(err, &misfit) {
		return nil, fmt.Errorf("%w: %w", ErrFormat, brief(err))
	}
	if !strings.Contains(top.Version, "jsonfeed.org/version/") || top.Items == nil {
		return nil, fmt.Errorf("%w: it is JSON of another kind", ErrFormat)
	}
	raw := &rawFeed{
		title:   rich{text: top.Title},
		link:    top.HomePage,
		lang:    top.Language,
		authors: jsonNames(top.Author, top.Authors),
	}
	items := *top.Items
	if len(items) > maxItems {
		raw.cut = len(items) - maxItems
		if isBefore(jsonDate(items[0]), jsonDate(items[len(items)-1])) {
			items = items[raw.cut:] // the newest stand at the end
		} else {
			items = items[:maxItems]
		}
	}
	for i, text := range items {
		e, err := fromJSON(text)
		if err != nil {
			raw.problems = append(raw.problems, feeds.Problem{Item: fmt.Sprintf("item %d", i+1), Err: brief(err)})
			continue
		}
		raw.entries = append(raw.entries, e)
	}
	return raw, nil
}

// jsonDate returns the date of an item as it is written, or "".
func jsonDate(text json.RawMessage) string {
	var o jsonObject
	if json.Unmarshal(text, &o.fields) != nil {
		return ""
	}
	return cmp.Or(o.text("date_published"), o.text("date_modified"))
}

// fromJSON reads an item. A field of another kind than it should be costs only
// itself, unless nothing is left that could be told.
func fromJSON(text json.RawMessage) (entry, error) {
	var o jsonObject
	if err := json.Unmarshal(text, &o.fields); err != nil {
		return entry{}, err
	}
	if o.fields == nil {
		return entry{}, errNothing
	}
	e := entry{
		id:        o.id(),
		permalink: true,
		links:     []string{o.text("url"), o.text("external_url")},
		title:     rich{text: o.text("title")},
		summary:   rich{text: o.text("summary")},
		content:   first(rich{o.text("content_html"), markup}, rich{text: o.text("content_text")}),
		pictures:  []picture{{url: o.text("image")}, {url: o.text("banner_image")}},
		authors:   jsonNames(o.fields["author"], o.fields["authors"]),
		tags:      jsonTexts(o.fields["tags"]),
		lang:      o.text("language"),
		dates:     []string{o.text("date_published"), o.text("date_modified")},
	}
	for _, text := range jsonList(o.fields["attachments"]) {
		var a jsonObject
		if json.Unmarshal(text, &a.fields) == nil && isImage(a.text("mime_type")) {
			e.pictures = append(e.pictures, picture{url: a.text("url")})
		}
	}
	if o.misfit != nil && strings.Join(e.links, "")+e.title.text+e.summary.text+e.content.text == "" {
		return entry{}, o.misfit
	}
	return e, nil
}

// jsonObject is an object whose fields are read one by one.
type jsonObject struct {
	fields map[string]json.RawMessage
	misfit error // why the first of the texts that is none could not be read
}

// text returns a text, "" if there is none.
func (o *jsonObject) text(name string) string {
	raw := o.fields[name]
	if raw == nil {
		return ""
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		o.misfit = cmp.Or(o.misfit, fmt.Errorf("its %s: %w", name, err))
		return ""
	}
	return s
}

// id returns the id, which may be a number by what the format says.
func (o *jsonObject) id() string {
	var n json.Number
	if json.Unmarshal(o.fields["id"], &n) == nil {
		return n.String()
	}
	return o.text("id")
}

// jsonList returns what is in a list; what is none is one of one.
func jsonList(raw json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	return []json.RawMessage{raw}
}

// jsonTexts returns the texts of a list, or the only one.
func jsonTexts(raw json.RawMessage) []string {
	var texts []string
	for _, raw := range jsonList(raw) {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			texts = append(texts, s)
		}
	}
	return texts
}

// jsonNames returns the authors of version 1.1, else the one of version 1.0.
func jsonNames(one, several json.RawMessage) []string {
	var names []string
	for _, raw := range jsonList(several) {
		names = append(names, jsonName(raw)...)
	}
	if names == nil {
		return jsonName(one)
	}
	return names
}

// jsonName returns the name of an author, who should be an object but may be no
// more than a name.
func jsonName(raw json.RawMessage) []string {
	var name string
	if json.Unmarshal(raw, &name) != nil {
		var author jsonObject
		if json.Unmarshal(raw, &author.fields) != nil {
			return nil
		}
		name = author.text("name")
	}
	if name = withoutAddress(name); name == "" {
		return nil
	}
	return []string{name}
}
