package discordtest

import (
	"encoding/json"
	"time"

	"github.com/gorilla/websocket"
)

// socket is one connection to the gateway. Its fields are guarded by the fake's
// lock, but for conn and out.
type socket struct {
	fake    *Fake
	conn    *websocket.Conn
	host    string
	out     chan []byte
	done    chan struct{}
	resumes bool // whether it came to the address for resuming
	trouble Trouble
	session *session
	silent  bool
	closing bool
}

// write sends what is queued, so that nobody waits for a slow reader.
func (s *socket) write() {
	for {
		select {
		case message := <-s.out:
			if message == nil {
				_ = s.conn.Close()
				return
			}
			if code, ok := closeCode(message); ok {
				deadline := time.Now().Add(time.Second)
				_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), deadline)
				_ = s.conn.Close()
				return
			}
			if s.conn.WriteMessage(websocket.TextMessage, message) != nil {
				_ = s.conn.Close()
				return
			}
		case <-s.done:
			_ = s.conn.Close()
			return
		}
	}
}

// A queued close is a message of two bytes, its code.
func closeCode(message []byte) (code int, ok bool) {
	if len(message) != 2 {
		return 0, false
	}
	return int(message[0])<<8 | int(message[1]), true
}

func (s *socket) queue(message []byte) {
	if s.silent || s.closing {
		return
	}
	select {
	case s.out <- message:
	default: // a client that does not read loses what it is sent
	}
}

func (s *socket) send(p packet) { s.queue(marshal(p)) }

func (s *socket) drop(code int) {
	if code == 0 {
		s.queue(nil)
	} else {
		s.queue([]byte{byte(code >> 8), byte(code)})
	}
	s.closing = true
}

