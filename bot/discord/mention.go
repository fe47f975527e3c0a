package discord

import (
	"regexp"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// Snowflakes are numbers of up to 64 bits
// (https://discord.com/developers/docs/reference#snowflakes).
var snowflake = regexp.MustCompile(`^[1-9][0-9]{0,19}$`)

// mention is a role or a user.
type mention struct{ role, user string }

// mentionOf reads what a moderator writes: the number of a role, or "@" and the
// number of a user. The zero value, which mentions nobody, is for anything else.
func mentionOf(s string) mention {
	number, user := strings.CutPrefix(strings.TrimSpace(s), "@")
	switch {
	case !snowflake.MatchString(number):
		return mention{}
	case user:
		return mention{user: number}
	}
	return mention{role: number}
}

// String returns the mention as it is written in a message
// (https://discord.com/developers/docs/reference#message-formatting).
func (m mention) String() string {
	switch {
	case m.role != "":
		return "<@&" + m.role + ">"
	case m.user != "":
		return "<@" + m.user + ">"
	}
	return ""
}

// mentions reads the mentions of a message, and returns how they are written and
// that they alone may notify.
func mentions(list []string) (written string, allowed *discordgo.MessageAllowedMentions) {
	allowed = nobody()
	var all []string
	seen := make(map[mention]bool)
	for _, part := range list {
		m := mentionOf(part)
		if m == (mention{}) || seen[m] || len(all) == maxMentions {
			continue
		}
		seen[m] = true
		all = append(all, m.String())
		if m.role != "" {
			allowed.Roles = append(allowed.Roles, m.role)
		} else {
			allowed.Users = append(allowed.Users, m.user)
		}
	}
	return strings.Join(all, " "), allowed
}

// nobody lets a message notify nobody. Discord would parse all mentions if this
// were left out.
func nobody() *discordgo.MessageAllowedMentions {
	return &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}
}
