package telegram

import (
	"context"
	"errors"
	"time"

	"cloudnative.tw/herald/bot"
)

// What the bot itself says.
var (
	tooMany  = both("一下子問太多了，請等十幾秒再試。", "That was a lot at once. Please wait a few seconds.")
	expired  = both("這個按鈕太舊了，請重新輸入指令。", "This button is too old. Please type the command again.")
	seeWhole = both("私訊看全部", "See all in private")
)

const (
	// glimpseItems and glimpseUnits are how much of a private answer is shown in
	// a group: that many items of a list, or that much of a text and each item.
	glimpseItems, glimpseUnits = 3, 500
)

// answer sends a reply and reports whether it did. What a member typed is not
// logged.
func (r *receiver) answer(ctx context.Context, o origin, reply bot.Reply) bool {
	content, _ := RenderReply(reply)
	if err := r.keep(ctx, content); err != nil {
		r.log.Warn("an answer's button will not work", "err", err)
	}
	to := o.to
	for range 3 {
		_, err := r.reply(ctx, content, to)
		var moved *bot.MovedError
		switch {
		case err == nil:
			return true
		case errors.As(err, &moved):
			to.To, to.ReplyTo = moved.To, 0
		case errors.Is(err, bot.ErrUnknownOutcome): // it may stand there: rather none than two
			r.log.Warn("an answer may not have been sent", "chat", to.To.String(), "err", err)
			return true
		default:
			r.log.Warn("an answer was not sent", "chat", to.To.String(), "err", err)
			return false
		}
	}
	return false
}

// reply sends a content within the patience of a member.
func (r *receiver) reply(ctx context.Context, c Content, d Delivery) (id int, err error) {
	var sent struct {
		ID int `json:"message_id"`
	}
	err = r.patiently(ctx, d.To, c.Send(d), &sent)
	return sent.ID, err
}

// patiently makes a call, and once more if it is told to wait for a moment.
func (r *receiver) patiently(ctx context.Context, to bot.Address, call Call, result any) error {
	err := r.do(ctx, to, answerTurn, call, result)
	var wait *bot.RetryAfterError
	if !errors.As(err, &wait) || wait.Wait > answerTurn.most {
		return err
	}
	timer := time.NewTimer(wait.Wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return r.do(ctx, to, answerTurn, call, result)
	case <-ctx.Done():
		return err
	}
}

// glimpse is what a group sees of an answer that is for one member alone:
// Telegram has no message for one member of a group, so the beginning stands
// there with a button that opens the private chat. A short answer stands whole.
func (r *receiver) glimpse(ctx context.Context, reply bot.Reply, cmd bot.Command, lang bot.Lang) bot.Reply {
	head := beginning(reply.Body)
	if len(head) == len(reply.Body) && len(reply.Fields) == 0 && len(reply.Buttons) == 0 {
		return reply
	}
	link, err := r.link(ctx, commandLine(cmd))
	if err != nil {
		r.log.Warn("a private answer has no link", "err", err)
		return reply
	}
	reply.Body, reply.Fields, reply.Footer = head, nil, ""
	reply.Buttons = []bot.Button{{Label: seeWhole.In(lang), URL: link}}
	return reply
}

// beginning returns the first items of a list, or the first lines of a text.
func beginning(t bot.Text) bot.Text {
	items := 0
	for i, s := range t {
		if s.Kind == bot.Item && s.Depth == 0 {
			if items++; items > glimpseItems {
				return trimLines(t[:i])
			}
		}
	}
	head, _ := t.Cut(glimpseUnits*max(items, 1), units)
	return head
}
