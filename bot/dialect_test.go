package bot_test

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
)

func words(s string) bot.Span                { return bot.Span{Text: s} }
func styled(st bot.Style, s string) bot.Span { return bot.Span{Style: st, Text: s} }
func link(s, url string) bot.Span            { return bot.Span{Kind: bot.Link, Text: s, URL: url} }

var line = bot.Span{Kind: bot.Line}

func TestParseText(t *testing.T) {
	tests := []struct {
		name, in string
		want     bot.Text
	}{
		{"empty", "", nil},
		{"blank", " \n\n", nil},
		{"words", "你好", bot.Text{words("你好")}},
		{"lines", "一\n二\n\n三", bot.Text{words("一"), line, words("二"), line, line, words("三")}},
		{"bold beside Chinese punctuation", "**注意：**請先報名", bot.Text{styled(bot.Bold, "注意："), words("請先報名")}},
		{"bold within Chinese", "這是**「重點」**喔", bot.Text{words("這是"), styled(bot.Bold, "「重點」"), words("喔")}},
		{"italic and both", "*a* ***b***", bot.Text{styled(bot.Italic, "a"), words(" "), styled(bot.Bold|bot.Italic, "b")}},
		{"lone stars", "2 * 3 ** 4", bot.Text{words("2 * 3 ** 4")}},
		{"underscores are words", "snake_case_name _x_", bot.Text{words("snake_case_name _x_")}},
		{"code", "`a*b` c", bot.Text{styled(bot.Code, "a*b"), words(" c")}},
		{"escapes", `\*not\* \[x\](y)`, bot.Text{words("*not* [x](y)")}},
		{"link", "[捐款](https://ocf.tw/p?a=1&b=2)。", bot.Text{link("捐款", "https://ocf.tw/p?a=1&b=2"), words("。")}},
		{"bold link", "**[a](https://x.tw)**", bot.Text{{Kind: bot.Link, Style: bot.Bold, Text: "a", URL: "https://x.tw"}}},
		{"autolink", "<https://x.tw/a>", bot.Text{{Kind: bot.Link, URL: "https://x.tw/a"}}},
		{"mail", "<a@x.tw>", bot.Text{link("a@x.tw", "mailto:a@x.tw")}},
		{"script is no link", "[x](javascript:alert(1))", bot.Text{words("x")}},
		{"relative is no link", "[x](/a)", bot.Text{words("x")}},
		{"html is words", "<b>x</b> & <script>", bot.Text{words("<b>x</b> & <script>")}},
		{"heading is words", "# 標題", bot.Text{words("# 標題")}},
		{"mention is words", "@everyone <@&1>", bot.Text{words("@everyone <@&1>")}},
		{"list", "- 一\n- 二\n  - 三", bot.Text{
			{Kind: bot.Item}, words("一"), line, {Kind: bot.Item}, words("二"), line,
			{Kind: bot.Item, Depth: 1}, words("三")}},
		{"ordered", "3. a\n4. b", bot.Text{{Kind: bot.Item, Number: 3}, words("a"), line, {Kind: bot.Item, Number: 4}, words("b")}},
		{"quote", "> 一\n> 二\n\n三", bot.Text{
			{Kind: bot.Quote}, words("一"), line, {Kind: bot.Quote}, words("二"), line, line, words("三")}},
		{"placeholder", "**{title}**\n{link}", bot.Text{styled(bot.Bold, "{title}"), line, words("{link}")}},
		{"control of bytes", "a\xff", bot.Text{words("a\uFFFD")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, bot.ParseText(tt.in)); diff != "" {
				t.Errorf("ParseText(%q) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func FuzzParseText(f *testing.F) {
	for _, s := range []string{"**a** [b](https://c) `d`\n- e\n> f", "***", "[a](<b>", "> - > 1. x", "\x00\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, span := range bot.ParseText(s) {
			if !utf8.ValidString(span.Text) {
				t.Errorf("invalid UTF-8 in %q", span.Text)
			}
			if span.Kind == bot.Mention {
				t.Error("text made a mention")
			}
			if span.Kind == bot.Link && span.URL == "" {
				t.Error("a link leads nowhere")
			}
		}
	})
}
