package discord

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares v, as indented JSON, with a file of testdata.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	var got bytes.Buffer
	encoder := json.NewEncoder(&got)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s: want -, got + (write with -update after reading it)\n%s", path, diff)
	}
}

// in picks the wording of a language.
func in(lang bot.Lang, chinese, english string) string { return both(chinese, english).In(lang) }

var evening = time.Date(2026, 12, 12, 19, 0, 0, 0, time.FixedZone("", 8*3600))

func article(lang bot.Lang) bot.Message {
	return bot.Message{
		Card: bot.Card{
			Title:  in(lang, "[Workshop] CNTUG 2023 年度回顧：*真的* <3", "[Workshop] CNTUG 2023 in *review* <3"),
			URL:    "https://cloudnative.tw/blog/2023-year-end-recap",
			Body:   bot.Plain(in(lang, "這一年我們辦了十二場聚會，也第一次辦了 KCD Taiwan。", "We held twelve meetups this year, and the first KCD Taiwan.")),
			Image:  "https://cloudnative.tw/img/cover.png",
			Footer: in(lang, "Gene Kuo · 部落格", "Gene Kuo · Blog"),
		},
		Mentions: []string{"5555"},
	}
}

func digest(lang bot.Lang) bot.Message {
	return bot.Message{Card: bot.Card{
		Title: in(lang, "本週 3 則：活動 1、文章 2", "This week: 1 event, 2 articles"),
		Body: bot.Join(
			bot.Styled(bot.Bold, in(lang, "活動", "Events")), bot.NewLine(),
			bot.Text{{Kind: bot.Time, At: evening, Text: "12/12 19:00"}}, bot.Plain(" "),
			bot.LinkTo(in(lang, "年末 Meetup：Gateway API 與 eBPF", "Year-end meetup: Gateway API and eBPF"), "https://ocgroups.dev/e/1"), bot.NewLine(),
			bot.Styled(bot.Bold, in(lang, "文章", "Articles")), bot.NewLine(),
			bot.Text{{Kind: bot.Item}}, bot.LinkTo("Kubernetes Community Days Taipei 2024", "https://cloudnative.tw/blog/kcd"), bot.NewLine(),
			bot.Text{{Kind: bot.Item}}, bot.LinkTo("[Workshop] Podman 101", "https://cloudnative.tw/blog/podman_(101)"), bot.NewLine(),
			bot.Plain(in(lang, "還有 3 則：/latest 8", "3 more: /latest 8")),
		),
	}}
}

func reminder(lang bot.Lang) bot.Message {
	return bot.Message{
		Card: bot.Card{
			Title: in(lang, "明天 19:00｜年末 Meetup", "Tomorrow 19:00 | Year-end meetup"),
			URL:   "https://ocgroups.dev/e/1",
			Body: bot.Join(bot.Text{{Kind: bot.Time, At: evening, Text: "12/12 19:00"}}, bot.NewLine(),
				bot.Plain(in(lang, "Example Space，台北市範例路 1 號 3 樓", "Example Space, 3F, 1 Example Road, Taipei"))),
			Tone: bot.Reminder,
		},
		Buttons: []bot.Button{
			{Label: in(lang, "報名", "Register"), URL: "https://ocgroups.dev/e/1/register"},
			{Label: in(lang, "加入行事曆", "Add to calendar"), URL: "https://ocgroups.dev/e/1.ics"},
		},
		Silent: true,
	}
}

func edit(lang bot.Lang) bot.Message {
	m := article(lang)
	m.Mentions = nil
	m.Footer += in(lang, " · 已更新 12/26", " · updated 26 Dec")
	return m
}

func retraction(lang bot.Lang) bot.Message {
	return bot.Message{Silent: true, Card: bot.Card{
		Title: in(lang, "此公告已撤回", "This announcement has been withdrawn"), Tone: bot.Cancelled,
	}}
}

