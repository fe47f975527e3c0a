package main

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"cloudnative.tw/herald/feeds/feedstest"
)

// TestMain lets tests run the real program as the command "herald".
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"herald": mainWithClock, "feedserver": feedServer})
}

// feedServer is the server of a benchmark.
func feedServer() { feedstest.ServeChanging(os.Stdin, os.Stdout) }

// clockFile names the file whose durations, one a line, a program under test
// adds to its clock: nobody waits minutes in a test.
const clockFile = "HERALD_TEST_CLOCK"

// mainWithClock is main, but for its clock.
func mainWithClock() {
	env := system()
	if file := os.Getenv(clockFile); file != "" {
		env.now = func() time.Time { return time.Now().Add(ahead(file)) }
	}
	os.Exit(run(printing(env, os.Getenv(printedFile))))
}

// printing has what is printed also written to a file, if it names one.
func printing(env environment, file string) environment {
	if file == "" {
		return env
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		panic(err)
	}
	env.out, env.err = io.MultiWriter(env.out, f), io.MultiWriter(env.err, f)
	env.log = env.err
	return env
}

// ahead returns the sum of the durations in the file.
func ahead(file string) time.Duration {
	text, _ := os.ReadFile(file) // there is none before the clock is first put forward
	var sum time.Duration
	for line := range strings.FieldsSeq(string(text)) {
		d, err := time.ParseDuration(line)
		if err != nil {
			panic(err)
		}
		sum += d
	}
	return sum
}
