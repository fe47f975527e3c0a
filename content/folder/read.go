package folder

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
	"unicode/utf8"

	"cloudnative.tw/herald/content"
	"golang.org/x/sync/errgroup"
)

var (
	errName = errors.New("the file's name is not UTF-8")
	errLink = errors.New("the symbolic link leads out of the folder or nowhere")
)

// reading is one Read: first walk, then load.
type reading struct {
	root  *os.Root
	dir   string
	known map[string]stamp
	began time.Time

	seen, size int64
	files      []*file // to be read
	dirs       []string
	next       map[string]stamp // what will be known
	change     content.Change
	unsure     bool // whether a file was left for the next time
}

// file is one that may have changed.
type file struct {
	path string
	info fs.FileInfo
	data []byte
	sum  *[sha256.Size]byte // of data, where info may not tell (grain)
	err  error
	torn bool // changed while it was read
	same bool // has the bytes that are known
}

// walk lists the whole tree and finds what may have changed.
func (r *reading) walk(ctx context.Context, wants func(string) bool) error {
	r.next = make(map[string]stamp, len(r.known))
	return fs.WalkDir(r.root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			if path != "." && errors.Is(err, fs.ErrNotExist) {
				return nil // deleted while we walk: simply gone
			}
			return err
		}
		if r.seen++; r.seen > content.MaxTreeFiles {
			return content.ErrTreeTooLarge
		}
		if d.IsDir() {
			return r.enter(path, d.Name())
		}
		if !wants(path) {
			return nil
		}
		return r.meet(path, d)
	})
}

func (r *reading) enter(path, name string) error {
	switch {
	case path != "." && content.SkipDir(name):
		return fs.SkipDir
	case !utf8.ValidString(path):
		r.problem(path, errName)
		return fs.SkipDir
	}
	r.dirs = append(r.dirs, path)
	return nil
}

// meet decides what to do about a file that is there.
func (r *reading) meet(path string, d fs.DirEntry) error {
	if !utf8.ValidString(path) {
		r.problem(path, errName)
		return nil
	}
	info, err := d.Info()
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if info, err = r.root.Stat(path); err != nil {
			err = errLink
		}
	}
	switch before, ok := r.known[path]; {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		r.fail(path, err)
	case !info.Mode().IsRegular():
	case info.Size() > content.MaxFileSize:
		r.fail(path, content.FileTooLarge(info.Size()))
	case ok && before.sum == nil && equal(before.info, info):
		r.next[path] = before
		r.size += info.Size()
	case r.known != nil && r.fresh(info, writing) && (!ok || !equal(before.info, info)):
		r.leave(path)
	default:
		r.files = append(r.files, &file{path: path, info: info})
		r.size += info.Size()
	}
	if r.size > content.MaxTreeSize {
		return content.ErrTreeTooLarge
	}
	return nil
}

// equal reports whether both tell of the same state of the same file.
func equal(a, b fs.FileInfo) bool {
	return a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && os.SameFile(a, b)
}

// fresh reports whether the file changed less than d before the walk began.
func (r *reading) fresh(info fs.FileInfo, d time.Duration) bool {
	age := r.began.Sub(info.ModTime())
	return age >= 0 && age < d
}

// leave keeps a file as it was and asks for another look soon.
func (r *reading) leave(path string) {
	r.keep(path)
	r.unsure = true
}

// fail makes a file a problem; what was last known of it stays.
func (r *reading) fail(path string, err error) {
	r.keep(path)
	r.problem(path, err)
}

func (r *reading) keep(path string) {
	if before, ok := r.known[path]; ok {
		r.next[path] = before
	}
}

func (r *reading) problem(path string, err error) {
	r.change.Problems = append(r.change.Problems, content.Problem{File: r.name(path), Err: err})
}

func (r *reading) name(path string) string {
	return filepath.Join(r.dir, filepath.FromSlash(path))
}

// load reads what may have changed, side by side, and completes the change.
func (r *reading) load(ctx context.Context) error {
	var workers errgroup.Group
	workers.SetLimit(2 * runtime.GOMAXPROCS(0))
	for _, f := range r.files {
		workers.Go(func() error {
			f.read(r.root)
			r.compare(f)
			return ctx.Err()
		})
	}
	if err := workers.Wait(); err != nil {
		return err
	}
	for _, f := range r.files {
		r.take(f)
	}
	r.gone()
	return nil
}

func (f *file) read(root *os.Root) {
	// Opened so, a pipe that took the file's place does not stop us; and for a file
	// it saves Go four calls to find out that there is nothing to wait for.
	in, err := root.OpenFile(filepath.FromSlash(f.path), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		f.err = err
		return
	}
	defer in.Close()
	// A file that is not as long as it was is torn.
	data := make([]byte, f.info.Size())
	n, err := io.ReadFull(in, data)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		f.err = err
		return
	}
	f.data = data[:n]
	after, err := in.Stat()
	f.torn = err != nil || !equal(f.info, after) || int64(len(f.data)) != f.info.Size()
}

// compare drops the data if it is what is known: after a checkout all files are
// too new to be told by their times, and all of them would be in memory.
func (r *reading) compare(f *file) {
	if f.err != nil || f.torn {
		return
	}
	before := r.known[f.path]
	young := r.began.Sub(f.info.ModTime()) < grain // also a time in the future
	if !young && before.sum == nil {
		return
	}
	sum := sha256.Sum256(f.data)
	if young {
		f.sum = &sum
	}
	if before.sum != nil && *before.sum == sum {
		f.same, f.data = true, nil
	}
}

// take adds a file that was read to the change.
func (r *reading) take(f *file) {
	switch {
	case errors.Is(f.err, fs.ErrNotExist):
		return
	case f.err != nil:
		r.fail(f.path, f.err)
		return
	case f.torn:
		r.leave(f.path)
		return
	}
	r.next[f.path] = stamp{info: f.info, sum: f.sum}
	if f.same {
		return
	}
	r.change.Files = append(r.change.Files, content.File{Path: f.path, Name: r.name(f.path), Data: f.data})
}

// gone finds the files that are no more.
func (r *reading) gone() {
	for path := range r.known {
		if _, ok := r.next[path]; !ok {
			r.change.Removed = append(r.change.Removed, path)
		}
	}
}
