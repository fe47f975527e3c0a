package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"time"
)

// answerTime is how long a program under test may take for what is expected of
// it before the test fails; a machine that is busy needs seconds.
const answerTime = 30 * time.Second

// program is a running Herald whose input is held open, as a terminal's is.
type program struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   transcript
	ended chan struct{} // closed when the program has ended and err is set
	err   error
}

// start starts the real program in dir.
func start(dir string, env []string, args ...string) (*program, error) {
	p := &program{cmd: exec.Command("herald", args...), ended: make(chan struct{})}
	p.cmd.Dir, p.cmd.Env = dir, append(os.Environ(), env...)
	p.out.grown = make(chan struct{})
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

// see waits until the program prints what the expression matches, after what was
// seen before.
func (p *program) see(re *regexp.Regexp) error { return p.seeWithin(answerTime, re) }

func (p *program) seeWithin(limit time.Duration, re *regexp.Regexp) error {
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	for {
		found, grown := p.out.find(re)
		if found {
			return nil
		}
		select {
		case <-grown:
		case <-p.ended:
			if found, _ := p.out.find(re); found { // it printed and ended at once
				return nil
			}
			return fmt.Errorf("it ended (%w) without %q:\n%s", p.err, re, p.out.rest())
		case <-deadline.C:
			return fmt.Errorf("no %q within %v:\n%s", re, limit, p.out.rest())
		}
	}
}

// ask types a line again and again until the program prints what the expression
// matches: what was changed in a file is live a moment later.
func (p *program) ask(line string, re *regexp.Regexp) error {
	var err error
	for range 100 {
		if err = p.typeLine(line); err != nil {
			return err
		}
		if err = p.seeWithin(answerTime/100, re); err == nil {
			return nil
		}
	}
	return err
}

// typeLine gives the program a line of input.
func (p *program) typeLine(line string) error {
	_, err := io.WriteString(p.in, line+"\n")
	return err
}

// stop ends the input and waits for the program to end of itself.
func (p *program) stop() error {
	p.in.Close()
	return p.end()
}

// interrupt asks the program to stop, as a terminal or a service manager does,
// and waits for its end. Its input stays open.
func (p *program) interrupt() error {
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	defer p.in.Close()
	return p.end()
}

// end waits for the program to end of itself.
func (p *program) end() error {
	select {
	case <-p.ended:
		return p.err
	case <-time.After(answerTime):
		return errors.Join(fmt.Errorf("it has not ended within %v:\n%s", answerTime, p.out.rest()), p.kill())
	}
}

// kill ends the program at once, as the system does when memory runs out.
func (p *program) kill() error {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.ended
	p.in.Close()
	return nil
}

// transcript is what a program has printed.
type transcript struct {
	mu    sync.Mutex
	text  []byte
	seen  int           // up to where it was looked at
	grown chan struct{} // closed and replaced at each write
}

func (t *transcript) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	close(t.grown)
	t.grown = make(chan struct{})
	return len(b), nil
}

// find looks for the expression behind what was seen; if it is not there, grown
// is closed when it is worth looking again.
func (t *transcript) find(re *regexp.Regexp) (found bool, grown <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := re.FindIndex(t.text[t.seen:])
	if at == nil {
		return false, t.grown
	}
	t.seen += at[1]
	return true, nil
}

// rest returns what has not been seen.
func (t *transcript) rest() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.Clone(t.text[t.seen:]))
}

// all returns everything that was printed.
func (t *transcript) all() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