// run reads until the connection ends.
func (s *socket) run() {
	f := s.fake
	f.mu.Lock()
	heartbeat := f.knobs.Heartbeat
	if s.trouble != NoHello {
		s.send(packet{Op: opHello, Data: map[string]any{"heartbeat_interval": heartbeat.Milliseconds()}})
	}
	if s.trouble == CloseAtOnce {
		s.drop(0)
	}
	f.mu.Unlock()
	for {
		// https://discord.com/developers/docs/events/gateway#heartbeat-interval: who
		// sends none is a zombie.
		_ = s.conn.SetReadDeadline(time.Now().Add(heartbeat + heartbeat/2))
		_, message, err := s.conn.ReadMessage()
		if err != nil {
			break
		}
		f.mu.Lock()
		s.receive(message)
		f.mu.Unlock()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	close(s.done)
	s.closing = true
	delete(f.gateway.sockets, s)
	if s.session != nil && s.session.socket == s {
		s.session.socket = nil
		s.session.lost = time.Now()
	}
}

func (s *socket) receive(message []byte) {
	var p struct {
		Op   int             `json:"op"`
		Data json.RawMessage `json:"d"`
	}
	if json.Unmarshal(message, &p) != nil {
		s.drop(4002)
		return
	}
	if s.silent {
		return
	}
	switch p.Op {
	case opHeartbeat:
		if s.trouble != NoAcks {
			s.send(packet{Op: opHeartbeatAck})
		}
	case opIdentify:
		s.identify(p.Data)
	case opResume:
		s.resume(p.Data)
	case opPresence:
	default:
		s.drop(4001)
	}
}

func (s *socket) identify(data json.RawMessage) {
	f := s.fake
	var identify struct {
		Token      string         `json:"token"`
		Intents    int            `json:"intents"`
		Shard      []int          `json:"shard"`
		Properties map[string]any `json:"properties"`
	}
	_ = json.Unmarshal(data, &identify)
	now := time.Now()
	recent := 0
	for _, at := range f.gateway.identifies {
		if now.Sub(at) < 5*time.Second {
			recent++
		}
	}
	f.gateway.identifies = append(f.gateway.identifies, now)
	if f.identifiesOfADay() > f.knobs.TooManyIdentifies {
		f.gateway.reset = true
	}
	shard := [2]int{0, 1}
	if len(identify.Shard) == 2 {
		shard = [2]int{identify.Shard[0], identify.Shard[1]}
	}
	switch {
	case s.session != nil:
		s.drop(4005)
	case identify.Token != Token || f.gateway.reset:
		s.drop(4004)
	case identify.Properties["os"] == nil:
		s.drop(4002)
	case shard[0] < 0 || shard[0] >= shard[1]:
		s.drop(4010)
	case shard[1] < f.knobs.Shards:
		s.drop(4011)
	case identify.Intents&f.knobs.DisallowedIntents != 0:
		s.drop(4014)
	case recent >= max(1, f.knobs.MaxConcurrency), s.trouble == InvalidSession:
		s.send(packet{Op: opInvalid, Data: false})
	case s.trouble == ReconnectFirst:
		s.send(packet{Op: opReconnect})
	case s.trouble == Garbage:
		s.queue([]byte("{not json"))
	default:
		if s.trouble == AckFirst {
			s.send(packet{Op: opHeartbeatAck})
		}
		s.begin(shard)
	}
}

func (s *socket) begin(shard [2]int) {
	f := s.fake
	s.session = &session{id: "session-" + f.id(), shard: shard, socket: s}
	f.gateway.sessions[s.session.id] = s.session
	guilds := []any{}
	var ours []string
	for _, id := range f.guildIDs() {
		if shardOf(id, shard[1]) == shard[0] {
			guilds = append(guilds, map[string]any{"id": id, "unavailable": true})
			ours = append(ours, id)
		}
	}
	s.session.dispatch("READY", map[string]any{
		"v": 10, "user": map[string]any{"id": BotID, "username": "herald"}, "guilds": guilds, "session_id": s.session.id,
		"resume_gateway_url": "ws://" + s.host + socketPath + "/resume", "shard": shard,
		"application": map[string]any{"id": BotID, "flags": 0},
	})
	for _, id := range ours {
		s.session.dispatch("GUILD_CREATE", f.guildCreate(id))
	}
	s.after()
}

func (f *Fake) guildCreate(id string) map[string]any {
	channels, threads := []any{}, []any{}
	for _, c := range f.channels {
		switch {
		case c.Guild != id:
		case c.isThread():
			threads = append(threads, c.json())
		default:
			channels = append(channels, c.json())
		}
	}
	object := f.guildJSON(f.guilds[id])
	object["channels"], object["threads"], object["unavailable"] = channels, threads, false
	return object
}

// after is what troubles a connection that is ready.
func (s *socket) after() {
	switch s.trouble {
	case ReconnectLater:
		s.send(packet{Op: opReconnect})
	case InvalidResumed:
		s.send(packet{Op: opInvalid, Data: true})
	case CloseAfterReady:
		s.drop(4000)
	case Silence:
		s.silent = true
	case NewEvent:
		s.session.dispatch("SOMETHING_NEW", map[string]any{"x": []any{1, "2"}})
		s.send(packet{Op: 99, Data: map[string]any{"new": true}})
	case AskHeartbeat:
		s.send(packet{Op: opHeartbeat})
	default:
	}
}

func (s *socket) resume(data json.RawMessage) {
	f := s.fake
	var resume struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int    `json:"seq"`
	}
	_ = json.Unmarshal(data, &resume)
	old := f.gateway.sessions[resume.Session]
	switch {
	case resume.Token != Token:
		s.drop(4004)
	case s.trouble == ReconnectFirst:
		s.send(packet{Op: opReconnect})
	case old == nil || !s.resumes || s.trouble == InvalidSession,
		old.socket == nil && time.Since(old.lost) > f.knobs.SessionLife:
		delete(f.gateway.sessions, resume.Session)
		s.send(packet{Op: opInvalid, Data: false})
	case resume.Seq > old.last() || resume.Seq < old.before:
		s.drop(4007)
	default:
		if old.socket != nil {
			old.socket.drop(4000)
		}
		s.session, old.socket = old, s
		for _, p := range old.events[resume.Seq-old.before:] {
			s.send(p)
		}
		old.dispatch("RESUMED", map[string]any{})
		f.gateway.resumes++
		s.after()
	}
}
