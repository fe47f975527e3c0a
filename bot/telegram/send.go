package telegram

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"cloudnative.tw/herald/bot"
)

// keptFor is how long a command that does not fit its button is remembered.
const keptFor = 30 * 24 * time.Hour

// Send says act's message and returns its number.
func (t *Telegram) Send(ctx context.Context, act bot.Act) (messageID string, err error) {
	channel, _ := t.channel(act.Address)
	content, cuts := Render(act.Message, channel.ChannelConfig)
	t.tell(act, cuts)
	if err := t.keep(ctx, content); err != nil {
		return "", err
	}
	d := Delivery{To: act.Address, Silent: act.Message.Silent, Protect: channel.Protect}
	id, err := t.post(ctx, content, d)
	if kindIn(err) == BadPicture { // it costs only itself
		content, _ = Render(act.Message, ChannelConfig{Preview: PreviewNone})
		id, err = t.post(ctx, content, d)
	}
	if err != nil || id == 0 {
		return "", err
	}
	return strconv.Itoa(id), nil
}

// tell logs what a message leaves out.
func (t *Telegram) tell(act bot.Act, cuts []Cut) {
	for _, c := range cuts {
		t.log.Warn("a part of a message was left out", "subject", act.Subject, "address", act.Address.String(),
			"part", c.Part, "lost", c.Lost)
	}
}

// keep remembers the commands that do not fit the buttons of a content.
func (t *Telegram) keep(ctx context.Context, c Content) error {
	for data, line := range c.kept {
		if err := t.memory.Remember(ctx, keptKey(data), line, t.now().Add(keptFor)); err != nil {
			return fmt.Errorf("remembering a button's command: %w", hideContext(err))
		}
	}
	return nil
}

func keptKey(data string) string { return "telegram.button/" + data }

// hideContext keeps a context's error from being taken for an unknown outcome,
// where it is known that nothing was said.
func hideContext(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return errors.New(err.Error())
	}
	return err
}

// post sends a content within the outbox's patience and returns the message's
// number.
func (t *Telegram) post(ctx context.Context, c Content, d Delivery) (id int, err error) {
	var sent struct {
		ID int `json:"message_id"`
	}
	err = t.do(ctx, d.To, actTurn, c.Send(d), &sent)
	return sent.ID, err
}

// Edit replaces the message that act names.
func (t *Telegram) Edit(ctx context.Context, act bot.Act) error {
	id, err := strconv.Atoi(act.MessageID)
	if err != nil {
		return fmt.Errorf("%w: %q is no message of Telegram's", bot.ErrPermanent, act.MessageID)
	}
	channel, _ := t.channel(act.Address)
	content, cuts := Render(act.Message, channel.ChannelConfig)
	if err := t.keep(ctx, content); err != nil {
		return err
	}
	err = t.do(ctx, act.Address, actTurn, content.Edit(act.Address.Chat, id), nil)
	// What was sent as a photo stays one, and so does a text, whatever the config
	// says now.
	m := message{ChatID: chatID(act.Address.Chat), ID: id}
	switch kindIn(err) {
	case noText:
		content, cuts = renderCaption(act.Message)
		err = t.do(ctx, act.Address, actTurn, content.editCaption(m), nil)
	case noCaption:
		content, cuts = Render(act.Message, ChannelConfig{})
		err = t.do(ctx, act.Address, actTurn, content.edit(m), nil)
	default:
	}
	t.tell(act, cuts)
	if kindIn(err) == NotModified {
		return nil
	}
	return err
}

// Retract deletes the message that act names. Where Telegram does not allow
// that, as 48 hours after it was sent, act's message stands there instead
// (https://core.telegram.org/bots/api#deletemessage).
func (t *Telegram) Retract(ctx context.Context, act bot.Act) error {
	id, err := strconv.Atoi(act.MessageID)
	if err != nil {
		return fmt.Errorf("%w: %q is no message of Telegram's", bot.ErrPermanent, act.MessageID)
	}
	call := Call{"deleteMessage", message{ChatID: chatID(act.Address.Chat), ID: id}}
	err = t.do(ctx, act.Address, actTurn, call, nil)
	if kind := kindIn(err); kind == CannotDelete || kind == NoRights {
		err = t.Edit(ctx, act)
	}
	if kindIn(err) == MessageGone {
		return nil
	}
	return err
}

// Pin keeps the message that act names in sight, without a sound.
func (t *Telegram) Pin(ctx context.Context, act bot.Act) error {
	id, err := strconv.Atoi(act.MessageID)
	if err != nil {
		return fmt.Errorf("%w: %q is no message of Telegram's", bot.ErrPermanent, act.MessageID)
	}
	return t.do(ctx, act.Address, actTurn, Call{"pinChatMessage", pinChatMessage{
		message: message{ChatID: chatID(act.Address.Chat), ID: id}, Silent: true,
	}}, nil)
}

type pinChatMessage struct {
	message
	Silent bool `json:"disable_notification"`
}

// do makes a call about an address when its turn comes, unless that takes longer
// than the turn allows.
func (t *Telegram) do(ctx context.Context, to bot.Address, waits turn, call Call, result any) error {
	if err := t.well(ctx); err != nil {
		return err
	}
	left, err := t.pace.wait(ctx, to.Chat, waits)
	if err != nil {
		return fmt.Errorf("telegram: %s: waiting for its turn: %w", call.Method, hideContext(err))
	}
	if left > 0 {
		return &bot.RetryAfterError{Wait: left, Err: errors.New("telegram: " + call.Method + ": as many as are allowed were sent to this chat")}
	}
	err = t.observe(t.api.call(ctx, call.Method, call.Params, result))
	if wait := floodIn(err); wait > 0 {
		t.pace.hold(to.Chat, wait)
	}
	return forChat(err, to)
}

func floodIn(err error) time.Duration {
	var e *Error
	if errors.As(err, &e) && e.Kind == Flood {
		return e.RetryAfter
	}
	return 0
}

// well returns an error that asks for a wait while Telegram is known to be in
// trouble. One caller at a time finds out whether it still is.
func (t *Telegram) well(ctx context.Context) error {
	wait, probe := t.breaker.rest(t.now())
	if wait == 0 {
		return nil
	}
	if probe {
		err := t.observe(t.api.call(ctx, "getMe", nil, nil))
		if err == nil {
			return nil
		}
		wait = unwell(err, wait)
	}
	return &bot.RetryAfterError{Wait: wait, Global: true, Err: errors.New("telegram: not reachable: " + t.breaker.trouble())}
}

func unwell(err error, wait time.Duration) time.Duration {
	var retry *bot.RetryAfterError
	if errors.As(err, &retry) {
		return retry.Wait
	}
	return wait
}

// observe notes whether Telegram answers at all. That it was not reached is
// nobody's act's fault, so it asks for a wait of everything.
func (t *Telegram) observe(err error) error {
	var unreachable *unreachableError
	var e *Error
	switch {
	case errors.As(err, &unreachable), errors.As(err, &e) && e.Kind == Broken && !e.done:
		wait := t.breaker.fail(t.now(), err.Error())
		return &bot.RetryAfterError{Wait: wait, Global: true, Err: err}
	case kindIn(err) == Broken:
		t.breaker.fail(t.now(), err.Error())
	default:
		t.breaker.good()
	}
	return err
}
