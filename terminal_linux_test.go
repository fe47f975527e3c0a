package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/term"
)

// terminal is a pseudo terminal (pty(7)), and the program whose terminal it is.
type terminal struct {
	*program
	screen, keys *os.File
	found        *term.State // as the program found it
}

// openTerminal returns both ends of a new pseudo terminal.
func openTerminal(t *testing.T) (screen, keys *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo terminals here:", err)
	}
	t.Cleanup(func() { screen.Close() })
	var unlocked, number int32
	control(t, screen, syscall.TIOCSPTLCK, unsafe.Pointer(&unlocked))
	control(t, screen, syscall.TIOCGPTN, unsafe.Pointer(&number))
	keys, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { keys.Close() })
	return screen, keys
}

func control(t *testing.T, f *os.File, request uintptr, value unsafe.Pointer) {
	t.Helper()
	raw, err := f.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var errno syscall.Errno
	err = raw.Control(func(fd uintptr) { _, _, errno = syscall.Syscall(syscall.SYS_IOCTL, fd, request, uintptr(value)) })
	if err != nil || errno != 0 {
		t.Fatal(err, errno)
	}
}

// atTerminal starts the program with a config at a terminal of its own.
func atTerminal(t *testing.T, config string, env ...string) *terminal {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "site", "blog"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	screen, keys := openTerminal(t)
	size := [4]uint16{25, 80}
	control(t, keys, syscall.TIOCSWINSZ, unsafe.Pointer(&size))
	p := &program{cmd: exec.Command("herald"), in: screen, ended: make(chan struct{})}
	p.out.grown = make(chan struct{})
	found, err := term.GetState(int(keys.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Dir, p.cmd.Env = dir, append(os.Environ(), append([]string{"LANG=en_US.UTF-8", "TERM=xterm"}, env...)...)
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = keys, keys, keys
	// Not its controlling terminal, which would be hung up at its end, before
	// anybody can look how it was left.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := screen.Read(buffer)
			_, _ = p.out.Write(buffer[:n])
			if err != nil {
				return
			}
		}
	}()
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return &terminal{p, screen, keys, found}
}

// write writes a file beside the config.
func (l *terminal) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(l.cmd.Dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// signal sends the program a signal; one that has ended is let be.
func (l *terminal) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := l.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
}

// restored fails the test if the terminal is not as the program found it.
func (l *terminal) restored(t *testing.T) {
	t.Helper()
	now, err := term.GetState(int(l.keys.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	if *now != *l.found {
		t.Errorf("the terminal is left as %v, and was %v", now, l.found)
	}
}

// awaits waits until the program prints what the expression matches.
func (l *terminal) awaits(t *testing.T, re string) {
	t.Helper()
	if err := l.see(regexp.MustCompile(re)); err != nil {
		t.Fatal(err)
	}
}

const smallConfig = `community: {name: Example, language: en, timezone: UTC}
channels: {here: {console: true}}
`

// A signal ends a Herald at whose prompt nothing is typed, or half a line.
func TestASignalEndsThePrompt(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		for _, typed := range []string{"", "/ab"} {
			l := atTerminal(t, smallConfig)
			l.awaits(t, "› ")
			if _, err := l.screen.WriteString(typed); err != nil {
				t.Fatal(err)
			}
			if typed != "" {
				l.awaits(t, typed)
			}
			l.signal(t, s)
			if err := l.end(); err != nil {
				t.Errorf("%v after %q: %v", s, typed, err)
			}
			l.restored(t)
		}
	}
}

// A second signal ends it at once, and leaves the terminal in order too.
func TestASecondSignalLeavesTheTerminal(t *testing.T) {
	for range 3 {
		l := atTerminal(t, smallConfig)
		l.awaits(t, "› ")
		l.signal(t, syscall.SIGTERM)
		l.signal(t, syscall.SIGINT)
		select {
		case <-l.ended:
		case <-time.After(answerTime):
			t.Fatal("two signals have not ended it")
		}
		if text := l.out.all(); strings.Contains(text, "panic") {
			t.Error(text)
		}
		l.restored(t)
	}
}

const approvedConfig = `community: {name: Example, language: zh-TW, timezone: UTC}
content:
  site: {path: site, format: docusaurus, url: "https://example.org", folders: {blog: blog}}
channels: {here: {console: true}}
announcements:
  articles: {from: blog, to: here, approve: true}
  hello: {text: Hello, to: here, schedule: daily 12:00, approve: true}
`

// What waits for a person is told at the terminal, and what is due next after the
// time of a schedule has come, whether or not anything is said. The log leaves the
// line whole that is being typed.
func TestTheTerminalTellsWhatIsHeld(t *testing.T) {
	dir := t.TempDir()
	clock := filepath.Join(dir, "clock")
	l := atTerminal(t, approvedConfig, clockFile+"="+clock, "LANG=zh_TW.UTF-8")
	l.awaits(t, "接下來：.* hello")
	l.awaits(t, "› ")
	l.write(t, "site/blog/2024-02-03-second.md", "# Second\nSome news.\n")
	l.awaits(t, `#1 先不發到 here，等人決定：Second（等人放行）。要發就執行 herald retry 1`)
	if err := os.WriteFile(clock, []byte("24h\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	l.awaits(t, `#2 先不發到 here，等人決定：Hello`)
	l.awaits(t, "接下來：.* hello")
	if _, err := l.screen.WriteString("/abo"); err != nil {
		t.Fatal(err)
	}
	l.awaits(t, "/abo")
	l.write(t, "site/blog/2024-02-04-broken.md", "---\ntitle: \"a\n---\n")
	l.awaits(t, `level=WARN msg="a file is passed over"[^\n]*\n(?s:.*)› .*/abo`)
	if strings.Contains(l.out.all(), "time=") {
		t.Error(l.out.all())
	}
	l.signal(t, syscall.SIGTERM)
	if err := l.end(); err != nil {
		t.Error(err)
	}
	l.restored(t)
}
