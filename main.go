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
// interrupt asks it to stop in order, a second one ends it at once.
func run(env environment) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // from here on a signal has its usual effect
	return execute(ctx, env)
}
