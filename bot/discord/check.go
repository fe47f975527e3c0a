package discord

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bwmarrin/discordgo"

	"cloudnative.tw/herald/bot"
)

// Severity says how bad a Finding is.
type Severity uint8

const (
	// Good is as it should be.
	Good Severity = iota
	// Doubtful may be meant so.
	Doubtful
	// Bad will not work.
	Bad
)

// Finding is one thing that Check found out.
type Finding struct {
	Severity Severity
	// Channel is a channel's name in the config; "" for what concerns the bot.
	Channel string
	// What is a sentence, or two.
	What bot.Texts
}

// InviteURL returns the link with which an administrator adds the bot to a
// server: with commands, and with the permissions that Herald uses and no other.
func InviteURL(application string) string {
	return fmt.Sprintf("https://discord.com/oauth2/authorize?client_id=%s&scope=bot+applications.commands&permissions=%d", application, invited)
}

// invited are the permissions that the invite link asks for.
const invited int64 = viewChannel | sendMessages | embedLinks | readHistory | createThreads | sendInThreads | pinMessages

// checking is a Check on its way.
type checking struct {
	*Discord
	found   []Finding
	app     string
	servers map[string]*server
}

// server is what has to be known of one to tell what the bot may do there.
type server struct {
	Name  string `json:"name"`
	Roles []role `json:"roles"`
	mine  []string
	err   error
}

// Check asks Discord whether the token, the application, the servers and each
// channel of the config are as Herald needs them. It changes nothing.
func (d *Discord) Check(ctx context.Context) []Finding {
	c := &checking{Discord: d, servers: make(map[string]*server)}
	if !c.account(ctx) {
		return c.found
	}
	c.gateway(ctx)
	c.guilds(ctx)
	for _, channel := range d.config.Channels {
		c.channel(ctx, channel)
	}
	return c.found
}

func (c *checking) add(severity Severity, channel, chinese, english string, args ...any) {
	c.found = append(c.found, Finding{severity, channel, both(fmt.Sprintf(chinese, args...), fmt.Sprintf(english, args...))})
}

// failed tells that something could not be asked.
func (c *checking) failed(channel string, err error) {
	var refused *Error
	switch {
	case errors.Is(err, errUnauthorized):
		c.found = append(c.found, Finding{Bad, channel, wrongToken})
	case errors.As(err, &refused) && refused.Hint() != nil:
		c.found = append(c.found, Finding{Bad, channel, refused.Hint()})
	default:
		c.add(Bad, channel, "問不到 Discord：%v", "Discord cannot be asked: %v", err)
	}
}

// account looks at the token and the application.
func (c *checking) account(ctx context.Context) bool {
	var user struct {
		ID   string `json:"id"`
		Name string `json:"username"`
	}
	if err := c.rest.call(ctx, request{doing: "asking who the bot is", method: "GET", path: "/users/@me", into: &user}); err != nil {
		c.failed("", err)
		return false
	}
	c.remember(user.ID)
	c.add(Good, "", "token 有效，機器人是 %s。", "The token is good; the bot is %s.", cleanLine(user.Name))
	var app struct {
		ID       string  `json:"id"`
		Endpoint *string `json:"interactions_endpoint_url"`
	}
	if err := c.rest.call(ctx, request{doing: "asking which application the bot is", method: "GET", path: "/applications/@me", into: &app}); err != nil {
		c.failed("", err)
		return true
	}
	c.app = app.ID
	if app.Endpoint != nil && *app.Endpoint != "" {
		c.add(Bad, "", "應用程式設了 Interactions Endpoint URL，指令不會送到 Herald：請在開發者後台清空。",
			"The application has an Interactions Endpoint URL, so commands do not reach Herald: clear it in the developer portal.")
	}
	return true
}

// fewSessions is when there is reason to ask why so many were begun.
const fewSessions = 100

func (c *checking) gateway(ctx context.Context) {
	plan, err := c.askGateway(ctx)
	if err != nil {
		c.failed("", err)
		return
	}
	if plan.Limit.Total > 0 && plan.Limit.Remaining < fewSessions {
		c.add(Doubtful, "", "今天只剩 %d 次連線額度（共 %d 次）：是不是有程式一直重新啟動？",
			"Only %d of today's %d sessions are left: is something restarting again and again?", plan.Limit.Remaining, plan.Limit.Total)
	}
	c.add(Good, "", "不需要特權 intents；Discord 建議 %d 個分片。", "No privileged intents are needed; Discord asks for %d shard(s).", plan.Shards)
}

// guilds looks whether the bot is where the config wants commands.
func (c *checking) guilds(ctx context.Context) {
	var list []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	if err := c.rest.call(ctx, request{doing: "asking for the bot's servers", method: "GET", path: "/users/@me/guilds", into: &list}); err != nil {
		c.failed("", err)
		return
	}
	in := make(map[string]string)
	var names []string
	for _, g := range list {
		in[g.ID] = g.Name
		names = append(names, cleanLine(g.Name))
	}
	if len(list) == 0 {
		c.add(Bad, "", "機器人不在任何伺服器裡：請用這個連結邀請它：%s", "The bot is in no server: invite it with %s", InviteURL(c.app))
		return
	}
	c.add(Good, "", "所在的伺服器：%s。", "Servers: %s.", strings.Join(names, ", "))
	for _, id := range c.config.Guilds {
		if _, ok := in[id]; !ok {
			c.add(Bad, "", "機器人不在伺服器 %s 裡：請用這個連結邀請它：%s", "The bot is not in server %s: invite it with %s", id, InviteURL(c.app))
		}
	}
}

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
	for word, name := range o.Tags {
		if len(where.tags([]string{word}, Options{Tags: map[string]string{word: name}})) == 0 {
			c.add(Bad, channel.Name, "論壇裡沒有「%s」這個標籤。", "The forum has no tag called %q.", name)
		}
	}
	if where.Flags&requireTag != 0 && o.Tags[OtherTag] == "" {
		c.add(Bad, channel.Name, "論壇規定要有標籤：請在 tags 加上 other。", "The forum demands a tag: add other to tags.")
	}
}
