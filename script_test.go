package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

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
//	quit           ends its input and waits until it ends well
//	crash          kills it
func TestScripts(t *testing.T) {
	repo, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("REPO", repo)
			env.Setenv("HERALD_SHARED", os.Getenv("HERALD_SHARED"))
			s := &started{}
			env.Values[startedKey{}] = s
			env.Defer(func() {
				if s.program != nil {
					_ = s.program.kill()
				}
			})
			return nil
		},
		Condition: func(cond string) (bool, error) {
			return cond == "shared" && os.Getenv("HERALD_SHARED") != "", nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"begin": scriptStart, "type": scriptType, "see": scriptSee, "quit": scriptStop, "crash": scriptKill,
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
	for _, name := range []string{"LANG", "NO_COLOR", "HERALD_CONFIG", "HERALD_LOG"} {
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
		ts.Fatalf("it printed what %q matches:\n%s", re, s.program.out.text)
	}
}

func scriptStop(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(scriptEnd(ts, neg, args).stop())
	ts.Logf("[printed]\n%s", programOf(ts).program.out.text)
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
