package command_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/command"
	"cloudnative.tw/herald/content"
)

// An invented community: two written recaps, of which the newer leaves money
// out, a year that has only meetups, and a small glossary in two languages.

const home = "https://example.org"

func day(s string) time.Time {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		panic(err)
	}
	return t
}

func paragraph(text string) content.Block {
	return content.Block{Runs: []content.Run{{Text: text}}}
}

func linked(before, text, url, after string) content.Block {
	return content.Block{Runs: []content.Run{{Text: before}, {Text: text, URL: url}, {Text: after}}}
}

func heading(level int, text string, blocks ...content.Block) content.Section {
	return content.Section{Heading: text, Level: level, Anchor: strings.ReplaceAll(strings.ToLower(text), " ", "-"), Blocks: blocks}
}

func post(p content.Post, sections ...content.Section) *content.Post {
	p.Path = p.Source + "/" + p.Slug + ".md"
	p.Entry = "site"
	p.URL = home + "/" + p.Source + "/" + p.Slug
	return content.NewPost(p, func() content.Body { return content.Body{Sections: sections} })
}

func tags(names ...string) []content.Tag {
	all := make([]content.Tag, len(names))
	for i, name := range names {
		all[i] = content.Tag{Label: name, Permalink: strings.ToLower(name)}
	}
	return all
}

func recap2023() *content.Post {
	photo := heading(2, "夏日營隊", paragraph("七月的營隊有八十人參加。"))
	photo.Images = []content.Image{{URL: home + "/img/logo.svg"}, {URL: home + "/img/camp.jpg", Alt: "營火"}}
	return post(content.Post{
		Source: "blog", Kind: content.Article, Slug: "2023-in-review", Title: "範例雲端社群 2023 年度回顧", Lang: "zh-TW",
		Date: time.Date(2023, 12, 28, 18, 0, 0, 0, time.UTC), Tags: tags("Recap"),
		Authors: []content.Author{{Name: "王小明", URL: home + "/people/ming"}, {Name: "Jane Doe"}},
	},
		heading(2, "導言", paragraph("這是我們的第三個年頭。謝謝每一位走進聚會現場、寫下筆記、提出問題，還有默默搬椅子的朋友，因為有你們，這一年的每個月都有新的話題可以聊，也有新的夥伴加入。")),
		photo,
		heading(2, "讀書會",
			paragraph(strings.Repeat("我們每個月讀一本書，並且寫下心得。", 40)),
			content.Block{Kind: content.Item, Runs: []content.Run{{Text: "第一季：容器"}}},
			content.Block{Kind: content.Item, Runs: []content.Run{{Text: "第二季：網路"}}},
			linked("筆記在", "共筆", "https://notes.example.org/2023", "。")),
		heading(3, "書單", content.Block{Kind: content.Code, Runs: []content.Run{{Text: "1984\nSRE"}}}),
		heading(2, "財務狀況",
			paragraph("以下是今年的收支。"),
			linked("", "社群專戶收支表", home+"/pdf/2022_money.pdf", ""),
			linked("", "社群專戶收支表", home+"/pdf/2023_money.pdf", ""),
			paragraph("今年的捐款用來租場地、買營隊的便當，並且補助三位外縣市講者的車資；其餘的錢留作明年的網域與主機費用，細項都列在收支表裡，歡迎大家查閱並且提出問題，我們會在每季的聚會上說明，也會把問答整理在網站上。"),
			linked("歡迎", "捐款", "https://give.example.org/", "支持。")),
	)
}

func recap2024() *content.Post {
	return post(content.Post{
		Source: "blog", Kind: content.Article, Slug: "2024-in-review", Title: "範例雲端社群 2024 年度回顧", Lang: "zh-TW",
		Date: day("2025-01-05"), Tags: tags("Recap"), Authors: []content.Author{{Name: "王小明", URL: home + "/people/ming"}},
		Image: home + "/img/cover.png",
	}, heading(2, "聚會", paragraph("辦了兩場。")), heading(2, "明年見", paragraph("明年見。")))
}

func meetup(date, title string) *content.Post {
	return post(content.Post{
		Source: "meetups", Kind: content.Page, Slug: strings.ReplaceAll(date, "-", ""), Title: title, Date: day(date), Lang: "zh-TW",
	}, heading(2, "議程", paragraph("兩場分享。")))
}

func term(lang, slug, title, definition string) *content.Post {
	source := "terms-" + strings.ToLower(lang)
	return post(content.Post{
		Source: source, Kind: content.Term, Slug: slug, Title: title, Lang: lang, License: "Example Glossary, CC BY 4.0",
	}, content.Section{Heading: "是什麼", Level: 2, Anchor: "what-it-is", Blocks: []content.Block{paragraph(definition)}},
		heading(2, "解決的問題", paragraph("不該出現在定義裡。")))
}

