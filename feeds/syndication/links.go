package syndication

import (
	"net/url"
	"strings"

	"cloudnative.tw/herald/feeds"
)

// resolve returns the address that a link leads to from a page at base, "" if it
// leads to none on the web.
func resolve(link, base string) string {
	link = strings.TrimSpace(link)
	if link == "" {
		return ""
	}
	if clean := feeds.Clean(link); clean != "" {
		return clean
	}
	from, err := url.Parse(base)
	if err != nil || from.Host == "" {
		return ""
	}
	to, err := from.Parse(link)
	if err != nil {
		return ""
	}
	return feeds.Clean(to.String())
}
