package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the program as its users do. Each script starts in an empty
// directory; $REPO is the checkout, whose config.yaml and content ship. Beside
// what testscript has, scripts know
//
//	begin [ARGS]   runs herald with its input held open
//	type LINE      gives it a line
//	[!] see RE     waits until it prints what RE matches, after what was seen;
//	               with !, looks that it has not, once it is stopped
//	ask LINE RE    gives it a line again and again until it prints what RE matches
//	quit           ends its input and waits until it ends well
//	interrupt      asks it to stop, and waits until it ends well
//	hangup         ends its input, and looks that it goes on
//	crash          kills it
//	appears FILE   waits until there is such a file
//	forward TIME   puts the clock of all programs forward
//	code N CMD     runs a command, which must exit with the code N
//	serve DIR FILE...  serves a directory on loopback, and writes the server's
//	               address in the place of SERVER in the files
//	discord VERB   has something happen on a Discord of the script's own, which
//	               "discord on" starts (fake_discord_test.go lists the verbs)
//	telegram VERB  the same on a Telegram (fake_telegram_test.go)
//	secret NAME    moves the token in a variable into a file that NAME_FILE names
//	odd KIND WORD  sets $odd to WORD and something that no sane member types:
//	               4,000 characters (long), what steers terminals (hostile), or
//	               what is no UTF-8 (broken)
func TestScripts(t *testing.T) {
	repo, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("REPO", repo)
			env.Setenv(clockFile, filepath.Join(env.WorkDir, "clock"))
			env.Setenv("HERALD_SHARED", os.Getenv("HERALD_SHARED"))
			env.Setenv(printedFile, filepath.Join(env.WorkDir, ".printed"))
			s, f := &started{}, &fakes{}
			env.Values[startedKey{}], env.Values[fakesKey{}] = s, f
			env.Defer(func() {
				if s.program != nil {
					_ = s.program.kill()
				}
				if err := f.end(env.WorkDir); err != nil {
					env.T().Fatal(err)
				}
			})
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "shared" {
				return os.Getenv("HERALD_SHARED") != "", nil
			}
			return false, fmt.Errorf("there is no condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"begin": scriptStart, "type": scriptType, "see": scriptSee, "ask": scriptAsk, "quit": scriptStop, "crash": scriptKill,
			"interrupt": scriptInterrupt, "hangup": scriptHangup,
			"discord": discordVerbs.command("discord"), "telegram": telegramVerbs.command("telegram"), "secret": scriptSecret,
			"serve": scriptServe, "code": scriptCode, "forward": scriptForward, "appears": scriptAppears, "odd": scriptOdd,
		},
		UpdateScripts:      os.Getenv("UPDATE_SCRIPTS") != "",
		RequireUniqueNames: true,
	})
}

// started is the program that a script has started; it stays after its end, for
// "! see".
type started struct {
	program *program
	running bool
}

type startedKey struct{}

func programOf(ts *testscript.TestScript) *started { return ts.Value(startedKey{}).(*started) }

func scriptStart(ts *testscript.TestScript, neg bool, args []string) {
	s := programOf(ts)
	if neg || s.running {
		ts.Fatalf("usage: begin [ARGS], when no program is running")
	}
	env := []string{}
	for _, name := range []string{
		"LANG", "NO_COLOR", "HERALD_CONFIG", "HERALD_STORE", "HERALD_LOG", "HERALD_ALLOW_PRIVATE", clockFile, printedFile,
		"DISCORD_API_URL", "DISCORD_TOKEN", "DISCORD_TOKEN_FILE", "TELEGRAM_API_URL", "TELEGRAM_TOKEN", "TELEGRAM_TOKEN_FILE",
		"TELEGRAM_WEBHOOK_URL", "TELEGRAM_WEBHOOK_SECRET", "TELEGRAM_WEBHOOK_LISTEN",
	} {
		env = append(env, name+"="+ts.Getenv(name))
	}
	p, err := start(ts.MkAbs("."), env, args...)
	ts.Check(err)
	s.program, s.running = p, true
}

func scriptType(ts *testscript.TestScript, neg bool, args []string) {
	if s := programOf(ts); neg || !s.running || len(args) == 0 {
		ts.Fatalf("usage: type LINE, while a program is running")
	} else {
		ts.Check(s.program.typeLine(strings.Join(args, " ")))
	}
}

