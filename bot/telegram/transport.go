package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	tele "gopkg.in/telebot.v3"

	"cloudnative.tw/herald/bot"
)

const (
	// maxAnswer is the longest answer that is read, in bytes: a hundred updates
	// have about a tenth of that.
	maxAnswer = 32 << 20
	// tokenPlace stands for the token in the addresses that telebot sees, because
	// it prints them in errors.
	tokenPlace = "TOKEN"
)

// client calls the Bot API. telebot makes the requests; what comes back is read
// here, because telebot takes an answer that is no JSON for success, and errors
// for text.
type client struct {
	token     bot.Secret
	url       string
	transport http.RoundTripper
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// call calls a method and decodes its result, unless result is nil. An error is
// an *Error, or tells that the call could not be made at all.
func (c *client) call(ctx context.Context, method string, params, result any) error {
	// A bot of telebot's that was never started cannot be stopped, so nothing
	// ends its calls but their context. It costs a microsecond to make.
	b, err := tele.NewBot(tele.Settings{
		Offline: true, Updates: 1, URL: c.url, Token: tokenPlace,
		Client: &http.Client{
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				return c.roundTrip(r.WithContext(ctx), method)
			}),
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	})
	if err != nil {
		return fmt.Errorf("telegram: %s: %w", method, err)
	}
	if params == nil {
		params = struct{}{}
	}
	data, err := b.Raw(method, params)
	if err != nil {
		return c.plain(method, err)
	}
	if result == nil {
		return nil
	}
	var answer struct {
		Result json.RawMessage `json:"result"`
	}
	if err = json.Unmarshal(data, &answer); err == nil {
		err = json.Unmarshal(answer.Result, result)
	}
	if err != nil {
		return &Error{Method: method, Status: http.StatusOK, Kind: Broken, done: true,
			Description: "the answer cannot be read: " + c.token.Redact(err.Error())}
	}
	return nil
}

// plain takes off what telebot and net/http put around an error.
func (c *client) plain(method string, err error) error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	var u *unreachableError
	if errors.As(err, &u) {
		return u
	}
	return errors.New(c.token.Redact(fmt.Sprintf("telegram: %s: %v", method, err)))
}

// roundTrip makes a request with the token in its place and reads the answer:
// what it returns without an error is JSON that says ok.
func (c *client) roundTrip(r *http.Request, method string) (*http.Response, error) {
	var connected atomic.Bool
	ctx := httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	sent := r.Clone(ctx)
	sent.URL.Path = strings.Replace(r.URL.Path, "/bot"+tokenPlace+"/", "/bot"+string(c.token)+"/", 1)
	sent.URL.RawPath = ""
	response, err := c.transport.RoundTrip(sent)
	if err != nil && !connected.Load() {
		return nil, &unreachableError{method, c.token.Redact(err.Error())}
	}
	var body []byte
	if err == nil {
		body, err = io.ReadAll(io.LimitReader(response.Body, maxAnswer))
		response.Body.Close()
	}
	if err != nil {
		return nil, &Error{Method: method, Kind: Broken, done: true,
			Description: "the connection broke: " + c.token.Redact(err.Error())}
	}
	if e := c.read(method, response.StatusCode, body); e != nil {
		return nil, e
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

// read returns what an answer says is wrong, or nil if it says ok.
func (c *client) read(method string, status int, body []byte) *Error {
	var answer struct {
		OK          *bool  `json:"ok"`
		Code        int    `json:"error_code"`
		Description string `json:"description"`
		Parameters  struct {
			RetryAfter int64 `json:"retry_after"`
			MovedTo    int64 `json:"migrate_to_chat_id"`
		} `json:"parameters"`
	}
	err := json.Unmarshal(body, &answer)
	switch {
	case err != nil || answer.OK == nil:
		return notTelegram(method, status)
	case *answer.OK:
		return nil
	}
	e := &Error{
		Method: method, Status: status, Code: answer.Code, Description: c.token.Redact(answer.Description),
		Kind:       kindOf(answer.Code, answer.Description),
		RetryAfter: time.Duration(answer.Parameters.RetryAfter) * time.Second,
		MovedTo:    answer.Parameters.MovedTo,
	}
	e.done = e.Kind == Broken
	if e.Kind == Flood && e.RetryAfter <= 0 {
		e.RetryAfter = time.Second
	}
	return e
}

// notTelegram is the error of an answer that is not Telegram's: a proxy's page,
// half an answer, a portal that wants a password. Whether Telegram was reached is
// clear only from a refusal.
func notTelegram(method string, status int) *Error {
	e := &Error{Method: method, Status: status, Kind: Broken, Description: "the answer is not Telegram's"}
	if status == http.StatusRequestEntityTooLarge {
		e.Kind = TooLong
	}
	e.done = status >= 500 || status/100 == 2
	return e
}

// unreachableError tells that there was no connection: nothing was done. It
// hides the context's error, which would mean that the outcome is not known.
type unreachableError struct{ method, why string }

func (e *unreachableError) Error() string {
	return "telegram: " + e.method + ": no connection: " + e.why
}
