package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/spf13/cobra"
)

const (
	// beatEvery is how often a Herald that runs says that it does.
	beatEvery = 10 * time.Second
	// beatLate is after how long without a word something is wrong: a round of
	// the loop takes milliseconds, and a slow disk seconds.
	beatLate = time.Minute
)

// heartbeat is the file beside the store by which another process sees that
// Herald speaks: its time is that of the last round that went well. It works
// where there is neither a shell nor a port.
type heartbeat struct {
	path string
	last time.Time
}

// beat marks that a round went well. Errors are for whoever looks: the mark
// grows old.
func (h *heartbeat) beat(now time.Time) {
	if now.Sub(h.last) < beatEvery {
		return
	}
	h.last = now
	if os.Chtimes(h.path, now, now) == nil {
		return
	}
	if f, err := os.OpenFile(h.path, os.O_WRONLY|os.O_CREATE, 0o644); err == nil {
		_ = f.Close()
		_ = os.Chtimes(h.path, now, now)
	}
}

// stop takes the mark away: nobody runs any more, and that is right.
func (h *heartbeat) stop() { _ = os.Remove(h.path) }

func healthCommand(env environment, path *string) *cobra.Command {
	return &cobra.Command{
		Use:   "health",
		Short: "Tell whether the Herald that runs from this store is well",
		Long: `Tell whether the Herald that runs from this store is well: whether it has
looked for news and for what is owed within the last minute, and the store was
well. It needs neither a shell nor a port, and reads no content.

Exit code 0: it is well. 1: it is not, or none runs.`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			store := storePath(env, *path)
			info, err := os.Stat(beside(store, ".alive"))
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return fmt.Errorf("no Herald runs from %s", store)
			case err != nil:
				return fmt.Errorf("looking for a sign of life: %w", err)
			}
			ago := max(env.now().Sub(info.ModTime()), 0).Round(time.Second)
			if ago > beatLate {
				return fmt.Errorf("the Herald that runs from %s has done nothing for %v: it hangs, was killed, or its store is in trouble", store, ago)
			}
			fmt.Fprintf(env.out, "herald is well: its last round was %v ago\n", ago)
			return nil
		},
	}
}

var storeLine = regexp.MustCompile(`(?m)^store *: *["']?([^"'#\n]+?)["']? *(?:#.*)?$`)

// storePath returns the path of the store, be it read with one eye from a config
// that has become wrong: the Herald that runs goes on with the last good one.
func storePath(env environment, path string) string {
	if cfg, _ := env.config(path); cfg != nil {
		return cfg.Store
	}
	store := defaultConfig().Store
	source, _ := readConfig(path)
	if m := storeLine.FindStringSubmatch(source); m != nil {
		store = m[1]
	}
	return env.store(resolve(filepath.Dir(path), store))
}
