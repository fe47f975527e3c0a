package telegram

import (
	"time"

	"cloudnative.tw/herald/bot"
)

// pick returns the text of a language.
func pick(lang bot.Lang, chinese, english string) string {
	return bot.Texts{bot.TraditionalChinese: chinese, bot.English: english}.In(lang)
}

const (
	recapURL = "https://cloudnative.tw/blog/2023-year-end-recap"
	coverURL = "https://cloudnative.tw/img/blog/2023-recap.png"
)

// sampleMessages are announcements of each shape.
func sampleMessages(lang bot.Lang) map[string]bot.Message {
	taipei := time.FixedZone("CST", 8*60*60)
	start := time.Date(2026, 12, 12, 19, 0, 0, 0, taipei)
	moment := func(at time.Time, form bot.TimeForm, words string) bot.Text {
		return bot.Text{{Kind: bot.Time, At: at, Form: form, Text: words}}
	}
	article := bot.Message{
		Card: bot.Card{
			Title: pick(lang, "CNTUG 2023 年度回顧", "CNTUG: 2023 in review"), URL: recapURL,
			Body:  bot.Plain(pick(lang, "這一年我們辦了 12 場聚會，也第一次辦了 KCD。", "Twelve meetups this year, and our first KCD.")),
			Image: coverURL, Footer: "Gene Kuo",
		},
		Mentions: []string{"5555"},
	}
	edit := article
	edit.Mentions, edit.Footer = nil, "Gene Kuo · "+pick(lang, "已更新 12/26", "updated 26 Dec")
	return map[string]bot.Message{
		"article": article,
		"edit":    edit,
		"digest": {Card: bot.Card{
			Title: pick(lang, "本週 3 則：活動 1、文章 2", "This week: 1 event, 2 articles"),
			Body: bot.Join(
				bot.Styled(bot.Bold, pick(lang, "活動", "Events")), bot.NewLine(),
				moment(start, bot.DateAndTime, pick(lang, "12/12（六）19:00", "Sat 12 Dec, 19:00")), bot.Plain(" "),
				bot.LinkTo(pick(lang, "年末 Meetup：Gateway API 與 eBPF", "Year-end meetup: Gateway API and eBPF"), "https://ocgroups.dev/cntug/events/1"), bot.NewLine(),
				bot.Styled(bot.Bold, pick(lang, "文章", "Articles")), bot.NewLine(),
				bot.Text{{Kind: bot.Item}}, bot.LinkTo("[Workshop] Podman & *Buildah*", "https://cloudnative.tw/blog/podman"), bot.NewLine(),
				bot.Text{{Kind: bot.Item}}, bot.LinkTo("k8s_1.32 <beta>", "https://cloudnative.tw/blog/k8s-132"), bot.NewLine(),
				bot.Plain(pick(lang, "還有 3 則：/latest 8", "3 more: /latest 8")),
			),
		}},
		"reminder": {
			Card: bot.Card{
				Title: pick(lang, "明天 19:00｜年末 Meetup：Gateway API 與 eBPF", "Tomorrow 19:00 | Year-end meetup: Gateway API and eBPF"),
				URL:   "https://ocgroups.dev/cntug/events/1",
				Body: bot.Join(moment(start, bot.DateAndTime, pick(lang, "12/12（六）19:00", "Sat 12 Dec, 19:00")), bot.Plain("–"),
					moment(start.Add(150*time.Minute), bot.TimeOnly, "21:30"), bot.NewLine(),
					bot.Plain(pick(lang, "Example Space，台北市範例路 1 號 3 樓", "Example Space, 3F, 1 Example Rd, Taipei"))),
				Tone: bot.Reminder,
			},
			Buttons: []bot.Button{
				{Label: pick(lang, "報名", "Sign up"), URL: "https://ocgroups.dev/cntug/events/1"},
				{Label: pick(lang, "加入行事曆", "Add to calendar"), URL: "https://ocgroups.dev/cntug/events/1.ics"},
			},
			Silent: true,
		},
		"retraction": {
			Card:   bot.Card{Title: pick(lang, "此公告已撤回", "This announcement has been withdrawn"), Tone: bot.Cancelled},
			Silent: true,
		},
	}
}

