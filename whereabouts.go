package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/bot/telegram"
)

// isName tells that an address is a Telegram name, whose number is not known.
func isName(a bot.Address) bool { return a.Platform == bot.Telegram && strings.HasPrefix(a.Chat, "@") }

// numberKey is under which the number of a Telegram name is remembered.
func numberKey(a bot.Address) string { return "telegram:chat:" + a.Chat }

// findTime is how long Telegram may take in all to tell the numbers of names
// before those that are remembered are used.
const findTime = 10 * time.Second

// settle finds out where the channels are: the number behind each name, and
// where those are now that have moved. A channel that cannot be found is off: it
// is said once, and nothing is owed to it.
func (a *app) settle(ctx context.Context, p platforms, ledger *store.Store) error {
	if p.telegram != nil {
		if err := a.number(ctx, p.telegram, ledger); err != nil {
			return err
		}
	}
	if err := a.cfg.recall(ctx, ledger); err != nil {
		return err
	}
	if p.telegram != nil {
		p.telegram.SetChannels(a.cfg.telegramChannels())
	}
	return a.cfg.distinct()
}

// number asks Telegram for the numbers of names, and remembers them.
func (a *app) number(ctx context.Context, t *telegram.Telegram, ledger *store.Store) error {
	asking, cancel := context.WithTimeout(ctx, findTime)
	defer cancel()
	var lost []string
	var why error
	for i := range a.cfg.Channels {
		name, channel := a.cfg.Channels[i].Name, &a.cfg.Channels[i].Value
		at := channel.Channel.Address
		if !isName(at) {
			continue
		}
		found, err := t.Resolve(asking, at)
		if err == nil {
			channel.Channel.Address = found
			if err := ledger.Remember(ctx, numberKey(at), found.Chat, time.Time{}); err != nil {
				return err
			}
			continue
		}
		known, recallErr := ledger.Recall(ctx, numberKey(at))
		switch {
		case recallErr != nil:
			return recallErr
		case known != "":
			a.log.Warn("the number that is remembered is used for a name that cannot be found", "channel", name, "err", err)
		default:
			channel.off = true
			lost, why = append(lost, name), errors.Join(why, err)
		}
	}
	if len(lost) > 0 {
		a.log.Error("channels are off until the next start: their chats cannot be found", "channels", strings.Join(lost, ", "), "err", why)
	}
	return nil
}

// recall puts in the numbers that are remembered for names, and where channels
// are now that have moved. Programs that only read know their channels by it.
func (c *Config) recall(ctx context.Context, ledger *store.Store) error {
	for i := range c.Channels {
		at := &c.Channels[i].Value.Channel.Address
		if isName(*at) {
			number, err := ledger.Recall(ctx, numberKey(*at))
			if err != nil {
				return err
			}
			if number != "" {
				at.Chat = number
			}
		}
		now, err := ledger.Whereabouts(ctx, *at)
		if err != nil {
			return err
		}
		*at = now
	}
	return nil
}

// distinct refuses two names for one place, which can be known only once
// Telegram has told the numbers.
func (c *Config) distinct() error {
	owners := map[bot.Address]string{}
	for _, channel := range c.Channels {
		if owner, taken := owners[channel.Value.Channel.Address]; taken {
			return &exitError{exitUsage, fmt.Errorf("channels.%s is the same place as channels.%s: keep one of the two names", channel.Name, owner)}
		}
		owners[channel.Value.Channel.Address] = channel.Name
	}
	return nil
}

// moves are the channels that have moved while the program runs. Its methods may
// be called from several goroutines; nil is none.
type moves struct {
	mu sync.Mutex
	to map[bot.Address]bot.Address // from where the config has them
}

// move notes that what was at an address is at another one now, and reports
// whether that is new.
func (m *moves) move(from, to bot.Address) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.to[from] == to {
		return false
	}
	for origin, now := range m.to {
		if now == from {
			m.to[origin] = to
		}
	}
	if m.to == nil {
		m.to = make(map[bot.Address]bot.Address)
	}
	m.to[from] = to
	return true
}

// follow has what the config says of a channel hold at its new address.
func (a *app) follow(t *telegram.Telegram, from, to bot.Address) {
	if !a.cfg.moves.move(from, to) {
		return
	}
	if t != nil {
		t.SetChannels(a.cfg.telegramChannels())
	}
	a.log.Info("a group has a new number and is followed there", "from", from.String(), "to", to.String())
}

// now returns where a channel is that the config has at an address.
func (m *moves) now(a bot.Address) bot.Address {
	if m == nil {
		return a
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if to, moved := m.to[a]; moved {
		return to
	}
	return a
}