func TestMessagesAsDrawn(t *testing.T) {
	for name, message := range map[string]func(bot.Lang) bot.Message{
		"article": article, "digest": digest, "reminder": reminder, "edit": edit, "retraction": retraction,
	} {
		for _, lang := range bot.Langs() {
			payload, cuts := Look{Lang: lang, Accent: "#326ce5"}.Render(message(lang))
			if len(cuts) > 0 {
				t.Errorf("%s in %s was cut: %v", name, lang, cuts)
			}
			golden(t, name+"."+string(lang), payload)
		}
	}
}

func TestPreviewLeavesThePictureToDiscord(t *testing.T) {
	payload, _ := Look{Lang: bot.TraditionalChinese, Preview: true}.Render(article(bot.TraditionalChinese))
	golden(t, "preview", payload)
}

// replies are the shapes that answers to commands have.
func replies(lang bot.Lang) map[string]bot.Reply {
	var numbers []bot.Button
	for i, n := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		numbers = append(numbers, bot.Button{Label: n, Command: "recap 2023 " + n})
		_ = i
	}
	page := "https://cloudnative.tw/blog/2023-year-end-recap"
	return map[string]bot.Reply{
		"contents": {
			Card: bot.Card{
				Title: "CNTUG 2023 年度回顧", URL: page, Image: "https://cloudnative.tw/img/cover.svg",
				Body: bot.Join(bot.Plain("Gene Kuo · 2023-12-25\n\n"),
					bot.Text{{Kind: bot.Item, Number: 1}}, bot.LinkTo("精彩回顧：Meetup 活動", page+"#meetups"), bot.NewLine(),
					bot.Text{{Kind: bot.Item, Number: 2}}, bot.LinkTo("資金狀況", page+"#finance")),
			},
			Buttons: numbers,
		},
		"chapter": {
			Card: bot.Card{
				Title: "資金狀況", URL: page + "#finance", Footer: "CNTUG 2023 年度回顧 · 7/7",
				Body: bot.ParseText("今年**收入**來自 *贊助* 與 `小額捐款`。\n\n> 謝謝每一位\n> 捐款人\n\n1. 場地\n2. 餐點\n   - 披薩"),
			},
			Buttons: []bot.Button{
				{Label: in(lang, "‹ 目錄", "‹ contents"), Command: "recap 2023"}, {Label: "›", Command: "recap 2023 8"},
				{Label: in(lang, "2023 收支表", "accounts of 2023"), URL: "https://cloudnative.tw/files/2023.pdf"},
			},
			Private: true,
		},
		"search": {
			Card: bot.Card{
				Title: in(lang, "「永續」1 篇", "1 post for “永續”"),
				Body: bot.Join(bot.Text{{Kind: bot.Item, Number: 1}}, bot.Styled(bot.Bold, "贊助商募集: CNCF Sustainability Week"), bot.NewLine(),
					bot.Plain("…了解 Cloud Native 與環境"), bot.Styled(bot.Bold, "可持續"), bot.Plain("性的關係…\n"),
					bot.LinkTo("", "https://cloudnative.tw/blog/sponsor-cnsw-2023")),
			},
			Private: true,
		},
		"fields": {
			Card: bot.Card{
				Title:  in(lang, "支持 CNTUG", "Support CNTUG"),
				Body:   bot.Plain(in(lang, "捐款由開放文化基金會（OCF）代收。", "Donations are collected by the OCF.")),
				Fields: []bot.Field{{Name: in(lang, "2023 年的錢用在哪", "Where the money went in 2023"), Text: bot.Plain(in(lang, "「場地與餐點」", "“venues and food”"))}},
			},
		},
		"sorry": {
			Card:    bot.Card{Body: bot.Plain(in(lang, "沒有 /recpa 這個指令。\n你是不是要找 /recap？", "There is no command /recpa.\nDid you mean /recap?"))},
			Buttons: []bot.Button{{Label: "/recap", Command: "recap"}, {Label: "/help", Command: "help"}},
			Private: true, Failed: true,
		},
		"nothing": {},
	}
}

func TestRepliesAsDrawn(t *testing.T) {
	for _, lang := range bot.Langs() {
		for name, reply := range replies(lang) {
			payload, _ := Look{Lang: lang, Accent: "#326ce5"}.Reply(reply)
			golden(t, "reply-"+name+"."+string(lang), payload)
		}
	}
}