// sampleReplies are answers of each shape.
func sampleReplies(lang bot.Lang) map[string]bot.Reply {
	numbers := func(n int) (buttons []bot.Button) {
		for i := range n {
			label := string(rune('1' + i))
			buttons = append(buttons, bot.Button{Label: label, Command: "recap 2023 " + label})
		}
		return buttons
	}
	item := func(n int, words, url string) bot.Text {
		return bot.Join(bot.Text{{Kind: bot.Item, Number: n}}, bot.LinkTo(words, url), bot.NewLine())
	}
	return map[string]bot.Reply{
		"recap": {
			Card: bot.Card{
				Title: pick(lang, "CNTUG 2023 年度回顧", "CNTUG: 2023 in review"), URL: recapURL, Image: coverURL,
				Body: bot.Join(bot.Plain("Gene Kuo · 2023-12-25"), bot.NewLine(), bot.NewLine(),
					item(1, pick(lang, "精彩回顧：Meetup 活動", "Meetups"), recapURL+"#meetups"),
					item(2, "Kubernetes Community Day Taiwan", recapURL+"#kcd"),
					item(7, pick(lang, "資金狀況", "Money"), recapURL+"#money")),
			},
			Buttons: numbers(7),
		},
		"chapter": {
			Card: bot.Card{
				Title: pick(lang, "資金狀況", "Money"), URL: recapURL + "#money",
				Body: bot.Join(bot.Plain(pick(lang, "今年收入", "Income this year")), bot.NewLine(),
					bot.Text{{Kind: bot.Quote}}, bot.Plain(pick(lang, "由 OCF 代管", "held by OCF")), bot.NewLine(),
					bot.Text{{Kind: bot.Quote}}, bot.Styled(bot.Bold, "2023"), bot.NewLine(),
					bot.Styled(bot.Code, "make report")),
				Footer: pick(lang, "CNTUG 2023 年度回顧 · 第 7 章，共 7 章", "CNTUG: 2023 in review · chapter 7 of 7"),
			},
			Buttons: []bot.Button{
				{Label: pick(lang, "‹ 目錄", "‹ Contents"), Command: "recap 2023"}, {Label: "›", Command: "recap 2023 7 2"},
				{Label: pick(lang, "2023 財務收支表（PDF）", "2023 statement (PDF)"), URL: "https://cloudnative.tw/2023.pdf"},
			},
		},
		"search": {
			Card: bot.Card{
				Title: pick(lang, "「永續」6 篇", "“永續”: 6 posts"),
				Body: bot.Join(
					bot.Text{{Kind: bot.Item, Number: 1}}, bot.Styled(bot.Bold, "CNCF Sustainability Week"), bot.Plain(" 2023-08-20\n…了解 Cloud Native 與環境"),
					bot.Styled(bot.Bold, "可持續"), bot.Plain("性的關係…\n"), bot.LinkTo("", "https://cloudnative.tw/blog/sponsor-cnsw-2023")),
			},
			Buttons: []bot.Button{{Label: "›", Command: "search 永續 /2"}}, Private: true,
		},
		"donate": {
			Card: bot.Card{
				Title: pick(lang, "支持 CNTUG", "Support CNTUG"),
				Body:  bot.ParseText(pick(lang, "捐款由**開放文化基金會（OCF）**代收。", "Donations go through the **Open Culture Foundation (OCF)**.")),
				Fields: []bot.Field{{Name: pick(lang, "2023 年的錢用在哪", "What 2023 was spent on"),
					Text: bot.Join(bot.Text{{Kind: bot.Quote}}, bot.Plain(pick(lang, "「場地與直播」", "“venues and streaming”")))}},
			},
			Buttons: []bot.Button{
				{Label: pick(lang, "線上捐款", "Donate"), URL: "https://ocf.neticrm.tw/civicrm/contribute/transact?reset=1&id=29"},
				{Label: pick(lang, "2023 收支表", "2023 statement"), URL: "https://cloudnative.tw/2023.pdf"},
			},
		},
		"sorry": {
			Card:    bot.Card{Body: bot.Plain(pick(lang, "沒有「recpa」這個指令。\n是不是要找 /recap？", "There is no command “recpa”.\nDid you mean /recap?"))},
			Buttons: []bot.Button{{Label: "/recap 2023", Command: "recap 2023"}, {Label: "/help", Command: "help"}}, Private: true, Failed: true,
		},
	}
}
