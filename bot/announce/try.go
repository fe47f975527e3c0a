package announce

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/feeds"
)

var testMark = bot.Texts{bot.TraditionalChinese: "〔測試〕", bot.English: "[test] "}

// Try returns what an announcement says in a channel of an item, or says on its
// schedule, marked as a test. It notifies nobody. The error tells why an item
// would not be said.
func (a *Announcer) Try(ctx context.Context, now time.Time, name string, channel Channel, item feeds.Item) (bot.Message, error) {
	i := slices.IndexFunc(a.announcements, func(ann Announcement) bool { return ann.Name == name })
	if i < 0 {
		return bot.Message{}, fmt.Errorf("there is no announcement %q", name)
	}
	ann := &a.announcements[i]
	var m bot.Message
	switch {
	case ann.Command != "":
		var why string
		if m, why = a.answered(ctx, ann, channel, now); why != "" {
			return m, errors.New(why)
		}
	case len(ann.Text) > 0:
		m = bot.Message{Card: bot.Card{Body: textIn(ann.Text, channel.Lang)}}
	default:
		if why, pass := ann.Filter.Why(item); !pass {
			return m, fmt.Errorf("the newest item is held back by its filter: %s", why)
		}
		if m = a.say(item, place{announcement: ann, channel: channel}); ann.Digest {
			m = composeDigest([]feeds.Item{item}, channel.Lang, 0, "")
		}
	}
	return marked(m, channel.Lang), nil
}

// marked returns a message as a test of itself.
func marked(m bot.Message, lang bot.Lang) bot.Message {
	mark := testMark.In(lang)
	m.Mentions, m.Silent = nil, true
	if m.Title != "" {
		m.Title = mark + m.Title
		return m
	}
	m.Body = bot.Join(bot.Plain(mark), m.Body)
	return m
}

// ItemOf returns a post as an item of news. It reads the post's body.
func ItemOf(p *content.Post) (feeds.Item, error) { return fromPost(p) }
