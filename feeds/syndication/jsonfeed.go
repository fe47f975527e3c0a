package syndication

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	jsonfeed "github.com/mmcdole/gofeed/json"

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
		Author   *jsonfeed.Author   `json:"author"`
		Authors  []*jsonfeed.Author `json:"authors"`
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
		var item *jsonfeed.Item
		err := json.Unmarshal(text, &item)
		if err == nil && item == nil {
			err = errNothing
		}
		if err != nil {
			raw.problems = append(raw.problems, feeds.Problem{Item: fmt.Sprintf("item %d", i+1), Err: brief(err)})
			continue
		}
		raw.entries = append(raw.entries, fromJSON(item))
	}
	return raw, nil
}

// jsonDate returns the date of an item as it is written, or "".
func jsonDate(text json.RawMessage) string {
	var item struct {
		Published any `json:"date_published"`
		Modified  any `json:"date_modified"`
	}
	if json.Unmarshal(text, &item) != nil {
		return ""
	}
	published, _ := item.Published.(string)
	modified, _ := item.Modified.(string)
	return cmp.Or(published, modified)
}

func fromJSON(item *jsonfeed.Item) entry {
	e := entry{
		id:        item.ID,
		permalink: true,
		links:     []string{item.URL, item.ExternalURL},
		title:     rich{text: item.Title},
		summary:   rich{text: item.Summary},
		content:   first(rich{item.ContentHTML, markup}, rich{text: item.ContentText}),
		pictures:  []picture{{url: item.Image}, {url: item.BannerImage}},
		authors:   jsonNames(item.Author, item.Authors),
		tags:      item.Tags,
		lang:      item.Language,
		dates:     []string{item.DatePublished, item.DateModified},
	}
	if item.Attachments != nil {
		for _, a := range *item.Attachments {
			if isImage(a.MimeType) {
				e.pictures = append(e.pictures, picture{url: a.URL})
			}
		}
	}
	return e
}

// jsonNames returns the authors of version 1.1, else the one of version 1.0.
func jsonNames(one *jsonfeed.Author, several []*jsonfeed.Author) []string {
	if len(several) == 0 {
		several = []*jsonfeed.Author{one}
	}
	var names []string
	for _, a := range several {
		if a != nil {
			names = append(names, withoutAddress(a.Name))
		}
	}
	return names
}
