package store

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
)

// full uses every field of every type that a message is made of.
var full = bot.Message{
	Card: bot.Card{
		Title: "CNTUG 2023 年度回顧 <@&1> @everyone \u0000",
		URL:   "https://example.org/?a=1&b=<2>",
		Body: bot.Text{
			{Kind: bot.Item, Depth: 2, Number: 3},
			{Kind: bot.Words, Style: bot.Bold | bot.Code, Text: "粗"},
			{Kind: bot.Link, Text: "l", URL: "https://example.org"},
			{Kind: bot.Time, At: time.Date(2026, 12, 12, 19, 0, 0, 5, time.FixedZone("", 8*3600)), Form: bot.Relative, Text: "明天"},
			{Kind: bot.Line}, {Kind: bot.Quote}, {Kind: bot.Mention, Text: "5555"},
		},
		Fields: []bot.Field{{Name: "地點", Text: bot.Plain("Example Space")}},
		Image:  "https://example.org/a.png",
		Footer: "Gene",
		Tone:   bot.Cancelled,
	},
	Mentions: []string{"5555"},
	Buttons:  []bot.Button{{Label: "報名", URL: "https://example.org/"}, {Label: "1", Command: "recap 2023 1"}},
	Tags:     []string{"cfp"},
	Silent:   true,
}

// stored is how full has been stored since version 1. A store in use holds such
// bodies: if this test fails, bodies of old acts can no longer be read.
const stored = `{"v":1,"message":{"title":"CNTUG 2023 年度回顧 \u003c@\u00261\u003e @everyone \u0000","url":"https://example.org/?a=1\u0026b=\u003c2\u003e","body":[{"kind":5,"depth":2,"number":3},{"style":5,"text":"粗"},{"kind":1,"text":"l","url":"https://example.org"},{"kind":2,"text":"明天","at":"2026-12-12T19:00:00.000000005+08:00","form":3},{"kind":4},{"kind":6},{"kind":3,"text":"5555"}],"fields":[{"name":"地點","text":[{"text":"Example Space"}]}],"image":"https://example.org/a.png","footer":"Gene","tone":3,"mentions":["5555"],"buttons":[{"label":"報名","url":"https://example.org/"},{"label":"1","command":"recap 2023 1"}],"tags":["cfp"],"silent":true}}`

func TestBodiesAreStoredAsEver(t *testing.T) {
	got, err := encode(full)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(stored, got); diff != "" {
		t.Errorf("stored body (-want +got):\n%s", diff)
	}
	m, err := decode(stored)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(full, m); diff != "" {
		t.Errorf("message read (-want +got):\n%s", diff)
	}
}

func TestBodiesOfAnotherVersionAreRefused(t *testing.T) {
	for _, s := range []string{"", "{}", `{"v":2,"message":{}}`, `{"v":1,"message":{"title":1}}`} {
		if m, err := decode(s); err == nil {
			t.Errorf("decode(%q) = %+v", s, m)
		}
	}
}

func FuzzMessagesSurviveStoring(f *testing.F) {
	f.Add("title", "words", "https://example.org", int64(0), 1, 2, true)
	f.Add("\x00\u202e", "<@&1>\n", "javascript:", int64(253402300799), -1, 255, false)
	f.Fuzz(func(t *testing.T, title, words, link string, seconds int64, depth, kind int, silent bool) {
		for _, s := range []*string{&title, &words, &link} {
			*s = strings.ToValidUTF8(*s, "")
		}
		m := bot.Message{Card: bot.Card{Title: title, URL: link, Footer: words}, Mentions: []string{words}, Tags: []string{title}, Silent: silent}
		m.Body = append(bot.Styled(bot.Style(kind), words), bot.Span{
			Kind: bot.SpanKind(kind), Text: title, URL: link, At: time.Unix(seconds, int64(depth)).UTC(), Depth: depth, Number: kind,
		})
		m.Buttons = []bot.Button{{Label: title, URL: link, Command: words}}
		s, err := encode(m)
		if err != nil {
			return // a year that has no four digits
		}
		got, err := decode(s)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, got); diff != "" {
			t.Errorf("message (-want +got):\n%s", diff)
		}
	})
}
