package discord

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"cloudnative.tw/herald/bot"
)

// server returns what has to be known of a server, asked once.
func (c *checking) server(ctx context.Context, id string) *server {
	if s := c.servers[id]; s != nil {
		return s
	}
	s := new(server)
	c.servers[id] = s
	s.err = c.rest.call(ctx, request{doing: "looking at server " + id, method: "GET", path: "/guilds/%s", args: []string{id}, into: s})
	if s.err != nil {
		return s
	}
	var member struct {
		Roles []string `json:"roles"`
	}
	me, err := c.self(ctx)
	if err == nil {
		err = c.rest.call(ctx, request{doing: "looking at the bot in server " + id, method: "GET", path: "/guilds/%s/members/%s", args: []string{id, me}, into: &member})
	}
	s.mine, s.err = member.Roles, err
	return s
}

func (c *checking) channel(ctx context.Context, channel Channel) {
	where, err := c.askPlace(ctx, target(channel.Address))
	if err != nil {
		c.failed(channel.Name, err)
		return
	}
	before := len(c.found)
	if !speakable(where.Kind) {
		c.add(Bad, channel.Name, "這種頻道不能發訊息：請換成文字、公告、論壇頻道或討論串。",
			"Nothing can be said in this kind of channel: choose a text, announcement or forum channel, or a thread.")
		return
	}
	c.permissions(ctx, channel, where)
	c.options(channel, where)
	if where.Metadata.Locked {
		c.add(Bad, channel.Name, "討論串已鎖定：請解除鎖定。", "The thread is locked: unlock it.")
	}
	if len(c.found) == before {
		c.add(Good, channel.Name, "可以發布。", "Ready to be spoken in.")
	}
}

// speakable reports whether messages can stand in a kind of channel.
func speakable(kind discordgo.ChannelType) bool {
	switch kind {
	case discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildNews, discordgo.ChannelTypeGuildVoice, discordgo.ChannelTypeGuildStageVoice,
		discordgo.ChannelTypeGuildNewsThread, discordgo.ChannelTypeGuildPublicThread, discordgo.ChannelTypeGuildPrivateThread, kindForum, kindMedia:
		return true
	default:
		return false
	}
}

// permissions names each permission that the bot lacks in a channel.
func (c *checking) permissions(ctx context.Context, channel Channel, where place) {
	overwrites := where.Overwrites
	if where.thread() { // a thread has those of its channel
		parent, err := c.askPlace(ctx, where.Parent)
		if err != nil {
			c.failed(channel.Name, err)
			return
		}
		overwrites = parent.Overwrites
	}
	s := c.server(ctx, where.Guild)
	if s.err != nil {
		c.failed(channel.Name, s.err)
		return
	}
	me, err := c.self(ctx)
	if err != nil {
		c.failed(channel.Name, err)
		return
	}
	has := permissionsIn(where.Guild, me, s.mine, s.Roles, overwrites)
	var chinese, english []string
	for _, p := range permissionNames {
		if needed(channel, where)&p.bit != 0 && has&p.bit == 0 {
			chinese = append(chinese, "「"+p.name.In(bot.TraditionalChinese)+"」")
			english = append(english, p.name.In(bot.English))
		}
	}
	if len(chinese) > 0 {
		c.found = append(c.found, Finding{Bad, channel.Name, both(
			"機器人的身分組缺少權限："+strings.Join(chinese, "")+"。", "The bot's role lacks: "+strings.Join(english, ", ")+".")})
	}
}

// needed returns what the bot must be allowed to do in a channel.
func needed(channel Channel, where place) int64 {
	need := int64(viewChannel | embedLinks | readHistory)
	switch {
	case channel.Pinned && where.forum(): // it is the thread that is pinned
		need |= manageThreads
	case channel.Pinned:
		need |= pinMessages
	}
	if where.thread() {
		return need | sendInThreads
	}
	need |= sendMessages
	if where.forum() {
		need |= sendInThreads
	}
	if channel.Options.Thread {
		need |= createThreads
	}
	return need
}

// options looks whether the channel can do what the config wants of it.
func (c *checking) options(channel Channel, where place) {
	o := channel.Options
	if o.Publish && where.Kind != discordgo.ChannelTypeGuildNews {
		c.add(Bad, channel.Name, "publish 只適用於公告頻道。", "publish is for announcement channels only.")
	}
	if o.Thread && (where.forum() || where.thread()) {
		c.add(Doubtful, channel.Name, "thread 在論壇和討論串裡沒有作用。", "thread does nothing in forums and threads.")
	}
	if len(o.Tags) > 0 && !where.forum() {
		c.add(Doubtful, channel.Name, "tags 只適用於論壇。", "tags are for forums only.")
		return
	}
	for _, word := range slices.Sorted(maps.Keys(o.Tags)) {
		name := o.Tags[word]
		if len(where.tags([]string{word}, Options{Tags: map[string]string{word: name}})) == 0 {
			c.add(Bad, channel.Name, "論壇裡沒有「%s」這個標籤。", "The forum has no tag called %q.", name)
		}
	}
	if where.Flags&requireTag != 0 && o.Tags[OtherTag] == "" {
		c.add(Bad, channel.Name, "論壇規定要有標籤：請在 tags 加上 other。", "The forum demands a tag: add other to tags.")
	}
}
