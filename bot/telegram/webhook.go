package telegram

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"cloudnative.tw/herald/bot"
)

// Webhook is how updates are received without polling. TLS is left to a proxy in
// front of the listener.
type Webhook struct {
	// URL is the public https address that the proxy passes on.
	URL string
	// Secret is what Telegram sends with each update, 1 to 256 characters of A-Z,
	// a-z, 0-9, _ and -. Requests without it are refused.
	Secret bot.Secret
	// Listener is where the proxy connects. Run closes it.
	Listener net.Listener
}

const (
	secretHeader = "X-Telegram-Bot-Api-Secret-Token"
	// maxUpdate is the longest update that is read, in bytes.
	maxUpdate = 1 << 20
	// webhookConnections is how many updates Telegram delivers at once.
	webhookConnections = 40
)

type setWebhook struct {
	URL         string   `json:"url"`
	Secret      string   `json:"secret_token"`
	Connections int      `json:"max_connections"`
	Allowed     []string `json:"allowed_updates"`
}

// serveWebhook receives until ctx ends. An update is taken only once it is done,
// so Telegram brings those again that a kill interrupts.
func (r *receiver) serveWebhook(ctx context.Context, w Webhook) error {
	if w.Secret == "" || w.Listener == nil {
		return errors.New("telegram: a webhook needs a secret and a listener")
	}
	handling := context.WithoutCancel(ctx)
	server := &http.Server{
		Handler:           r.webhookHandler(handling, w.Secret),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(w.Listener) }()
	r.register(ctx, w)
	var err error
	select {
	case err = <-served:
		err = fmt.Errorf("telegram: receiving by webhook: %w", err)
	case <-ctx.Done():
	}
	r.dispatcher.stop(stopTime)
	ending, cancel := context.WithTimeout(handling, rememberTime)
	defer cancel()
	return errors.Join(err, server.Shutdown(ending))
}

// register tells Telegram where to deliver, until it knows or ctx ends.
func (r *receiver) register(ctx context.Context, w Webhook) {
	var b backoff
	for ctx.Err() == nil {
		asking, cancel := context.WithTimeout(ctx, handleTime)
		err := r.observe(r.api.call(asking, "setWebhook", setWebhook{
			URL: w.URL, Secret: string(w.Secret), Connections: webhookConnections, Allowed: allowedUpdates,
		}, nil))
		cancel()
		if err == nil {
			r.pollWorks(&b)
			return
		}
		if ctx.Err() == nil {
			r.pollFailed(ctx, err, &b)
		}
		if kindIn(err) == Malformed { // the address is not one that Telegram takes
			r.log.Error("Telegram does not take the webhook's address", "err", err)
			return
		}
	}
}

func (r *receiver) webhookHandler(ctx context.Context, secret bot.Secret) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		given := request.Header.Get(secretHeader)
		if request.Method != http.MethodPost || subtle.ConstantTimeCompare([]byte(given), []byte(secret)) != 1 {
			http.NotFound(w, request)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, maxUpdate))
		if err != nil {
			http.Error(w, "too long", http.StatusRequestEntityTooLarge)
			return
		}
		u, err := readUpdate(body)
		if err != nil { // it would come again and again: it costs itself
			r.log.Warn("an update was passed over", "update", u.id, "err", fmt.Sprintf("%T", errors.Unwrap(err)))
			return
		}
		select {
		case <-r.dispatcher.add(ctx, u):
		case <-request.Context().Done():
		case <-r.dispatcher.stopped: // the next start is to answer it
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
}
