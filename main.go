// Herald gives a community one voice: it answers chat commands from the
// community's own posts and announces new ones. This package is the program:
// flags and signals, the configuration, and the only place that joins the
// packages below to one another.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // time zones also where the system has none, as in a scratch image
)

func main() {
	os.Exit(run(system())) //nolint:forbidigo // this is main
}

// run carries out one call of the program and returns its exit code. The first
// interrupt asks it to stop in order, a second one ends it at once. Either way
// the terminal is left as it was found.
func run(env environment) int {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	ended := make(chan struct{})
	defer close(ended)
	go obey(signals, ended, stop, env.restore)
	defer env.restore()
	return execute(ctx, env)
}

// obey stops the program at the first signal. At a second one it gives the
// terminal back, which the prompt may hold, and has the signal do what it
// usually does. It returns when the program has ended.
func obey(signals <-chan os.Signal, ended <-chan struct{}, stop, restore func()) {
	select {
	case <-signals:
		stop()
	case <-ended:
		return
	}
	select {
	case again := <-signals:
		restore()
		signal.Reset()
		if self, err := os.FindProcess(os.Getpid()); err != nil || self.Signal(again) != nil {
			os.Exit(exitNo) //nolint:forbidigo // a system on which a program cannot signal itself
		}
	case <-ended:
	}
}
