package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"cloudnative.tw/herald/bot/discord/discordtest"
	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

// printedFile names the file to which all programs of a script also write what
// they print and log.
const printedFile = "HERALD_TEST_PRINTED"

// fakes are the platforms of a script.
type fakes struct {
	discord  *fakeDiscord
	telegram *fakeTelegram
}

type fakesKey struct{}

func fakesOf(ts *testscript.TestScript) *fakes { return ts.Value(fakesKey{}).(*fakes) }

// end closes the fakes, and returns what they have against the program: a call
// that the platform would refuse, one that came too soon, or a token in anything
// that the programs printed or wrote.
func (f *fakes) end(workDir string) error {
	var wrong []string
	if f.discord != nil {
		f.discord.Close()
		wrong = append(wrong, f.discord.Problems()...)
	}
	if f.telegram != nil {
		if err := errors.Join(f.telegram.Close(), <-f.telegram.served); err != nil {
			return err
		}
		for _, c := range f.telegram.Refused() {
			wrong = append(wrong, fmt.Sprintf("%s %v: %q", c.Method, c.Params, c.Wrong))
		}
	}
	leaks, err := tokensIn(workDir)
	if wrong = append(wrong, leaks...); len(wrong) > 0 {
		err = errors.Join(err, fmt.Errorf("the platforms have this against it:\n%s", strings.Join(wrong, "\n")))
	}
	return err
}

// secrets are what must never be printed or written: the tokens, and of
// Telegram's the part that is secret.
var secretParts = []string{discordtest.Token, telegramtest.Token, telegramtest.Token[strings.Index(telegramtest.Token, ":")+1:]}

// tokensIn returns the files that hold a part of a token: the store, the index,
// what was printed. Scripts keep their own token files elsewhere.
func tokensIn(dir string) (leaks []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) { // a journal that was closed meanwhile
			return nil
		}
		for _, secret := range secretParts {
			if strings.Contains(string(text), secret) {
				leaks = append(leaks, "a token stands in "+filepath.Base(path))
			}
		}
		return err
	})
	return leaks, err
}

// TestTokensAreMissed proves that the check above finds what it looks for.
func TestTokensAreMissed(t *testing.T) {
	dir := t.TempDir()
	for i, secret := range secretParts {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), []byte("x"+secret+"y"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// The second holds the third.
	if leaks, err := tokensIn(dir); err != nil || len(leaks) != len(secretParts)+1 {
		t.Errorf("tokensIn() = %q, %v", leaks, err)
	}
}

// listen returns a listener on loopback and its address.
func listen(ts *testscript.TestScript) (net.Listener, string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	return listener, "http://" + listener.Addr().String()
}

// await waits until there is what the expression matches.
func await(ts *testscript.TestScript, text func() string, pattern string) {
	re, err := regexp.Compile("(?m)" + pattern)
	ts.Check(err)
	if !happens(func() bool { return re.MatchString(text()) }) {
		ts.Fatalf("no %q within %v:\n%s%s", pattern, answerTime, text(), printed(ts))
	}
}

// happens waits until something is so; it returns false if it is not in time.
func happens(is func() bool) bool {
	tick := time.NewTicker(answerTime / 1000)
	defer tick.Stop()
	for range 1000 {
		if is() {
			return true
		}
		<-tick.C
	}
	return false
}

// printed returns what the running program printed, for messages.
func printed(ts *testscript.TestScript) string {
	if p := programOf(ts).program; p != nil {
		return "\n[printed]\n" + p.out.all()
	}
	return ""
}

// print shows a text, which the script's next "stdout" looks at.
func say(ts *testscript.TestScript, text string) {
	_, err := fmt.Fprint(ts.Stdout(), text)
	ts.Check(err)
}

// indent sets each line of a text behind a mark.
func indent(mark, text string) string {
	if text == "" {
		return ""
	}
	return mark + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+mark) + "\n"
}

// verbs are what a command of a script can be told to do.
type verbs map[string]struct {
	usage string // its arguments
	least int    // how many of them there are at least
	do    func(ts *testscript.TestScript, args []string)
}

// command returns the command that knows the verbs.
func (v verbs) command(name string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) == 0 {
			ts.Fatalf("usage: %s VERB [ARGS]", name)
		}
		verb, ok := v[args[0]]
		if !ok {
			ts.Fatalf("%s cannot %s", name, args[0])
		}
		if len(args)-1 < verb.least {
			ts.Fatalf("usage: %s %s %s", name, args[0], verb.usage)
		}
		verb.do(ts, args[1:])
	}
}
