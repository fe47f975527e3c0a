package discord

import "unicode/utf16"

// What fits where. Discord speaks of characters without saying which; it is
// counted here in UTF-16 code units, of which there are never fewer than code
// points, so that whatever Discord counts is within its limit.
const (
	// https://discord.com/developers/docs/resources/message#create-message
	maxContent = 2000
	// https://discord.com/developers/docs/resources/message#embed-object-embed-limits
	maxDescription = 4096
	maxFields      = 25
	maxFieldName   = 256
	maxFieldValue  = 1024
	maxFooter      = 2048
	maxEmbedTotal  = 6000
	// https://discord.com/developers/docs/components/reference#button
	maxButtonLabel = 80
	maxButtonURL   = 512
	maxCustomID    = 100
	// https://discord.com/developers/docs/components/reference#action-row
	buttonsPerRow = 5
	maxRows       = 5
	// https://discord.com/developers/docs/resources/message#allowed-mentions-object
	maxMentions = 100
	// https://discord.com/developers/docs/resources/channel#start-thread-in-forum-or-media-channel
	maxThreadName  = 100
	maxAppliedTags = 5
	// The official OpenAPI schema allows an address 2,048 characters
	// (RichEmbedImage.url, https://github.com/discord/discord-api-spec).
	maxURL = 2048
	// maxContentURL is how long an address may be that is written out. A longer
	// one would leave no room for the words.
	maxContentURL = 1000
)

// units is how long s is for Discord.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r)) // an invalid byte becomes one replacement character
	}
	return n
}
