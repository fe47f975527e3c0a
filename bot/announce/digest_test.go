package announce

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

const week = 7 * 24 * time.Hour

func news(n int) []feeds.Item {
	var items []feeds.Item
	for i := range n {
		items = append(items, feeds.Item{
			Title: fmt.Sprintf("第 %d 篇", i+1), URL: fmt.Sprintf("https://example.org/%d", i+1),
			Summary: "不說", Image: "https://example.org/a.png", Authors: []string{"甲"},
		})
	}
	return items
}

// withEvents are groups of which the first is told by a tag, as events will be by
// their start.
var withEvents = append([]digestGroup{{
	heading: bot.Texts{bot.TraditionalChinese: "活動", bot.English: "Events"}, one: "event", many: "events",
	has:   func(i feeds.Item) bool { return len(i.Tags) > 0 },
	order: func(a, b feeds.Item) int { return cmp.Compare(a.Tags[0], b.Tags[0]) },
	lead:  func(i feeds.Item, _ bot.Lang) bot.Text { return bot.Plain(i.Tags[0] + " ") },
}}, digestGroups...)

func TestDigest(t *testing.T) {
	events := append(news(3),
		feeds.Item{Title: "年末 Meetup", URL: "https://example.org/b", Tags: []string{"12/12（六）19:00"}},
		feeds.Item{Title: "讀書會", URL: "https://example.org/c", Tags: []string{"12/05（六）14:00"}})
	tests := []struct {
		name   string
		groups []digestGroup
		items  []feeds.Item
		span   time.Duration
		zh, en string // title and lines
	}{
		{"nothing", digestGroups, nil, week, "", ""},
		{"one", digestGroups, news(1), week, "本週 1 則新消息\n• 第 1 篇", "1 new this week\n• 第 1 篇"},
		{"a day", digestGroups, news(2), 23 * time.Hour, "今天 2 則新消息\n• 第 1 篇\n• 第 2 篇", "2 new today\n• 第 1 篇\n• 第 2 篇"},
		{"a month", digestGroups, news(1), 31 * 24 * time.Hour, "本月 1 則新消息\n• 第 1 篇", "1 new this month\n• 第 1 篇"},
		{"any other time", digestGroups, news(1), 80 * time.Hour, "1 則新消息\n• 第 1 篇", "1 new\n• 第 1 篇"},
		{"of one kind among several", withEvents, news(1), week, "本週 1 則新消息\n• 第 1 篇", "1 new this week\n• 第 1 篇"},
		{"events by date, then articles", withEvents, events, week,
			"本週 5 則：活動 2、文章 3\n活動\n12/05（六）14:00 讀書會\n12/12（六）19:00 年末 Meetup\n文章\n• 第 1 篇\n• 第 2 篇\n• 第 3 篇",
			"5 new this week: 2 events, 3 articles\nEvents\n12/05（六）14:00 讀書會\n12/12（六）19:00 年末 Meetup\nArticles\n• 第 1 篇\n• 第 2 篇\n• 第 3 篇"},
		{"one of each", withEvents, events[2:4], week,
			"本週 2 則：活動 1、文章 1\n活動\n12/12（六）19:00 年末 Meetup\n文章\n• 第 3 篇",
			"2 new this week: 1 event, 1 article\nEvents\n12/12（六）19:00 年末 Meetup\nArticles\n• 第 3 篇"},
		{"without an address or a title", digestGroups, []feeds.Item{{Title: "甲\n乙", URL: "javascript:1"}, {URL: "https://a.tw"}, {}}, 0,
			"3 則新消息\n• 甲 乙\n• https://a.tw\n• （無標題）", "3 new\n• 甲 乙\n• https://a.tw\n• (untitled)"},
	}
	for _, tt := range tests {
		for lang, want := range map[bot.Lang]string{bot.TraditionalChinese: tt.zh, bot.English: tt.en} {
			m := composeGroups(tt.groups, tt.items, lang, tt.span, "/latest")
			got := strings.TrimSuffix(m.Title+"\n"+m.Body.String(), "\n")
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.name, diff)
			}
		}
	}
}

func TestDigestWithoutRoom(t *testing.T) {
	for _, tt := range []struct {
		items      int
		lang       bot.Lang
		more, want string // the last line
	}{
		{10, bot.TraditionalChinese, "/latest 10", "• 第 10 篇"},
		{11, bot.TraditionalChinese, "/latest 11", "還有 1 則：/latest 11"},
		{13, bot.TraditionalChinese, "", "還有 3 則"},
		{13, bot.English, "/latest 13", "3 more: /latest 13"},
		{11, bot.English, "", "1 more"},
	} {
		m := composeDigest(news(tt.items), tt.lang, week, tt.more)
		lines := strings.Split(m.Body.String(), "\n")
		if got := lines[len(lines)-1]; got != tt.want || len(lines) > 11 {
			t.Errorf("%d items in %s: %d lines, the last is %q, want %q", tt.items, tt.lang, len(lines), got, tt.want)
		}
	}
	// A heading stands only above what is named.
	items := append(news(1), news(10)...)
	for i := range items[1:] {
		items[i+1].Tags = []string{"12/12"}
	}
	if got := composeGroups(withEvents, items, bot.English, week, "").Body.String(); strings.Contains(got, "Articles") || !strings.HasSuffix(got, "1 more") {
		t.Errorf("got %q", got)
	}
}

func TestDigestAsDrawn(t *testing.T) {
	want := bot.Message{Card: bot.Card{Title: "本週 2 則新消息", Body: bot.Text{
		{Kind: bot.Item}, {Kind: bot.Link, Text: "第 1 篇", URL: "https://example.org/1"}, {Kind: bot.Line},
		{Kind: bot.Item}, {Kind: bot.Link, Text: "第 2 篇", URL: "https://example.org/2"},
	}}}
	if diff := gocmp.Diff(want, composeDigest(news(2), bot.TraditionalChinese, week, "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzDigest(f *testing.F) {
	f.Add("<@&1> **x** [a](https://evil.tw)", "https://example.org/a", 12, int64(week))
	f.Add("\u202e\n\x00\xff", "javascript:1", 3, int64(0))
	f.Fuzz(func(t *testing.T, title, address string, n int, span int64) {
		items := make([]feeds.Item, max(0, min(n, 100)))
		for i := range items {
			items[i] = feeds.Item{Title: title, URL: address}
		}
		for _, lang := range bot.Langs() {
			m := composeDigest(items, lang, time.Duration(span), "")
			for _, span := range m.Body {
				if span.Kind == bot.Mention || !utf8.ValidString(span.Text) || strings.ContainsAny(span.Text, "\n\x00\u202e") {
					t.Errorf("span %+v", span)
				}
				if span.Kind == bot.Link && (span.URL != address || !strings.HasPrefix(strings.ToLower(span.URL), "http")) {
					t.Errorf("a link to %q", span.URL)
				}
			}
			if (m.Title == "") != (len(items) == 0) {
				t.Errorf("%d items are called %q", len(items), m.Title)
			}
		}
	})
}
