package bot

import (
	"errors"
	"fmt"
	"time"
)

// A platform classifies what went wrong with one of these; the outbox decides
// what to do about it. An error that is none of them means "try later".

// ErrPermanent marks a refusal that trying again cannot change: the channel is
// gone, the bot was expelled, the message is malformed.
var ErrPermanent = errors.New("refused for good")

// ErrUnknownOutcome marks a call of which nobody can say whether it was carried
// out: the connection broke after the request was written, or the answer could
// not be read. Sending again may say the same thing twice.
var ErrUnknownOutcome = errors.New("outcome unknown")

// RetryAfterError asks for a wait, as a platform does with status 429.
type RetryAfterError struct {
	// Wait is how long, counted from the moment of the answer.
	Wait time.Duration
	// Global tells that the wait holds for the whole platform and not only for
	// the channel that was written to.
	Global bool
	// Err is the platform's own error, or nil.
	Err error
}

// Error returns what is waited for and why.
func (e *RetryAfterError) Error() string {
	scope := "this channel"
	if e.Global {
		scope = "the whole platform"
	}
	if e.Err == nil {
		return fmt.Sprintf("wait %s for %s", e.Wait, scope)
	}
	return fmt.Sprintf("wait %s for %s: %v", e.Wait, scope, e.Err)
}

// Unwrap returns the platform's own error.
func (e *RetryAfterError) Unwrap() error { return e.Err }

// MovedError tells that what was at an address is at another one for good, as a
// Telegram group is that became a supergroup. What was refused with it was not
// said.
type MovedError struct {
	To Address
	// Err is the platform's own error, or nil.
	Err error
}

// Error returns where to.
func (e *MovedError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("moved to %s", e.To)
	}
	return fmt.Sprintf("moved to %s: %v", e.To, e.Err)
}

// Unwrap returns the platform's own error.
func (e *MovedError) Unwrap() error { return e.Err }
