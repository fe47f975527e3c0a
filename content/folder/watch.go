package folder

import (
	"context"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// quiet is how long nothing may happen before a change is read, patience
	// how long it waits for that: an editor saves in several steps, a checkout
	// in thousands.
	quiet    = 150 * time.Millisecond
	patience = time.Second
	// rescan is how often the tree is read without being told: network file
	// systems and mounts of other machines send no events.
	rescan = 30 * time.Second
	// poll takes the place of rescan where the system can watch nothing, or not
	// everything.
	poll = 2 * time.Second
)

// Watch implements content.Origin. A change is read about quiet after it, and
// within rescan or poll where the system does not tell of it.
func (f *Folder) Watch(ctx context.Context, changed func()) {
	w, err := fsnotify.NewWatcher()
	if err != nil { // no watches left to this user
		f.follow(ctx, nil, nil, func() bool { changed(); return false })
		return
	}
	defer w.Close()
	f.follow(ctx, w.Events, w.Errors, func() bool {
		before := f.directories()
		watched := f.watch(w, before)
		changed()
		if after := f.directories(); grown(before, after) {
			// Files may have come between the listing of a new directory and
			// the watch on it, hence another round.
			watched = f.watch(w, after)
			f.again()
		}
		return watched
	})
}

// follow calls round at first and after each change, until ctx ends. round
// reports whether changes of the whole tree are told.
func (f *Folder) follow(ctx context.Context, events <-chan fsnotify.Event, errs <-chan error, round func() (watched bool)) {
	next := time.NewTimer(0)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-events:
			if !f.concerns(e) || !settle(ctx, events) {
				continue
			}
		case <-errs: //nolint:errcheck // events were lost, whatever the reason
		case <-f.hurry:
			if !settle(ctx, events) {
				continue
			}
		case <-next.C:
		}
		if round() {
			next.Reset(rescan)
		} else {
			next.Reset(poll)
		}
	}
}

// settle waits until nothing has happened for a while. It returns false when
// ctx ended.
func settle(ctx context.Context, events <-chan fsnotify.Event) bool {
	still := time.NewTimer(quiet)
	defer still.Stop()
	enough := time.NewTimer(patience)
	defer enough.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-still.C:
			return true
		case <-enough.C:
			return true
		case <-events:
			still.Reset(quiet)
		}
	}
}

// concerns reports whether the event may mean a change of the tree. The folder
// above is watched for the root itself only.
func (f *Folder) concerns(e fsnotify.Event) bool {
	if e.Op == fsnotify.Chmod { // virus scanners and indexers send these all day
		return false
	}
	name, above := filepath.Clean(e.Name), filepath.Dir(f.dir)
	return above == f.dir || name == f.dir || filepath.Dir(name) != above
}

// watch watches the directories, and the one above the root: the root may be a
// link that is pointed elsewhere, or come later. It reports whether it could.
// Watching what is watched already costs next to nothing, and renews the watch
// of a directory that was replaced by another of the same name.
func (f *Folder) watch(w *fsnotify.Watcher, dirs []string) (all bool) {
	all = w.Add(f.dir) == nil
	_ = w.Add(filepath.Dir(f.dir)) // a help only: it may not be ours to read
	for _, dir := range dirs {
		if w.Add(filepath.Join(f.dir, filepath.FromSlash(dir))) != nil {
			all = false
		}
	}
	return all
}

// again asks for another round soon.
func (f *Folder) again() {
	select {
	case f.hurry <- struct{}{}:
	default:
	}
}

func (f *Folder) directories() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dirs
}

// grown reports whether after has a directory that before has not.
func grown(before, after []string) bool {
	had := make(map[string]bool, len(before))
	for _, dir := range before {
		had[dir] = true
	}
	for _, dir := range after {
		if !had[dir] {
			return true
		}
	}
	return false
}
