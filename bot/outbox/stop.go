package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// abandonGrace is how long a call may take to return once its context ended.
	abandonGrace = 2 * time.Second
	// confirmGrace is how long asking a platform whether it said the post of such a
	// call may take, within that.
	confirmGrace = abandonGrace * 3 / 4
	// lastStep is how long writing the last outcomes may take.
	lastStep = 5 * time.Second
)

// Stop begins nothing more, waits for what is in flight, and writes what became
// of it. When ctx ends first, the calls are abandoned; the outcome of those is
// not known, unless the platform can be asked. Stop takes at most seven seconds longer than ctx. Do must not be
// called again.
func (o *Outbox) Stop(ctx context.Context) error {
	o.stop()
	landed := make(chan struct{})
	go func() { // ends with the flights, which end with their context
		o.flights.Wait()
		close(landed)
	}()
	select {
	case <-landed:
	case <-ctx.Done():
		o.abandon()
		select {
		case <-landed:
		case <-time.After(abandonGrace):
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastStep)
	defer cancel()
	err := o.Do(ctx, o.config.Now())
	if e := o.config.Store.Release(ctx, o.config.Owner); e != nil {
		err = errors.Join(err, fmt.Errorf("outbox: releasing the lanes: %w", e))
	}
	return err
}

func (o *Outbox) stop() {
	o.doing.Lock()
	defer o.doing.Unlock()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stopping = true
	for _, abandon := range o.asking { // nothing is lost by it
		abandon()
	}
}

// abandon ends the context of every call.
func (o *Outbox) abandon() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, flight := range o.flying {
		flight.abandon()
	}
}
