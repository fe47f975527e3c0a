package git

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"cloudnative.tw/herald/content"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// maxDepth is how deep directories may be nested.
const maxDepth = 64

var errName = errors.New("the file's name is not a path that Herald can show")

// reading is one Read of a commit.
type reading struct {
	st     *filesystem.Storage
	root   string // Config.Dir
	commit plumbing.Hash
	wants  func(string) bool
	known  map[string]blob

	seen   int
	size   int64
	next   map[string]blob
	change content.Change
}

// read reads what differs between the clone's commit and the one read before.
// It fails with a damageError where a new clone may help.
func (r *Repository) read(ctx context.Context, wants func(string) bool) (content.Change, error) {
	st := open(r.cache)
	defer st.Close()
	head, err := st.Reference(tip)
	if err != nil {
		return content.Change{}, &damageError{err}
	}
	w := reading{
		st: st, root: r.config.dir(), commit: head.Hash(), wants: wants, known: r.known,
		next: make(map[string]blob, len(r.known)),
	}
	w.change = content.Change{Revision: w.commit.String(), Stale: r.failed}
	if r.known != nil && w.commit == r.commit {
		w.next = r.known
	} else if err := w.tree(ctx); err != nil {
		return content.Change{}, fmt.Errorf("read %s: %w", r.place(), err)
	}
	for name, b := range w.next {
		if b.err != nil {
			w.change.Problems = append(w.change.Problems, content.Problem{File: w.name(name), Err: b.err})
		}
	}
	r.known, r.commit = w.next, w.commit
	return w.change, nil
}

// tree compares the commit's tree with what is known.
func (w *reading) tree(ctx context.Context) error {
	commit, err := object.GetCommit(w.st, w.commit)
	if err != nil {
		return &damageError{err}
	}
	hash, err := w.descend(commit.TreeHash)
	if err != nil {
		return err
	}
	if err := w.dir(ctx, hash, "", 0); err != nil {
		return err
	}
	for name := range w.known {
		if _, ok := w.next[name]; !ok {
			w.change.Removed = append(w.change.Removed, name)
		}
	}
	return nil
}

// descend returns the tree of the content's root.
func (w *reading) descend(hash plumbing.Hash) (plumbing.Hash, error) {
	if w.root == "" {
		return hash, nil
	}
steps:
	for step := range strings.SplitSeq(w.root, "/") {
		tree, err := object.GetTree(w.st, hash)
		if err != nil {
			return hash, &damageError{err}
		}
		for _, e := range tree.Entries {
			if e.Name == step && e.Mode == filemode.Dir {
				hash = e.Hash
				continue steps
			}
		}
		return hash, fmt.Errorf("commit %s has no directory %s: %w", short(w.commit), w.root, fs.ErrNotExist)
	}
	return hash, nil
}

// dir reads a directory and those below it.
func (w *reading) dir(ctx context.Context, hash plumbing.Hash, prefix string, depth int) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	tree, err := object.GetTree(w.st, hash)
	if err != nil {
		return &damageError{err}
	}
	// A small tree that holds the same directory many times, nested, has more
	// files than there is memory.
	if w.seen += len(tree.Entries); w.seen > content.MaxTreeFiles || depth > maxDepth {
		return content.ErrTreeTooLarge
	}
	for _, e := range tree.Entries {
		name := prefix + e.Name
		switch e.Mode {
		case filemode.Dir:
			if content.SkipDir(e.Name) {
				continue
			}
			if err := w.dir(ctx, e.Hash, name+"/", depth+1); err != nil {
				return err
			}
		case filemode.Regular, filemode.Executable, filemode.Deprecated:
			if !w.wants(name) {
				continue
			}
			if err := w.file(name, e.Hash); err != nil {
				return err
			}
		default: // links and submodules are not followed
		}
	}
	return nil
}

// file reads a file unless it is known.
func (w *reading) file(name string, hash plumbing.Hash) error {
	if before, ok := w.known[name]; ok && before.hash == hash {
		w.next[name] = before
		return nil
	}
	if !fs.ValidPath(name) {
		w.next[name] = blob{hash, errName}
		return nil
	}
	o, err := w.st.EncodedObject(plumbing.BlobObject, hash)
	if err != nil {
		return &damageError{err}
	}
	if o.Size() > content.MaxFileSize {
		w.next[name] = blob{hash, content.FileTooLarge(o.Size())}
		return nil
	}
	if w.size += o.Size(); w.size > content.MaxTreeSize {
		return content.ErrTreeTooLarge
	}
	data, err := readAll(o)
	if err != nil {
		return &damageError{err}
	}
	w.next[name] = blob{hash: hash}
	w.change.Files = append(w.change.Files, content.File{Path: name, Name: w.name(name), Data: data})
	return nil
}

func readAll(o plumbing.EncodedObject) ([]byte, error) {
	in, err := o.Reader()
	if err != nil {
		return nil, err
	}
	data := make([]byte, o.Size())
	_, err = io.ReadFull(in, data)
	return data, errors.Join(err, in.Close())
}

// name is where a person finds the file.
func (w *reading) name(name string) string {
	return path.Join(w.root, name) + "@" + short(w.commit)
}

// short is how people write a commit.
func short(hash plumbing.Hash) string { return hash.String()[:7] }
