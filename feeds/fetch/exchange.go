package fetch

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
)

// ask is one request to make.
type ask struct {
	method, address, accept string
	// avoid is where no redirect may lead, or "".
	avoid string
	// moved tells that the address is at another host than the configured one.
	moved  bool
	header http.Header
}

// way is how a request went. The transport calls its methods.
type way struct {
	mu          sync.Mutex
	first, last string // the host and port that was asked, through redirects
	connected   bool   // to the last
}

func (w *way) ask(host string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.first, w.last, w.connected = cmp.Or(w.first, host), host, false
}

func (w *way) connect() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.connected = true
}

func (w *way) isConnected() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.connected
}

// led reports whether it led to another host than the first.
func (w *way) led() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return hostOf(w.first) != hostOf(w.last)
}

func hostOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return strings.ToLower(host)
}

// exchange makes a request and has the answer judged by use, within the time
// that one request may take. An error is a *feeds.PollError unless ctx was
// cancelled.
func (c *Client) exchange(ctx context.Context, a ask, use func(*http.Response) *failure) error {
	within, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()
	var went way
	traced := httptrace.WithClientTrace(within, &httptrace.ClientTrace{
		GetConn: went.ask,
		GotConn: func(httptrace.GotConnInfo) { went.connect() },
	})
	err := c.answer(traced, a, func(err error) *failure { return c.noAnswer(err, went.isConnected()) }, use)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	default:
		err.elsewhere = a.moved || went.led()
		return err.of(verbs[a.method], a.address)
	}
}

var verbs = map[string]string{http.MethodGet: "get", http.MethodHead: "look at"}

func (c *Client) answer(ctx context.Context, a ask, failed func(error) *failure, use func(*http.Response) *failure) *failure {
	req, err := http.NewRequestWithContext(ctx, a.method, a.address, nil)
	if err != nil {
		return unreadable()
	}
	for name, values := range a.header {
		req.Header[name] = values
	}
	req.Header.Set("Accept", a.accept)
	// Said here, so that net/http leaves the decompression to readFeed, which
	// bounds both sides of it.
	req.Header.Set("Accept-Encoding", "gzip")
	answer, err := c.avoiding(a.avoid).Do(req)
	if err != nil {
		return failed(err)
	}
	defer answer.Body.Close()
	return use(answer)
}

// avoiding returns the client, or one that follows no redirect to an address.
func (c *Client) avoiding(address string) *http.Client {
	if address == "" {
		return c.http
	}
	other := *c.http
	other.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		if req.URL.String() == address {
			return errAvoided
		}
		return checkRedirect(req, via)
	}
	return &other
}

func unreadable() *failure {
	return &failure{line: "the address cannot be read"} // the cause would repeat it
}

// enter waits until the host of a may be asked, and returns how to leave it. An
// error is as exchange's.
func (c *Client) enter(ctx context.Context, a ask) (leave func(), err error) {
	u, err := url.Parse(a.address)
	if err != nil || u.Hostname() == "" {
		return nil, unreadable().of(verbs[a.method], a.address)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, (&failure{line: "the address is neither http nor https"}).of(verbs[a.method], a.address)
	}
	return c.hosts.enter(ctx, u.Hostname())
}
