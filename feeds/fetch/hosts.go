package fetch

import (
	"context"
	"sync"
)

// hosts bounds how many calls ask one host at once.
type hosts struct {
	perHost int

	mu   sync.Mutex
	busy map[string]*host
}

// host is one that is being asked. It is forgotten with its last user.
type host struct {
	slots chan struct{}
	users int
}

// enter waits for a place at the host called name, and returns how to leave it.
func (h *hosts) enter(ctx context.Context, name string) (leave func(), err error) {
	h.mu.Lock()
	at := h.busy[name]
	if at == nil {
		at = &host{slots: make(chan struct{}, h.perHost)}
		if h.busy == nil {
			h.busy = make(map[string]*host)
		}
		h.busy[name] = at
	}
	at.users++
	h.mu.Unlock()
	select {
	case at.slots <- struct{}{}:
		return func() { <-at.slots; h.drop(name, at) }, nil
	case <-ctx.Done():
		h.drop(name, at)
		return nil, ctx.Err()
	}
}

func (h *hosts) drop(name string, at *host) {
	h.mu.Lock()
	defer h.mu.Unlock()
	at.users--
	if at.users == 0 {
		delete(h.busy, name)
	}
}
