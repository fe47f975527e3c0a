package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/console"
	"cloudnative.tw/herald/bot/store"
)

// withLedger calls do with the store, open for reading beside a Herald that
// speaks.
func withLedger(ctx context.Context, env environment, path string, do func(*Config, *store.Store) error) (err error) {
	cfg, err := load(env, path)
	if err != nil {
		return err
	}
	defer func() { err = troubleIn(env.langOr(cfg.Community.Language), err) }()
	dsn, err := env.ledger(cfg)
	if err != nil {
		return err
	}
	ledger, err := store.OpenReadOnly(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ledger.Close()) }()
	if err := cfg.recall(ctx, ledger); err != nil {
		return err
	}
	return do(cfg, ledger)
}

// channelName returns what the config calls an address, or the address.
func (c *Config) channelName(a bot.Address) string {
	for _, channel := range c.Channels {
		if at := channel.Value.Channel.Address; at == a || c.moves.now(at) == a {
			return channel.Name
		}
	}
	return a.String()
}

// moment is a time as people read it in lists.
func (c *Config) moment(t time.Time) string {
	return t.In(c.Community.Zone).Format("2006-01-02 15:04")
}

// entryJSON is an act of the ledger as it is printed for machines.
type entryJSON struct {
	ID           int64      `json:"id"`
	Kind         string     `json:"kind"`
	State        string     `json:"state"`
	Reason       string     `json:"reason,omitempty"`
	Subject      string     `json:"subject"`
	Occasion     string     `json:"occasion"`
	Channel      string     `json:"channel"`
	Address      string     `json:"address"`
	Announcement string     `json:"announcement,omitempty"`
	Title        string     `json:"title,omitempty"`
	MessageID    string     `json:"message_id,omitempty"`
	Attempts     int        `json:"attempts"`
	Created      time.Time  `json:"created"`
	NotBefore    time.Time  `json:"not_before"`
	UsefulUntil  *time.Time `json:"useful_until,omitempty"`
	Done         *time.Time `json:"done,omitempty"`
}

func (c *Config) entryJSON(e store.Entry) entryJSON {
	return entryJSON{
		ID: e.ID, Kind: string(e.Kind), State: string(e.State), Reason: e.Reason,
		Subject: e.Subject, Occasion: e.Occasion, Channel: c.channelName(e.Address), Address: e.Address.String(),
		Announcement: e.Announcement, Title: titleOf(e.Message), MessageID: e.Said, Attempts: e.Attempts,
		Created: e.Created, NotBefore: e.NotBefore, UsefulUntil: timeOrNil(e.Until), Done: timeOrNil(e.Done),
	}
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// titleOf returns what a message is about, on one line.
func titleOf(m bot.Message) string {
	if m.Title != "" {
		return m.Title
	}
	head, _ := m.Body.Cut(60, bot.Characters)
	return console.Clean(head.String())
}

// encodeLines prints one JSON object a line.
func encodeLines[T any](w io.Writer, values []T) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, v := range values {
		if err := encoder.Encode(v); err != nil {
			return fmt.Errorf("printing: %w", err)
		}
	}
	return nil
}
