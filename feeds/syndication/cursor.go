package syndication

import (
	"encoding/json"
	"fmt"
	"time"

	"cloudnative.tw/herald/feeds/fetch"
)

// maxCursor is how many bytes a feeds.Batch's cursor may have.
const maxCursor = 4 << 10

// reading is the number of this way to read feeds. When it is raised, feeds that
// have not changed are read once more.
const reading = 1

// cursor is what is kept of a source between two polls.
type cursor struct {
	// Rules tell by which settings the feeds were read.
	Rules string                `json:"rules"`
	Feeds map[string]feedCursor `json:"feeds"`

	good bool // one of the feeds could be read
}

// feedCursor is what is kept of a feed.
type feedCursor struct {
	Validators fetch.Validators `json:"at"`
	// Hash is of the items, for servers whose answers differ each time.
	Hash string `json:"items,omitempty"`
	// Wait is how long the feed itself wants to be left alone, in seconds.
	Wait int64 `json:"wait,omitempty"`
}

// rules returns a token of the settings by which feeds are read.
func (c Config) rules(zone *time.Location) string {
	text := fmt.Sprint(reading, c.Timezone, zone, c.Prereleases, c.Shorts == nil || *c.Shorts)
	return hash(text)[:8]
}

// decodeCursor reads a cursor. If it cannot be read, or the rules were others,
// all is read anew; only where a feed has moved to stays known.
func decodeCursor(text, rules string) cursor {
	var c cursor
	if json.Unmarshal([]byte(text), &c) != nil {
		c = cursor{}
	}
	if c.Feeds == nil {
		c.Feeds = map[string]feedCursor{}
	}
	if c.Rules != rules {
		for key, f := range c.Feeds {
			v := f.Validators
			c.Feeds[key] = feedCursor{Validators: fetch.Validators{Address: v.Address, Moved: v.Moved, Times: v.Times}}
		}
	}
	c.Rules = rules
	return c
}

// encode returns the cursor with what is kept of the given feeds. If that is too
// much, validators are left out, the longest first: then hashes have to tell.
func (c cursor) encode(of []source) string {
	kept := cursor{Rules: c.Rules, Feeds: make(map[string]feedCursor, len(of))}
	for _, f := range of {
		if state, known := c.Feeds[f.key]; known {
			kept.Feeds[f.key] = state
		}
	}
	for range len(of) + 1 {
		text, err := json.Marshal(kept)
		if err == nil && len(text) <= maxCursor {
			return string(text)
		}
		key := kept.longest()
		state := kept.Feeds[key]
		state.Validators = fetch.Validators{Sum: state.Validators.Sum}
		kept.Feeds[key] = state
	}
	return ""
}

// longest returns the feed of which most is kept; the first by name of several.
func (c cursor) longest() string {
	longest, most := "", -1
	for key, f := range c.Feeds {
		n := len(f.Validators.Encode())
		if n > most || n == most && key < longest {
			longest, most = key, n
		}
	}
	return longest
}
