package syndication

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

const (
	// minPicture is how many pixels a picture has at least each way; smaller ones
	// are avatars, emoji and pixels that count readers.
	minPicture = 64
	// searched is how many bytes of an item's HTML are searched for a picture.
	searched = 64 << 10
)

// image returns the address of the item's picture, or "": one that the feed
// declares, else the first in its text.
func (b *builder) image(e entry, page string) string {
	for _, p := range e.pictures {
		if address := p.address(page); address != "" {
			return address
		}
	}
	for _, text := range []rich{e.content, e.summary} {
		if text.kind != markup || !strings.Contains(text.text, "<") {
			continue
		}
		if address := firstPicture(text.text[:min(len(text.text), searched)], page); address != "" {
			return address
		}
	}
	return ""
}

// address returns the absolute address of a picture worth showing, or "".
func (p picture) address(page string) string {
	if isSmall(p.width) || isSmall(p.height) || counter.MatchString(p.url) {
		return ""
	}
	address := resolve(p.url, page)
	if len(address) > maxAddress || strings.EqualFold(path.Ext(address), ".svg") {
		return ""
	}
	return youTubeHost.ReplaceAllString(address, "https://i.ytimg.com/")
}

// youTubeHost matches the hosts that have the same thumbnails; a feed may name
// another one each time.
var youTubeHost = regexp.MustCompile(`^https?://i[0-9]\.ytimg\.com/`)

// counter matches the addresses of pictures that only count readers.
var counter = regexp.MustCompile(`(?i)/_/stat\?|/b\.gif\?|pixel\.|/pixel|/track|/beacon|feeds\.feedburner\.com/~|doubleclick\.net|feedsportal\.com`)

func isSmall(pixels string) bool {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(pixels), "px"))
	return err == nil && n < minPicture
}

// firstPicture returns the address of the first picture in HTML that is worth
// showing, or "".
func firstPicture(text, page string) string {
	if !strings.Contains(text, "<img") && !strings.Contains(text, "<IMG") {
		return "" // without a look at each of its tags
	}
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return ""
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		name, more := z.TagName()
		if string(name) != "img" || !more {
			continue
		}
		if p, shown := pictureIn(z); shown {
			if address := p.address(page); address != "" {
				return address
			}
		}
	}
}

// decoration matches the classes of pictures that are part of the text.
var decoration = regexp.MustCompile(`(?i)emoji|smiley|avatar|\bicon`)

// pictureIn reads the attributes of an img tag. It is not shown if they say so.
func pictureIn(z *html.Tokenizer) (p picture, shown bool) {
	shown = true
	for more := true; more; {
		var name, value []byte
		name, value, more = z.TagAttr()
		switch v := string(value); string(name) {
		case "src":
			p.url = v
		case "width":
			p.width = v
		case "height":
			p.height = v
		case "class":
			shown = shown && !decoration.MatchString(v)
		case "style":
			shown = shown && !strings.Contains(strings.ReplaceAll(v, " ", ""), "display:none")
		}
	}
	return p, shown
}
