package console

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/chzyer/readline"

	"cloudnative.tw/herald/bot"
)

// maxLine is how much of a line is read, in bytes: more than any platform lets
// a member type.
const maxLine = 64 << 10

// Run answers the lines that are typed until the input ends (nil), ctx ends
// (its error) or the input breaks. specs are the commands that Tab completes.
//
// Reading cannot be interrupted on every kind of input: when ctx ends first, the
// goroutine that reads is left waiting for its line and ends with it.
func (c *Console) Run(ctx context.Context, handler bot.Handler, specs []bot.CommandSpec) error {
	lines, closeLines, err := c.lines(ctx, handler, specs)
	if err != nil {
		return fmt.Errorf("opening the prompt: %w", err)
	}
	defer closeLines()
	if c.cfg.Terminal {
		if err := c.Say(phrase(c.cfg.Lang, welcome)); err != nil {
			return fmt.Errorf("greeting: %w", err)
		}
	}
	return c.answerAll(ctx, handler, lines)
}

// line is one line of input, or the reason why there is none.
type line struct {
	text string
	err  error
}

func (c *Console) answerAll(ctx context.Context, handler bot.Handler, next func() (string, error)) error {
	read := make(chan line)
	want := make(chan struct{})
	defer close(want)
	go func() {
		for range want {
			text, err := next()
			select {
			case read <- line{text, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		want <- struct{}{}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case l := <-read:
			if errors.Is(l.err, io.EOF) {
				return nil
			}
			if l.err != nil {
				return fmt.Errorf("reading the console: %w", l.err)
			}
			if err := c.answer(ctx, handler, l.text); err != nil {
				return err
			}
		}
	}
}

// answer runs one line: a command, or the number of a button.
func (c *Console) answer(ctx context.Context, handler bot.Handler, text string) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	cmd, pressed := c.command(text), false
	if n, err := strconv.Atoi(text); err == nil {
		button, ok := c.button(n)
		switch {
		case !ok:
			return c.Say(fmt.Sprintf(phrase(c.cfg.Lang, noButton), n))
		case button.URL != "":
			return c.Say(fmt.Sprintf(phrase(c.cfg.Lang, opens), button.Label, button.URL))
		}
		cmd, pressed = c.command(button.Command), true
	}
	cmd.Pressed = pressed
	if err := c.show(handler.Handle(ctx, cmd)); err != nil {
		return fmt.Errorf("printing the answer: %w", err)
	}
	return nil
}

func (c *Console) command(text string) bot.Command {
	cmd := ParseCommand(text)
	cmd.Locale = c.cfg.Locale
	cmd.Channel = bot.Channel{
		Address: bot.Address{Platform: bot.Console, Chat: c.cfg.Name},
		Lang:    c.cfg.Lang,
	}
	cmd.Direct = true
	return cmd
}

// ParseCommand reads a line as it is typed at the prompt. The slash may be left
// out, because there is nobody else to talk to here.
func ParseCommand(text string) bot.Command {
	text = strings.TrimSpace(text)
	text = strings.TrimPrefix(strings.TrimPrefix(text, "/"), "／")
	name, args, _ := strings.Cut(text, " ")
	return bot.Command{Name: name, Args: strings.TrimSpace(args)}
}

// lines returns a function that reads the next line, and one that gives the
// terminal back.
func (c *Console) lines(ctx context.Context, handler bot.Handler, specs []bot.CommandSpec) (next func() (string, error), done func(), err error) {
	if !c.cfg.Terminal {
		return plainLines(c.cfg.In), func() {}, nil
	}
	completer, _ := handler.(bot.Completer)
	// The editor closes a wrapper of its own around this, and then waits for the
	// reading to end, which only closing this does.
	in := readline.NewCancelableStdin(c.cfg.In)
	editor, err := readline.NewEx(&readline.Config{
		Stdin:           in,
		Prompt:          c.cfg.Look.bold("› "),
		AutoComplete:    completion{ctx: ctx, console: c, specs: specs, values: completer},
		InterruptPrompt: "\n",
		EOFPrompt:       "\n",
	})
	if err != nil {
		_ = in.Close() // which cannot fail
		return nil, nil, err
	}
	c.mu.Lock()
	c.out = editor.Stdout() // redraws the line being typed below what is printed
	c.mu.Unlock()
	next = func() (string, error) {
		text, err := editor.Readline()
		if errors.Is(err, readline.ErrInterrupt) {
			return "", io.EOF // Ctrl-C leaves, like Ctrl-D
		}
		return text, err
	}
	done = func() {
		c.mu.Lock()
		c.out = c.cfg.Out
		c.mu.Unlock() // what still completes a word may have something to say
		_ = in.Close()
		readToEnd(editor.Terminal)
		_ = editor.Close() // the terminal is given back; nothing was written through it
	}
	return next, done, nil
}

// readToEnd waits for the editor's reading to end, whose input is closed. The
// editor's own waiting may overlook one that has only just begun, and would leave
// the terminal to it.
func readToEnd(t *readline.Terminal) {
	for last := false; !last; last = t.ReadRune() == 0 {
		t.KickRead()
	}
}

// plainLines reads lines from a pipe. A line that is too long is answered as
// far as it was read, and the rest of it passed over.
func plainLines(in io.Reader) func() (string, error) {
	r := bufio.NewReaderSize(in, maxLine)
	return func() (string, error) {
		text, tooLong, err := r.ReadLine()
		line := string(text) // the buffer is reused by the reads below
		for tooLong && err == nil {
			_, tooLong, err = r.ReadLine()
		}
		if err != nil && line != "" && errors.Is(err, io.EOF) {
			return line, nil
		}
		return line, err
	}
}
