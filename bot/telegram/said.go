package telegram

import (
	"context"
	"strconv"
	"strings"
	"unicode"

	tele "gopkg.in/telebot.v3"

	"cloudnative.tw/herald/bot"
)

// origin is where a command came from and where its answer goes.
type origin struct {
	channel bot.Channel
	to      Delivery
	lang    bot.Lang
	locale  string
	// direct is whether it is a private chat.
	direct bool
}

// said answers a line that a member typed, if it is for the bot. It reports
// whether anything was answered.
func (r *receiver) said(ctx context.Context, m *tele.Message) bool {
	if m.Via != nil || m.AutomaticForward || m.Sender != nil && m.Sender.IsBot && m.SenderChat == nil {
		return false // what another bot said, or this one by inline mode, or a channel
	}
	direct := m.Chat.Type == tele.ChatPrivate
	cmd, addressed, ok := r.parse(m.Text, direct)
	if !ok {
		return false
	}
	o, configured := r.origin(m, direct)
	known := r.names[foldName(cmd.Name)]
	switch {
	case !direct && !known && !addressed: // it may be for another bot
		return false
	case !direct && !configured && !r.Anywhere && foldName(cmd.Name) != "id" && !r.isLinked(ctx, m.Chat.ID):
		return false
	}
	switch r.members.ask(m.Time(), memberID(m)) { // when it was typed: it may have waited
	case beSilent:
		return false
	case tellToWait:
		return r.answer(ctx, o, bot.Reply{Card: bot.Card{Body: bot.Plain(tooMany.In(o.lang))}, Failed: true})
	case answerIt:
	}
	if direct && foldName(cmd.Name) == "start" && cmd.Args != "" {
		if cmd, ok = r.opened(ctx, cmd.Args); !ok {
			return r.answer(ctx, o, bot.Reply{Card: bot.Card{Body: bot.Plain(expired.In(o.lang))}, Failed: true})
		}
	}
	cmd.Channel, cmd.Locale, cmd.Direct = o.channel, o.locale, direct
	reply, err := r.ask(ctx, cmd)
	if err != nil {
		r.log.Warn("a command was not answered", "err", err)
		return false
	}
	if reply.Private && !direct && !reply.Failed {
		reply = r.glimpse(ctx, reply, cmd, o.lang)
	}
	return r.answer(ctx, o, reply)
}

// origin returns where a message came from; configured is whether config.yaml
// names that place.
func (r *receiver) origin(m *tele.Message, direct bool) (o origin, configured bool) {
	thread := 0
	if m.TopicMessage { // elsewhere the number is of a reply's thread, not of a topic
		thread = m.ThreadID
	}
	o.channel, configured = r.place(m.Chat.ID, thread)
	if m.Sender != nil {
		o.locale = m.Sender.LanguageCode
	}
	o.direct = direct
	o.lang = r.lang(o.locale, o.channel)
	o.to = Delivery{To: bot.Address{Platform: bot.Telegram, Chat: strconv.FormatInt(m.Chat.ID, 10)}}
	if thread != 0 {
		o.to.To.Thread = strconv.Itoa(thread)
	}
	if !direct {
		o.to.ReplyTo = m.ID
	}
	return o, configured
}

// memberID is whose patience is counted: the member's, or that of the channel
// or group that speaks in its own name.
func memberID(m *tele.Message) int64 {
	switch {
	case m.SenderChat != nil:
		return m.SenderChat.ID
	case m.Sender != nil:
		return m.Sender.ID
	}
	return m.Chat.ID
}

// parse reads a line: "/recap 2023", "/recap@bot 2023", "／回顧 2023". In a
// private chat the slash may be missing. addressed is whether the bot was named;
// ok is whether the line may be for the bot.
func (r *receiver) parse(text string, direct bool) (cmd bot.Command, addressed, ok bool) {
	text = strings.TrimSpace(text)
	line, slashed := strings.CutPrefix(text, "/")
	if !slashed {
		line, slashed = strings.CutPrefix(text, "／")
	}
	if line == "" || !slashed && !direct {
		return bot.Command{}, false, false
	}
	end := strings.IndexFunc(line, unicode.IsSpace)
	if end < 0 {
		end = len(line)
	}
	name, whom, addressed := strings.Cut(line[:end], "@")
	if addressed && !strings.EqualFold(whom, r.me.Username) {
		return bot.Command{}, false, false
	}
	return bot.Command{Name: name, Args: strings.TrimSpace(line[end:])}, addressed, name != ""
}

func (r *receiver) migrated(m *tele.Message) bool {
	if r.Moved != nil {
		r.Moved(
			bot.Address{Platform: bot.Telegram, Chat: strconv.FormatInt(m.Chat.ID, 10)},
			bot.Address{Platform: bot.Telegram, Chat: strconv.FormatInt(m.MigrateTo, 10)},
		)
	}
	return false
}
