package feedstest

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// pipes is a net.Listener in memory. net.Pipe would not do for its connections:
// without the buffers that a network has, two that write at once wait for each
// other, as the two sides of a TLS handshake that fails do.
type pipes struct {
	made   chan net.Conn
	closed chan struct{}
	once   *sync.Once
}

func newPipes() pipes { return pipes{make(chan net.Conn), make(chan struct{}), new(sync.Once)} }

func (p pipes) dial(ctx context.Context) (net.Conn, error) {
	there, back := newStream(), newStream()
	select {
	case p.made <- &conn{in: there, out: back}:
		return &conn{in: back, out: there}, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept, Close and Addr are those of a net.Listener.
func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.made:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

// conn is one side of a connection.
type conn struct{ in, out *stream }

func (c *conn) Read(p []byte) (int, error)  { return c.in.read(p) }
func (c *conn) Write(p []byte) (int, error) { return c.out.write(p) }
func (c *conn) LocalAddr() net.Addr         { return pipes{}.Addr() }
func (c *conn) RemoteAddr() net.Addr        { return pipes{}.Addr() }

func (c *conn) Close() error { c.in.end(io.ErrClosedPipe); c.out.end(io.EOF); return nil }

// abort closes the connection as a reset does.
func (c *conn) abort() { c.in.end(syscall.ECONNRESET); c.out.end(syscall.ECONNRESET) }

func (c *conn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

func (c *conn) SetReadDeadline(t time.Time) error  { c.in.within(&c.in.readBy, t); return nil }
func (c *conn) SetWriteDeadline(t time.Time) error { c.out.within(&c.out.writeBy, t); return nil }

// stream is what goes one way.
type stream struct {
	mu              sync.Mutex
	moved           sync.Cond
	buffer          []byte
	ended           error // for the reader, once the buffer is empty
	readBy, writeBy time.Time
}

func newStream() *stream {
	s := new(stream)
	s.moved.L = &s.mu
	return s
}

func (s *stream) read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case passed(s.readBy):
			return 0, os.ErrDeadlineExceeded
		case len(s.buffer) > 0:
			n := copy(p, s.buffer)
			s.buffer = s.buffer[n:]
			s.moved.Broadcast()
			return n, nil
		case s.ended != nil:
			return 0, s.ended
		}
		s.moved.Wait()
	}
}

func (s *stream) write(p []byte) (n int, err error) {
	const room = 64 << 10
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.ended != nil:
			return n, syscall.EPIPE
		case passed(s.writeBy):
			return n, os.ErrDeadlineExceeded
		case len(p) == 0:
			return n, nil
		case len(s.buffer) < room:
			fits := min(len(p), room-len(s.buffer))
			s.buffer = append(s.buffer, p[:fits]...)
			p, n = p[fits:], n+fits
			s.moved.Broadcast()
			continue
		}
		s.moved.Wait()
	}
}

func (s *stream) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == nil {
		s.ended = err
	}
	s.moved.Broadcast()
}

func (s *stream) within(deadline *time.Time, t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*deadline = t
	if left := time.Until(t); !t.IsZero() && left > 0 {
		time.AfterFunc(left, s.moved.Broadcast)
	}
	s.moved.Broadcast()
}

func passed(deadline time.Time) bool { return !deadline.IsZero() && !time.Now().Before(deadline) }
