package main

import (
	"context"
	"log/slog"
	"time"
)

// tidyEvery is how often the store is tidied up.
const tidyEvery = 24 * time.Hour

// pruner is what can be tidied up: a store.
type pruner interface {
	Prune(ctx context.Context, now time.Time) (int64, error)
}

// tidying removes what the store need not keep any longer, once a day and when the
// program begins. Its zero value is due at once.
type tidying struct {
	store pruner
	log   *slog.Logger
	due   time.Time
}

// Next returns when Do should be called next.
func (t *tidying) Next() time.Time { return t.due }

// Do tidies up. What fails is tried again the next day; nobody has to wait for it.
func (t *tidying) Do(ctx context.Context, now time.Time) {
	t.due = now.Add(tidyEvery)
	switch n, err := t.store.Prune(ctx, now); {
	case err != nil && ctx.Err() == nil:
		t.log.Warn("the store cannot be tidied up", "err", err)
	case n > 0:
		t.log.Info("the words of what ended long ago were removed", "acts", n)
	}
}
