package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/feeds"
)

// sourceNotices tells moderators how sources are doing.
type sourceNotices struct {
	cfg       *Config
	announcer *announce.Announcer
}

var sourceTexts = map[feeds.Kind]phrase{
	feeds.Failing:   {"The source %[1]s has failed since %[2]s: %[3]s\nHerald keeps trying.", "來源「%[1]s」從 %[2]s 起讀不到：%[3]s\nHerald 會繼續試。"},
	feeds.Gone:      {"The source %[1]s says that it will not be back: %[3]s\nIs its address in config.yaml still right?", "來源「%[1]s」說它不會再回來了：%[3]s\n請看看 config.yaml 裡的網址還對不對。"},
	feeds.Recovered: {"The source %[1]s can be read again.", "來源「%[1]s」又讀得到了。"},
	feeds.Remark:    {"The source %[1]s: %[3]s", "來源「%[1]s」：%[3]s"},
}

// Tell implements feeds.Teller.
func (s sourceNotices) Tell(ctx context.Context, now time.Time, n feeds.Notice) error {
	key := fmt.Sprintf("source:%s:%s:%d:%s", feedName(bot.English, n.Source, n.Feed), n.Kind, n.Since.Unix(), n.Text)
	return s.announcer.Notify(ctx, now, key, s.cfg.noticeOf(n))
}

// noticeOf says how a source is doing, at the community's time.
func (c *Config) noticeOf(n feeds.Notice) bot.Texts {
	name := inAll(func(lang bot.Lang) string { return feedName(lang, n.Source, n.Feed) })
	return sourceTexts[n.Kind].with(name, c.moment(n.Since), sourceTrouble(n.Text))
}

var outcomeTexts = map[outbox.State]phrase{
	outbox.Failed:    {"Not said in %s: %s\n%s\nTry again: herald retry %d", "沒有發到「%s」：%s\n%s\n再試一次：herald retry %d"},
	outbox.Held:      {"Held, and not said in %s: %s\n%s\nLet it go: herald retry %d", "先不發到「%s」：%s\n%s\n要發的話執行：herald retry %d"},
	outbox.Uncertain: {"It is not known whether this was said in %s: %s\n%s\nLook there, and if it is missing: herald retry %d", "不確定有沒有發到「%s」：%s\n%s\n請去看一眼，沒有的話執行：herald retry %d"},
}

// outcomeNotices returns what tells moderators of messages that were not said,
// also of those whose end comes after that of ctx.
func (a *app) outcomeNotices(ctx context.Context, announcer *announce.Announcer) func(outbox.Act, outbox.Outcome) {
	ctx = context.WithoutCancel(ctx)
	return func(act outbox.Act, out outbox.Outcome) {
		form, ok := outcomeTexts[out.State]
		if !ok || strings.HasPrefix(act.Subject, announce.NoticePrefix) {
			return
		}
		ctx, cancel := context.WithTimeout(ctx, noticeTime)
		defer cancel()
		text := inAll(func(lang bot.Lang) string {
			return form.in(lang, a.cfg.channelName(act.Address), titleOf(act.Message), reasonIn(lang, out.Reason), act.ID)
		})
		if err := announcer.Notify(ctx, a.env.now(), fmt.Sprintf("outcome:%d:%d", act.ID, act.Fence), text); err != nil {
			a.log.Error("moderators could not be told", "err", err)
		}
	}
}

// noticeTime is how long recording a notice may take.
const noticeTime = 5 * time.Second
