package discordtest

import (
	"encoding/json"
	"time"
)

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
