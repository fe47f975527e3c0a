package feeds

import (
	"context"
	"time"
)

const (
	// abandonGrace is how long a poll may take to return once its context ended.
	abandonGrace = 2 * time.Second
	// lastStep is how long handing over and writing may take at the end.
	lastStep = 5 * time.Second
)

// Stop begins nothing more, waits for the polls in flight, and hands over what
// they brought. When ctx ends first, they are abandoned: their sources stay due.
// Stop takes at most seven seconds longer than ctx. Do must not be called again.
func (p *Poller) Stop(ctx context.Context) error {
	p.stop()
	landed := make(chan struct{})
	go func() { // ends with the flights, which end with their context
		p.flights.Wait()
		close(landed)
	}()
	select {
	case <-landed:
	case <-ctx.Done():
		p.abandon()
		select {
		case <-landed:
		case <-time.After(abandonGrace):
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastStep)
	defer cancel()
	return p.Do(ctx, p.config.Now())
}

func (p *Poller) stop() {
	p.doing.Lock()
	defer p.doing.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopping = true
}

// abandon ends the context of every poll.
func (p *Poller) abandon() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, abandon := range p.flying {
		abandon()
	}
}
