package folder

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/google/go-cmp/cmp"
)

func TestFollow(t *testing.T) {
	write := fsnotify.Event{Name: "content/posts/a.md", Op: fsnotify.Write}
	const ms = time.Millisecond
	tests := []struct {
		name    string
		blind   bool // whether changes are not told
		play    func(f *Folder, events chan<- fsnotify.Event, errs chan<- error)
		rounds  []time.Duration
		horizon time.Duration
	}{
		{"nothing happens", false, nil,
			[]time.Duration{0, 30 * time.Second}, time.Minute - ms},
		{"the system tells nothing", true, nil,
			[]time.Duration{0, 2 * time.Second, 4 * time.Second}, 5 * time.Second},
		{"one change", false, func(_ *Folder, events chan<- fsnotify.Event, _ chan<- error) {
			events <- write
		}, []time.Duration{0, 1150 * ms}, 5 * time.Second},
		{"a burst is one round", false, func(_ *Folder, events chan<- fsnotify.Event, _ chan<- error) {
			for range 5 {
				events <- write
				time.Sleep(50 * ms)
			}
		}, []time.Duration{0, 1350 * ms}, 5 * time.Second},
		{"constant change is read in between", false, func(_ *Folder, events chan<- fsnotify.Event, _ chan<- error) {
			for range 15 {
				events <- write
				time.Sleep(100 * ms)
			}
		}, []time.Duration{0, 2000 * ms, 2550 * ms}, 5 * time.Second},
		{"lost events", false, func(_ *Folder, _ chan<- fsnotify.Event, errs chan<- error) {
			errs <- fsnotify.ErrEventOverflow
		}, []time.Duration{0, 1000 * ms}, 5 * time.Second},
		{"a file was being written", false, func(f *Folder, _ chan<- fsnotify.Event, _ chan<- error) {
			f.again()
		}, []time.Duration{0, 1150 * ms}, 5 * time.Second},
		{"neighbours and indexers", false, func(_ *Folder, events chan<- fsnotify.Event, _ chan<- error) {
			events <- fsnotify.Event{Name: "content/other", Op: fsnotify.Create}
			events <- fsnotify.Event{Name: "content/posts/a.md", Op: fsnotify.Chmod}
		}, []time.Duration{0}, 5 * time.Second},
		{"the root is replaced", false, func(_ *Folder, events chan<- fsnotify.Event, _ chan<- error) {
			events <- fsnotify.Event{Name: "content/posts", Op: fsnotify.Create}
		}, []time.Duration{0, 1150 * ms}, 5 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), test.horizon)
				defer cancel()
				f := New("content/posts", time.Now)
				events, errs := make(chan fsnotify.Event), make(chan error)
				go func() {
					time.Sleep(time.Second)
					if test.play != nil {
						test.play(f, events, errs)
					}
				}()
				began := time.Now()
				var rounds []time.Duration
				f.follow(ctx, events, errs, func() bool {
					rounds = append(rounds, time.Since(began))
					return !test.blind
				})
				if diff := cmp.Diff(test.rounds, rounds); diff != "" {
					t.Errorf("rounds (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestConcernsRootOfRelativePaths(t *testing.T) {
	for _, dir := range []string{".", "/", "posts", "../posts"} {
		f := New(dir, time.Now)
		for _, name := range []string{dir, filepath.Join(dir, "a.md"), filepath.Join(dir, "blog/a.md")} {
			if !f.concerns(fsnotify.Event{Name: name, Op: fsnotify.Write}) {
				t.Errorf("New(%q): %s does not concern it", dir, name)
			}
		}
	}
}

// TestWatch is the one test on the real system's events.
func TestWatch(t *testing.T) {
	tr := newTree(t, "a.md", "blog/b.md")
	f := New(tr.dir, time.Now)
	ctx, cancel := context.WithCancel(t.Context())
	found := make(chan []string, 100)
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.Watch(ctx, func() {
			change, err := f.Read(ctx, pages)
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			paths := slices.Clone(change.Removed)
			for _, file := range change.Files {
				paths = append(paths, file.Path)
			}
			found <- paths
		})
	}()
	defer func() {
		cancel()
		<-done
	}()
	await := func(step string, want ...string) {
		t.Helper()
		deadline := time.After(20 * time.Second)
		missing := slices.Clone(want)
		for len(missing) > 0 {
			select {
			case paths := <-found:
				missing = slices.DeleteFunc(missing, func(path string) bool { return slices.Contains(paths, path) })
			case <-deadline:
				t.Fatalf("%s: %v did not come", step, missing)
			}
		}
	}
	await("at first", "a.md", "blog/b.md")
	tr.must(os.WriteFile(filepath.Join(tr.dir, "a.md"), []byte("changed"), 0o644))
	await("a change", "a.md")
	tr.must(os.MkdirAll(filepath.Join(tr.dir, "docs/meetups"), 0o755))
	tr.must(os.WriteFile(filepath.Join(tr.dir, "docs/meetups/c.md"), []byte("new"), 0o644))
	await("a file in a new directory", "docs/meetups/c.md")
	tr.must(os.WriteFile(filepath.Join(tr.dir, "docs/meetups/d.md"), []byte("new"), 0o644))
	await("another one there", "docs/meetups/d.md")
	tr.must(os.Rename(filepath.Join(tr.dir, "blog"), filepath.Join(tr.dir, "news")))
	await("a renamed directory", "blog/b.md", "news/b.md")
	tr.remove("docs")
	await("a removed directory", "docs/meetups/c.md", "docs/meetups/d.md")
}
