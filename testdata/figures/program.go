package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	milli = float64(time.Millisecond)
	mega  = 1e6
)

// build builds the binary as it ships.
func build(ctx context.Context, t *table, _, binary string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building: %w: %s", err, out)
	}
	info, err := os.Stat(binary)
	if err != nil {
		return err
	}
	t.add("the binary", float64(info.Size())/mega, "MB", 30)
	return nil
}

// answers measures one command from the start of the program to its end, over
// the community's real posts where they are, else over those that ship.
func answers(ctx context.Context, t *table, dir, binary string) error {
	config, posts := "config.yaml", "the posts that ship"
	if shared := os.Getenv("HERALD_SHARED"); shared != "" {
		source, err := os.ReadFile("config.yaml")
		if err != nil {
			return err
		}
		text := strings.NewReplacer(
			"path: content/posts/glossary", "path: "+shared+"/glossary/zh-tw",
			"path: content/posts ", "path: "+shared+"/site ",
		).Replace(string(source))
		config, posts = filepath.Join(dir, "real.yaml"), "the real posts"
		if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
			return err
		}
	}
	version, err := median(ctx, binary, "version")
	if err != nil {
		return err
	}
	t.add("herald version", version.wall, "ms", 0)
	for _, c := range []struct {
		command string
		most    float64
	}{{"/recap 2023", 25}, {"/donate", 0}, {"/search 永續", 0}} {
		took, err := median(ctx, binary, "ask", c.command, "--config", config)
		if err != nil {
			return err
		}
		what := fmt.Sprintf("herald ask %q more, over %s", c.command, posts)
		t.add(what, took.wall-version.wall, "ms", c.most)
		t.add(processor, took.cpu-version.cpu, "ms", 0)
	}
	return nil
}

// processor is the line below a time: what of it the program itself worked, on
// all cores. It says more where others work too.
const processor = "    of processors"

// spent is what a call of the program took, in milliseconds.
type spent struct{ wall, cpu float64 }

// median runs a command 31 times and returns what is in the middle.
func median(ctx context.Context, binary string, args ...string) (spent, error) {
	var wall, cpu []time.Duration
	for range 31 {
		cmd := exec.CommandContext(ctx, binary, args...)
		start := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			return spent{}, fmt.Errorf("%q: %w: %s", args, err, out)
		}
		wall = append(wall, time.Since(start))
		cpu = append(cpu, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	}
	slices.Sort(wall)
	slices.Sort(cpu)
	return spent{float64(wall[len(wall)/2]) / milli, float64(cpu[len(cpu)/2]) / milli}, nil
}

// rest measures the memory of a Herald that has nothing to do.
func rest(ctx context.Context, t *table, dir, binary string) error {
	h, err := begin(ctx, binary, "config.yaml", filepath.Join(dir, "rest.db"))
	if err != nil {
		return err
	}
	if _, err := h.answer("/search 永續"); err != nil {
		return err
	}
	<-time.After(5 * time.Second)
	t.add("memory at rest, after a search", h.memory("VmRSS"), "MB", 35)
	return h.end()
}

// herald is a running one.
type herald struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
	log   bytes.Buffer
}

func begin(ctx context.Context, binary, config, store string) (*herald, error) {
	h := &herald{cmd: exec.CommandContext(ctx, binary, "run", "--config", config)}
	h.cmd.Env = append(os.Environ(), "HERALD_STORE="+store, "LC_ALL=C")
	h.cmd.Stderr = &h.log
	var err error
	if h.in, err = h.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	h.lines = bufio.NewScanner(out)
	return h, h.cmd.Start()
}

// answer gives a line and returns the answer, which ends with an empty line
// after the marker that an unknown command's answer is.
func (h *herald) answer(line string) (string, error) {
	const marker = "figures-end"
	if _, err := fmt.Fprintf(h.in, "%s\n/%s\n", line, marker); err != nil {
		return "", fmt.Errorf("asking %q: %w: %s", line, err, h.log.String())
	}
	var text strings.Builder
	for h.lines.Scan() {
		if strings.Contains(h.lines.Text(), marker) {
			return text.String(), nil
		}
		text.WriteString(h.lines.Text() + "\n")
	}
	return "", errors.Join(fmt.Errorf("no answer to %q: %s", line, h.log.String()), h.lines.Err())
}

// memory returns a line of /proc/PID/status in MB; 0 where there is none.
func (h *herald) memory(name string) float64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", h.cmd.Process.Pid))
	for line := range strings.Lines(string(status)) {
		var kb float64
		if _, err := fmt.Sscanf(line, name+": %f kB", &kb); err == nil {
			return kb * 1024 / mega
		}
	}
	return 0
}

// processor returns the seconds that it has worked, from /proc/PID/stat; 0 where
// there is none. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
func (h *herald) processor() float64 {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", h.cmd.Process.Pid))
	_, rest, _ := strings.Cut(string(stat), ") ") // after the name of the program
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100 // clock ticks, of which Linux tells 100 a second
}

// end lets it end of itself.
func (h *herald) end() error {
	h.in.Close()
	for h.lines.Scan() {
	}
	if err := h.cmd.Wait(); err != nil {
		return fmt.Errorf("ending: %w: %s", err, h.log.String())
	}
	return nil
}
