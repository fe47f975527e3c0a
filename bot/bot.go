// Package bot is Herald's chat vocabulary: where something is said (Channel),
// what is said (Text, Card, Message), what members ask and get (Command,
// Reply), and how a platform says that it could not deliver (errors.go).
//
// It knows no platform and imports nothing else of Herald. Each platform
// package renders these types into its own payloads and keeps that platform's
// limits to itself; no markup of any platform ever appears here.
package bot

import "strings"

// Platform names a chat platform. The zero value names none.
type Platform string

// The platforms that Herald speaks on.
const (
	Console  Platform = "console"
	Discord  Platform = "discord"
	Telegram Platform = "telegram"
)

// Address is where a message goes, in the platform's own terms. It is part of
// the ledger's keys, so it holds what the platform never reuses or renames: a
// number, not "@name". The zero value addresses nothing.
type Address struct {
	Platform Platform
	// Chat is the platform's identifier of the channel, forum or chat.
	Chat string
	// Thread is the thread or topic inside the chat; empty for the chat itself.
	Thread string
}

// String returns the address as the ledger keeps it: "discord:123",
// "telegram:-100456/42".
func (a Address) String() string {
	s := string(a.Platform) + ":" + a.Chat
	if a.Thread != "" {
		s += "/" + a.Thread
	}
	return s
}

// ParseAddress reads what String wrote; ok is false for anything else.
func ParseAddress(s string) (a Address, ok bool) {
	platform, rest, ok := strings.Cut(s, ":")
	if !ok || platform == "" || rest == "" {
		return Address{}, false
	}
	chat, thread, _ := strings.Cut(rest, "/")
	return Address{Platform: Platform(platform), Chat: chat, Thread: thread}, chat != ""
}

// Channel is a named place where Herald speaks.
type Channel struct {
	// Name is the channel's name in config.yaml. It may change; Address is
	// what the ledger knows the channel by.
	Name string
	Address
	// Lang is the language spoken there. It is never Und in a checked config.
	Lang Lang
}
