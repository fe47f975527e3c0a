package telegram

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
)

var news = bot.Address{Platform: bot.Telegram, Chat: "-1001234567890", Thread: "42"}

func TestAnnouncementsAsCalls(t *testing.T) {
	for _, lang := range bot.Langs() {
		for name, m := range sampleMessages(lang) {
			t.Run(name+"."+string(lang), func(t *testing.T) {
				content, cuts := Render(m, ChannelConfig{})
				call := content.Send(Delivery{To: news, Silent: m.Silent})
				if name == "edit" || name == "retraction" {
					call = content.Edit(news.Chat, 7)
				}
				golden(t, name+"."+string(lang), toJSON(t, call))
				if cuts != nil {
					t.Errorf("cuts %v; want none", cuts)
				}
			})
		}
	}
}

func TestRepliesAsCalls(t *testing.T) {
	for _, lang := range bot.Langs() {
		for name, r := range sampleReplies(lang) {
			t.Run(name+"."+string(lang), func(t *testing.T) {
				content, cuts := RenderReply(r)
				golden(t, "reply-"+name+"."+string(lang), toJSON(t, content.Send(Delivery{To: news, ReplyTo: 9})))
				if cuts != nil {
					t.Errorf("cuts %v; want none", cuts)
				}
			})
		}
	}
}

func TestPreviewModes(t *testing.T) {
	short := sampleMessages(bot.English)["article"]
	long := short
	long.Body = bot.Plain(strings.Repeat("字", 1000))
	bare := short
	bare.Image = "https://x.tw/a b.png"
	tests := []struct {
		name    string
		mode    PreviewMode
		m       bot.Message
		photo   string
		preview Preview
	}{
		{"default", "", short, "", Preview{URL: coverURL, PreferLarge: true, AboveText: true}},
		{"above", PreviewAbove, short, "", Preview{URL: coverURL, PreferLarge: true, AboveText: true}},
		{"below", PreviewBelow, short, "", Preview{URL: coverURL, PreferLarge: true}},
		{"none", PreviewNone, short, "", Preview{Disabled: true}},
		{"photo", PreviewPhoto, short, coverURL, Preview{}},
		{"photo of a long text", PreviewPhoto, long, "", Preview{URL: coverURL, PreferLarge: true, AboveText: true}},
		{"escaped image", PreviewPhoto, bare, "https://x.tw/a%20b.png", Preview{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			content, cuts := Render(tt.m, ChannelConfig{Preview: tt.mode})
			if content.Photo != tt.photo || content.Preview != tt.preview || cuts != nil {
				t.Errorf("photo %q, preview %+v, cuts %v; want %q, %+v", content.Photo, content.Preview, cuts, tt.photo, tt.preview)
			}
		})
	}
}

