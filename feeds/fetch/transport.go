package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

const (
	maxRedirects = 5
	// maxHeader is how many bytes of headers an answer may have. Real ones have
	// 1 to 4 KB.
	maxHeader = 64 << 10

	connectTimeout = 10 * time.Second
)

// transport returns the guarded transport. The check stands at the last moment
// before a connection, where the name is resolved already, so that no name, no
// redirect and no DNS answer that changes in between gets around it.
func transport(o Options) *http.Transport {
	dialer := &net.Dialer{Timeout: connectTimeout}
	if !o.AllowPrivate {
		dialer.Control = func(_, address string, _ syscall.RawConn) error { return checkAddress(address) }
	}
	dial := dialer.DialContext
	if o.Dial != nil {
		dial = guarded(o)
	}
	return &http.Transport{
		// A proxy would resolve names by itself, behind the check.
		Proxy:                  nil,
		DialContext:            dial,
		TLSClientConfig:        o.TLS,
		TLSHandshakeTimeout:    connectTimeout,
		ResponseHeaderTimeout:  o.HeaderTimeout,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: maxHeader,
		ForceAttemptHTTP2:      true,
		// Sources are asked every few minutes, when most servers have closed the
		// connection long ago. Of many sources, those of one host that fall due
		// together share connections: to open one costs more than an answer that
		// says "not modified".
		IdleConnTimeout:     30 * time.Second,
		MaxIdleConns:        512,
		MaxIdleConnsPerHost: o.PerHost,
	}
}

// guarded returns o.Dial behind the check of hosts that are addresses.
func guarded(o Options) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if _, err := netip.ParseAddrPort(address); err == nil && !o.AllowPrivate {
			if err := checkAddress(address); err != nil {
				return nil, err
			}
		}
		return o.Dial(ctx, network, address)
	}
}

// polite names the program in each request.
type polite struct {
	next      *http.Transport
	userAgent string
}

func (p *polite) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Header.Get("User-Agent") == "" {
		req = req.Clone(req.Context())
		req.Header.Set("User-Agent", p.userAgent)
	}
	return p.next.RoundTrip(req)
}

// CloseIdleConnections is what http.Client.CloseIdleConnections looks for.
func (p *polite) CloseIdleConnections() { p.next.CloseIdleConnections() }

var (
	errCircle    = errors.New("redirects in a circle")
	errRedirects = fmt.Errorf("more than %d redirects", maxRedirects)
	errScheme    = errors.New("redirects to something that is not http or https")
	errAvoided   = errors.New("still redirects to where it has moved")
)

// checkRedirect decides whether req, to which via led, may be sent, and what it
// says.
func checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return errRedirects
	}
	if req.URL.Scheme != "http" && req.URL.Scheme != "https" {
		return errScheme
	}
	strange := !sameParty(via[0].URL, req.URL)
	for _, earlier := range via {
		if *earlier.URL == *req.URL && earlier.Method == req.Method {
			return errCircle
		}
		strange = strange || !sameParty(via[0].URL, earlier.URL)
	}
	// The address of a private feed is a secret, and this would tell it.
	req.Header.Del("Referer")
	if strange {
		for name := range req.Header {
			if !impersonal[name] {
				req.Header.Del(name)
			}
		}
	}
	return nil
}

// impersonal are the headers that another host may see. Validators are none:
// they tell one host what another said.
var impersonal = map[string]bool{
	"Accept": true, "Accept-Encoding": true, "Accept-Language": true, "Content-Type": true,
	"Git-Protocol": true, "User-Agent": true,
}

// sameParty tells whether what may be said to from may be said to to: it is the
// same host and port, or the step from http to https there.
func sameParty(from, to *url.URL) bool {
	if !strings.EqualFold(from.Hostname(), to.Hostname()) {
		return false
	}
	if from.Scheme == to.Scheme {
		return port(from) == port(to)
	}
	return to.Scheme == "https" && port(from) == "80" && port(to) == "443"
}

// sameHost tells whether two addresses are at one host.
func sameHost(a, b string) bool {
	one, err := url.Parse(a)
	if err != nil {
		return false
	}
	other, err := url.Parse(b)
	return err == nil && strings.EqualFold(one.Hostname(), other.Hostname())
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}
