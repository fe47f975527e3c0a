package discordtest

import (
	"cmp"
	"time"
)

// Kinds of channels (https://discord.com/developers/docs/resources/channel#channel-object-channel-types).
const (
	Text               = 0
	DM                 = 1
	Voice              = 2
	Category           = 4
	Announcement       = 5
	AnnouncementThread = 10
	PublicThread       = 11
	PrivateThread      = 12
	Forum              = 15
	Media              = 16
)

// Permissions (https://discord.com/developers/docs/topics/permissions).
const (
	Administrator      int64 = 1 << 3
	ViewChannel        int64 = 1 << 10
	SendMessages       int64 = 1 << 11
	ManageMessages     int64 = 1 << 13
	EmbedLinks         int64 = 1 << 14
	ReadMessageHistory int64 = 1 << 16
	MentionEveryone    int64 = 1 << 17
	ManageThreads      int64 = 1 << 34
	CreatePublicThread int64 = 1 << 35
	SendInThreads      int64 = 1 << 38
	PinMessages        int64 = 1 << 51

	// Everything that a bot like Herald needs.
	Enough = ViewChannel | SendMessages | EmbedLinks | ReadMessageHistory | CreatePublicThread | SendInThreads | PinMessages
)

// Channel is a channel, forum or thread.
type Channel struct {
	ID, Guild, Name string
	Kind            int
	// Parent is the channel of a thread, or the category of a channel.
	Parent string
	// Owner is who began a thread.
	Owner string
	// Tags are those of a forum, NeedsTag that a thread must have one.
	Tags     []Tag
	NeedsTag bool
	// Applied are the tags of a thread, by id.
	Applied          []string
	Archived, Locked bool
	// Slowmode has members, and a bot without ManageMessages, wait between two
	// messages.
	Slowmode time.Duration
	// Deny takes permissions from the bot in this channel.
	Deny int64
	// Automod refuses messages that contain these words.
	Automod string

	created, spoken time.Time
}

// Tag is a tag of a forum.
type Tag struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Moderated bool   `json:"moderated"`
}

// Message is a message as it stands.
type Message struct {
	ID, Channel string
	Content     string
	Embeds      []map[string]any
	Components  []any
	Flags       int
	Nonce       string
	At          time.Time
	Edited      bool
	Published   bool
	Pinned      bool
	// Pings are whom it notified: "everyone", "here", a role's or a user's id.
	Pings  []string
	Author string
	Thread string // the thread below it

	oldEdits int
}

type guild struct {
	id          string
	permissions int64 // of @everyone
	roles       []Role
	gone        bool // whether the bot is not in it
}

// Role is a role of a server.
type Role struct {
	ID          string
	Name        string
	Permissions int64
	Mentionable bool
	// Bot tells that the bot has it.
	Bot bool
}

func newGuild(id string) *guild { return &guild{id: id, permissions: Enough} }

// AddGuild adds a server.
func (f *Fake) AddGuild(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.guilds[id] = newGuild(id)
}

// Leave has the bot be in a server no more.
func (f *Fake) Leave(guild string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.guilds[guild].gone = true
}

// SetPermissions says what everybody may do in a server.
func (f *Fake) SetPermissions(guild string, permissions int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.guilds[guild].permissions = permissions
}

// AddRole adds a role to a server.
func (f *Fake) AddRole(guild string, role Role) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.guilds[guild].roles = append(f.guilds[guild].roles, role)
}

// Add adds a channel and returns its id. An empty ID gets a new one, an empty
// Guild is Guild.
func (f *Fake) Add(c Channel) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.add(c).ID
}

func (f *Fake) add(c Channel) *Channel {
	if c.ID == "" {
		c.ID = f.id()
	}
	c.Guild = cmp.Or(c.Guild, Guild)
	c.Name = cmp.Or(c.Name, "channel")
	c.created = time.Now()
	f.channels[c.ID] = &c
	return &c
}

// Change changes a channel.
func (f *Fake) Change(id string, change func(*Channel)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f.channels[id])
}

// Remove deletes a channel, as moderators do.
func (f *Fake) Remove(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.channels, id)
	delete(f.messages, id)
}

// Say has somebody else write a message, and returns its id.
func (f *Fake) Say(channel, content string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := &Message{ID: f.id(), Channel: channel, Content: content, At: time.Now(), Author: "800000000000000001"}
	f.messages[channel] = append(f.messages[channel], m)
	return m.ID
}

func (c *Channel) isThread() bool { return c.Kind >= AnnouncementThread && c.Kind <= PrivateThread }

func (c *Channel) isForum() bool { return c.Kind == Forum || c.Kind == Media }

// permissions returns what the bot may do in a channel
// (https://discord.com/developers/docs/topics/permissions#permission-overwrites).
func (f *Fake) permissions(c *Channel) int64 {
	g := f.guilds[c.Guild]
	if g == nil || g.gone {
		return 0
	}
	p := g.permissions
	for _, role := range g.roles {
		if role.Bot {
			p |= role.Permissions
		}
	}
	if p&Administrator != 0 {
		return -1
	}
	if parent := f.channels[c.Parent]; c.isThread() && parent != nil {
		p &^= parent.Deny
	}
	return p &^ c.Deny
}

func compareIDs(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}
