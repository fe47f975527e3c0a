package syndication

import "cloudnative.tw/herald/feeds"

// withoutCommonPages takes from the drafts the pages that do not tell one item
// from another: the feed's own, and those that different items name. Podcasts,
// status pages and change logs link so, and each of their items would be taken
// for the same. It stays the address for the reader.
//
// The feed's own page is none for a single item either: another may come
// tomorrow, when this one has left the feed.
func (b *builder) withoutCommonPages(drafts []draft) {
	home := feeds.Canonical(b.feed.Link)
	common := map[string]bool{home: true}
	first := make(map[string]draft, len(drafts))
	for _, d := range drafts {
		if other, taken := first[d.page]; !taken {
			first[d.page] = d
		} else if !d.isAlso(other) {
			common[d.page] = true
		}
	}
	for i := range drafts {
		d := &drafts[i]
		if !common[d.page] {
			continue
		}
		if d.id == home {
			d.id = "" // a GUID that says no more than the link
		}
		d.page, d.item.Subject = "", ""
	}
}

// isAlso reports whether two drafts of one page are the same item: by what the
// feed calls them, or because they say the same. Some feeds list an article
// twice, under two IDs, which is no reason to announce it twice.
func (d draft) isAlso(other draft) bool {
	if d.id != "" && d.id == other.id {
		return true
	}
	undated := d.published.IsZero() || other.published.IsZero()
	return d.item.Title == other.item.Title && (undated || d.published.Equal(other.published))
}
