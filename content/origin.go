package content

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Limits of a content tree. They are far above what people write and keep a
// mistaken or hostile origin from filling memory.
const (
	// MaxFileSize is how large a file may be, in bytes. A larger one becomes a
	// Problem.
	MaxFileSize = 4 << 20
	// MaxTreeSize is how large all wanted files may be together, in bytes, and
	// MaxTreeFiles how many entries a tree may have. A larger tree is an error.
	MaxTreeSize  = 1 << 30
	MaxTreeFiles = 200_000
)

// ErrTreeTooLarge is what reading a tree above the limits ends with.
var ErrTreeTooLarge = errors.New("too many or too large files for a content tree")

// Change is what happened to an Origin's files since the last time.
type Change struct {
	// Files were added or changed, Removed are the paths of those that are gone.
	Files   []File
	Removed []string
	// Problems are the files of the whole tree that cannot be read as it is now,
	// with File and Err. They are in neither Files nor Removed, so what was last
	// known of them stays.
	Problems []Problem
	// Revision names the state of the tree, such as a commit's hash; "" for a
	// folder.
	Revision string
	// Stale is why the tree may be older than the one at the origin, such as a
	// remote that does not answer; nil if it is up to date.
	Stale error
}

// Origin is where an entry's files come from: a folder or a git repository.
type Origin interface {
	// Read returns what changed since the last Read that returned no error; at
	// first, all files. wants chooses the files. A Read that fails returns an
	// error and no change, and the next one starts again from the same state, so
	// half a tree is never taken for a whole one. Read uses the network only
	// when there is nothing at hand.
	Read(ctx context.Context, wants func(path string) bool) (Change, error)
	// Watch calls changed once it watches, and whenever reading again may find
	// something new, until ctx ends. changed reads before it returns. Watch
	// never calls it from two goroutines at once; it may call it too often.
	// What goes wrong is told by Read.
	Watch(ctx context.Context, changed func())
}

// SkipDir reports whether no Origin looks into a directory of that name: those
// that start with a dot, and node_modules.
func SkipDir(name string) bool {
	return strings.HasPrefix(name, ".") || name == "node_modules"
}

// FileTooLarge returns the error for a file of that many bytes, above
// MaxFileSize.
func FileTooLarge(size int64) error {
	return fmt.Errorf("the file has %.1f MB, at most %d MB are read", float64(size)/(1<<20), MaxFileSize>>20)
}

// add joins a later change to c.
func (c *Change) add(later Change) {
	again := make(map[string]bool, len(later.Files)+len(later.Removed))
	for _, f := range later.Files {
		again[f.Path] = true
	}
	for _, path := range later.Removed {
		again[path] = true
	}
	for _, f := range c.Files {
		if !again[f.Path] {
			later.Files = append(later.Files, f)
		}
	}
	for _, path := range c.Removed {
		if !again[path] {
			later.Removed = append(later.Removed, path)
		}
	}
	*c = later
}

func (c *Change) empty() bool { return len(c.Files)+len(c.Removed) == 0 }
