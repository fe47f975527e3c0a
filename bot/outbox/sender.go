package outbox

import (
	"context"

	"cloudnative.tw/herald/bot"
)

// Sender speaks on one platform. Its methods are called from several
// goroutines, never twice at once for one address, save for what follows a
// message: acts of bot.ActKind.Follows run beside everything else. They return
// when ctx ends.
//
// They classify what went wrong by the errors of package bot. Of an error that
// is none of those, trying again is safe, except that the context's own error
// is taken for bot.ErrUnknownOutcome.
type Sender interface {
	// Send says act's message and returns the platform's identifier of it, which
	// is never empty.
	Send(ctx context.Context, act bot.Act) (messageID string, err error)
}

// Editor is what a Sender of a platform is that can change what was said. To
// edit twice does no harm.
type Editor interface {
	Edit(ctx context.Context, act bot.Act) error
}

// Retractor is what a Sender of a platform is that can take back what was said.
// To retract twice does no harm.
type Retractor interface {
	Retract(ctx context.Context, act bot.Act) error
}

// Confirmer is what a Sender of a platform is that can be asked whether a post
// of unknown outcome was said.
type Confirmer interface {
	// Confirm returns the message's identifier, or "" if it certainly was not
	// said and will not be. With an error the post stays in doubt, whatever that
	// error is, save for a *bot.RetryAfterError: by that the Confirmer promises
	// that the post may be sent again after the wait, because Send looks for it
	// first.
	Confirm(ctx context.Context, act bot.Act) (messageID string, err error)
}

// What follows a message may be done twice without harm, so an unknown outcome
// of it is simply tried again: a platform passes a message on once, a message
// that is pinned stays pinned, and below a message there is one thread. An
// adapter takes the platform's word that it was done before for success.

// Publisher is what a Sender of a platform is that passes a message on to the
// channels that follow its channel.
type Publisher interface {
	Publish(ctx context.Context, act bot.Act) error
}

// Pinner is what a Sender of a platform is that can keep a message in sight.
type Pinner interface {
	Pin(ctx context.Context, act bot.Act) error
}

// Threader is what a Sender of a platform is that can open a thread below a
// message.
type Threader interface {
	Thread(ctx context.Context, act bot.Act) error
}
