package feedstest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// Web is a web in memory: hosts by name, each with HTTP at port 80 and HTTPS at
// port 443. Its connections are pipes, so that hours pass in no time within
// testing/synctest. Names that nobody serves are not known; a name served by nil
// refuses connections. Make one with NewWeb and Close it.
type Web struct {
	ca        *x509.CertPool
	authority tls.Certificate

	mu      sync.Mutex
	hosts   map[string]*server
	dialled map[string]int
}

// server is one host.
type server struct {
	http        *http.Server // nil if it refuses
	plain, safe pipes
}

// NewWeb returns a web without hosts.
func NewWeb() *Web {
	w := &Web{ca: x509.NewCertPool(), hosts: make(map[string]*server), dialled: make(map[string]int)}
	w.authority = certificate(nil, "authority.example")
	w.ca.AddCert(w.authority.Leaf)
	return w
}

// Serve has h answer at a host, over HTTP and, with a certificate that TLS
// trusts, over HTTPS.
func (w *Web) Serve(host string, h http.Handler) { w.serve(host, h, &w.authority, host) }

// ServeUntrusted is Serve with a certificate of another authority.
func (w *Web) ServeUntrusted(host string, h http.Handler) { w.serve(host, h, nil, host) }

// ServeMisnamed is Serve with the certificate of another host.
func (w *Web) ServeMisnamed(host string, h http.Handler) {
	w.serve(host, h, &w.authority, "other.example")
}

// ServeRaw has speak answer each connection to a host, at either port.
func (w *Web) ServeRaw(host string, speak func(net.Conn)) {
	s := &server{http: &http.Server{}, plain: newPipes(), safe: newPipes()}
	w.add(host, s)
	for _, l := range []net.Listener{s.plain, s.safe} {
		go func() { // ends with Close
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				go func() {
					speak(conn)
					_ = conn.Close()
				}()
			}
		}()
	}
}

func (w *Web) serve(host string, h http.Handler, authority *tls.Certificate, name string) {
	if h == nil {
		w.add(host, &server{})
		return
	}
	s := &server{plain: newPipes(), safe: newPipes()}
	s.http = &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Hour}
	w.add(host, s)
	config := &tls.Config{Certificates: []tls.Certificate{certificate(authority, name)}, NextProtos: []string{"http/1.1"}}
	for _, l := range []net.Listener{s.plain, tls.NewListener(s.safe, config)} {
		go s.http.Serve(l) //nolint:errcheck // it ends with Close, and says so
	}
}

func (w *Web) add(host string, s *server) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if before := w.hosts[host]; before != nil {
		before.end()
	}
	w.hosts[host] = s
}

func (s *server) end() {
	if s.http != nil {
		_ = s.http.Close()
		_ = s.plain.Close()
		_ = s.safe.Close()
	}
}

// TLS returns the configuration of a client that trusts Serve.
func (w *Web) TLS() *tls.Config { return &tls.Config{RootCAs: w.ca} }

// Dial connects to a host. It takes the place of the network.
func (w *Web) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	name, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.dialled[name]++
	s := w.hosts[name]
	w.mu.Unlock()
	switch {
	case s == nil:
		return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}}
	case s.http == nil:
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	case port == "443":
		return s.safe.dial(ctx)
	default:
		return s.plain.dial(ctx)
	}
}

// Dialled returns how often a connection to host was begun.
func (w *Web) Dialled(host string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dialled[host]
}

// Close ends all hosts.
func (w *Web) Close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.hosts {
		s.end()
	}
}

// certificate returns one for a host, signed by authority or by itself. It is
// good in the past too, where the clock of testing/synctest begins.
func certificate(authority *tls.Certificate, host string) tls.Certificate {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0),
		IsCA: authority == nil, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	parent, signer := template, any(key)
	if authority != nil {
		parent, signer = authority.Leaf, authority.PrivateKey
	}
	der := must(x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: must(x509.ParseCertificate(der))}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
