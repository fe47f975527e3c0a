package syndication

import (
	"cmp"
	"strings"
	"time"
	"unicode"

	"cloudnative.tw/herald/feeds"
)

// identity returns the id that a feed gives an item in the form in which it is
// known again: an address as Canonical has it, so that a site's move to https
// does not make all of it new; anything else as it is.
func identity(id string) string {
	id = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, id))
	return bounded(cmp.Or(feeds.Canonical(id), id))
}

// bounded returns id, or its hash where it is too long to be kept.
func bounded(id string) string {
	if len(id) > maxID {
		return "hash:" + hash(id)
	}
	return id
}

// identities returns what identifies each of the drafts within the feed: what
// the feed calls it, else its page, else what it says and when. What several
// are called is told apart by their pages.
func identities(drafts []draft) []string {
	marks := make([]string, len(drafts))
	first := map[string]string{} // the first mark of an id
	shared := map[string]bool{}
	for i, d := range drafts {
		marks[i] = cmp.Or(d.page, "hash:"+hash(d.item.Title, d.published.UTC().Format(time.RFC3339)))
		if mark, taken := first[d.id]; !taken {
			first[d.id] = marks[i]
		} else if mark != marks[i] {
			shared[d.id] = true
		}
	}
	ids := make([]string, len(drafts))
	for i, d := range drafts {
		switch {
		case d.id == "":
			ids[i] = marks[i]
		case shared[d.id] && d.id != marks[i]:
			ids[i] = bounded(d.id + "|" + marks[i])
		default:
			ids[i] = d.id
		}
	}
	return ids
}

// version returns a token of all that is known of an item. A date ahead of now
// is in it as it was said, for what it is clamped to moves with the clock.
func version(item feeds.Item, published time.Time) string {
	texts := []string{
		item.Subject, item.URL, item.Title, item.Summary, item.Excerpt, item.Image, item.Lang,
		published.UTC().Format(time.RFC3339), strings.Join(item.Authors, "\n"), strings.Join(item.Tags, "\n"),
	}
	return hash(texts...)
}

// shownText is how many characters of a summary or an excerpt an announcement
// shows: what is changed behind them is not seen.
const shownText = 60

// revision returns a hash of what an announcement of the item shows, as far as
// the feed can be trusted not to change it by itself.
func (q quirks) revision(item feeds.Item) string {
	shown := []string{item.Title, item.URL}
	if !q.onlyTitle {
		shown = append(shown, cut(item.Summary, shownText), cut(item.Excerpt, shownText), withoutQuery(item.Image))
		shown = append(shown, item.Authors...)
	}
	return hash(shown...)
}

// withoutQuery returns the address of a picture without what many servers sign it
// with, anew each time: the message would be edited for ever, and look the same.
func withoutQuery(picture string) string {
	address, _, _ := strings.Cut(picture, "?")
	return address
}
