package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
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
	// path is the cache file; "" keeps the index in memory.
	path string

	// ready is the index once it finds something; searching does not wait for
	// an update.
	ready atomic.Pointer[search.Index]

	mu    sync.Mutex // held while opening or updating
	index *search.Index
	shown *content.Snapshot // what the index finds
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
// held when it was first opened.
func (f *finder) opened(ctx context.Context) (*search.Index, error) {
	if index := f.ready.Load(); index != nil {
		return index, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.index == nil {
		index, err := search.Open(ctx, f.path, search.Options{Synonyms: f.synonyms, Log: f.log})
		if err != nil {
			return nil, fmt.Errorf("opening the search index: %w", err)
		}
		f.index = index
	}
	if f.shown == nil {
		if err := f.show(ctx, f.library.Snapshot()); err != nil {
			return nil, err
		}
	}
	return f.index, nil
}

// update makes the index find the posts of the snapshot. It opens nothing.
func (f *finder) update(ctx context.Context, snapshot *content.Snapshot) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.index == nil {
		return nil
	}
	return f.show(ctx, snapshot)
}

func (f *finder) show(ctx context.Context, snapshot *content.Snapshot) error {
	if f.shown == snapshot {
		return nil
	}
	if err := f.index.Update(ctx, snapshot.Listed()); err != nil {
		return fmt.Errorf("updating the search index: %w", err)
	}
	f.shown = snapshot
	f.ready.Store(f.index)
	return nil
}

func (f *finder) close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.index == nil {
		return nil
	}
	return f.index.Close()
}