func invented() []*content.Post {
	posts := []*content.Post{
		recap2023(), recap2024(),
		post(content.Post{
			Source: "blog", Kind: content.Article, Slug: "cfp", Title: "[徵稿] 夏日營隊 @everyone *開始* 投稿", Lang: "zh-TW",
			Date: day("2023-04-03"), Tags: tags("CfP", "camp"), Authors: []content.Author{{Name: "Jane Doe"}},
		}, heading(2, "怎麼投稿", paragraph("填表單。"))),
		post(content.Post{Source: "pages", Kind: content.Page, Slug: "intro", Title: "關於我們", Lang: "zh-TW"},
			heading(2, "我們是誰", paragraph("一群人。"))),
		post(content.Post{Source: "blog", Kind: content.Article, Slug: "secret", Title: "不公開", Date: day("2024-02-02"), Unlisted: true}),
		meetup("2024-03-01", "第 20 次小聚"), meetup("2024-03-29", "第 21 次小聚"),
		term("zh-TW", "container", "容器", "容器是跑在作業系統上、資源受限制的行程。"),
		term("en", "container", "Container", "A container is a process that the operating system confines."),
		term("zh-TW", "service-mesh", "服務網格 (Service Mesh)", strings.Repeat("服務網格管理服務之間的連線，", 40)+"完。"),
	}
	for month := 1; month <= 12; month++ {
		posts = append(posts, meetup(fmt.Sprintf("2020-%02d-04", month), fmt.Sprintf("第 %d 次小聚", month)))
	}
	return append(posts, meetup("2020-04-18", "線上特別場"))
}

type library struct{ snapshot *content.Snapshot }

func (l library) Snapshot() *content.Snapshot { return l.snapshot }

// searcher finds what the test put there.
type searcher struct {
	result content.Result
	err    error
	asked  content.Query
}

func (s *searcher) Search(_ context.Context, q content.Query) (content.Result, error) {
	s.asked = q
	return s.result, s.err
}

func (s *searcher) Complete(_ context.Context, prefix string, limit int) ([]string, error) {
	return []string{prefix + "一", prefix + "二"}, s.err
}

func configs() map[string]command.Config {
	donation := "https://give.example.org/?a=1&b=2"
	return map[string]command.Config{
		"recap": {Tag: "recap"},
		"donate": {
			Text:    bot.Texts{"zh-TW": "捐款由**範例基金會**代收。", "en": "Donations go through the **Example Foundation**."},
			Quote:   &command.Quote{Tag: "recap", Section: []string{"資金狀況", "財務狀況"}},
			Buttons: []command.ButtonConfig{{Text: bot.Texts{"zh-TW": "線上捐款", "en": "Donate"}, URL: donation}},
		},
		"join": {
			Text:    bot.Texts{"zh-TW": "歡迎加入！\n\n- [聊天室](https://chat.example.org)\n- 每月第一個週五見", "en": "Welcome! Find us in the [chat](https://chat.example.org)."},
			Aliases: []string{"加入"},
			Buttons: []command.ButtonConfig{
				{Text: bot.Texts{"": "Chat"}, URL: "https://chat.example.org"},
				{Text: bot.Texts{"zh-TW": "行事曆", "en": "Calendar"}, URL: "https://cal.example.org"},
			},
		},
		"camp":   {Quote: &command.Quote{Tag: "recap", Section: []string{"讀書會"}}},
		"secret": {Text: bot.Texts{"": "噓。"}, Hidden: true},
	}
}

func options(posts []*content.Post) command.Options {
	return command.Options{
		Community: command.Community{
			Name: "範例雲端社群", URL: home, Language: bot.TraditionalChinese,
			About: bot.Texts{"zh-TW": "我們喜歡聊**雲端**。", "en": "We like to talk about **clouds**."},
			Zone:  time.FixedZone("Taipei", 8*60*60),
		},
		Commands: configs(),
		Library:  library{content.NewSnapshot(posts, nil, nil)},
		Searcher: &searcher{},
		// In Taipei the new year has begun.
		Now:     func() time.Time { return time.Date(2025, 12, 31, 20, 0, 0, 0, time.UTC) },
		Version: "v1.2.3",
		Log:     slog.New(slog.DiscardHandler),
	}
}

func table(t testing.TB, o command.Options) *command.Table {
	t.Helper()
	table, err := command.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// ask types a line on the console.
func ask(t testing.TB, table *command.Table, locale, line string) bot.Reply {
	t.Helper()
	name, args, _ := strings.Cut(line, " ")
	return table.Handle(t.Context(), bot.Command{
		Name: name, Args: args, Locale: locale,
		Channel: bot.Channel{Address: bot.Address{Platform: bot.Console, Chat: "console"}},
	})
}
