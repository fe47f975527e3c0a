package discordtest

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	unknownChannel = refuse(404, 10003, "Unknown Channel")
	unknownMessage = refuse(404, 10008, "Unknown Message")
	missingAccess  = refuse(403, 50001, "Missing Access")
	missingRights  = refuse(403, 50013, "Missing Permissions")
)

// room returns the channel of a call if the bot may do what it needs to there.
func (f *Fake) room(c *call, need int64) (*Channel, answer) {
	channel := f.channels[c.vars["channel_id"]]
	if channel == nil {
		return nil, unknownChannel
	}
	switch have := f.permissions(channel); {
	case have&ViewChannel == 0:
		return nil, missingAccess
	case have&need != need:
		return nil, missingRights
	}
	return channel, answer{}
}

func (f *Fake) createMessage(c *call) answer {
	channel, refused := f.room(c, 0)
	if channel == nil {
		return refused
	}
	if channel.isForum() || channel.Kind == Category {
		return refuse(400, 50008, "Cannot send messages in a non-text channel")
	}
	if refused := f.mayWrite(channel, text(c.object["content"])); refused.status != 0 {
		return refused
	}
	if refused := addresses(c.object); refused.status != 0 {
		return refused
	}
	key := channel.ID + " " + text(c.object["nonce"])
	if known, ok := f.nonces[key]; ok && time.Now().Before(known.until) && c.object["enforce_nonce"] == true {
		return answer{status: 200, body: known.message.json(true)}
	}
	m := f.newMessage(channel, c.object)
	if m.Nonce != "" {
		f.nonces[key] = nonce{m, time.Now().Add(f.knobs.NonceMemory)}
	}
	return answer{status: 200, body: m.json(true)}
}

// mayWrite refuses what may not be written into a channel.
func (f *Fake) mayWrite(channel *Channel, content string) answer {
	have := f.permissions(channel)
	need := SendMessages
	if channel.isThread() {
		need = SendInThreads
	}
	switch {
	case have&need == 0:
		return missingRights
	case channel.Locked && have&ManageThreads == 0:
		return refuse(400, 160005, "Thread is locked")
	case channel.Archived && channel.Locked:
		return refuse(400, 50083, "Tried to perform an operation on an archived thread, such as editing a message or adding a user to the thread")
	case channel.Automod != "" && strings.Contains(content, channel.Automod):
		return refuse(400, 200000, "Message was blocked by automatic moderation")
	case channel.Slowmode > 0 && have&ManageMessages == 0 && time.Since(channel.spoken) < channel.Slowmode:
		left := channel.Slowmode - time.Since(channel.spoken)
		return answer{status: 429, body: map[string]any{
			"code": 20016, "message": "This action cannot be performed due to slowmode rate limit", "retry_after": left.Seconds(), "global": false,
		}}
	}
	return answer{}
}

// newMessage writes a message of the bot. Embeds vanish silently where the bot
// may not embed.
func (f *Fake) newMessage(channel *Channel, object map[string]any) *Message {
	channel.spoken = time.Now()
	channel.Archived = false
	m := &Message{ID: f.id(), Channel: channel.ID, Author: BotID, At: time.Now(), Nonce: text(object["nonce"])}
	f.fill(m, object, f.permissions(channel))
	m.Pings = pings(m.Content, object["allowed_mentions"], f.permissions(channel)&MentionEveryone != 0)
	f.messages[channel.ID] = append(f.messages[channel.ID], m)
	return m
}

func (f *Fake) fill(m *Message, object map[string]any, have int64) {
	if content, ok := object["content"]; ok {
		m.Content = strings.TrimSpace(text(content))
	}
	if embeds, ok := object["embeds"].([]any); ok {
		m.Embeds = nil
		for _, e := range embeds {
			if embed, ok := e.(map[string]any); ok && have&EmbedLinks != 0 {
				m.Embeds = append(m.Embeds, embed)
			}
		}
	}
	if components, ok := object["components"].([]any); ok {
		m.Components = components
	}
	if flags, ok := object["flags"].(float64); ok {
		m.Flags = int(flags)
	}
}

