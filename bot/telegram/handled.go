package telegram

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"time"
)

// handledFor is how long it is remembered which update of a chat was answered
// last. Telegram keeps updates for 24 hours
// (https://core.telegram.org/bots/api#getting-updates).
const handledFor = 48 * time.Hour

// maxHandled is how many chats are kept in mind beside the memory.
const maxHandled = 10_000

// handled knows which updates were answered, also across a kill: at most the one
// that was being answered in each chat is answered again.
type handled struct {
	memory Memory
	now    func() time.Time
	log    *slog.Logger
	// ordered tells that a chat's updates come in the order of their numbers.
	ordered bool

	mu   sync.Mutex
	last map[int64]int64 // by chat
}

func (h *handled) has(ctx context.Context, u update) bool {
	h.mu.Lock()
	last, known := h.last[u.chat]
	h.mu.Unlock()
	if !known {
		value, err := h.memory.Recall(ctx, handledKey(u.chat))
		if err != nil {
			h.log.Warn("recalling what was answered", "err", err)
			return false
		}
		last, _ = strconv.ParseInt(value, 10, 64) // 0 if there is none
		h.note(u.chat, last)
	}
	return last == u.id || h.ordered && last > u.id
}

func (h *handled) add(ctx context.Context, u update) {
	h.note(u.chat, u.id)
	err := h.memory.Remember(ctx, handledKey(u.chat), strconv.FormatInt(u.id, 10), h.now().Add(handledFor))
	if err != nil {
		h.log.Warn("remembering what was answered", "err", err)
	}
}

func (h *handled) note(chat, id int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.last) >= maxHandled {
		clear(h.last)
	}
	h.last[chat] = max(h.last[chat], id)
}

// forget begins anew with what the memory holds.
func (h *handled) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.last)
}

func handledKey(chat int64) string { return "telegram.handled/" + strconv.FormatInt(chat, 10) }
