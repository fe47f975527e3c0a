package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// benchmarks runs those of the packages that show what cannot be seen from
// outside.
func benchmarks(ctx context.Context, t *table, _, _ string) error {
	for _, b := range []struct {
		pkg, name string // the benchmark's name, an expression
		time      string
		lines     []line
	}{
		{"./content/search", "^BenchmarkSearch$/^10000$", "40x", []line{
			{"10,000 posts: a query, median", "p50-µs", 1e3, "ms", 2},
			{"10,000 posts: a query, 99th percentile", "p99-µs", 1e3, "ms", 15},
		}},
		{"./content/search", "^BenchmarkChangeOne$/^10000$", "100x", []line{
			{"10,000 posts: one changed post in the index", "ns/op", 1e6, "ms", 20},
		}},
		{"./bot/command", "^BenchmarkAnswers$/^posts=200$", "20000x", []line{
			{"a command without search, median", "p50-µs", 1e3, "ms", 0},
			{"a command without search, 99th percentile", "p99-µs", 1e3, "ms", 1},
		}},
		{"./bot/command", "^BenchmarkAnswers$/^posts=10000$", "20000x", []line{
			{"10,000 posts: a command without search, 99th percentile", "p99-µs", 1e3, "ms", 1},
		}},
	} {
		out, err := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", b.name, "-benchtime", b.time, b.pkg).CombinedOutput()
		if err != nil {
			return fmt.Errorf("benchmark %s: %w: %s", b.name, err, out)
		}
		for _, l := range b.lines {
			value, err := l.read(out)
			if err != nil {
				return fmt.Errorf("benchmark %s: %w", b.name, err)
			}
			t.add(l.what, value, l.unit, l.most)
		}
	}
	return nil
}

// line is a figure that a benchmark prints.
type line struct {
	what   string
	metric string
	per    float64 // how many of the metric's units make one of unit
	unit   string
	most   float64
}

func (l line) read(out []byte) (float64, error) {
	m := regexp.MustCompile(`([0-9.e+]+) ` + regexp.QuoteMeta(l.metric)).FindSubmatch(bytes.ReplaceAll(out, []byte("\t"), []byte(" ")))
	if m == nil {
		return 0, fmt.Errorf("no %s in %s", l.metric, strings.TrimSpace(string(out)))
	}
	value, err := strconv.ParseFloat(string(m[1]), 64)
	return value / l.per, err
}
