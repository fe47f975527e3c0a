package telegram

import (
	"context"
	"strconv"
	"strings"

	tele "gopkg.in/telebot.v3"

	"cloudnative.tw/herald/bot"
)

// maxNotice is the longest text of an answer to a pressed button
// (https://core.telegram.org/bots/api#answercallbackquery).
const maxNotice = 200

type answerCallbackQuery struct {
	ID    string `json:"callback_query_id"`
	Text  string `json:"text,omitzero"`
	Alert bool   `json:"show_alert,omitzero"`
	URL   string `json:"url,omitzero"`
}

// pressed runs the command of a button. The answer takes the place of the
// message that has the button, also after a restart: the button carries all that
// is needed. A channel's message stays as it is, because everybody reads it; the
// answer is in the private chat.
func (r *receiver) pressed(ctx context.Context, cb *tele.Callback) bool {
	if cb.Sender == nil {
		return false
	}
	lang := r.lang(cb.Sender.LanguageCode, bot.Channel{})
	switch r.members.ask(r.now(), cb.Sender.ID) {
	case beSilent:
		return false
	case tellToWait:
		return r.notice(ctx, answerCallbackQuery{ID: cb.ID, Text: tooMany.In(lang), Alert: true})
	case answerIt:
	}
	cmd, ok := r.commandOfButton(ctx, cb.Data)
	switch {
	case !ok:
		return r.notice(ctx, answerCallbackQuery{ID: cb.ID, Text: expired.In(lang), Alert: true})
	case cb.Message == nil || cb.Message.Chat == nil || cb.Message.Chat.Type == tele.ChatChannel:
		link, err := r.link(ctx, commandLine(cmd))
		if err != nil {
			r.log.Warn("a pressed button was not answered", "err", err)
		}
		return r.notice(ctx, answerCallbackQuery{ID: cb.ID, URL: link})
	}
	return r.turn(ctx, cb, cmd)
}

func (r *receiver) commandOfButton(ctx context.Context, data string) (bot.Command, bool) {
	if !strings.HasPrefix(data, keptMark) {
		return commandOf(data), strings.TrimSpace(data) != ""
	}
	if len(data) > maxData {
		return bot.Command{}, false
	}
	line, err := r.memory.Recall(ctx, keptKey(data))
	if err != nil {
		r.log.Warn("recalling a button's command", "err", err)
	}
	return commandOf(line), line != ""
}

// turn puts the answer in the place of the message with the button.
func (r *receiver) turn(ctx context.Context, cb *tele.Callback, cmd bot.Command) bool {
	o, _ := r.origin(cb.Message, cb.Message.Chat.Type == tele.ChatPrivate)
	o.locale = cb.Sender.LanguageCode
	o.lang = r.lang(o.locale, o.channel)
	cmd.Channel, cmd.Locale, cmd.Direct, cmd.Pressed = o.channel, o.locale, o.direct, true
	reply, err := r.ask(ctx, cmd)
	if err != nil {
		r.log.Warn("a pressed button was not answered", "err", err)
		return false
	}
	if reply.Failed {
		text, _ := bot.Plain(strings.TrimSpace(clean(reply.Title+" "+reply.Body.String()))).Cut(maxNotice, units)
		return r.notice(ctx, answerCallbackQuery{ID: cb.ID, Text: text.String(), Alert: true})
	}
	content, _ := RenderReply(reply)
	if err := r.keep(ctx, content); err != nil {
		r.log.Warn("an answer's button will not work", "err", err)
	}
	m := message{ChatID: chatID(strconv.FormatInt(cb.Message.Chat.ID, 10)), ID: cb.Message.ID}
	err = r.patiently(ctx, o.to.To, content.edit(m), nil)
	r.notice(ctx, answerCallbackQuery{ID: cb.ID})
	switch kindIn(err) {
	case MessageGone, CannotEdit, noText:
		o.to.ReplyTo = 0
		return r.answer(ctx, o, reply)
	case NotModified:
		return true
	default:
	}
	if err != nil {
		r.log.Warn("a page was not turned", "chat", o.to.To.String(), "err", err)
	}
	return err == nil
}

// notice ends the waiting that a member sees on a pressed button. It counts for
// no chat's pace.
func (r *receiver) notice(ctx context.Context, a answerCallbackQuery) bool {
	err := r.observe(r.api.call(ctx, "answerCallbackQuery", a, nil))
	if err != nil && kindIn(err) != QueryTooOld {
		r.log.Warn("a pressed button was not answered", "err", err)
	}
	return err == nil
}