func scriptSee(ts *testscript.TestScript, neg bool, args []string) {
	s := programOf(ts)
	if s.program == nil || len(args) != 1 || neg && s.running {
		ts.Fatalf("usage: [!] see RE, of a program that was started; with !, that has ended")
	}
	re, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	if !neg {
		ts.Check(s.program.see(re))
	} else if found, _ := s.program.out.find(re); found {
		ts.Fatalf("it printed what %q matches:\n%s", re, s.program.out.all())
	}
}

func scriptAsk(ts *testscript.TestScript, neg bool, args []string) {
	s := programOf(ts)
	if neg || !s.running || len(args) != 2 {
		ts.Fatalf("usage: ask LINE RE, while a program is running")
	}
	re, err := regexp.Compile("(?m)" + args[1])
	ts.Check(err)
	ts.Check(s.program.ask(args[0], re))
}

func scriptStop(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(scriptEnd(ts, neg, args).stop())
	ts.Logf("[printed]\n%s", programOf(ts).program.out.all())
}

func scriptInterrupt(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(scriptEnd(ts, neg, args).interrupt())
	ts.Logf("[printed]\n%s", programOf(ts).program.out.all())
}

func scriptHangup(ts *testscript.TestScript, neg bool, args []string) {
	s := programOf(ts)
	if neg || !s.running || len(args) > 0 {
		ts.Fatalf("usage: hangup, while a program is running")
	}
	ts.Check(s.program.in.Close())
}

func scriptKill(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(scriptEnd(ts, neg, args).kill())
}

func scriptEnd(ts *testscript.TestScript, neg bool, args []string) *program {
	s := programOf(ts)
	if neg || !s.running || len(args) > 0 {
		ts.Check(errors.New("no program is running"))
	}
	s.running = false
	return s.program
}

func scriptAppears(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: appears FILE")
	}
	tick := time.NewTicker(answerTime / 1000)
	defer tick.Stop()
	for range 1000 {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		<-tick.C
	}
	ts.Fatalf("no %s within %v", args[0], answerTime)
}

func scriptForward(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: forward TIME")
	}
	f, err := os.OpenFile(ts.Getenv(clockFile), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	ts.Check(err)
	_, err = fmt.Fprintln(f, args[0])
	ts.Check(errors.Join(err, f.Close()))
}

func scriptCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N COMMAND [ARGS]")
	}
	got := 0
	err := ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("%q: exit code %d, want %s", args[1:], got, args[0])
	}
}

func scriptServe(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: serve DIR FILE...")
	}
	dir := http.Dir(ts.MkAbs(args[0]))
	// Without Last-Modified: scripts change files within its second.
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := dir.Open(r.URL.Path)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		defer f.Close()
		w.Header().Set("Content-Type", "application/xml")
		_, _ = io.Copy(w, f)
	}))
	ts.Defer(server.Close)
	ts.Setenv("SERVER", server.URL)
	for _, file := range args[1:] {
		text := strings.ReplaceAll(ts.ReadFile(file), "SERVER", server.URL)
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(text), 0o644))
	}
}

func scriptSecret(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: secret NAME")
	}
	dir, err := os.MkdirTemp("", "herald-secret-") // beside what is searched for tokens
	ts.Check(err)
	ts.Defer(func() { _ = os.RemoveAll(dir) })
	file := filepath.Join(dir, "token")
	ts.Check(os.WriteFile(file, []byte(ts.Getenv(args[0])+"\n"), 0o600))
	ts.Setenv(args[0]+"_FILE", file)
	ts.Setenv(args[0], "")
}

func scriptOdd(ts *testscript.TestScript, neg bool, args []string) {
	kinds := map[string]string{
		"long":    strings.Repeat("雲", 4000),
		"hostile": "\x1b[31mred\x1b]0;title\x07 a\rb\bc\tdef\u202eevil\u2066x\u2069\x7f",
		"broken":  "\xff\xfe雲\xc3\x28",
	}
	if neg || len(args) != 2 || kinds[args[0]] == "" {
		ts.Fatalf("usage: odd long|hostile|broken WORD")
	}
	ts.Setenv("odd", args[1]+kinds[args[0]])
}
