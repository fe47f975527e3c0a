package announce

import (
	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

type Template struct{ s string }

func (c Config) templates(report func(string, error)) map[bot.Lang]Template { return nil }
func (a *Announcer) composeTemplate(t Template, item feeds.Item, lang bot.Lang) bot.Message {
	return bot.Message{}
}
func composeDigest(items []feeds.Item, lang bot.Lang, period string) bot.Message {
	m := bot.Message{Card: bot.Card{Title: "digest"}}
	for _, i := range items {
		m.Body = append(m.Body, bot.Join(bot.Text{{Kind: bot.Item}}, bot.LinkTo(i.Title, i.URL), bot.NewLine())...)
	}
	return m
}
func (a *Announcement) period() string { return "" }
