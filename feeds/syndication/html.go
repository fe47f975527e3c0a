package syndication

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// lineBreak stands between two lines of a text that was HTML. A line feed is no
// more than a space there.
const lineBreak = '\u2028'

// silent are the elements whose content is not part of the text.
var silent = map[string]bool{
	"audio": true, "button": true, "canvas": true, "form": true, "head": true, "iframe": true, "math": true, "noscript": true,
	"object": true, "pre": true, "script": true, "select": true, "style": true, "svg": true, "table": true, "template": true,
	"textarea": true, "title": true, "video": true,
}

// inline are the elements that a line of text goes through.
var inline = map[string]bool{
	"a": true, "abbr": true, "b": true, "big": true, "cite": true, "code": true, "del": true, "em": true, "font": true, "i": true,
	"img": true, "ins": true, "kbd": true, "mark": true, "q": true, "s": true, "samp": true, "small": true, "span": true,
	"strike": true, "strong": true, "sub": true, "sup": true, "time": true, "tt": true, "u": true, "var": true, "wbr": true,
}

// htmlText returns the text of HTML, with a lineBreak between two blocks. It
// reads no further than it takes to have limit characters.
func htmlText(s string, limit int) string {
	if !strings.ContainsAny(s, "<&") {
		return head(s, utf8.UTFMax*limit)
	}
	z := html.NewTokenizer(strings.NewReader(s))
	var b strings.Builder
	written := 0
	for written < limit {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			text := z.Text()
			written += utf8.RuneCount(text)
			b.Write(text)
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			tag, _ := z.TagName()
			name := string(tag)
			if !inline[name] {
				b.WriteRune(lineBreak)
			}
			if kind == html.StartTagToken && silent[name] {
				skip(z, name)
			}
		default: // comments
		}
	}
	return b.String()
}

// skip reads on behind the end of an element that has just begun.
func skip(z *html.Tokenizer, name string) {
	for depth := 1; depth > 0; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		if kind != html.StartTagToken && kind != html.EndTagToken {
			continue
		}
		if tag, _ := z.TagName(); string(tag) == name {
			if kind == html.StartTagToken {
				depth++
			} else {
				depth--
			}
		}
	}
}
