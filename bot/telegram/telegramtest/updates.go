package telegramtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// queue is what waits for the bot.
type queue struct {
	pending []pending
	lastID  int64
	allowed []string
	// poll is closed to end the getUpdates that waits; nil if none does.
	poll    chan struct{}
	arrived chan struct{}
	webhook webhook
}

type pending struct {
	id   int64
	kind string
	body map[string]any
}

// User is a member.
type User struct {
	ID       int64
	Name     string
	Username string
	// Language is the language of the member's app, as BCP 47, or "".
	Language string
}

func (u User) object() map[string]any {
	o := map[string]any{"id": u.ID, "is_bot": false, "first_name": u.Name}
	if u.Username != "" {
		o["username"] = u.Username
	}
	if u.Language != "" {
		o["language_code"] = u.Language
	}
	return o
}

// firstUpdate is where update identifiers begin: they are large numbers.
const firstUpdate = 870_000_000

// push puts an update into the queue.
func (s *Server) push(kind string, body any) int64 {
	q := &s.updates
	if q.lastID == 0 {
		q.lastID = firstUpdate
	}
	if s.config.Knobs.Strange && len(q.pending)%7 == 3 {
		q.add("message", "this is no object")
		q.add("meeting_request", map[string]any{"id": 1})
	}
	id := q.add(kind, body)
	if q.arrived != nil {
		close(q.arrived)
		q.arrived = nil
	}
	return id
}

func (q *queue) add(kind string, body any) int64 {
	q.lastID++
	q.pending = append(q.pending, pending{q.lastID, kind, map[string]any{"update_id": q.lastID, kind: body}})
	return q.lastID
}

// Push puts any update into the queue, such as one that makes no sense.
func (s *Server) Push(kind string, body any) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.push(kind, body)
}

// Waiting returns how many updates the bot has not confirmed.
func (s *Server) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.updates.pending)
}

// Say has a member say something in a chat, in a topic if thread is not 0. In
// groups the bot sees only commands, unless its privacy mode is off. It returns
// the message's number.
func (s *Server) Say(user User, chat int64, thread int, text string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[chat]
	s.lastID[chat]++
	id := s.lastID[chat]
	m := map[string]any{"message_id": id, "date": time.Now().Unix(), "chat": c.object(), "text": text}
	if thread != 0 {
		m["message_thread_id"], m["is_topic_message"] = thread, true
	}
	word, _, _ := strings.Cut(text, " ")
	if strings.HasPrefix(word, "/") {
		m["entities"] = []any{map[string]any{"type": "bot_command", "offset": 0, "length": length(word)}}
	}
	if c.Type == "channel" {
		m["sender_chat"] = c.object()
		s.push("channel_post", m)
		return id
	}
	m["from"] = user.object()
	_, addressed, _ := strings.Cut(word, "@")
	ours := strings.HasPrefix(word, "/") && (addressed == "" || strings.EqualFold(addressed, s.config.Username))
	if c.Type == "private" || s.config.SeesAll || ours {
		s.push("message", m)
	}
	return id
}

// Migrate turns a group into a supergroup with a new number.
func (s *Server) Migrate(group, supergroup int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.chats[group]
	moved := *old
	moved.ID, moved.Type = supergroup, "supergroup"
	s.chats[supergroup] = &moved
	s.lastID[group]++
	s.push("message", map[string]any{
		"message_id": s.lastID[group], "date": time.Now().Unix(), "chat": old.object(), "migrate_to_chat_id": supergroup,
	})
	old.MovedTo = supergroup
}

// getUpdates waits for updates as long as the call asks for.
func (s *Server) getUpdates(ctx context.Context, p map[string]any) (any, *failure) {
	seconds, _ := integer(p["timeout"])
	timeout := time.NewTimer(time.Duration(seconds) * time.Second)
	defer timeout.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	q := &s.updates
	if q.webhook.url != "" {
		return nil, &failure{409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", nil}
	}
	if q.poll != nil {
		close(q.poll)
	}
	ended := make(chan struct{})
	q.poll = ended
	defer func() {
		if q.poll == ended {
			q.poll = nil
		}
	}()
	q.confirm(p)
	for {
		if batch := q.batch(p); len(batch) > 0 {
			return batch, nil
		}
		if q.arrived == nil {
			q.arrived = make(chan struct{})
		}
		arrived := q.arrived
		s.mu.Unlock()
		over, taken := false, false
		select {
		case <-arrived:
		case <-timeout.C:
			over = true
		case <-ctx.Done():
			over = true
		case <-ended:
			taken = true
		}
		s.mu.Lock()
		if taken {
			return nil, &failure{409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", nil}
		}
		if over {
			return []any{}, nil
		}
	}
}

// confirm forgets the updates before the offset.
func (q *queue) confirm(p map[string]any) {
	if offset, ok := integer(p["offset"]); ok && offset <= q.lastID+1 { // one from the future is none
		q.pending = slices.DeleteFunc(q.pending, func(u pending) bool { return u.id < offset })
	}
	if list, ok := p["allowed_updates"].([]any); ok {
		q.allowed = nil
		for _, kind := range list {
			q.allowed = append(q.allowed, fmt.Sprint(kind))
		}
	}
}

func (q *queue) batch(p map[string]any) []any {
	limit := 100
	if n, ok := integer(p["limit"]); ok && n > 0 {
		limit = int(n)
	}
	batch := []any{}
	for _, u := range q.pending {
		known := len(q.allowed) == 0 || u.kind == "meeting_request" || slices.Contains(q.allowed, u.kind)
		if known && len(batch) < limit {
			batch = append(batch, u.body)
		}
	}
	return batch
}

// Renumber has the next updates begin behind another number, as Telegram does
// after a week without any.
func (s *Server) Renumber(last int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates.lastID = last
}
