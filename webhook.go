package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"

	"cloudnative.tw/herald/bot"
)

// webhook is how Telegram delivers what members do, instead of being asked for
// it: to a proxy with TLS, which passes it on.
type webhook struct {
	// url is the proxy's, listen where it passes on to.
	url, listen string
	secret      bot.Secret
}

// webhookListen is where Herald listens if nothing else is said: no other machine
// can connect there.
const webhookListen = "127.0.0.1:8443"

// webhookSecret is from https://core.telegram.org/bots/api#setwebhook.
var webhookSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// webhook returns the settings of a webhook; nil if there is to be none.
func (e environment) webhook() (*webhook, error) {
	address := e.getenv("TELEGRAM_WEBHOOK_URL")
	if address == "" {
		return nil, nil
	}
	secret, err := e.secret("TELEGRAM_WEBHOOK_SECRET")
	if err != nil {
		return nil, err
	}
	if !webhookSecret.MatchString(secret) {
		return nil, &exitError{exitUsage, errors.New("TELEGRAM_WEBHOOK_SECRET: Telegram takes 1 to 256 of A-Z, a-z, 0-9, _ and -")}
	}
	if u, err := url.Parse(address); err != nil || u.Scheme != "https" || u.Host == "" {
		return nil, &exitError{exitUsage, errors.New("TELEGRAM_WEBHOOK_URL: Telegram delivers to https addresses only, such as https://herald.example.org/telegram")}
	}
	listen := cmp.Or(e.getenv("TELEGRAM_WEBHOOK_LISTEN"), webhookListen)
	return &webhook{url: address, listen: listen, secret: bot.Secret(secret)}, nil
}

// open listens for the proxy.
func (w *webhook) open(ctx context.Context) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", w.listen)
	if err != nil {
		return nil, fmt.Errorf("listening for Telegram's updates (TELEGRAM_WEBHOOK_LISTEN): %w", err)
	}
	return listener, nil
}
