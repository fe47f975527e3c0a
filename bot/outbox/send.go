package outbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
)

var (
	errKilled   = fmt.Errorf("stopped while it was being sent: %w", bot.ErrUnknownOutcome)
	errNoID     = fmt.Errorf("the platform named no message: %w", bot.ErrUnknownOutcome)
	errNotSaid  = errors.New("the platform does not have it")
	errCannot   = errors.New("not possible on this platform")
	errNoTarget = errors.New("the message it is about was never sent")
)

// carryOut does what act says and returns what became of it.
func (o *Outbox) carryOut(ctx context.Context, act Act) Outcome {
	if !o.config.Quiet(act.Address, o.config.Now()).IsZero() {
		act.Message.Silent = true
	}
	messageID, err := o.call(ctx, act)
	if act.Kind == bot.Post && unknown(err) {
		messageID, err = o.confirm(ctx, act, err)
	}
	outcome := o.outcome(act, messageID, err)
	o.tell(act, outcome)
	if outcome.State == Sent {
		o.config.Said(act)
	}
	return outcome
}

// call calls the platform. A panic there costs this act only.
func (o *Outbox) call(ctx context.Context, act Act) (messageID string, err error) {
	defer o.contain(act, &err)
	ctx, cancel := context.WithTimeout(ctx, o.config.SendTimeout)
	defer cancel()
	sender := o.config.Senders[act.Address.Platform]
	switch {
	case act.Unreadable != nil:
		return "", fmt.Errorf("%w: reading the stored message: %w", bot.ErrPermanent, act.Unreadable)
	case act.Kind == bot.Post && act.Orphan:
		return "", errKilled
	case act.Kind == bot.Post:
		messageID, err = sender.Send(ctx, act.Act)
		if err == nil && messageID == "" {
			err = errNoID
		}
		return messageID, err
	case act.MessageID == "":
		return "", errNoTarget
	}
	return "", change(ctx, sender, act.Act)
}

// change does something about a message that was said, if the platform is able
// to.
func change(ctx context.Context, sender Sender, act bot.Act) error {
	switch act.Kind {
	case bot.Edit:
		if s, ok := sender.(Editor); ok {
			return s.Edit(ctx, act)
		}
	case bot.Retract:
		if s, ok := sender.(Retractor); ok {
			return s.Retract(ctx, act)
		}
	case bot.Publish:
		if s, ok := sender.(Publisher); ok {
			return s.Publish(ctx, act)
		}
	case bot.Pin:
		if s, ok := sender.(Pinner); ok {
			return s.Pin(ctx, act)
		}
	case bot.Thread:
		if s, ok := sender.(Threader); ok {
			return s.Thread(ctx, act)
		}
	case bot.Post, bot.Member: // no changes
	}
	return errCannot
}

// confirm asks the platform whether it said a post; cause is why that is not
// known.
func (o *Outbox) confirm(ctx context.Context, act Act, cause error) (messageID string, err error) {
	confirmer, ok := o.config.Senders[act.Address.Platform].(Confirmer)
	if !ok {
		return "", cause
	}
	defer o.contain(act, &err)
	ctx, cancel := o.whileAsking(ctx)
	defer cancel()
	messageID, err = confirmer.Confirm(ctx, act.Act)
	switch {
	case err != nil:
		return "", fmt.Errorf("%w; asking the platform: %w", cause, err)
	case messageID == "":
		return "", fmt.Errorf("%w (%s)", errNotSaid, cause.Error()) // the outcome is known now
	}
	return messageID, nil
}

// whileAsking returns how long a platform may be asked about a call. If that was
// abandoned there is a little time yet.
func (o *Outbox) whileAsking(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Err() != nil {
		return context.WithTimeout(context.WithoutCancel(ctx), confirmGrace)
	}
	return context.WithTimeout(ctx, o.config.SendTimeout)
}

// contain turns a panic into an error. How far the call came is not known.
func (o *Outbox) contain(act Act, err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v: %w", p, bot.ErrUnknownOutcome)
		o.config.Log.Error("sending panicked", "act", act.ID, "panic", p, "stack", string(debug.Stack()))
	}
}

func unknown(err error) bool {
	return errors.Is(err, bot.ErrUnknownOutcome) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// outcome decides what an error of a platform means.
func (o *Outbox) outcome(act Act, messageID string, err error) Outcome {
	now := o.config.Now()
	out := Outcome{
		ID: act.ID, Fence: act.Fence, At: now, Attempts: act.Attempts,
		State: Sent, Reason: reason(err), MessageID: messageID,
	}
	var (
		wait  *bot.RetryAfterError
		moved *bot.MovedError
	)
	inDoubt := act.Kind == bot.Post && unknown(err) // whatever was said of the question
	switch {
	case err == nil:
	case errors.As(err, &moved) && act.Attempts < o.config.Attempts && leads(moved.To, act.Address):
		out.State = Owed // and it counts, so that a chase in circles ends
		out.MovedTo = moved.To
	case errors.As(err, &wait):
		out.State = Owed
		out.Attempts--
		until := now.Add(min(max(wait.Wait, minWait), MaxWait))
		if wait.Global {
			out.PlatformPause = until
		} else {
			out.wait(act.Kind, until)
		}
	case inDoubt && !o.config.Resend(act.Address):
		out.State = Uncertain
	case errors.Is(err, bot.ErrPermanent) && !inDoubt:
		out.State = Failed
	case errors.Is(err, errCannot), errors.Is(err, errNoTarget):
		out.State = Skipped
	case act.Attempts >= o.config.Attempts:
		out.State = Failed
		out.Reason = reason(fmt.Errorf("given up after %d attempts: %w", act.Attempts, err))
	default:
		out.State = Owed
		out.wait(act.Kind, now.Add(backoff(firstRetry, maxRetry, act.Attempts, o.config.Random())))
	}
	return out
}

// leads reports whether a channel can have moved to an address.
func leads(to, from bot.Address) bool {
	return to != from && to.Platform == from.Platform && to.Chat != ""
}

// wait has an act come back at a time: with its lane, so that the order is kept,
// or alone if it runs beside that.
func (out *Outcome) wait(kind bot.ActKind, until time.Time) {
	if kind.Follows() {
		out.NotBefore = until
	} else {
		out.LanePause = until
	}
}

// reason returns the text of err as the ledger keeps it: 500 bytes of valid
// UTF-8 at most, without NUL, which PostgreSQL refuses in a text.
func reason(err error) string {
	if err == nil {
		return ""
	}
	s := err.Error()
	if len(s) > 500 {
		s = s[:500]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
}

// tell logs what became of an act. Of an act that is tried again and again only
// the first failure is a warning.
func (o *Outbox) tell(act Act, out Outcome) {
	log := o.config.Log.With("act", act.ID, "kind", act.Kind, "subject", act.Subject,
		"address", act.Address.String(), "state", out.State)
	switch out.State {
	case Sent:
		log.Info("said", "message", out.MessageID)
	case Skipped:
		log.Info("not said", "reason", out.Reason)
	case Owed:
		if act.Attempts == 1 {
			log.Warn("not said yet", "reason", out.Reason)
		} else {
			log.Debug("not said yet", "reason", out.Reason, "attempts", out.Attempts)
		}
	default:
		log.Error("not said", "reason", out.Reason)
	}
}
