package telegram

import (
	"context"
	"slices"
	"sync"
	"time"
)

// maxQueue is how many updates of one chat may wait; more are passed over, so
// that a flood in one chat costs that chat.
const maxQueue = 32

// dispatcher handles updates: those of one chat one after the other, those of
// different chats side by side.
type dispatcher struct {
	// handle handles one update. It bounds its own time and contains panics.
	handle func(ctx context.Context, u update)

	flying sync.WaitGroup
	// stopped is closed once the last update that had begun is done.
	stopped chan struct{}

	mu       sync.Mutex // guards what follows
	stopping bool
	// confirmed is the number before which Telegram has forgotten the updates:
	// those are done even when the bot stops.
	confirmed int64
	queues    map[int64][]update
	// open are the updates that are not done, in the order of their numbers.
	open []int64
	done map[int64]chan struct{}
	// passed counts the updates that were passed over.
	passed int
}

func newDispatcher(handle func(context.Context, update)) *dispatcher {
	return &dispatcher{
		handle: handle, stopped: make(chan struct{}),
		queues: make(map[int64][]update), done: make(map[int64]chan struct{}),
	}
}

// add has an update handled when its chat's turn comes. It returns a channel
// that is closed when the update is done. An update that is being handled
// already is not handled twice. After stop the channel is nil.
func (d *dispatcher) add(ctx context.Context, u update) <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if done, known := d.done[u.id]; known {
		return done
	}
	if d.stopping {
		return nil // never done
	}
	done := make(chan struct{})
	queue, busy := d.queues[u.chat]
	if len(queue) >= maxQueue {
		d.passed++
		close(done)
		return done
	}
	d.done[u.id] = done
	at, _ := slices.BinarySearch(d.open, u.id)
	d.open = slices.Insert(d.open, at, u.id)
	d.queues[u.chat] = append(queue, u)
	if !busy {
		d.flying.Go(func() { d.drain(ctx, u.chat) })
	}
	return done
}

// drain handles what waits in a chat until nothing does or the bot stops. What
// is left then stays open, and Telegram brings it again.
func (d *dispatcher) drain(ctx context.Context, chat int64) {
	for {
		u, ok := d.next(chat)
		if !ok {
			return
		}
		d.handle(ctx, u)
		d.finish(u)
	}
}

func (d *dispatcher) next(chat int64) (u update, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	queue := d.queues[chat]
	if len(queue) == 0 || d.stopping && queue[0].id >= d.confirmed {
		delete(d.queues, chat)
		return update{}, false
	}
	d.queues[chat] = queue[1:]
	return queue[0], true
}

func (d *dispatcher) finish(u update) {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.done[u.id])
	delete(d.done, u.id)
	if at, ok := slices.BinarySearch(d.open, u.id); ok {
		d.open = slices.Delete(d.open, at, at+1)
	}
}

// confirm returns the number up to which updates may be confirmed to Telegram:
// the first that is not done, or next. If the rest is to be fetched although it
// is not done, it is next, and what is not done is finished in any case.
func (d *dispatcher) confirm(next int64, all bool) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.open) > 0 && !all {
		next = min(next, d.open[0])
	}
	d.confirmed = max(d.confirmed, next)
	return d.confirmed
}

// forget begins to count anew. Nothing may be open.
func (d *dispatcher) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.confirmed = 0
}

// busy reports whether an update is not done.
func (d *dispatcher) busy() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.open) > 0
}

// oneOpen returns a channel that is closed when one of the updates that are not
// done is; nil if all are.
func (d *dispatcher) oneOpen() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, done := range d.done {
		return done
	}
	return nil
}

// takePassed returns how many updates were passed over since the last time.
func (d *dispatcher) takePassed() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.passed
	d.passed = 0
	return n
}

// stop begins nothing more and waits for what has begun, but not longer than
// limit: that is for handlers which do not heed their context.
func (d *dispatcher) stop(limit time.Duration) {
	d.mu.Lock()
	d.stopping = true
	d.mu.Unlock()
	landed := make(chan struct{})
	go func() { // ends with the last handler
		d.flying.Wait()
		close(landed)
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-landed:
	case <-timer.C:
	}
	close(d.stopped)
}
