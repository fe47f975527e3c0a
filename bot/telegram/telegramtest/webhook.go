package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

type webhook struct {
	url, secret string
	stop        context.CancelFunc
	done        chan struct{}
}

// redeliver is how soon a webhook that failed is tried again.
const redeliver = time.Second

func (s *Server) setWebhook(call *Call) (any, *failure) {
	address, _ := call.Params["url"].(string)
	if address != "" && !strings.HasPrefix(address, "https://") {
		return nil, badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	}
	secret, _ := call.Params["secret_token"].(string)
	if strings.ContainsFunc(secret, func(r rune) bool {
		return r > 'z' || !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", r)
	}) {
		return nil, badRequest("secret token contains unallowed characters")
	}
	if stop := s.updates.webhook.stop; stop != nil {
		stop()
	}
	s.updates.webhook = webhook{url: address, secret: secret}
	s.updates.confirm(call.Params)
	if address == "" || s.config.Client == nil {
		return true, nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	s.updates.webhook.stop, s.updates.webhook.done = cancel, done
	go func() { // ends with ctx, which deleteWebhook and Close end
		defer close(done)
		s.deliver(ctx, address, secret)
	}()
	return true, nil
}

func (s *Server) deleteWebhook(*Call) (any, *failure) {
	if stop := s.updates.webhook.stop; stop != nil {
		stop()
	}
	s.updates.webhook = webhook{}
	return true, nil
}

func (s *Server) stopWebhook(ctx context.Context) {
	s.mu.Lock()
	stop, done := s.updates.webhook.stop, s.updates.webhook.done
	s.mu.Unlock()
	if stop == nil {
		return
	}
	stop()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// deliver posts each update until it is taken.
func (s *Server) deliver(ctx context.Context, address, secret string) {
	for ctx.Err() == nil {
		s.mu.Lock()
		batch := s.updates.batch(nil)
		var arrived chan struct{}
		if len(batch) == 0 {
			if s.updates.arrived == nil {
				s.updates.arrived = make(chan struct{})
			}
			arrived = s.updates.arrived
		}
		s.mu.Unlock()
		switch {
		case len(batch) == 0:
			select {
			case <-arrived:
			case <-ctx.Done():
			}
		case s.post(ctx, address, secret, batch[0]):
			s.mu.Lock()
			s.updates.drop(batch[0])
			s.mu.Unlock()
		default:
			select {
			case <-time.After(redeliver):
			case <-ctx.Done():
			}
		}
	}
}

func (q *queue) drop(body any) {
	for i, u := range q.pending {
		if o, ok := body.(map[string]any); ok && o["update_id"] == u.id {
			q.pending = append(q.pending[:i:i], q.pending[i+1:]...)
			return
		}
	}
}

func (s *Server) post(ctx context.Context, address, secret string, update any) bool {
	raw, err := json.Marshal(update)
	if err != nil {
		return false
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(raw))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	if secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	response, err := s.config.Client.Do(r)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode/100 == 2
}
