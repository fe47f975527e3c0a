package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/discord/discordtest"
)

// failing cannot connect, and says what it was asked for, as http.Transport's
// errors do.
type failing struct{}

func (failing) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, errors.New("connection refused")
}

func TestTheTokenIsNeverShown(t *testing.T) {
	secret := bot.Secret(discordtest.Token)
	config := Config{Token: secret}
	encoded, err := json.Marshal(config.Token)
	if err != nil {
		t.Fatal(err)
	}
	shown := []string{
		fmt.Sprint(secret), fmt.Sprintf("%v %s %q %x %d %#v %+v", secret, secret, secret, secret, secret, secret, secret),
		fmt.Sprintf("%v %+v %#v", config, config, &config), string(encoded), secret.String(), secret.LogValue().String(),
	}
	inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
		w.fake.Set(discordtest.Knobs{BadGateway: 0.3, CutAfter: 0.3, Banned: 0.1})
		channel := w.fake.Add(discordtest.Channel{})
		for i := range 20 {
			_, err := w.Send(w.ctx, post(channel, fmt.Sprint(i)))
			shown = append(shown, fmt.Sprint(err))
		}
		for _, r := range w.fake.Requests() {
			shown = append(shown, r.Path, string(r.Body))
		}
		shown = append(shown, w.log.String(), fmt.Sprintf("%v %+v", w.config, w.config))
	})
	for _, config := range []Config{
		{Token: secret, APIURL: "http://discord.test", Transport: failing{}},
		{Token: secret, APIURL: "://" + discordtest.Token},
		{Token: "\n" + secret + "\x00", APIURL: "http://discord.test", Transport: failing{}},
	} {
		d, err := New(config)
		shown = append(shown, fmt.Sprint(err))
		if err == nil {
			_, err := d.Send(t.Context(), post("1", "a"))
			shown = append(shown, fmt.Sprint(err))
			err = d.rest.call(t.Context(), request{doing: "answering", method: "POST", path: "/interactions/%s/%s/callback", args: []string{"1", discordtest.Token}, free: true})
			shown = append(shown, fmt.Sprint(err))
		}
	}
	for _, s := range shown {
		if strings.Contains(s, discordtest.Token) || strings.Contains(s, discordtest.Token[:12]) {
			t.Errorf("the token is in %q", s)
		}
	}
}
