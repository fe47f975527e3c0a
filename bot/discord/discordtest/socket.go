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
