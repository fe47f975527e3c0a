package discord

import (
	"context"
	"errors"
	"fmt"
	"strings"

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
