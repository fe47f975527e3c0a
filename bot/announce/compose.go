package announce

import (
	"net/url"
	"path"
	"strings"
	"time"
	"unicode"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

// maxSummary is how many characters of a summary are said: two to three lines
// on a phone.
const maxSummary = 60

var (
	nameSeparator = bot.Texts{bot.TraditionalChinese: "、", bot.English: ", "}
	updatedOn     = bot.Texts{bot.TraditionalChinese: "已更新 ", bot.English: "updated "}
	updatedForm   = bot.Texts{bot.TraditionalChinese: "1/2", bot.English: "2 Jan"}
	withdrawn     = bot.Texts{bot.TraditionalChinese: "此公告已撤回", bot.English: "This announcement has been withdrawn"}
)

// compose returns what is said of an item where lang is spoken.
func compose(item feeds.Item, lang bot.Lang) bot.Message {
	return bot.Message{Card: bot.Card{
		Title:  cut(item.Title, maxTitle),
		URL:    item.URL,
		Body:   bot.Plain(cut(summary(item, lang), maxSummary)),
		Image:  picture(item.Image),
		Footer: strings.Join(item.Authors, nameSeparator.In(lang)),
	}}
}

// markEdited returns an announcement as it says that it was edited on the given
// day.
func markEdited(m bot.Message, lang bot.Lang, day time.Time) bot.Message {
	if m.Footer != "" {
		m.Footer += " · "
	}
	m.Footer += updatedOn.In(lang) + day.Format(updatedForm.In(lang))
	return m
}

// composeRetraction returns what stands in place of an announcement that cannot
// be deleted any more.
func composeRetraction(lang bot.Lang) bot.Message {
	return bot.Message{Card: bot.Card{Title: withdrawn.In(lang), Tone: bot.Cancelled}, Silent: true}
}

// summary returns what the source says about the item if readers of lang can
// read it, else how the item begins.
func summary(item feeds.Item, lang bot.Lang) string {
	if reads(item.Summary, lang) {
		return item.Summary
	}
	return item.Excerpt
}

// reads reports whether s is written in lang, as far as its letters tell:
// Chinese texts have Latin words in them, English ones no Han characters.
func reads(s string, lang bot.Lang) bool {
	han, letters := 0, 0
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			han++
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if lang == bot.English {
		return letters > 0 && han == 0
	}
	return han*5 > letters
}

// cut shortens s to limit characters where a reader would pause. What is left
// ends with an ellipsis unless it is a whole sentence.
func cut(s string, limit int) string {
	text := bot.Plain(s)
	if _, rest := text.Cut(limit, bot.Characters); len(rest) == 0 {
		return s
	}
	head, _ := text.Cut(limit-1, bot.Characters) // leaves room for the ellipsis
	s = head.String()
	if strings.HasSuffix(s, "。") || strings.HasSuffix(s, "！") || strings.HasSuffix(s, "？") {
		return s
	}
	return strings.TrimRight(s, " ，、；：,;:.") + "…"
}

// picture returns the address of an image that platforms can show, or "". They
// show no SVG.
func picture(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || strings.EqualFold(path.Ext(u.Path), ".svg") {
		return ""
	}
	return address
}
