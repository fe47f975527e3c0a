package main

import (
	"context"
	"errors"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/console"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

// voice is what a Herald that speaks works with: its ledger, and where it speaks.
type voice struct {
	ledger    *store.Store
	platforms platforms
	console   *console.Console
}

// openVoice opens the store to speak from, and finds out where the channels are.
// The caller closes the ledger.
func (a *app) openVoice(ctx context.Context) (v *voice, err error) {
	v = &voice{console: a.newConsole()}
	if v.ledger, err = a.openLedger(ctx); err != nil {
		return nil, err
	}
	if v.platforms, err = a.newPlatforms(v.ledger); err == nil {
		err = a.settle(ctx, v.platforms, v.ledger)
	}
	if err != nil {
		return nil, errors.Join(err, v.ledger.Close())
	}
	a.tellOff()
	return v, nil
}

func (v *voice) senders() map[bot.Platform]outbox.Sender { return v.platforms.senders(v.console) }

// openLedger opens the store to speak from.
func (a *app) openLedger(ctx context.Context) (*store.Store, error) {
	dsn, err := a.env.ledger(a.cfg)
	if err != nil {
		return nil, err
	}
	ledger, err := store.Open(ctx, dsn)
	return ledger, troubleIn(a.lang(), err)
}

func (a *app) newConsole() *console.Console {
	return console.New(console.Config{
		In: a.env.in, Out: a.env.out, Terminal: a.env.terminal, Look: a.look(),
		Name: consoleChat, Locale: a.env.locale(), Lang: a.cfg.Community.Language,
		Now: func() time.Time { return a.env.now().In(a.cfg.Community.Zone) },
	})
}
