package telegram

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
)

// Error is what Telegram answered when it did not do what was asked.
type Error struct {
	// Method is what was called.
	Method string
	// Status is the HTTP status, Code Telegram's own; they differ only where
	// something else than Telegram answered, and Code is 0 then.
	Status, Code int
	// Description is Telegram's, or the reason why there is none.
	Description string
	Kind        Kind
	// RetryAfter is how long a Flood asks to wait.
	RetryAfter time.Duration
	// MovedTo is the number of the supergroup of a Moved; 0 if not given.
	MovedTo int64
	// done tells that the call may have been carried out.
	done bool
}

// Error returns what was called, what came of it, and for moderators who read
// the ledger what to do.
func (e *Error) Error() string {
	var b strings.Builder
	code := e.Code
	if code == 0 {
		code = e.Status
	}
	fmt.Fprintf(&b, "telegram: %s: %s", e.Method, e.Description)
	if code != 0 {
		fmt.Fprintf(&b, " (%d)", code)
	}
	if x, ok := explanations[e.Kind]; ok && e.Kind.permanent() {
		b.WriteString(": " + x.what.In(bot.English) + " " + x.hint.In(bot.English))
	}
	return b.String()
}

// Unwrap returns the class of package bot, or nil.
func (e *Error) Unwrap() error {
	switch {
	case e.done:
		return bot.ErrUnknownOutcome
	case e.Kind.permanent():
		return bot.ErrPermanent
	}
	return nil
}

// kindIn returns the kind of an error of this package, or "".
func kindIn(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// unauthorizedWait is how long everything rests when the token is refused: what
// is owed is not to be lost because the token was changed.
const unauthorizedWait = 5 * time.Minute

// forChat adds to an error what it means for a call that was about an address.
func forChat(err error, to bot.Address) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	switch {
	case e.Kind == Flood:
		return &bot.RetryAfterError{Wait: e.RetryAfter, Err: err}
	case e.Kind == Unauthorized, e.Kind == Conflict:
		return &bot.RetryAfterError{Wait: unauthorizedWait, Global: true, Err: err}
	case e.Kind == Moved && e.MovedTo != 0:
		to.Chat = fmt.Sprint(e.MovedTo)
		return &bot.MovedError{To: to, Err: err}
	}
	return err
}
