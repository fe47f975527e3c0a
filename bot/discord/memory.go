package discord

import (
	"context"
	"sync"
)

// forgetful is a Memory that lasts as long as the process.
type forgetful struct {
	mu     sync.Mutex
	values map[string]string
}

func (f *forgetful) Recall(_ context.Context, key string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.values[key], nil
}

func (f *forgetful) Remember(_ context.Context, key, value string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.values[key] = value
	return nil
}
