package discordtest

import (
	"slices"
	"strconv"
	"time"
)

// channelJSON is a channel as the API gives it.
func (f *Fake) channelJSON(c *Channel) map[string]any {
	object := c.json()
	object["last_message_id"] = nil
	if all := f.messages[c.ID]; len(all) > 0 {
		object["last_message_id"] = all[len(all)-1].ID
	}
	return object
}

func (c *Channel) json() map[string]any {
	object := map[string]any{
		"id": c.ID, "guild_id": c.Guild, "name": c.Name, "type": c.Kind, "rate_limit_per_user": int(c.Slowmode.Seconds()),
		"permission_overwrites": []any{}, "flags": 0,
	}
	if c.Deny != 0 {
		object["permission_overwrites"] = []any{map[string]any{"id": BotID, "type": 1, "allow": "0", "deny": strconv.FormatInt(c.Deny, 10)}}
	}
	if c.Parent != "" {
		object["parent_id"] = c.Parent
	}
	if c.isForum() {
		object["available_tags"] = append([]Tag{}, c.Tags...)
		if c.NeedsTag {
			object["flags"] = 1 << 4
		}
	}
	if c.isThread() {
		object["owner_id"] = c.Owner
		object["applied_tags"] = append([]string{}, c.Applied...)
		object["thread_metadata"] = map[string]any{
			"archived": c.Archived, "locked": c.Locked, "auto_archive_duration": 4320,
			"archive_timestamp": c.created.UTC().Format(time.RFC3339), "create_timestamp": c.created.UTC().Format(time.RFC3339),
		}
		delete(object, "permission_overwrites")
	}
	return object
}

func (f *Fake) getChannel(c *call) answer {
	channel, refused := f.room(c, 0)
	if channel == nil {
		return refused
	}
	return answer{status: 200, body: f.channelJSON(channel)}
}

// patchChannel takes a thread out of the archive, or renames it.
func (f *Fake) patchChannel(c *call) answer {
	channel, refused := f.room(c, 0)
	if channel == nil {
		return refused
	}
	if !channel.isThread() {
		return missingRights
	}
	if channel.Locked && f.permissions(channel)&ManageThreads == 0 {
		return refuse(400, 160005, "Thread is locked")
	}
	if archived, ok := c.object["archived"].(bool); ok {
		channel.Archived = archived
	}
	if name := text(c.object["name"]); name != "" {
		if channel.Archived {
			return refuse(400, 50083, "Thread is archived")
		}
		channel.Name = name
	}
	return answer{status: 200, body: channel.json()}
}

func (f *Fake) deleteChannel(c *call) answer {
	channel, refused := f.room(c, ManageThreads)
	if channel == nil {
		return refused
	}
	delete(f.channels, channel.ID)
	delete(f.messages, channel.ID)
	return answer{status: 200, body: channel.json()}
}

func (f *Fake) startForumThread(c *call) answer {
	parent, refused := f.room(c, SendMessages)
	switch {
	case parent == nil:
		return refused
	case !parent.isForum():
		return refuse(400, 50024, "Cannot execute action on this channel type")
	}
	message, _ := c.object["message"].(map[string]any)
	if refused := f.mayWrite(parent, text(message["content"])); refused.status != 0 {
		return refused
	}
	if refused := addresses(message); refused.status != 0 {
		return refused
	}
	tags, _ := c.object["applied_tags"].([]any)
	if parent.NeedsTag && len(tags) == 0 {
		return refuse(400, 40067, "A tag is required to create a forum post in this channel")
	}
	var applied []string
	for _, tag := range tags {
		i := slices.IndexFunc(parent.Tags, func(t Tag) bool { return t.ID == tag })
		switch {
		case i < 0:
			return refuse(400, 10087, "Unknown tag")
		case parent.Tags[i].Moderated && f.permissions(parent)&ManageThreads == 0:
			return missingRights
		}
		applied = append(applied, text(tag))
	}
	thread := f.add(Channel{Guild: parent.Guild, Kind: PublicThread, Parent: parent.ID, Owner: BotID, Name: text(c.object["name"]), Applied: applied})
	m := f.newMessage(thread, message)
	m.ID = thread.ID // https://discord.com/developers/docs/resources/channel#start-thread-in-forum-or-media-channel
	body := thread.json()
	body["message"] = m.json(true)
	return answer{status: 201, body: body}
}

func (f *Fake) startThread(c *call) answer {
	channel, m, refused := f.message(c, CreatePublicThread)
	switch {
	case m == nil:
		return refused
	case channel.isThread() || channel.isForum():
		return refuse(400, 50024, "Cannot execute action on this channel type")
	case m.Thread != "":
		return refuse(400, 160004, "A thread has already been created for this message")
	}
	kind := PublicThread
	if channel.Kind == Announcement {
		kind = AnnouncementThread
	}
	thread := f.add(Channel{ID: m.ID, Guild: channel.Guild, Kind: kind, Parent: channel.ID, Owner: BotID, Name: text(c.object["name"])})
	m.Thread = thread.ID
	return answer{status: 201, body: thread.json()}
}

func (f *Fake) getActiveThreads(c *call) answer {
	return f.threads(func(t *Channel) bool { return t.Guild == c.vars["guild_id"] && !t.Archived })
}

func (f *Fake) getArchivedThreads(c *call) answer {
	if channel, refused := f.room(c, ReadMessageHistory); channel == nil {
		return refused
	}
	return f.threads(func(t *Channel) bool { return t.Parent == c.vars["channel_id"] && t.Archived })
}

func (f *Fake) threads(fits func(*Channel) bool) answer {
	var found []*Channel
	for _, t := range f.channels {
		if t.isThread() && fits(t) {
			found = append(found, t)
		}
	}
	slices.SortFunc(found, func(a, b *Channel) int { return compareIDs(b.ID, a.ID) })
	list := []any{}
	for _, t := range found {
		list = append(list, t.json())
	}
	return answer{status: 200, body: map[string]any{"threads": list, "members": []any{}, "has_more": false}}
}
