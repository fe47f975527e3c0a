// Package fetch reads what others publish on the web, as a polite and
// suspicious guest: with conditional requests and the waits that a server asks
// for, never from a private address, bounded in size and time, and with one
// clear line for each thing that can go wrong.
//
// Get reads a feed or a calendar, Live asks whether a page is there, and HTTP
// lends the guarded client to those who speak a protocol of their own over it.
package fetch

import (
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// Options say how a Client behaves. A zero value means the default.
type Options struct {
	// UserAgent names the program and whom to write to about it, as some hosts
	// demand: "Herald/1.2 (+https://cloudnative.tw)"; "Herald".
	UserAgent string
	// MaxBody is how many bytes a body may have once decompressed; 8 MiB.
	MaxBody int64
	// Timeout is how long one Get or Live may take, redirects and body included;
	// 30 seconds. HeaderTimeout is how long a server may be silent after it was
	// asked; 20 seconds.
	Timeout, HeaderTimeout time.Duration
	// PerHost is how many calls of Get and Live may ask one host at once; 2.
	PerHost int
	// TLS is for tests and for networks with an authority of their own; nil: the
	// system's authorities.
	TLS *tls.Config

	// AllowPrivate lets loopback, private and other special addresses be reached.
	// It is for tests, and for operators who mean their own network to be reached.
	AllowPrivate bool
	// Dial takes the place of the network in tests. It is not asked for a host
	// that is an address which must not be reached.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

func (o Options) withDefaults() Options {
	o.UserAgent = cmp.Or(o.UserAgent, "Herald")
	o.MaxBody = cmp.Or(o.MaxBody, 8<<20)
	o.Timeout = cmp.Or(o.Timeout, 30*time.Second)
	o.HeaderTimeout = cmp.Or(o.HeaderTimeout, 20*time.Second)
	o.PerHost = cmp.Or(o.PerHost, 2)
	return o
}

// Client reads from the web. Its methods may be called from several goroutines.
type Client struct {
	options Options
	http    *http.Client
	hosts   hosts
}

// New returns a client. Close frees what it holds.
func New(options Options) *Client {
	options = options.withDefaults()
	return &Client{
		options: options,
		http: &http.Client{
			Transport:     &polite{next: transport(options), userAgent: options.UserAgent},
			CheckRedirect: checkRedirect,
		},
		hosts: hosts{perHost: options.PerHost},
	}
}

// HTTP returns an HTTP client under the same guard as Get: no private address,
// no proxy, http and https only, at most five redirects, and nothing secret
// taken along to another host. It bounds how long a connection and the header
// of an answer may take, but neither the body's time nor its size. Its errors
// may repeat the address that was asked.
func (c *Client) HTTP() *http.Client { return c.http }

// Close ends the connections that wait for another request.
func (c *Client) Close() { c.http.CloseIdleConnections() }
