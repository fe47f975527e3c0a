package content

import "context"

// File is one file of a content tree.
type File struct {
	// Path is relative to the entry's root, with slashes.
	Path string
	// Name is where a person finds the file (Post.File).
	Name string
	Data []byte
}

// Format knows how one site generator turns a tree of files into pages. One
// Format serves one entry: it remembers what it has read, so that a change of
// one file costs about one file. It is called by one goroutine at a time.
type Format interface {
	// Wants reports whether the file at path is a post or something that posts
	// share (authors.yml): other files are not even read.
	Wants(path string) bool
	// Update takes the files that were added or changed and the paths that are
	// gone since the last call, and returns the posts and the problems of the
	// whole tree as it is now. Posts whose page has not changed are the same
	// pointers as before.
	Update(changed []File, removed []string) ([]*Post, []Problem)
}

// Change is what happened to an Origin's files since the last time.
type Change struct {
	// Files were added or changed, Removed are the paths of those that are gone.
	Files   []File
	Removed []string
	// Revision names the state of the tree, such as a commit's hash; "" for a
	// folder.
	Revision string
}

// Origin is where an entry's files come from: a folder or a git repository.
type Origin interface {
	// Read returns what changed since the last Read that returned no error; at
	// first, all files. wants chooses the files. A Read that fails returns an
	// error and no change, and the next one starts again from the same state, so
	// half a tree is never taken for a whole one.
	Read(ctx context.Context, wants func(path string) bool) (Change, error)
	// Watch calls changed, never from two goroutines at once, when reading again
	// may find something new, until ctx ends. It may call it too often.
	Watch(ctx context.Context, changed func()) error
}
