package console_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/console"
)

var recap = bot.Card{
	Title: "2023 年度回顧",
	URL:   "https://x.tw/blog/recap",
	Body: bot.Join(
		bot.Plain("1 "), bot.LinkTo("活動", "https://x.tw/blog/recap#活動"), bot.NewLine(),
		bot.Text{{Kind: bot.Item}}, bot.LinkTo("外站", "https://y.tw"), bot.NewLine(),
		bot.Styled(bot.Bold, "粗體"), bot.Plain("與"), bot.Styled(bot.Code, "code"),
	),
	Fields: []bot.Field{{Name: "欄位", Text: bot.Plain("內容")}},
	Image:  "https://x.tw/cover.jpg",
	Footer: "Gene Kuo · 2023-12-25",
}

func TestPlainCard(t *testing.T) {
	buttons := []bot.Button{{Label: "1", Command: "recap 2023 1"}, {Label: "下一頁", Command: "recap 2023 p2"}}
	const want = `2023 年度回顧
https://x.tw/blog/recap
  1 活動
  • 外站 <https://y.tw>
  粗體與code
  欄位
  內容
  🖼 https://x.tw/cover.jpg
  Gene Kuo · 2023-12-25
[1]  [2] 下一頁
`
	if diff := cmp.Diff(want, console.Look{}.Card(recap, buttons)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestColorCardOpensLinks(t *testing.T) {
	got := console.Look{Color: true, Accent: "#326ce5"}.Card(recap, nil)
	for _, want := range []string{
		"\x1b[1;38;2;50;108;229m2023 年度回顧\x1b[0m\n",
		"\x1b]8;;https://y.tw\x1b\\\x1b[4m外站\x1b[24m\x1b]8;;\x1b\\",
		"\x1b[38;2;50;108;229m▌\x1b[0m ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%q", want, got)
		}
	}
}

func TestOutsideTextCannotSteerTheTerminal(t *testing.T) {
	evil := "\x1b]0;owned\x07\x1b[31m\u202e\r\nx"
	card := bot.Card{Title: evil, URL: evil, Body: bot.LinkTo(evil, evil), Footer: evil, Image: evil,
		Fields: []bot.Field{{Name: evil, Text: bot.Plain(evil)}}}
	got := console.Look{}.Card(card, []bot.Button{{Label: evil, URL: evil}})
	if strings.ContainsAny(got, "\x1b\x07\r\u202e") {
		t.Errorf("control characters passed: %q", got)
	}
}

func TestWrap(t *testing.T) {
	card := bot.Card{Body: bot.Join(
		bot.Text{{Kind: bot.Item}},
		bot.Plain("雲端原生社群每年都會舉辦聚會，也歡迎大家來投稿。Kubernetes Community Days 開始徵稿啦！"),
	)}
	const want = `  • 雲端原生社群每年都會
    舉辦聚會，也歡迎大家
    來投稿。Kubernetes
    Community Days 開始
    徵稿啦！
`
	if diff := cmp.Diff(want, console.Look{Width: 24}.Card(card, nil)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzCard(f *testing.F) {
	f.Add("標題 title", "a，b\x1b[1m\n• c", 12)
	f.Add("", "👩‍👩‍👧‍👦 العربية", 5)
	f.Fuzz(func(t *testing.T, title, body string, width int) {
		width = 4 + max(0, width)%100
		got := console.Look{Width: width}.Card(bot.Card{Title: title, Body: bot.Plain(body)}, nil)
		if strings.ContainsRune(got, '\x1b') {
			t.Errorf("an escape sequence passed: %q", got)
		}
		if got, want := visible(got), visible(console.Clean(title)+console.Clean(body)); got != want {
			t.Errorf("wrapping changed the words: %q; want %q", got, want)
		}
	})
}

// visible takes the white space out of a text.
func visible(s string) string { return strings.Join(strings.Fields(s), "") }

func TestAddressesAreReadable(t *testing.T) {
	tests := []struct{ url, want string }{
		{"https://x.tw/a#%E8%B3%87%E9%87%91", "https://x.tw/a#資金"},
		{"https://x.tw/%2e%20%25?q=1", "https://x.tw/%2e%20%25?q=1"},
		{"https://x.tw/%FF%E8", "https://x.tw/%FF%E8"},
		{"https://x.tw/%E2%80%AE%E3%80%80", "https://x.tw/%E2%80%AE%E3%80%80"}, // turns the line around, looks empty
	}
	for _, tt := range tests {
		if got := (console.Look{}).Card(bot.Card{URL: tt.url}, nil); got != tt.want+"\n" {
			t.Errorf("Card(%q) = %q; want %q", tt.url, got, tt.want)
		}
	}
}
