package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"cloudnative.tw/herald/bot"
)

var errNothingToSay = fmt.Errorf("%w: the message says nothing", bot.ErrPermanent)

// created is Discord's answer to what creates something.
type created struct {
	ID string `json:"id"`
}

// Send says act's message: in a forum as a new thread, elsewhere as a message.
// A message carries a nonce, so that Discord creates it once however often it is
// asked within a few minutes. A post in doubt is looked for first.
func (d *Discord) Send(ctx context.Context, act bot.Act) (messageID string, err error) {
	messageID, err = d.findDoubtful(ctx, act)
	if err != nil || messageID != "" {
		return messageID, err
	}
	where, err := d.place(ctx, target(act.Address))
	if err != nil {
		return "", notSent(err)
	}
	payload := d.draw(act)
	if payload.empty() {
		return "", fmt.Errorf("posting to channel %s: %w", where.ID, errNothingToSay)
	}
	if where.forum() {
		messageID, err = d.startForumThread(ctx, where, act, payload)
	} else {
		messageID, err = d.post(ctx, where, act, payload)
	}
	return messageID, d.said(ctx, act, err)
}

// notSent takes the context's error out of one that came before anything was
// sent: it would mean that nobody knows.
func notSent(err error) error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return fmt.Errorf("not sent: %s", err.Error())
	}
	return err
}

// findDoubtful looks for a post that may have been said before; "" if it was not.
func (d *Discord) findDoubtful(ctx context.Context, act bot.Act) (messageID string, err error) {
	doubtful, err := d.doubts.has(ctx, act.Token())
	if err != nil || !doubtful {
		return "", notSent(err)
	}
	messageID, err = d.find(ctx, act)
	switch {
	case err == nil && messageID != "":
		return messageID, d.said(ctx, act, nil)
	case sure(err):
		return "", fmt.Errorf("%w: %s", bot.ErrUnknownOutcome, err.Error()) // and no error of sending it
	case err != nil:
		return "", later(err)
	}
	return "", nil
}

func (d *Discord) post(ctx context.Context, where place, act bot.Act, payload Payload) (messageID string, err error) {
	payload.Nonce, payload.EnforceNonce = act.Token(), true
	return d.create(ctx, payload, func(p Payload) request {
		return request{
			doing: "posting to channel " + where.ID, method: "POST", path: "/channels/%s/messages", args: []string{where.ID}, body: p, creates: true,
		}
	})
}

// draw returns the message of an act as its channel shows it. What had to be
// cut is for moderators to know.
func (d *Discord) draw(act bot.Act) Payload {
	payload, cuts := d.look(d.channel(act.Address)).Render(act.Message)
	if len(cuts) > 0 {
		d.log.Info("a message was cut to fit Discord", "subject", act.Subject, "address", act.Address.String(), "cut", fmt.Sprint(cuts))
	}
	mark(payload, d.marker(act))
	return payload
}

// startForumThread says a message as a new thread. Its id is the message's too
// (https://discord.com/developers/docs/resources/channel#start-thread-in-forum-or-media-channel).
func (d *Discord) startForumThread(ctx context.Context, forum place, act bot.Act, payload Payload) (string, error) {
	body := threadPayload{Name: ThreadName(act.Message), AppliedTags: forum.tags(act.Message.Tags, d.channel(act.Address).Options)}
	start := func(p Payload) request {
		body.Message = p
		return request{
			doing: "starting a thread in forum " + forum.ID, method: "POST", path: "/channels/%s/threads", args: []string{forum.ID}, body: body, creates: true,
		}
	}
	id, err := d.create(ctx, payload, start)
	if c := code(err); c == codeUnknownTag || c == codeMissingPermissions && len(body.AppliedTags) > 0 {
		d.places.forget(forum.ID) // the forum's tags have changed
		fresh, lookErr := d.place(ctx, forum.ID)
		if lookErr != nil {
			return "", err
		}
		body.AppliedTags = slices.DeleteFunc(fresh.tags(act.Message.Tags, d.channel(act.Address).Options), fresh.moderated)
		return d.create(ctx, payload, start)
	}
	return id, err
}

// moderated reports whether only moderators may use a tag.
func (p place) moderated(id string) bool {
	return slices.ContainsFunc(p.Tags, func(t forumTag) bool { return t.ID == id && t.Moderated })
}

// create creates a message, without what Discord refuses of it: a picture or a
// button costs itself.
func (d *Discord) create(ctx context.Context, payload Payload, with func(Payload) request) (id string, err error) {
	for {
		var answer created
		r := with(payload)
		r.into = &answer
		if err = d.rest.call(ctx, r); err == nil && answer.ID == "" {
			err = fmt.Errorf("%s: %w: the answer names no message", r.doing, bot.ErrUnknownOutcome)
		}
		lesser, ok := degrade(payload, err)
		if !ok {
			return answer.ID, err
		}
		d.log.Warn("discord refused a part of a message; it goes without", "error", err)
		payload = lesser
	}
}
