package bot

import (
	"crypto/sha256"
	"encoding/hex"
)

// ActKind says what an act does on its platform.
type ActKind string

const (
	// Post says a message.
	Post ActKind = "post"
	// Edit replaces a message that was said.
	Edit ActKind = "edit"
	// Retract takes back a message that was said: it deletes the message, or
	// where the platform no longer allows that, replaces it.
	Retract ActKind = "retract"
	// Publish has the platform pass a message on to the channels that follow its
	// channel (Discord's announcement channels).
	Publish ActKind = "publish"
	// Pin keeps a message in sight.
	Pin ActKind = "pin"
	// Thread opens a thread below a message.
	Thread ActKind = "thread"
	// Member is what is said within another message, a digest. It is never
	// carried out itself.
	Member ActKind = "member"
)

// Follows reports whether acts of the kind wait until their message is said,
// and then run beside its lane, so that they hold up nothing.
func (k ActKind) Follows() bool { return k == Publish || k == Pin || k == Thread }

// MissingPage says what is done about a post whose page is still not there after
// it was waited for.
type MissingPage string

const (
	// SayMissing says the post all the same.
	SayMissing MissingPage = "say"
	// HoldMissing leaves it to a person.
	HoldMissing MissingPage = "hold"
	// SkipMissing never says it.
	SkipMissing MissingPage = "skip"
)

// Key is what an act is known by. No two acts ever have the same key, so
// nothing is said twice.
type Key struct {
	// Subject is what is spoken of: feeds.Item's Subject, or a tick or id made
	// for the occasion.
	Subject string
	// Address is where.
	Address Address
	// Occasion is why now: "new", "digest:TICK", "edit:REV", "retract",
	// "publish".
	Occasion string
}

// OccasionNew is the occasion of what is said because its subject is new.
const OccasionNew = "new"

// Token returns 24 hexadecimal digits that stand for the key, for platforms
// that take an idempotency token: Discord's nonce holds 25 characters
// (https://discord.com/developers/docs/resources/message#create-message).
func (k Key) Token() string {
	sum := sha256.Sum256([]byte(k.Subject + "\x00" + k.Address.String() + "\x00" + k.Occasion))
	return hex.EncodeToString(sum[:12])
}

// Act is one thing to be done on a platform.
type Act struct {
	Kind ActKind
	Key
	// Message is what is said, or shown instead.
	Message Message
	// MessageID is the platform's identifier of the message that the act is
	// about; "" for a Post.
	MessageID string
}
