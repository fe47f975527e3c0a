package main

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/search"
)

// finder is the search index, opened when it is first needed: most calls of the
// program never search.
type finder struct {
	library  *content.Library
	synonyms [][]string
	log      *slog.Logger

	// ready is the index once it finds something; searching does not wait for
	// an update.
	ready atomic.Pointer[search.Index]
	// news has a value when keep should look: there may be posts that it did not
	// see, or much to merge.
	news chan struct{}

	// path is the cache file; "" keeps the index in memory. The file is one
	// process's at a time, so only a Herald that runs has one: what answers once
	// and exits would take it from the one that needs it.
	path string

	// busy takes a value while somebody opens or updates; that one owns what
	// follows.
	busy  chan struct{}
	index *search.Index
	shown *content.Snapshot // what the index finds
}

func newFinder(library *content.Library, synonyms [][]string, log *slog.Logger) *finder {
	return &finder{
		library: library, synonyms: synonyms, log: log,
		news: make(chan struct{}, 1), busy: make(chan struct{}, 1),
	}
}

// Search implements command.Searcher.
func (f *finder) Search(ctx context.Context, query content.Query) (content.Result, error) {
	index, err := f.opened(ctx)
	if err != nil {
		return content.Result{}, err
	}
	return index.Search(ctx, query)
}

// Complete implements command.Searcher.
func (f *finder) Complete(ctx context.Context, prefix string, limit int) ([]string, error) {
	index, err := f.opened(ctx)
	if err != nil {
		return nil, err
	}
	return index.Complete(ctx, prefix, limit)
}

// opened returns the index, which finds at least the posts that the library
// held when it was first asked for.
func (f *finder) opened(ctx context.Context) (*search.Index, error) {
	if index := f.ready.Load(); index != nil {
		return index, nil
	}
	if err := f.update(ctx); err != nil {
		return nil, err
	}
	return f.ready.Load(), nil
}

// keep brings the index up to date before anybody asks, until ctx ends.
func (f *finder) keep(ctx context.Context) {
	for {
		if err := f.update(ctx); err != nil && ctx.Err() == nil {
			f.log.Warn("the search index is behind", "err", err)
		}
		if index := f.ready.Load(); index != nil {
			if err := index.Merge(ctx); err != nil && ctx.Err() == nil {
				f.log.Warn("the search index stays slow", "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-f.news:
		}
	}
}

// follow is called after each change of the library. Once the index is there,
// what has changed is found when follow returns, so that nothing is announced
// that is not found; until then keep sees to it.
func (f *finder) follow(ctx context.Context) error {
	var err error
	if f.ready.Load() != nil {
		err = f.update(ctx)
	}
	select {
	case f.news <- struct{}{}:
	default: // keep will look, and see this too
	}
	return err
}

// open opens the index if nobody has.
func (f *finder) open(ctx context.Context) error {
	return f.alone(ctx, func() error { return f.openIndex(ctx) })
}

// update makes the index find the library's posts.
func (f *finder) update(ctx context.Context) error {
	return f.alone(ctx, func() error {
		if err := f.openIndex(ctx); err != nil {
			return err
		}
		snapshot := f.library.Snapshot()
		if f.shown == snapshot {
			return nil
		}
		posts := snapshot.Listed()
		if 2*f.index.Len() < len(posts) {
			debug.FreeOSMemory() // all files were in memory at once, and now the index will be
		}
		if err := f.index.Update(ctx, posts); err != nil {
			return fmt.Errorf("updating the search index: %w", err)
		}
		f.shown = snapshot
		f.ready.Store(f.index)
		return nil
	})
}

// alone calls do when nobody else opens or updates.
func (f *finder) alone(ctx context.Context, do func() error) error {
	select {
	case f.busy <- struct{}{}:
		defer func() { <-f.busy }()
		return do()
	case <-ctx.Done():
		return fmt.Errorf("waiting for the search index: %w", ctx.Err())
	}
}

// openIndex is open for who is alone. Opening is short; given up halfway, it would
// look like a broken file.
func (f *finder) openIndex(ctx context.Context) error {
	if f.index != nil {
		return nil
	}
	index, err := search.Open(context.WithoutCancel(ctx), f.path, search.Options{Synonyms: f.synonyms, Log: f.log})
	if err != nil {
		return fmt.Errorf("opening the search index: %w", err)
	}
	f.index = index
	return nil
}

// close frees the index. Nobody searches any more.
func (f *finder) close() error {
	f.busy <- struct{}{}
	defer func() { <-f.busy }()
	if f.index == nil {
		return nil
	}
	return f.index.Close()
}
