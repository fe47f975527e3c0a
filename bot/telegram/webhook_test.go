package telegram

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

// webhookRig has updates delivered to a listener in memory.
func webhookRig(t *testing.T) (*rig, *telegramtest.Pipe, *http.Client) {
	r := newRig(t, telegramtest.Knobs{Strange: true})
	r.server.Close()
	pipe, api := telegramtest.NewPipe(), telegramtest.NewPipe()
	transport := &http.Transport{
		DialTLSContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return pipe.Dial(ctx, network, address)
		},
		TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{},
	}
	client := &http.Client{Transport: transport}
	spec, err := telegramtest.SharedSpec()
	if err != nil {
		t.Fatal(err)
	}
	s := telegramtest.New(telegramtest.Config{Spec: spec, Knobs: &telegramtest.Knobs{Strange: true}, Client: client})
	s.AddChat(telegramtest.Chat{ID: annID, Type: "private"})
	r.server = s
	r.transport.DialContext = api.Dial
	served := make(chan error, 1)
	go func() { served <- s.Serve(api) }()
	t.Cleanup(func() {
		if err := errors.Join(s.Close(), <-served); err != nil {
			t.Error(err)
		}
		transport.CloseIdleConnections()
	})
	return r, pipe, client
}

func TestWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, pipe, client := webhookRig(t)
		stop := r.runs(t, r.Telegram, Commands{Handler: new(echo), Webhook: &Webhook{URL: "https://bot.test/hook", Secret: "s3cret", Listener: pipe}})
		for i := range 5 {
			r.server.Say(telegramtest.User{ID: int64(9000 + i)}, annID, 0, fmt.Sprint("/recap ", i))
		}
		time.Sleep(time.Minute)
		if got := strings.Join(r.texts(annID), " "); got != "recap|0 recap|1 recap|2 recap|3 recap|4" || r.server.Waiting() > 0 {
			t.Errorf("said %q, %d updates wait", got, r.server.Waiting())
		}
		for secret, body := range map[string]string{"": `{"update_id":1}`, "wrong": `{"update_id":1}`, "s3cre": `{}`} {
			if status := deliver(t, client, secret, body); status != http.StatusNotFound {
				t.Errorf("with the secret %q: status %d", secret, status)
			}
		}
		if status := deliver(t, client, "s3cret", `{"update_id":5,"message":7}`); status != http.StatusOK {
			t.Errorf("an update that makes no sense: status %d; it would come again", status)
		}
		if status := deliver(t, client, "s3cret", strings.Repeat(" ", maxUpdate+1)); status != http.StatusRequestEntityTooLarge {
			t.Errorf("a long one: status %d", status)
		}
		stop()
		if n := len(r.server.Calls("getUpdates")); n > 0 {
			t.Errorf("%d polls", n)
		}
	})
}

func deliver(t *testing.T, client *http.Client, secret, body string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://bot.test/hook", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set(secretHeader, secret)
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// TestAWebhookThatWasSet has a bot poll that was received by webhook before.
func TestAWebhookThatWasSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		if err := r.api.call(t.Context(), "setWebhook", setWebhook{URL: "https://x.tw/", Secret: "x", Connections: 1, Allowed: allowedUpdates}, nil); err != nil {
			t.Fatal(err)
		}
		r.runs(t, r.Telegram, Commands{Handler: new(echo)})
		r.server.Say(ann, annID, 0, "/recap")
		time.Sleep(time.Minute)
		if got := r.texts(annID); len(got) != 1 {
			t.Errorf("said %q", got)
		}
	})
}
