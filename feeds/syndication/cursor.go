package syndication

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cloudnative.tw/herald/feeds/fetch"
)

// reading is the number of this way to read feeds. When it is raised, feeds that
// have not changed are read once more.
const reading = 1

// cursor is what is kept of a feed between two polls.
type cursor struct {
	// Rules tell by which settings the feed was read.
	Rules      string           `json:"rules"`
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
// all is read anew; only where the feed has moved to stays known. reread tells that
// it was read by other rules.
func decodeCursor(text, rules string) (c cursor, reread bool) {
	if json.Unmarshal([]byte(text), &c) != nil {
		c = cursor{}
	}
	reread = c.Rules != "" && c.Rules != rules
	if c.Rules != rules {
		moved := c.Validators
		moved.ETag, moved.LastModified, moved.Sum = "", "", ""
		c = cursor{Validators: moved}
	}
	c.Rules = rules
	return c, reread
}

// encode returns the cursor as text. HTML's characters, of which addresses have
// many, are not escaped: that would make it longer than cursors may be.
func (c cursor) encode() string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(c) != nil { // strings and numbers can be written
		return ""
	}
	return strings.TrimSuffix(text.String(), "\n")
}
