package discordtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// socketPath leads to the gateway, socketPath+"/resume" to where sessions are
// resumed.
const socketPath = "/gateway-socket"

// Opcodes of the gateway
// (https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway).
const (
	opDispatch     = 0
	opHeartbeat    = 1
	opIdentify     = 2
	opPresence     = 3
	opResume       = 6
	opReconnect    = 7
	opInvalid      = 9
	opHello        = 10
	opHeartbeatAck = 11
)

type gateway struct {
	sessions   map[string]*session
	sockets    map[*socket]bool
	identifies []time.Time
	resumes    int
	connects   int
	// reset tells that the token was reset because of too many identifies.
	reset bool
	next  []Trouble
}

func (g *gateway) init() {
	g.sessions = make(map[string]*session)
	g.sockets = make(map[*socket]bool)
}

func (g *gateway) closeAll() {
	for s := range g.sockets {
		_ = s.conn.Close()
	}
}

// session is what can be resumed.
type session struct {
	id     string
	shard  [2]int
	events []packet // the dispatches, for those who resume
	before int      // how many were forgotten
	socket *socket
	lost   time.Time // when its connection broke
}

type packet struct {
	Op   int    `json:"op"`
	Data any    `json:"d"`
	Seq  int    `json:"s,omitempty"`
	Type string `json:"t,omitempty"`
}

// Trouble has the next connections meet these troubles, one each, instead of
// what chance would bring.
func (f *Fake) Trouble(troubles ...Trouble) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gateway.next = append(f.gateway.next, troubles...)
}

// Connects counts the connections to the gateway.
func (f *Fake) Connects() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.gateway.connects
}

// Resumes counts the sessions that were resumed.
func (f *Fake) Resumes() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.gateway.resumes
}

// Ready returns how many sessions are connected.
func (f *Fake) Ready() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, s := range f.gateway.sessions {
		if s.socket != nil && !s.socket.silent {
			n++
		}
	}
	return n
}

// TokenReset reports whether so many sessions were begun that Discord would
// have reset the token.
func (f *Fake) TokenReset() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.gateway.reset
}

// Push sends op 7, 9 or another to all connections.
func (f *Fake) Push(op int, data any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.gateway.sockets {
		s.send(packet{Op: op, Data: data})
	}
}

// Drop closes all gateway connections with a close code; 0 cuts them.
func (f *Fake) Drop(code int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.gateway.sockets {
		s.drop(code)
	}
}

// Hang has all gateway connections go silent without closing.
func (f *Fake) Hang() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.gateway.sockets {
		s.silent = true
	}
}

// Dispatch sends an event to the shard that a guild belongs to; "" is shard 0.
func (f *Fake) Dispatch(event string, data any, guild string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dispatch(event, data, guild)
}

func (f *Fake) dispatch(event string, data any, guild string) {
	for _, s := range f.gateway.sessions {
		if s.shard[0] == shardOf(guild, s.shard[1]) {
			s.dispatch(event, data)
		}
	}
}

// shardOf is from https://discord.com/developers/docs/events/gateway#sharding-sharding-formula.
func shardOf(guild string, shards int) int {
	id, _ := strconv.ParseUint(guild, 10, 64)
	return int((id >> 22) % uint64(max(shards, 1)))
}

// last returns the sequence number of the last event.
func (s *session) last() int { return s.before + len(s.events) }

func (s *session) dispatch(event string, data any) {
	p := packet{Op: opDispatch, Type: event, Data: data, Seq: s.last() + 1}
	s.events = append(s.events, p)
	if s.socket != nil {
		s.socket.send(p)
	}
}

func (f *Fake) getGateway(c *call) answer {
	return answer{status: 200, body: map[string]any{"url": "ws://" + c.host + socketPath}}
}

func (f *Fake) getGatewayBot(c *call) answer {
	left := max(0, f.knobs.TooManyIdentifies-f.identifiesOfADay())
	return answer{status: 200, body: map[string]any{
		"url": "ws://" + c.host + socketPath, "shards": max(1, f.knobs.Shards),
		"session_start_limit": map[string]any{
			"total": f.knobs.TooManyIdentifies, "remaining": left, "reset_after": 86_400_000, "max_concurrency": max(1, f.knobs.MaxConcurrency),
		},
	}}
}

func (f *Fake) identifiesOfADay() int {
	day := time.Now().Add(-24 * time.Hour)
	n := 0
	for _, at := range f.gateway.identifies {
		if at.After(day) {
			n++
		}
	}
	return n
}

// trouble chooses what the next connection meets.
func (f *Fake) trouble() Trouble {
	if len(f.gateway.next) > 0 {
		t := f.gateway.next[0]
		f.gateway.next = f.gateway.next[1:]
		return t
	}
	var kinds []Trouble
	for t := range f.knobs.Gateway {
		kinds = append(kinds, t)
	}
	slices.Sort(kinds)
	for _, t := range kinds {
		if f.chance(f.knobs.Gateway[t]) {
			return t
		}
	}
	return ""
}

func (f *Fake) serveGateway(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	down := f.knobs.Down
	f.mu.Unlock()
	if down {
		http.Error(w, "no healthy upstream", http.StatusServiceUnavailable)
		return
	}
	upgrader := websocket.Upgrader{}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	s := &socket{fake: f, conn: conn, host: r.Host, out: make(chan []byte, 1024), done: make(chan struct{}), resumes: strings.HasSuffix(r.URL.Path, "/resume")}
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		_ = conn.Close()
		return
	}
	s.trouble = f.trouble()
	f.gateway.sockets[s] = true
	f.gateway.connects++
	f.wait.Add(1)
	f.mu.Unlock()
	defer f.wait.Done()
	f.wait.Go(s.write)
	s.run()
}

func marshal(p packet) []byte {
	source, _ := json.Marshal(p)
	return source
}
