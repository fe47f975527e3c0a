// Package folder reads a content tree from a folder and watches it.
package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"cloudnative.tw/herald/content"
)

const (
	// writing is how long after its last change a file is taken to be still in
	// the hands of its writer, who may have cut it off and not filled it yet.
	writing = 100 * time.Millisecond
	// grain is the coarsest step in which file systems keep the time of a
	// change (two seconds on FAT). Within it a second change may leave no trace
	// in size and time, so such a file is compared by its bytes.
	grain = 2 * time.Second
)

// Folder is the content.Origin of a folder on this machine.
type Folder struct {
	dir string
	now func() time.Time
	// hurry asks Watch for another round, because a file was being written.
	hurry chan struct{}

	mu    sync.Mutex
	known map[string]stamp // files as of the last good Read; nil before it
	dirs  []string         // directories as of the last good Read
}

// stamp tells a file's state from another.
type stamp struct {
	info fs.FileInfo
	sum  *[32]byte // of the bytes, if info alone may not tell (grain)
}

// New returns the origin of the tree below dir, which may be a symbolic link
// and need not exist yet. Symbolic links to files inside dir are followed,
// those to directories and out of dir are not. now is the clock to compare with
// the times of files.
func New(dir string, now func() time.Time) *Folder {
	return &Folder{dir: filepath.Clean(dir), now: now, hurry: make(chan struct{}, 1)}
}

// Read implements content.Origin. A folder that is missing or has a directory
// that cannot be listed is an error.
func (f *Folder) Read(ctx context.Context, wants func(path string) bool) (content.Change, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	root, err := os.OpenRoot(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return content.Change{}, fmt.Errorf("there is no folder %s: %w", f.place(), fs.ErrNotExist)
	}
	if err != nil {
		return content.Change{}, fmt.Errorf("open the folder %s: %w", f.place(), err)
	}
	defer root.Close()

	r := reading{root: root, dir: f.dir, known: f.known, began: f.now()}
	if err := r.walk(ctx, wants); err != nil {
		return content.Change{}, fmt.Errorf("list the folder %s: %w", f.place(), err)
	}
	if err := r.load(ctx); err != nil {
		return content.Change{}, fmt.Errorf("read the folder %s: %w", f.place(), err)
	}
	f.known, f.dirs = r.next, r.dirs
	if r.unsure {
		f.again()
	}
	return r.change, nil
}

// place is where the folder is, for messages.
func (f *Folder) place() string {
	if abs, err := filepath.Abs(f.dir); err == nil {
		return abs
	}
	return f.dir
}
