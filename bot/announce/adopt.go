package announce

import "cloudnative.tw/herald/bot"

// Names are the names and addresses of a config, by which it is found out what
// was renamed or moved since the last time. A source or a channel is known again
// by its name or by its address, so either may change, one at a time.
type Names struct {
	// Origins and Sources are what announcements take news from: name to address.
	// That of a source of several feeds is theirs, a space apart, each of which is
	// an origin.
	Origins, Sources map[string]string
	Channels         map[string]bot.Address
	// Announcements are the names of all. One that is not there begins anew when it
	// is back.
	Announcements []string
	// Was are the former names of announcements, by their present one.
	Was map[string]string
}

// Change is a renaming or a move that was found out. From and To are names, or
// addresses of the thing Name.
type Change struct {
	// Kind is "origin", "source", "channel" or "announcement".
	Kind     string
	Name     string
	From, To string
	// Moved tells that the address is another, and the name the same.
	Moved bool
}
