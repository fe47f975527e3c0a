package discord

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
)

// place is what has to be known of a channel to speak there.
type place struct {
	ID       string                `json:"id"`
	Guild    string                `json:"guild_id"`
	Name     string                `json:"name"`
	Kind     discordgo.ChannelType `json:"type"`
	Parent   string                `json:"parent_id"`
	Owner    string                `json:"owner_id"`
	Flags    int                   `json:"flags"`
	Tags     []forumTag            `json:"available_tags"`
	Metadata struct {
		Archived bool `json:"archived"`
		Locked   bool `json:"locked"`
	} `json:"thread_metadata"`
	Overwrites  []overwrite `json:"permission_overwrites"`
	LastMessage string      `json:"last_message_id"`
}

// forumTag is from https://discord.com/developers/docs/resources/channel#forum-tag-object.
type forumTag struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Moderated bool   `json:"moderated"`
}

// https://discord.com/developers/docs/resources/channel#channel-object-channel-types
const (
	kindForum = discordgo.ChannelTypeGuildForum
	kindMedia = discordgo.ChannelTypeGuildMedia
)

// requireTag is REQUIRE_TAG
// (https://discord.com/developers/docs/resources/channel#channel-object-channel-flags).
const requireTag = 1 << 4

// forum reports whether what is said there begins a thread.
func (p place) forum() bool { return p.Kind == kindForum || p.Kind == kindMedia }

func (p place) thread() bool {
	return p.Kind >= discordgo.ChannelTypeGuildNewsThread && p.Kind <= discordgo.ChannelTypeGuildPrivateThread
}

// placeLife is how long it is believed what a channel is. The gateway tells of
// changes sooner.
const placeLife = time.Hour

// places remembers the channels of the config.
type places struct {
	mu    sync.Mutex
	known map[string]knownPlace
}

type knownPlace struct {
	place
	until time.Time
}

func (p *places) get(id string) (place, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known, ok := p.known[id]
	return known.place, ok && time.Now().Before(known.until)
}

func (p *places) put(found place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil {
		p.known = make(map[string]knownPlace)
	}
	p.known[found.ID] = knownPlace{found, time.Now().Add(placeLife)}
}

func (p *places) forget(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.known, id)
}

// place returns what a channel of the config is.
func (d *Discord) place(ctx context.Context, id string) (place, error) {
	if found, ok := d.places.get(id); ok {
		return found, nil
	}
	found, err := d.askPlace(ctx, id)
	if err == nil {
		d.places.put(found)
	}
	return found, err
}

// askPlace asks Discord what a channel is.
func (d *Discord) askPlace(ctx context.Context, id string) (place, error) {
	var found place
	err := d.rest.call(ctx, request{
		doing: "looking at channel " + id, method: "GET", path: "/channels/%s", args: []string{id}, into: &found,
	})
	if err == nil && found.ID != id {
		err = fmt.Errorf("looking at channel %s: discord answered with another", id)
	}
	return found, err
}

// learn takes over what the gateway says about a channel of the config.
func (d *Discord) learn(found place) {
	if _, ok := d.channels[found.ID]; ok {
		d.places.put(found)
	}
}

// tags returns the ids of the forum's tags that go with words.
func (p place) tags(words []string, options Options) []string {
	var ids []string
	add := func(name string) {
		for _, tag := range p.Tags {
			if len(ids) < maxAppliedTags && !slices.Contains(ids, tag.ID) && (tag.ID == name || strings.EqualFold(cleanLine(tag.Name), cleanLine(name))) {
				ids = append(ids, tag.ID)
			}
		}
	}
	for _, word := range words {
		add(options.tag(word))
	}
	if other, ok := options.Tags[OtherTag]; ok && len(ids) == 0 {
		add(other)
	}
	return ids
}
