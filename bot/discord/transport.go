package discord

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"
)

// maxAnswer is more than any answer that Herald asks for has.
const maxAnswer = 8 << 20

// exchange is what became of one request. What discordgo makes of it is not
// looked at: it takes an answer that it cannot read for a failure, also when
// Discord carried the request out.
type exchange struct {
	route route
	// sent tells that a connection was there, so that Discord may have seen the
	// request.
	sent atomic.Bool
	// status is that of the answer, 0 if there was none; body is the answer, broken
	// tells that it ended too early.
	status  int
	headers http.Header
	body    []byte
	broken  error
	refusal
}

type exchangeKey struct{}

// transport carries requests to Discord: it waits for their turn, and writes
// down what became of them.
type transport struct {
	base    http.RoundTripper
	limiter *limiter
}

// RoundTrip implements http.RoundTripper. The request's context holds an
// exchange.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	x, ok := r.Context().Value(exchangeKey{}).(*exchange)
	if !ok {
		return nil, errors.New("discord: a request that nobody answers for")
	}
	turn := turns{limiter: t.limiter, route: x.route}
	defer func() { turn.end(x.status, x.headers, x.refusal) }()
	if err := turn.take(r.Context()); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		if again := x.sent.Swap(true); again && turn.take(ctx) != nil {
			cancel()
		}
	}})
	answer, err := t.base.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return nil, cmp.Or(turn.err, err)
	}
	x.read(answer)
	return x.response(answer), nil
}

// turns are the tickets of one request: net/http sends what only reads again when
// a connection that it kept ends before the answer, and Discord counts both.
type turns struct {
	limiter *limiter
	route   route
	ticket  *ticket
	err     error // why there is no other ticket
}

// take waits for the next ticket. Of the request before nobody heard.
func (t *turns) take(ctx context.Context) error {
	t.end(0, nil, refusal{})
	t.ticket, t.err = t.limiter.acquire(ctx, t.route)
	return t.err
}

// end gives the ticket back, if there is one.
func (t *turns) end(status int, header http.Header, refusal refusal) {
	if t.ticket != nil {
		t.ticket.done(status, header, refusal)
		t.ticket = nil
	}
}

// read takes the whole answer.
func (x *exchange) read(answer *http.Response) {
	defer answer.Body.Close()
	x.status = answer.StatusCode
	x.headers = answer.Header
	x.body, x.broken = io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if x.status == http.StatusTooManyRequests {
		x.refusal = readRefusal(answer.Header, x.body)
	}
}

// response is the answer for discordgo, without the headers that it would
// stumble over.
func (x *exchange) response(answer *http.Response) *http.Response {
	return &http.Response{
		Status: answer.Status, StatusCode: x.status, Proto: answer.Proto, ProtoMajor: answer.ProtoMajor, ProtoMinor: answer.ProtoMinor,
		Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(x.body)), ContentLength: int64(len(x.body)), Request: answer.Request,
	}
}

// readRefusal reads an answer with status 429. One that Discord's API did not
// write is Cloudflare's, and holds for everything.
func readRefusal(h http.Header, body []byte) refusal {
	var said struct {
		RetryAfter *float64 `json:"retry_after"`
		Global     bool     `json:"global"`
		Code       int      `json:"code"`
	}
	err := json.Unmarshal(body, &said)
	if err != nil {
		return refusal{wait: retryAfter(h, bannedPause), global: true, banned: true}
	}
	scope := h.Get("X-RateLimit-Scope")
	r := refusal{global: said.Global || scope == "global" || h.Get("X-RateLimit-Global") == "true", shared: scope == "shared", code: said.Code}
	switch {
	case said.Code == codeOldEdit: // this message has had its edits; others have not
	case said.RetryAfter != nil:
		wait, err := seconds(fmt.Sprint(*said.RetryAfter))
		if err != nil {
			wait = unknownPause
		}
		r.wait = max(wait, time.Millisecond)
	default:
		r.wait = retryAfter(h, unknownPause)
	}
	return r
}

// unknownPause is how long to wait where Discord does not say.
const unknownPause = time.Minute

// retryAfter reads the header, in whole seconds
// (https://discord.com/developers/docs/topics/rate-limits#exceeding-a-rate-limit).
func retryAfter(h http.Header, otherwise time.Duration) time.Duration {
	n, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || n < 1 || n > int(day/time.Second) {
		return otherwise
	}
	return time.Duration(n) * time.Second
}
