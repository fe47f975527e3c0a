package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// Opcodes of the gateway
// (https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway).
const (
	opDispatch     = 0
	opHeartbeat    = 1
	opIdentify     = 2
	opResume       = 6
	opReconnect    = 7
	opInvalid      = 9
	opHello        = 10
	opHeartbeatAck = 11

	opUnreadable = -1 // none of Discord's
)

const (
	dialWithin  = 15 * time.Second
	helloWithin = 15 * time.Second
	readyWithin = 30 * time.Second
	writeWithin = 10 * time.Second
	// maxPacket is more than the largest server's GUILD_CREATE has.
	maxPacket = 32 << 20
	// Bounds of the heartbeat interval that is believed. Discord's is 41.25 s.
	heartbeatMin = time.Second
	heartbeatMax = 5 * time.Minute
	// closeResumable is the code with which a connection is left that is to be
	// resumed: 1000 and 1001 would end its session
	// (https://discord.com/developers/docs/events/gateway#initiating-a-disconnect).
	closeResumable = 4000
)

// intents are those of commands alone: servers and their channels. What members
// write is never read.
const intents = discordgo.IntentsGuilds

var (
	errSessionInvalid = errors.New("the gateway calls the session invalid")
	errAskedToLeave   = errors.New("the gateway asks to reconnect")
	errZombie         = errors.New("the gateway does not acknowledge heartbeats")
	errNoHello        = errors.New("the gateway does not say hello")
)

// conn is one connection to the gateway.
type conn struct {
	*shard
	ws *websocket.Conn
	// identified is called once a session was begun, or cannot be.
	identified func()

	writing sync.Mutex

	mu        sync.Mutex
	seen      int64 // the last sequence number
	beaten    time.Time
	unacked   bool
	why       error // why the connection was closed from this side
	readySeen time.Time
}

func (s *shard) dial(ctx context.Context) (*conn, error) {
	address := s.gateway
	if s.resumeURL != "" {
		address = s.resumeURL
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "ws" && u.Scheme != "wss" {
		return nil, errors.New("the gateway's address is none")
	}
	u.RawQuery = url.Values{"v": {"10"}, "encoding": {"json"}}.Encode()
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: dialWithin, NetDialContext: s.discord.config.Dial}
	ws, answer, err := dialer.DialContext(ctx, u.String(), http.Header{"User-Agent": {userAgent}})
	if answer != nil && answer.Body != nil {
		defer answer.Body.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("connecting to the gateway: %w", err)
	}
	ws.SetReadLimit(maxPacket)
	return &conn{shard: s, ws: ws, seen: s.seq, identified: func() {}}, nil
}

// close ends the connection in a way that leaves its session to be resumed.
func (c *conn) close() {
	deadline := time.Now().Add(writeWithin)
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(closeResumable, ""), deadline)
	_ = c.ws.Close()
}

// abandon ends the connection from another goroutine than the reading one.
func (c *conn) abandon(why error) {
	c.mu.Lock()
	if c.why == nil {
		c.why = why
	}
	c.mu.Unlock()
	_ = c.ws.Close()
}

// live keeps the connection until it ends. good is how long it stood after the
// session did.
func (c *conn) live(ctx context.Context) (good time.Duration, err error) {
	stop := context.AfterFunc(ctx, func() { c.abandon(ctx.Err()) })
	defer stop()
	interval, err := c.hello()
	if err != nil {
		return 0, err
	}
	if err := c.begin(ctx); err != nil {
		return 0, err
	}
	var beating sync.WaitGroup
	beatCtx, cancel := context.WithCancel(ctx)
	beating.Go(func() { c.beat(beatCtx, interval) })
	defer beating.Wait()
	defer cancel()
	err = c.read(ctx, interval)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seq = c.seen
	if c.why != nil {
		err = c.why
	}
	if !c.readySeen.IsZero() {
		good = time.Since(c.readySeen)
	}
	return good, err
}

// hello reads how often the gateway wants a heartbeat.
func (c *conn) hello() (interval time.Duration, err error) {
	event, err := c.next(helloWithin)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errNoHello, err)
	}
	var said struct {
		Interval int64 `json:"heartbeat_interval"` // milliseconds
	}
	if event.Operation != opHello || json.Unmarshal(event.RawData, &said) != nil {
		return 0, errNoHello
	}
	interval = time.Duration(said.Interval) * time.Millisecond
	return min(max(interval, heartbeatMin), heartbeatMax), nil
}

// begin resumes the session, or begins one.
func (c *conn) begin(ctx context.Context) error {
	token := string(c.discord.config.Token)
	if c.session != "" {
		return c.write(opResume, map[string]any{"token": token, "session_id": c.session, "seq": c.seen})
	}
	c.gate.begun(ctx)
	err := c.write(opIdentify, map[string]any{
		"token": token, "intents": intents, "shard": [2]int{c.number, c.of},
		"properties": map[string]string{"os": runtime.GOOS, "browser": "herald", "device": "herald"},
	})
	c.identified()
	return err
}

// next reads one packet. One that makes no sense has the operation opUnreadable
// and costs itself.
func (c *conn) next(within time.Duration) (*discordgo.Event, error) {
	if err := c.ws.SetReadDeadline(time.Now().Add(within)); err != nil {
		return nil, err
	}
	_, message, err := c.ws.ReadMessage()
	if err != nil {
		return nil, err
	}
	event := new(discordgo.Event)
	if json.Unmarshal(message, event) != nil {
		event = &discordgo.Event{Operation: opUnreadable}
	}
	return event, nil
}

// read takes what the gateway says until the connection ends.
func (c *conn) read(ctx context.Context, interval time.Duration) error {
	for {
		within := 2*interval + writeWithin
		if c.readySeen.IsZero() {
			within = readyWithin
		}
		event, err := c.next(within)
		if err != nil {
			return err
		}
		if err := c.take(ctx, event); err != nil {
			return err
		}
	}
}

// take acts on one packet. Its error ends the connection.
func (c *conn) take(ctx context.Context, event *discordgo.Event) error {
	switch event.Operation {
	case opDispatch:
		c.mu.Lock()
		c.seen = max(c.seen, event.Sequence)
		c.mu.Unlock()
		c.dispatch(ctx, event)
	case opHeartbeat:
		return c.beatOnce(false)
	case opHeartbeatAck:
		c.mu.Lock()
		c.unacked = false
		c.mu.Unlock()
	case opReconnect:
		return errAskedToLeave
	case opInvalid:
		var resumable bool
		if json.Unmarshal(event.RawData, &resumable) == nil && resumable {
			return errAskedToLeave
		}
		return errSessionInvalid
	}
	return nil
}

// write sends one packet.
func (c *conn) write(op int, data any) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.ws.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return err
	}
	return c.ws.WriteJSON(map[string]any{"op": op, "d": data})
}