func TestSpansBecomeEntities(t *testing.T) {
	at := time.Date(2026, 12, 12, 11, 0, 0, 0, time.UTC)
	span := func(s bot.Span) bot.Text { return bot.Text{s} }
	tests := []struct {
		name string
		body bot.Text
		text string
		want []Entity
	}{
		{"utf-16 offsets", bot.Join(bot.Plain("👩🏽‍💻 "), bot.Styled(bot.Bold, "𠮷野家")), "👩🏽‍💻 𠮷野家", []Entity{{Type: "bold", Offset: 8, Length: 4}}},
		{"bold and italic", bot.Styled(bot.Bold|bot.Italic, "a"), "a", []Entity{{Type: "bold", Length: 1}, {Type: "italic", Length: 1}}},
		{"code is alone", bot.Styled(bot.Bold|bot.Code, "a@b @c"), "a@b @c", []Entity{{Type: "code", Length: 6}}},
		{"space is outside", bot.Styled(bot.Bold, " a "), "a", []Entity{{Type: "bold", Length: 1}}},
		{"link", bot.LinkTo("x", "https://x.tw/"), "x", []Entity{{Type: "text_link", Length: 1, URL: "https://x.tw/"}}},
		{"bare link", bot.LinkTo("", "https://x.tw/"), "https://x.tw/", nil},
		{"bare link with a name in it", bot.LinkTo("", "https://x.tw/@name"), "https://x.tw/@name", []Entity{{Type: "text_link", Length: 18, URL: "https://x.tw/@name"}}},
		{"link to a user", bot.LinkTo("x", "tg://user?id=5"), "x", nil},
		{"link to a script", bot.LinkTo("x", "javascript:alert(1)"), "x", nil},
		{"mail", bot.LinkTo("write", "mailto:a@x.tw"), "write <a@x.tw>", nil},
		{"mention from a text", span(bot.Span{Kind: bot.Mention, Text: "5555"}), "@\u20605555", nil},
		{"mention in words", bot.Plain("hi @all, a@x.tw (@everyone) 感謝@user"), "hi @\u2060all, a@x.tw (@\u2060everyone) 感謝@\u2060user", nil},
		{"mention made of two spans", bot.Join(bot.Plain("@"), bot.Plain("all")), "@\u2060all", nil},
		{"mention ended by style", bot.Join(bot.Plain("@"), bot.Styled(bot.Bold, "all")), "@\u2060all", []Entity{{Type: "bold", Offset: 2, Length: 3}}},
		{"markup", bot.Plain("<b>_x_</b> [a](tg://user?id=1) `"), "<b>_x_</b> [a](tg://user?id=1) `", nil},
		{"time", span(bot.Span{Kind: bot.Time, At: at, Text: "19:00", Form: bot.TimeOnly}), "19:00", []Entity{{Type: "date_time", Length: 5, UnixTime: at.Unix(), DateTimeFormat: "t"}}},
		{"time without words", span(bot.Span{Kind: bot.Time, At: at}), "2026-12-12 11:00", []Entity{{Type: "date_time", Length: 16, UnixTime: at.Unix(), DateTimeFormat: "wdt"}}},
		{"no time", span(bot.Span{Kind: bot.Time, Text: "soon"}), "soon", nil},
		{"quote of two lines", bot.ParseText("> a\n> b\n\nc"), "a\nb\n\nc", []Entity{{Type: "blockquote", Length: 3}}},
		{"lists", bot.ParseText("1. a\n2. b\n- c"), "1. a\n2. b\n• c", nil},
		{"right to left", bot.Plain("a\u202egpj\u2066.exe"), "agpj.exe", nil},
		{"control characters", bot.Plain("a\x00b\tc\rd"), "ab cd", nil},
		{"nothing to see", bot.Plain("\u2060\u200b"), "\u2060\u200b…", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			content, _ := Render(bot.Message{Card: bot.Card{Body: tt.body}}, ChannelConfig{})
			if content.Text != tt.text {
				t.Errorf("text %q; want %q", content.Text, tt.text)
			}
			if diff := cmp.Diff(tt.want, content.Entities); diff != "" {
				t.Errorf("entities (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWebAddresses(t *testing.T) {
	for given, want := range map[string]string{
		"https://x.tw/a?b=c#d":   "https://x.tw/a?b=c#d",
		"https://台灣.tw/路":        "https://xn--kpry57d.tw/%E8%B7%AF",
		"https://x.tw:8443/":     "https://x.tw:8443/",
		"https://x.tw/a b":       "https://x.tw/a%20b",
		"http://localhost:8080/": "", "https://user:pw@x.tw/": "", "ftp://x.tw/": "", "//x.tw/": "", "x.tw": "", "https://x./": "", "https://.tw/": "",
		"tg://user?id=5": "", "https://x.tw/" + strings.Repeat("a", maxURL): "", "https://a..b.tw/{x}": "https://a..b.tw/%7Bx%7D",
	} {
		if got, ok := webAddress(given); got != want || ok != (want != "") {
			t.Errorf("%.60q: %q, %v; want %q", given, got, ok, want)
		}
	}
}

func TestOnlyTheConfiguredMentionRings(t *testing.T) {
	for mention, want := range map[string]string{
		"5555": "@5555", "@cntug_mods": "@cntug_mods", "": "", "@a b": "", "all\n@x": "", "名": "",
		"1111222233334444555": "",
	} {
		content, _ := Render(bot.Message{Card: bot.Card{Title: "x"}, Mentions: []string{mention}}, ChannelConfig{})
		if got := strings.TrimSpace(strings.TrimPrefix(content.Text, "x")); got != want {
			t.Errorf("mention %q: said %q; want %q", mention, got, want)
		}
	}
}

func TestLongTextsAreCut(t *testing.T) {
	tests := []struct {
		name string
		card bot.Card
		cuts []string
		ends string
	}{
		{"body", bot.Card{Title: "t", URL: "https://x.tw/", Body: bot.Plain(strings.Repeat("好。", 3000))}, []string{"body"}, "好。…\nhttps://x.tw/"},
		{"word", bot.Card{Body: bot.Plain(strings.Repeat("a", 10_000))}, []string{"body"}, "aaa…"},
		{"emoji", bot.Card{Body: bot.Plain(strings.Repeat("👩🏽‍💻", 2000))}, []string{"body"}, "👩🏽‍💻…"},
		{"one letter of ten thousand accents", bot.Card{Body: bot.Plain("x" + strings.Repeat("\u0301", 10_000))}, nil, "\u0301"},
		{"title", bot.Card{Title: strings.Repeat("標題", 1000), URL: "https://x.tw/"}, []string{"title"}, "…\nhttps://x.tw/"},
		{"address", bot.Card{Title: "t", URL: "https://x.tw/" + strings.Repeat("a", 1500)}, nil, "t"},
		{"absurd address", bot.Card{Title: "t", URL: "https://x.tw/" + strings.Repeat("a", 3000)}, []string{"url"}, "t"},
		{"no address", bot.Card{Title: "t", URL: "http://localhost/"}, []string{"url"}, "t"},
		{"picture", bot.Card{Title: "t", Image: "ftp://x.tw/a.png"}, []string{"image"}, "t"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			content, cuts := Render(bot.Message{Card: tt.card}, ChannelConfig{})
			var parts []string
			for _, c := range cuts {
				parts = append(parts, c.Part)
			}
			if diff := cmp.Diff(tt.cuts, parts); diff != "" {
				t.Errorf("cuts (-want +got):\n%s", diff)
			}
			if !strings.HasSuffix(content.Text, tt.ends) || units(content.Text) > maxText {
				t.Errorf("%d units, ends with %q; want %q", units(content.Text), last(content.Text, 30), tt.ends)
			}
		})
	}
}

func last(s string, n int) string { return s[max(0, len(s)-n):] }

func TestKeyboard(t *testing.T) {
	command := func(labels ...string) (buttons []bot.Button) {
		for _, label := range labels {
			buttons = append(buttons, bot.Button{Label: label, Command: "x"})
		}
		return buttons
	}
	tests := []struct {
		buttons []bot.Button
		want    string
	}{
		{command("1", "2", "3", "4", "5", "6", "7"), "1 2 3 4 / 5 6 7"},
		{command("1", "2", "3", "4", "5"), "1 2 3 4 5"},
		{command("‹ 目錄", "›"), "‹ 目錄 ›"},
		{command("線上捐款", "2023 收支表"), "線上捐款 2023 收支表"},
		{command("一個很長很長很長很長的標籤", "另一個"), "一個很長很長很長很長的標籤 / 另一個"},
		{command("", "\x00", "ok"), "ok"},
		{[]bot.Button{{Label: "a", URL: "http://localhost/"}, {Label: "b", URL: "javascript:x"}, {Label: "c"}}, ""},
	}
	for _, tt := range tests {
		board, _, _ := keyboard(tt.buttons)
		var rows []string
		if board != nil {
			for _, row := range board.Rows {
				var labels []string
				for _, key := range row {
					labels = append(labels, key.Text)
				}
				rows = append(rows, strings.Join(labels, " "))
			}
		}
		if got := strings.Join(rows, " / "); got != tt.want {
			t.Errorf("%v: rows %q; want %q", tt.buttons, got, tt.want)
		}
	}
}

func TestLongCommandsAreKept(t *testing.T) {
	long := "search " + strings.Repeat("永續", 20)
	board, kept, _ := keyboard([]bot.Button{{Label: "a", Command: "recap 2023"}, {Label: "b", Command: long}})
	keys := board.Rows[0]
	if keys[0].Data != "recap 2023" || len(keys[1].Data) > maxData || kept[keys[1].Data] != long || len(kept) != 1 {
		t.Errorf("keys %+v, kept %v", keys, kept)
	}
	for n, keeps := range map[int]int{maxData: 0, maxData + 1: 1, keptCommand: 1} {
		board, kept, _ := keyboard([]bot.Button{{Label: "a", Command: "x" + strings.Repeat("y", n-1)}})
		if len(kept) != keeps || len(board.Rows[0][0].Data) > maxData {
			t.Errorf("a command of %d bytes: %d kept, data %q", n, len(kept), board.Rows[0][0].Data)
		}
	}
	if board, _, dropped := keyboard([]bot.Button{{Label: "a", Command: strings.Repeat("y", keptCommand+1)}, {Label: "b", Command: "~x"}}); board != nil || dropped != 2 {
		t.Errorf("commands that no button can have: %+v, %d dropped", board, dropped)
	}
	var many []bot.Button
	for i := range 150 {
		many = append(many, bot.Button{Label: fmt.Sprint(i), Command: "x"})
	}
	if board, _, dropped := keyboard(many); dropped != 50 || len(board.Rows) != 20 {
		t.Errorf("%d rows, %d dropped; want 20 and 50", len(board.Rows), dropped)
	}
}
