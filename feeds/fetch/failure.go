package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"cloudnative.tw/herald/feeds"
)

// failure is why there is no Response: one clear line without secrets, and what
// follows from it.
type failure struct {
	line  string
	cause error
	// wait, gone and host are as in feeds.PollError.
	wait       time.Duration
	gone, host bool
	// elsewhere tells that it is of another host than the configured one, which
	// led there. What that one is asked for next has nothing to do with it.
	elsewhere bool
	// status is what the server answered; 0 if it did not.
	status int
}

func (f *failure) Error() string { return f.line }
func (f *failure) Unwrap() error { return f.cause }

// of returns f as the error of doing something to an address.
func (f *failure) of(verb, address string) error {
	return &feeds.PollError{
		Wait: f.wait, Gone: f.gone, Host: f.host && !f.elsewhere,
		Err: fmt.Errorf("%s %s: %w", verb, Redact(address), f),
	}
}

func isHostFailure(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.host
}

// noAnswer tells why a request got no answer. connected is whether there was a
// connection for it.
func (c *Client) noAnswer(err error, connected bool) *failure {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // without the address, which may hold a secret
	}
	var private privateError
	switch {
	case errors.Is(err, errCircle), errors.Is(err, errRedirects), errors.Is(err, errScheme), errors.Is(err, errAvoided):
		return &failure{line: scrub(err.Error()), cause: err}
	case errors.As(err, &private):
		return &failure{line: private.Error(), cause: err}
	case !connected:
		return noConnection(err)
	}
	f := &failure{cause: err}
	switch {
	case timedOut(err):
		f.line = fmt.Sprintf("no answer within %s", min(c.options.HeaderTimeout, c.options.Timeout))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.ErrClosedPipe), errors.Is(err, syscall.ECONNRESET):
		f.line = "the connection was closed without an answer"
	default:
		f.line = "no answer: " + scrub(innermost(err).Error())
	}
	return f
}

// noConnection tells why there is no connection to a host.
func noConnection(err error) *failure {
	f := &failure{cause: err, host: true}
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		f.line = "no host of this name is known"
	case errors.As(err, &dns):
		f.line = "the host's name cannot be looked up"
	case errors.As(err, &certificate):
		f.line = "the host's certificate is not trusted: " + scrub(certificate.Err.Error())
	case timedOut(err):
		f.line = "no connection in time"
	case errors.Is(err, syscall.ECONNREFUSED):
		f.line = "the connection is refused"
	default:
		f.line = "no connection: " + scrub(err.Error())
	}
	return f
}

func timedOut(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// innermost returns what is wrong, without the layers of net/http that tell
// where it was noticed.
func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

var (
	queries = regexp.MustCompile(`\?[^\s"]*`)
	users   = regexp.MustCompile(`//[^/\s"]*@`)
)

// clean returns text as one line that can be written anywhere.
func clean(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
}

// scrub returns a text that comes from outside as one short line without
// secrets.
func scrub(text string) string {
	const limit = 200
	text = clean(text)
	text = queries.ReplaceAllString(text, "?…")
	text = users.ReplaceAllString(text, "//")
	text = privatePath.ReplaceAllString(text, "/private-…")
	if len(text) > limit {
		end := limit
		for !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end] + "…"
	}
	return text
}
