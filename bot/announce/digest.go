package announce

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

const (
	// maxDigest is how many items of a digest are named: what fits on one or two
	// screens of a phone.
	maxDigest = 10
	// maxDigestTitle bounds a title in a digest, in characters.
	maxDigestTitle = 100
)

// digestGroup is one kind of news in a digest.
type digestGroup struct {
	// heading stands above the group, and in the title before or after its count.
	// one and many are English's; "1 event", "2 events".
	heading   bot.Texts
	one, many string
	// has reports whether an item is of this kind. It is of the first kind that has
	// it.
	has func(feeds.Item) bool
	// order sorts the group; nil leaves it as it came.
	order func(a, b feeds.Item) int
	// lead begins an item's line, such as with its date; nil makes a list item.
	lead func(feeds.Item, bot.Lang) bot.Text
}

// digestGroups are the kinds of news, in the order in which they are said. The
// last takes what no other has.
var digestGroups = []digestGroup{{
	heading: bot.Texts{bot.TraditionalChinese: "文章", bot.English: "Articles"}, one: "article", many: "articles",
	has: func(feeds.Item) bool { return true },
}}

// composeDigest returns one message for many items where lang is spoken: each a
// line that leads to it, without summaries and pictures. span is the time that the
// digest is about. more is what a member can type to see those that it has no room
// for, such as "/latest 13"; "" if there is nothing. Items are said in their order,
// by kind; of none there is nothing to say, which is a zero message.
func composeDigest(items []feeds.Item, lang bot.Lang, span time.Duration, more string) bot.Message {
	return composeGroups(digestGroups, items, lang, span, more)
}

func composeGroups(groups []digestGroup, items []feeds.Item, lang bot.Lang, span time.Duration, more string) bot.Message {
	if len(items) == 0 {
		return bot.Message{}
	}
	sorted := sortIntoGroups(groups, items)
	var lines []bot.Text
	room := maxDigest
	for i, members := range sorted {
		named := members[:min(len(members), room)]
		room -= len(named)
		if len(named) > 0 && several(sorted) {
			lines = append(lines, bot.Styled(bot.Bold, groups[i].heading.In(lang)))
		}
		for _, item := range named {
			lines = append(lines, groups[i].line(item, lang))
		}
	}
	if rest := len(items) - (maxDigest - room); rest > 0 {
		lines = append(lines, bot.Plain(restOfDigest(rest, lang, more)))
	}
	return bot.Message{Card: bot.Card{Title: digestTitle(groups, sorted, lang, span), Body: joinLines(lines)}}
}

// sortIntoGroups returns the items of each group.
func sortIntoGroups(groups []digestGroup, items []feeds.Item) [][]feeds.Item {
	sorted := make([][]feeds.Item, len(groups))
	for _, item := range items {
		if i := slices.IndexFunc(groups, func(g digestGroup) bool { return g.has(item) }); i >= 0 {
			sorted[i] = append(sorted[i], item)
		}
	}
	for i, g := range groups {
		if g.order != nil {
			slices.SortStableFunc(sorted[i], g.order)
		}
	}
	return sorted
}

// several reports whether there are items of more than one kind.
func several(sorted [][]feeds.Item) bool {
	kinds := 0
	for _, members := range sorted {
		if len(members) > 0 {
			kinds++
		}
	}
	return kinds > 1
}

// line is an item in the digest.
func (g digestGroup) line(item feeds.Item, lang bot.Lang) bot.Text {
	begin := bot.Text{{Kind: bot.Item}}
	if g.lead != nil {
		begin = g.lead(item, lang)
	}
	title, address := cut(literal(item.Title), maxDigestTitle), item.URL
	if !webAddress(address) {
		address = ""
	}
	switch {
	case address != "": // without a title, the address is shown
		return bot.Join(begin, bot.LinkTo(title, address))
	case title != "":
		return bot.Join(begin, bot.Plain(title))
	}
	return bot.Join(begin, bot.Plain(untitled.In(lang)))
}

func joinLines(lines []bot.Text) bot.Text {
	var text bot.Text
	for i, line := range lines {
		if i > 0 {
			text = append(text, bot.NewLine()...)
		}
		text = append(text, line...)
	}
	return text
}

var (
	untitled  = bot.Texts{bot.TraditionalChinese: "（無標題）", bot.English: "(untitled)"}
	today     = bot.Texts{bot.TraditionalChinese: "今天", bot.English: "today"}
	thisWeek  = bot.Texts{bot.TraditionalChinese: "本週", bot.English: "this week"}
	thisMonth = bot.Texts{bot.TraditionalChinese: "本月", bot.English: "this month"}
)

// period names a span of time, as long as days, weeks and months are; "" for
// others.
func period(span time.Duration, lang bot.Lang) string {
	const day = 24 * time.Hour
	switch {
	case 23*time.Hour <= span && span <= 25*time.Hour: // clocks change
		return today.In(lang)
	case 6*day < span && span < 8*day:
		return thisWeek.In(lang)
	case 27*day < span && span < 32*day:
		return thisMonth.In(lang)
	}
	return ""
}

// digestTitle says how much is new, and of which kinds if there are several.
func digestTitle(groups []digestGroup, sorted [][]feeds.Item, lang bot.Lang, span time.Duration) string {
	total := 0
	var counts []string
	for i, members := range sorted {
		total += len(members)
		if len(members) > 0 {
			counts = append(counts, groups[i].count(len(members), lang))
		}
	}
	when := period(span, lang)
	if lang == bot.TraditionalChinese {
		title := strings.TrimLeft(fmt.Sprintf("%s %d 則", when, total), " ")
		if several(sorted) {
			return title + "：" + strings.Join(counts, "、")
		}
		return title + "新消息"
	}
	title := strings.TrimRight(fmt.Sprintf("%d new %s", total, when), " ")
	if several(sorted) {
		title += ": " + strings.Join(counts, ", ")
	}
	return title
}

func (g digestGroup) count(n int, lang bot.Lang) string {
	switch {
	case lang == bot.TraditionalChinese:
		return fmt.Sprintf("%s %d", g.heading.In(lang), n)
	case n == 1:
		return "1 " + g.one
	}
	return fmt.Sprintf("%d %s", n, g.many)
}

// restOfDigest says how many items found no room.
func restOfDigest(n int, lang bot.Lang, more string) string {
	rest, colon := fmt.Sprintf("%d more", n), ": "
	if lang == bot.TraditionalChinese {
		rest, colon = fmt.Sprintf("還有 %d 則", n), "："
	}
	if more == "" {
		return rest
	}
	return rest + colon + more
}
