package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/bwmarrin/discordgo"
)

// dispatch takes one event. One that cannot be read, or that makes us panic,
// costs itself. Events that Herald has no use for are passed over.
func (c *conn) dispatch(ctx context.Context, event *discordgo.Event) {
	defer func() {
		if p := recover(); p != nil {
			c.log.Error("discord: an event panicked", "event", event.Type, "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
		}
	}()
	var err error
	switch event.Type {
	case "READY":
		err = c.ready(event.RawData)
	case "RESUMED":
		c.stands()
		c.log.Info("discord: session resumed")
	case "GUILD_CREATE":
		var guild struct {
			Channels []place `json:"channels"`
			Threads  []place `json:"threads"`
			ID       string  `json:"id"`
		}
		err = json.Unmarshal(event.RawData, &guild)
		for _, found := range append(guild.Channels, guild.Threads...) {
			found.Guild = guild.ID
			c.discord.learn(found)
		}
	case "CHANNEL_CREATE", "CHANNEL_UPDATE", "THREAD_CREATE", "THREAD_UPDATE":
		var found place
		if err = json.Unmarshal(event.RawData, &found); err == nil {
			c.discord.learn(found)
		}
	case "CHANNEL_DELETE", "THREAD_DELETE":
		var gone created
		if err = json.Unmarshal(event.RawData, &gone); err == nil {
			c.discord.places.forget(gone.ID)
		}
	case "INTERACTION_CREATE":
		err = c.interaction(ctx, event.RawData)
	}
	if err != nil {
		c.log.Warn("discord: an event cannot be read", "event", event.Type, "error", err)
	}
}

// ready takes the session that the gateway began.
func (c *conn) ready(data json.RawMessage) error {
	var said struct {
		Session   string  `json:"session_id"`
		ResumeURL string  `json:"resume_gateway_url"`
		User      created `json:"user"`
	}
	if err := json.Unmarshal(data, &said); err != nil {
		return err
	}
	c.session, c.resumeURL = said.Session, said.ResumeURL
	c.discord.remember(said.User.ID)
	c.stands()
	c.log.Info("discord: connected")
	return nil
}

// stands marks the session as standing.
func (c *conn) stands() {
	c.fruitless = 0
	c.mu.Lock()
	defer c.mu.Unlock()
	c.readySeen = time.Now()
}

// interaction has something that a member did answered, beside the connection.
func (c *conn) interaction(ctx context.Context, data json.RawMessage) error {
	var i interaction
	if err := json.Unmarshal(data, &i); err != nil {
		return err
	}
	if c.discord.config.Handler == nil {
		return nil
	}
	select {
	case c.discord.slots <- struct{}{}:
	default:
		c.log.Warn("discord: too many commands at once; one goes unanswered")
		return nil
	}
	c.answering.Go(func() {
		defer func() { <-c.discord.slots }()
		c.discord.answer(ctx, i)
	})
	return nil
}
