package main

import (
	"io"
	"log/slog"
	"strings"
	"sync/atomic"

	"cloudnative.tw/herald/bot/console"
)

// screen is where the log goes: the error output, or the console once that has
// the terminal, so that no line of the log lands in a line that is being typed.
type screen struct {
	err     io.Writer
	console atomic.Pointer[console.Console]
}

// Write implements io.Writer, for one line of the log at a time.
func (s *screen) Write(line []byte) (int, error) {
	c := s.console.Load()
	if c == nil {
		return s.err.Write(line)
	}
	if err := c.Say(strings.TrimSuffix(string(line), "\n")); err != nil {
		return 0, err
	}
	return len(line), nil
}

// share has the log go through a console that is on the same terminal.
func (a *app) share(c *console.Console) {
	if a.env.terminal && a.env.watched {
		a.screen.console.Store(c)
	}
}

// timeless leaves the time out of a line of the log: a person who sees it at a
// terminal sees when.
func timeless(groups []string, attr slog.Attr) slog.Attr {
	if len(groups) == 0 && attr.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return attr
}
