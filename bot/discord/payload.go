package discord

import "github.com/bwmarrin/discordgo"

// Payload is the body of a request that creates or edits a message. Every field
// but the nonce is always sent, so that an edit also takes away what is no
// longer there.
type Payload struct {
	Content         string                            `json:"content"`
	Embeds          []*discordgo.MessageEmbed         `json:"embeds"`
	AllowedMentions *discordgo.MessageAllowedMentions `json:"allowed_mentions"`
	Components      []discordgo.MessageComponent      `json:"components"`
	Flags           discordgo.MessageFlags            `json:"flags"`
	// Nonce and EnforceNonce have Discord create one message only, however often
	// it is asked within a few minutes
	// (https://discord.com/developers/docs/resources/message#create-message).
	Nonce        string `json:"nonce,omitempty"`
	EnforceNonce bool   `json:"enforce_nonce,omitempty"`
}

// threadPayload is the body of a request that starts a thread in a forum or
// media channel. Its message takes no nonce
// (https://discord.com/developers/docs/resources/channel#start-thread-in-forum-or-media-channel).
type threadPayload struct {
	Name        string   `json:"name"`
	AppliedTags []string `json:"applied_tags,omitempty"`
	Message     Payload  `json:"message"`
}

// empty reports whether Discord would refuse the message for saying nothing.
func (p Payload) empty() bool { return blank(p.Content) && len(p.Embeds) == 0 }
