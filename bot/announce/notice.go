package announce

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
)

// NoticePrefix begins the subjects of what moderators are told.
const NoticePrefix = "notice:"

// noticeUseful is how long a notice is worth reading.
const noticeUseful = 3 * 24 * time.Hour

// Notify tells moderators something, once for each key. Without a channel for
// them nothing is told, because the log says it already.
func (a *Announcer) Notify(ctx context.Context, now time.Time, key string, text bot.Texts) error {
	if a.moderators == nil {
		return nil
	}
	if _, err := a.store.Record(ctx, Record{Now: now, Acts: []Act{a.notice(now, key, text)}}); err != nil {
		return fmt.Errorf("recording a notice to the moderators: %w", err)
	}
	return nil
}

// notice returns the act of telling moderators.
func (a *Announcer) notice(now time.Time, key string, text bot.Texts) Act {
	if len(key) > maxKey {
		key = key[:maxKey]
	}
	return Act{
		Act: bot.Act{
			Kind:    bot.Post,
			Key:     bot.Key{Subject: NoticePrefix + oneLine(key), Address: a.moderators.Address, Occasion: bot.OccasionNew},
			Message: bot.Message{Card: bot.Card{Body: bot.Plain(text.In(a.moderators.Lang))}},
		},
		NotBefore: now, Until: now.Add(noticeUseful),
	}
}

var heldText = bot.Texts{
	bot.TraditionalChinese: "有 %d 則公告先不發，等人確認：%s。\n看清單：herald log --state held　放行：herald retry 編號",
	bot.English:            "Held until a person decides (%d): %s.\nTo see: herald log --state held. To let go: herald retry NUMBER",
}

// askAboutHeld has moderators told of what the record holds, if it holds anything.
// key tells the record from all others.
func (a *Announcer) askAboutHeld(r *Record, key string) {
	now := r.Now
	r.Ask = func(held map[string]int) (Act, bool) {
		if a.moderators == nil {
			return Act{}, false
		}
		return a.notice(now, "held:"+key, a.ask(held)), true
	}
}

// ask returns the question to moderators about what is held, by reason.
func (a *Announcer) ask(reasons map[string]int) bot.Texts {
	total := 0
	for _, n := range reasons {
		total += n
	}
	text := bot.Texts{}
	for lang, form := range heldText {
		var all []string
		for _, reason := range slices.Sorted(maps.Keys(reasons)) {
			all = append(all, a.reason(lang, reason))
		}
		text[lang] = fmt.Sprintf(form, total, strings.Join(all, "; "))
	}
	return text
}
