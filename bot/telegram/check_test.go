package telegram

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

// findings draws what Check found.
func findings(all []Finding, lang bot.Lang) string {
	var b strings.Builder
	for _, f := range all {
		mark := "ok"
		if f.Wrong {
			mark = "wrong"
		}
		fmt.Fprintf(&b, "%s\t%s: %s %s\n", mark, f.Channel, f.What[lang], f.Hint[lang])
	}
	return b.String()
}

func TestCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		at := func(chat, thread string) bot.Address {
			return bot.Address{Platform: bot.Telegram, Chat: chat, Thread: thread}
		}
		pin := ChannelConfig{Pinned: true}
		named := func(name string, a bot.Address, c ChannelConfig) Channel {
			return Channel{Channel: bot.Channel{Name: name, Address: a}, ChannelConfig: c}
		}
		r.server.AddChat(telegramtest.Chat{ID: -1, Type: "channel", Title: "Plain"})
		r.server.AddChat(telegramtest.Chat{ID: -2, Type: "supergroup", Title: "Muted", Bot: telegramtest.Member{Status: "restricted", Mute: true}})
		r.server.AddChat(telegramtest.Chat{ID: -3, Type: "channel", Title: "Gone", Bot: telegramtest.Member{Status: "kicked"}})
		r.server.AddChat(telegramtest.Chat{ID: -4, Type: "supergroup", Title: "NoPin", Bot: telegramtest.Member{Status: "member"}})
		r.SetChannels([]Channel{
			named("1-news", channelAt, pin), named("2-by-name", at("@cntug_news", ""), ChannelConfig{}), named("3-topic", topicAt, pin),
			named("4-plain", at("-1", ""), ChannelConfig{}), named("5-muted", at("-2", ""), ChannelConfig{}), named("6-gone", at("-3", ""), ChannelConfig{}),
			named("7-no-pin", at("-4", ""), pin), named("8-no-topics", at("-4", "9"), ChannelConfig{}), named("9-nowhere", at("-99", ""), ChannelConfig{}),
			named("a-private", at(fmt.Sprint(annID), ""), pin),
		})
		found := r.Check(t.Context())
		for _, lang := range bot.Langs() {
			golden(t, "check."+string(lang), findings(found, lang))
		}
		r.api.token = "1:wrong"
		if found := r.Check(t.Context()); len(found) != 1 || !found[0].Wrong || found[0].Hint[bot.English] == "" {
			t.Errorf("with a wrong token: %+v", found)
		}
		for _, c := range r.server.Calls() {
			if strings.HasPrefix(c.Method, "send") {
				t.Errorf("Check said something: %+v", c)
			}
		}
	})
}
