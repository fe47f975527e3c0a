// Package console is the platform that needs no account: a terminal, or a pair
// of pipes. Commands are typed at a prompt and answered below it, announcements
// are printed as they fall due, buttons are numbered and pressed by typing their
// number.
package console

import (
	"io"
	"sync"
	"time"

	"cloudnative.tw/herald/bot"
)

// Config says what the console reads and writes and how that looks. In and Out
// are required.
type Config struct {
	In  io.Reader
	Out io.Writer
	// Terminal tells that In and Out are a person's terminal: there is a prompt,
	// and lines are wrapped. Otherwise lines are read and written plainly.
	Terminal bool
	// Look is how texts are drawn.
	Look Look
	// Name is the channel's address on this console (bot.Address.Chat).
	Name string
	// Locale is the operator's language as BCP 47, or "".
	Locale string
	// Lang is the language of what the console itself says.
	Lang bot.Lang
	// Now is the clock.
	Now func() time.Time
}

// Console is one terminal or pair of pipes. Announcements may be sent while
// commands are being typed.
type Console struct {
	cfg Config

	mu  sync.Mutex // held while writing, so that messages never mix
	out io.Writer
	// last are the buttons of what was shown last: their numbers can be typed.
	last []bot.Button
	sent int
}

// New returns a console. It reads nothing before Run.
func New(cfg Config) *Console { return &Console{cfg: cfg, out: cfg.Out} }

// show prints the answer to a command and remembers its buttons.
func (c *Console) show(r bot.Reply) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(r.Buttons) > 0 {
		c.last = r.Buttons
	}
	_, err := io.WriteString(c.out, c.cfg.Look.Card(r.Card, r.Buttons)+"\n")
	return err
}

// Say prints a line of the program's own, such as what is due next.
func (c *Console) Say(line string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := io.WriteString(c.out, c.cfg.Look.faint(Clean(line))+"\n")
	return err
}

// button returns the button that was shown last under number n, from 1.
func (c *Console) button(n int) (bot.Button, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n < 1 || n > len(c.last) {
		return bot.Button{}, false
	}
	return c.last[n-1], true
}