// json returns the message as the API gives it. The nonce is only in the answer
// to the request that created it.
func (m *Message) json(created bool) map[string]any {
	embeds, components := []any{}, m.Components
	for _, e := range m.Embeds {
		embeds = append(embeds, e)
	}
	if components == nil {
		components = []any{}
	}
	object := map[string]any{
		"id": m.ID, "channel_id": m.Channel, "content": m.Content, "type": 0, "tts": false, "pinned": m.Pinned, "flags": m.Flags,
		"author":    map[string]any{"id": m.Author, "username": "herald", "discriminator": "0", "bot": m.Author == BotID},
		"timestamp": m.At.UTC().Format("2006-01-02T15:04:05.000000-07:00"), "edited_timestamp": nil,
		"embeds": embeds, "components": components, "attachments": []any{}, "mentions": []any{}, "mention_roles": []any{}, "mention_everyone": false,
	}
	if created && m.Nonce != "" {
		object["nonce"] = m.Nonce
	}
	return object
}

func (f *Fake) getMessages(c *call) answer {
	channel, refused := f.room(c, 0)
	if channel == nil {
		return refused
	}
	if f.permissions(channel)&ReadMessageHistory == 0 { // https://discord.com/developers/docs/resources/message#get-channel-messages
		return answer{status: 200, body: []any{}}
	}
	limit := 50
	if s := c.query["limit"]; len(s) > 0 {
		limit, _ = strconv.Atoi(s[0])
	}
	list := []any{}
	for _, m := range slices.Backward(f.messages[channel.ID]) {
		if before := c.query["before"]; len(before) > 0 && compareIDs(m.ID, before[0]) >= 0 {
			continue
		}
		if len(list) == min(limit, 100) {
			break
		}
		list = append(list, m.json(false))
	}
	return answer{status: 200, body: list}
}

// message returns the message of a call, which the bot may see.
func (f *Fake) message(c *call, need int64) (*Channel, *Message, answer) {
	channel, refused := f.room(c, need)
	if channel == nil {
		return nil, nil, refused
	}
	for _, m := range f.messages[channel.ID] {
		if m.ID == c.vars["message_id"] {
			return channel, m, answer{}
		}
	}
	return channel, nil, unknownMessage
}

func (f *Fake) getMessage(c *call) answer {
	_, m, refused := f.message(c, ReadMessageHistory)
	if m == nil {
		return refused
	}
	return answer{status: 200, body: m.json(false)}
}

func (f *Fake) editMessage(c *call) answer {
	channel, m, refused := f.message(c, 0)
	switch {
	case m == nil:
		return refused
	case m.Author != BotID:
		return refuse(403, 50005, "Cannot edit a message authored by another user")
	case channel.Archived:
		return refuse(400, 50083, "Tried to perform an operation on an archived thread, such as editing a message or adding a user to the thread")
	}
	if refused := addresses(c.object); refused.status != 0 {
		return refused
	}
	if old := time.Since(m.At) > time.Hour; old && f.knobs.OldEdits > 0 {
		if m.oldEdits++; m.oldEdits > f.knobs.OldEdits {
			return refuse(429, 30046, "Maximum number of edits to messages older than 1 hour reached. Try again later")
		}
	}
	f.fill(m, c.object, f.permissions(channel))
	m.Edited = true
	return answer{status: 200, body: m.json(false)}
}

func (f *Fake) deleteMessage(c *call) answer {
	channel, m, refused := f.message(c, 0)
	switch {
	case m == nil:
		return refused
	case m.Author != BotID && f.permissions(channel)&ManageMessages == 0:
		return missingRights
	case channel.Archived:
		return refuse(400, 50083, "Tried to perform an operation on an archived thread, such as editing a message or adding a user to the thread")
	}
	f.messages[channel.ID] = slices.DeleteFunc(f.messages[channel.ID], func(other *Message) bool { return other == m })
	return answer{status: 204}
}

func (f *Fake) crosspost(c *call) answer {
	channel, m, refused := f.message(c, SendMessages)
	switch {
	case m == nil:
		return refused
	case channel.Kind != Announcement:
		return refuse(400, 50024, "Cannot execute action on this channel type")
	case m.Published:
		return refuse(400, 40033, "This message has already been crossposted")
	}
	m.Published = true
	return answer{status: 200, body: m.json(false)}
}

// maxPins is how many messages of a channel can be pinned.
const maxPins = 250

func (f *Fake) pin(c *call) answer {
	channel, m, refused := f.message(c, PinMessages)
	if m == nil {
		return refused
	}
	pinned := 0
	for _, other := range f.messages[channel.ID] {
		if other.Pinned {
			pinned++
		}
	}
	if pinned >= maxPins {
		return refuse(400, 30003, "Maximum number of pins reached (250)")
	}
	m.Pinned = true
	return answer{status: 204}
}
