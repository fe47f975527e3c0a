package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"cloudnative.tw/herald/bot"
)

// Send prints an announcement and returns its number on this console. A failed
// write means that nobody can say how much of it was seen.
func (c *Console) Send(ctx context.Context, act bot.Act) (messageID string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.announce(ctx, announcement, act.Message); err != nil {
		return "", err
	}
	c.sent++
	return strconv.Itoa(c.sent), nil
}

// Edit prints what an announcement has become: what was printed stays.
func (c *Console) Edit(ctx context.Context, act bot.Act) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.announce(ctx, edited, act.Message)
}

// Retract prints that an announcement no longer holds, and which one it was.
func (c *Console) Retract(ctx context.Context, act bot.Act) error {
	m := act.Message
	if m.URL == "" {
		m.URL = act.Subject
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.announce(ctx, withdrawn, m)
}

// announce prints a message below a line that says what it is and when it was
// printed.
func (c *Console) announce(ctx context.Context, what phraseKey, m bot.Message) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("printing an announcement: %w", err)
	}
	text := c.cfg.Look.rule(phrase(c.cfg.Lang, what) + " " + c.cfg.Now().Format("15:04"))
	if len(m.Mentions) > 0 {
		text += "@" + Clean(strings.Join(m.Mentions, " @")) + "\n"
	}
	text += c.cfg.Look.Card(m.Card, m.Buttons) + "\n"
	if _, err := io.WriteString(c.out, text); err != nil {
		return fmt.Errorf("printing an announcement: %w", errors.Join(bot.ErrUnknownOutcome, err))
	}
	c.last = m.Buttons
	return nil
}
