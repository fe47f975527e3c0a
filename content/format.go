package content

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
// one file costs about one file. It is called by one goroutine at a time; a
// panic of goroutines that it starts itself ends the program, so it catches
// those.
type Format interface {
	// Wants reports whether the file at path is a post or something that posts
	// share (authors.yml): other files are not even read. It always answers the
	// same for the same path.
	Wants(path string) bool
	// Update takes the files that were added or changed and the paths that are
	// gone since the last call, and returns the posts and the problems of the
	// whole tree as it is now. Posts whose page has not changed are the same
	// pointers as before. After a panic, the same files come again with the
	// next call.
	Update(changed []File, removed []string) ([]*Post, []Problem)
}
