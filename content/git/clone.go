package git

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/go-git/go-billy/v5/osfs"
	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"

	"cloudnative.tw/herald/content"
)

const (
	// tip is the branch of the clone that is read.
	tip = plumbing.ReferenceName("refs/heads/content")
	// maxPacks is how many packs a clone may gather, one with each fetch that
	// brought something, before it is made anew: reading slows with them.
	maxPacks = 100
	// abandoned is the age at which an unfinished clone has surely lost its
	// maker.
	abandoned = time.Hour
)

// damageError says that the clone is missing or cannot be read.
type damageError struct{ err error }

func (e *damageError) Error() string { return "the clone is missing or damaged: " + e.err.Error() }
func (e *damageError) Unwrap() error { return e.err }

// open opens a bare repository on disk. It is opened anew for each use, so that
// nothing of it stays in memory and what another process fetched is seen.
func open(dir string) *filesystem.Storage {
	return filesystem.NewStorageWithOptions(osfs.New(dir), cache.NewObjectLRU(16*cache.MiByte), filesystem.Options{
		KeepDescriptors: true,
		// Larger objects are not held in memory, as nobody wants them.
		LargeObjectThreshold: content.MaxFileSize,
	})
}

// fetch brings the clone up to date, or makes one.
func (r *Repository) fetch(ctx context.Context) error {
	packs, err := filepath.Glob(filepath.Join(r.cache, "objects/pack/*.pack"))
	if err != nil || len(packs) == 0 || len(packs) > maxPacks {
		return r.clone(ctx)
	}
	st := open(r.cache)
	defer st.Close()
	head, err := st.Reference(tip)
	if err != nil {
		return r.clone(ctx)
	}
	if plumbing.IsHash(r.config.Ref) && head.Hash().String() == r.config.Ref {
		return nil // a commit does not change
	}
	hash, err := r.transfer(ctx, st, ancestors(st, head.Hash()))
	if err != nil {
		r.sweep()
		return err
	}
	return st.SetReference(plumbing.NewHashReference(tip, hash))
}

// sweep removes what a broken transfer left behind.
func (r *Repository) sweep() {
	rest, _ := filepath.Glob(filepath.Join(r.cache, "objects/pack/tmp_pack_*"))
	for _, name := range rest {
		_ = os.Remove(name)
	}
}

// ancestors returns the newest commits of the clone, for the remote to tell
// what we have, also when its branch was moved back or rewritten.
func ancestors(st *filesystem.Storage, head plumbing.Hash) []plumbing.Hash {
	const enough = 100
	var hashes []plumbing.Hash
	commit, err := object.GetCommit(st, head)
	if err != nil {
		return nil
	}
	// An error means that the clone is damaged: what was found is offered, and
	// reading will tell the rest.
	_ = object.NewCommitPreorderIter(commit, nil, nil).ForEach(func(c *object.Commit) error {
		if len(hashes) == enough {
			return errEnough
		}
		hashes = append(hashes, c.Hash)
		return nil
	})
	return hashes
}

var errEnough = errors.New("enough commits")

// clone makes the clone anew beside the old one and puts it in its place.
func (r *Repository) clone(ctx context.Context) error {
	parent, name := filepath.Split(r.cache)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return fmt.Errorf("make the cache directory: %w", err)
	}
	removeAbandoned(r.cache + ".new-*")
	dir, err := os.MkdirTemp(parent, name+".new-*")
	if err != nil {
		return fmt.Errorf("make the cache directory: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := r.cloneTo(ctx, dir); err != nil {
		return err
	}
	old := dir + ".old"
	defer os.RemoveAll(old)
	if err := os.Rename(r.cache, old); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("replace the cache: %w", err)
	}
	if err := os.Rename(dir, r.cache); err != nil {
		return fmt.Errorf("replace the cache: %w", err)
	}
	return nil
}

func (r *Repository) cloneTo(ctx context.Context, dir string) error {
	st := open(dir)
	defer st.Close()
	if _, err := gogit.InitWithOptions(st, nil, gogit.InitOptions{DefaultBranch: tip}); err != nil {
		return fmt.Errorf("make the clone: %w", err)
	}
	hash, err := r.transfer(ctx, st, nil)
	if err != nil {
		return err
	}
	return st.SetReference(plumbing.NewHashReference(tip, hash))
}

func removeAbandoned(pattern string) {
	dirs, _ := filepath.Glob(pattern)
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > abandoned {
			_ = os.RemoveAll(dir)
		}
	}
}
