// Command figures measures what Herald promises to cost, and prints it in one
// table: what was measured, how much it is, how much it may be. Run it from the
// checkout, through .ci/figures.
//
// It measures the program that ships, from outside: times are those that a
// person would see, memory is what the system counts. What is only seen from
// inside comes from the benchmarks of the packages.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := measureAll(ctx, os.Stdout)
	stop()
	if err != nil {
		log.Fatal("figures: ", err)
	}
}

func measureAll(ctx context.Context, out io.Writer) error {
	dir, err := os.MkdirTemp("", "herald-figures-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "herald")
	fmt.Fprintf(out, "%s, %d cores; load average %s\n\n", runtime.GOARCH, runtime.NumCPU(), load())
	var t table
	for _, measure := range []func(context.Context, *table, string, string) error{build, answers, rest, tenThousand, benchmarks} {
		if err := measure(ctx, &t, dir, binary); err != nil {
			return err
		}
	}
	return t.print(out)
}

// load returns how many processes wanted to run in the last minute: with more
// than there are cores, times are longer than they should be.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
