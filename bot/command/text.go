package command

import (
	"net/url"
	"path"
	"strings"
	"unicode"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
)

// blocksText is what stands in a section, as it can be said in a chat.
func blocksText(blocks []content.Block) bot.Text {
	var t bot.Text
	var last content.BlockKind
	for _, b := range blocks {
		if strings.TrimSpace(b.Text()) == "" {
			continue
		}
		if len(t) > 0 {
			t = append(t, bot.NewLine()...)
			if b.Kind != last || b.Kind == content.Paragraph || b.Kind == content.Code {
				t = append(t, bot.NewLine()...)
			}
		}
		last = b.Kind
		switch b.Kind {
		case content.Item:
			t = append(t, bot.Span{Kind: bot.Item, Depth: b.Depth, Number: b.Number})
		case content.Quote:
			t = append(t, bot.Span{Kind: bot.Quote})
		case content.Code:
			t = append(t, bot.Styled(bot.Code, strings.TrimRight(b.Text(), "\n"))...)
			continue
		default:
		}
		t = append(t, runsText(b.Runs)...)
	}
	return t
}

func runsText(runs []content.Run) bot.Text {
	var t bot.Text
	for _, r := range runs {
		style := spanStyle(r.Style)
		if webURL(r.URL) {
			t = append(t, bot.Span{Kind: bot.Link, Style: style, Text: r.Text, URL: r.URL})
			continue
		}
		t = append(t, bot.Styled(style, r.Text)...)
	}
	return t
}

func spanStyle(s content.Style) bot.Style {
	var style bot.Style
	if s&content.Bold != 0 {
		style |= bot.Bold
	}
	if s&content.Italic != 0 {
		style |= bot.Italic
	}
	if s&content.Monospace != 0 {
		style |= bot.Code
	}
	return style
}

// bold returns bold words.
func bold(s string) bot.Text { return bot.Styled(bot.Bold, s) }

// boldLink returns bold words that lead to url.
func boldLink(words, url string) bot.Text {
	return bot.Text{{Kind: bot.Link, Style: bot.Bold, Text: words, URL: url}}
}

// item begins a list item; number 0 makes a bullet.
func item(number int) bot.Text { return bot.Text{{Kind: bot.Item, Number: number}} }

// lines joins texts with a line break between them, without the empty ones.
func lines(texts ...bot.Text) bot.Text { return joined(bot.NewLine(), texts) }

// paragraphs joins texts with an empty line between them, without the empty ones.
func paragraphs(texts ...bot.Text) bot.Text {
	return joined(bot.Text{{Kind: bot.Line}, {Kind: bot.Line}}, texts)
}

func joined(between bot.Text, texts []bot.Text) bot.Text {
	var all bot.Text
	for _, t := range texts {
		if len(t) == 0 {
			continue
		}
		if len(all) > 0 {
			all = append(all, between...)
		}
		all = append(all, t...)
	}
	return all
}

// oneLine returns t with its line breaks and list marks as spaces.
func oneLine(t bot.Text) bot.Text {
	var flat bot.Text
	for _, s := range t {
		switch s.Kind {
		case bot.Line:
			flat = append(flat, bot.Plain(" ")...)
		case bot.Item, bot.Quote:
		default:
			flat = append(flat, s)
		}
	}
	return flat
}

// excerpt returns t, or the beginning of it, at most that many user-perceived
// characters long. An ellipsis stands where it was cut, unless a sentence ends
// there.
func excerpt(t bot.Text, characters int) (text bot.Text, cut bool) {
	if _, rest := t.Cut(characters, bot.Characters); rest == nil {
		return t, false
	}
	head, _ := t.Cut(characters-1, bot.Characters)
	if n := len(head); n > 0 && head[n-1].Kind == bot.Words {
		last := &head[n-1]
		if strings.HasSuffix(last.Text, "。") || strings.HasSuffix(last.Text, ".") {
			return head, true
		}
		last.Text = strings.TrimRight(last.Text, "，、；：,;: ")
	}
	return append(head, bot.Plain("…")...), true
}

// maxTitle is how many columns of a title stand in a list.
const maxTitle = 120

// postLink is a post's title that leads to the post.
func postLink(p *content.Post) bot.Text {
	return bot.LinkTo(short(clean(p.Title), maxTitle), p.URL)
}

// anchored returns the address of a heading on a page. Letters of all scripts
// stay as they are (RFC 3987, section 2.2): people read them, and browsers
// encode them.
func anchored(page, anchor string) string {
	if anchor == "" {
		return page
	}
	var b strings.Builder
	for _, r := range anchor {
		if r > unicode.MaxASCII && unicode.In(r, unicode.Letter, unicode.Mark, unicode.Number) {
			b.WriteRune(r)
		} else {
			b.WriteString((&url.URL{Fragment: string(r)}).EscapedFragment())
		}
	}
	return page + "#" + b.String()
}

// picture returns address if it is one of a picture that chat platforms show:
// on the web, and no SVG.
func picture(address string) string {
	if !webURL(address) || hasExtension(address, ".svg") {
		return ""
	}
	return address
}

func isPDF(address string) bool { return webURL(address) && hasExtension(address, ".pdf") }

func hasExtension(address, extension string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.EqualFold(path.Ext(u.Path), extension)
}
