package fetch

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"syscall"
)

var errTooLarge = errors.New("too large")

// readFeed reads all of a body and looks whether it can be what was asked for.
func (c *Client) readFeed(answer *http.Response, html bool) ([]byte, *failure) {
	body, err := c.read(answer)
	switch {
	case err != nil:
		return nil, err
	case len(bytes.TrimSpace(body)) == 0:
		return nil, &failure{line: "the body is empty"}
	case !html && IsHTML(body):
		return nil, &failure{line: "an HTML page instead of a feed"}
	}
	return body, nil
}

func (c *Client) read(answer *http.Response) ([]byte, *failure) {
	reader, failed := decompressed(answer, c.options.MaxBody)
	if failed != nil {
		return nil, failed
	}
	body, err := io.ReadAll(&bounded{reader, c.options.MaxBody})
	if err != nil {
		return nil, c.noBody(err)
	}
	return body, nil
}

// decompressed returns the body's content. What comes over the wire is bounded
// too, because gzip can be of any length and hold nothing.
func decompressed(answer *http.Response, limit int64) (io.Reader, *failure) {
	wire := &bounded{answer.Body, limit}
	encoding := strings.ToLower(strings.TrimSpace(answer.Header.Get("Content-Encoding")))
	switch {
	case encoding == "gzip", encoding == "x-gzip":
		return &lazyGzip{wire: bufio.NewReader(wire)}, nil
	case compressed.MatchString(encoding):
		return nil, &failure{line: "the body is compressed in a way that was not asked for: " + scrub(encoding)}
	default: // some servers name a charset there, or "none"
		return wire, nil
	}
}

// compressed matches the encodings, and the lists of some, that cannot be undone
// here (https://www.iana.org/assignments/http-parameters).
var compressed = regexp.MustCompile(`\b(aes128gcm|br|compress|dcb|dcz|deflate|exi|gzip|pack200-gzip|zstd)\b`)

// lazyGzip is a gzip reader whose header is read with the body, so that its
// errors are those of reading. Zeros behind a part are not read: some servers
// fill their blocks with them.
type lazyGzip struct {
	wire *bufio.Reader
	gzip *gzip.Reader
}

func (l *lazyGzip) Read(p []byte) (int, error) {
	if l.gzip == nil {
		var err error
		if l.gzip, err = gzip.NewReader(l.wire); err != nil {
			return 0, err // io.EOF for a body of no bytes at all
		}
		l.gzip.Multistream(false)
	}
	n, err := l.gzip.Read(p)
	if errors.Is(err, io.EOF) {
		err = l.next()
	}
	return n, err
}

// next goes to the next part of the body, and returns io.EOF if there is none.
func (l *lazyGzip) next() error {
	for {
		b, err := l.wire.ReadByte()
		switch {
		case err != nil:
			return err
		case b == 0:
			continue
		}
		if err = l.wire.UnreadByte(); err == nil {
			err = l.gzip.Reset(l.wire)
			l.gzip.Multistream(false)
		}
		if errors.Is(err, io.EOF) {
			return io.ErrUnexpectedEOF // there is a part, but not all of it
		}
		return err
	}
}

// bounded is a reader that fails with errTooLarge after left bytes.
type bounded struct {
	io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.Reader.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// noBody tells why a body could not be read.
func (c *Client) noBody(err error) *failure {
	var corrupt flate.CorruptInputError
	var timeout net.Error
	var line string
	switch {
	case errors.Is(err, errTooLarge):
		line = "the body is larger than " + size(c.options.MaxBody)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		line = fmt.Sprintf("the body was not complete within %s", c.options.Timeout)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		line = "the body is not valid gzip"
	case errors.Is(err, io.ErrUnexpectedEOF):
		line = "the body ends in the middle"
	case errors.Is(err, syscall.ECONNRESET):
		line = "the connection was reset in the middle of the body"
	default:
		line = "the body cannot be read: " + scrub(err.Error())
	}
	return &failure{line: line, cause: err}
}

func size(n int64) string {
	if n >= 1<<20 && n%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}

// sumLength is the length of a digest.
const sumLength = 22

// digest returns 128 bits of the body's SHA-256: enough for nobody to make two
// bodies that look the same.
func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return base64.RawStdEncoding.EncodeToString(sum[:16])
}
