package discord

import (
	"strings"
	"testing"

	"cloudnative.tw/herald/bot"
)

func BenchmarkRenderArticle(b *testing.B) {
	m := article(bot.TraditionalChinese)
	for b.Loop() {
		Look{Lang: bot.TraditionalChinese}.Render(m)
	}
}

func BenchmarkRenderHostile(b *testing.B) {
	long := bot.Plain(strings.Repeat("*這* 是一句 <@1> 話 👩‍👩‍👧‍👦。", 5000))
	m := bot.Message{Card: bot.Card{Title: "t", URL: "https://e.org", Body: long, Footer: long.String()}}
	for range 25 {
		m.Fields = append(m.Fields, bot.Field{Name: "n", Text: long})
	}
	for b.Loop() {
		Look{Lang: bot.TraditionalChinese}.Render(m)
	}
}
