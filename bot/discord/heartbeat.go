package discord

import (
	"context"
	"math/rand/v2"
	"time"
)

// beat sends heartbeats, the first after a part of the interval, so that bots do
// not all send theirs at once after an outage
// (https://discord.com/developers/docs/events/gateway#sending-heartbeats). A
// connection that does not acknowledge them is given up.
func (c *conn) beat(ctx context.Context, interval time.Duration) {
	pause := rand.N(interval)
	for sleep(ctx, pause) == nil {
		pause = interval
		if err := c.beatOnce(true); err != nil {
			c.abandon(err)
			return
		}
	}
}

// beatOnce sends one heartbeat. That the last one was not acknowledged is an
// error only for due ones: the gateway may ask for another at any time.
func (c *conn) beatOnce(due bool) error {
	c.mu.Lock()
	if due && c.unacked {
		c.mu.Unlock()
		return errZombie
	}
	if !due && time.Since(c.beaten) < heartbeatMin { // or it could make us exceed its own limit
		c.mu.Unlock()
		return nil
	}
	var seq any
	if c.seen > 0 {
		seq = c.seen
	}
	c.unacked = due
	c.beaten = time.Now()
	c.mu.Unlock()
	return c.write(opHeartbeat, seq)
}
