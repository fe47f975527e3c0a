package telegramtest

import (
	"strings"
	"time"
)

// Chat is a place on the server.
type Chat struct {
	ID int64
	// Type is "private", "group", "supergroup" or "channel".
	Type  string
	Title string
	// Username is the public name without "@", or "".
	Username string
	// Topics are the topics of a forum and whether they are open; nil for a chat
	// that is no forum.
	Topics map[int]bool
	// Linked is the discussion group of a channel, or the channel of one.
	Linked int64
	// Bot is what the bot may do there.
	Bot Member
	// MovedTo is the supergroup that a group became; 0 if it did not.
	MovedTo int64
}

// Member is what the bot is in a chat. The zero value is a plain member; in a
// channel that is not enough to post.
type Member struct {
	// Status is "member" (the same as ""), "administrator", "restricted", "left",
	// "kicked", or in a private chat "blocked".
	Status string
	// Post, Edit, Delete and Pin are rights of administrators; Mute takes the
	// right to write away from restricted members.
	Post, Edit, Delete, Pin, Mute bool
}

// Admin is the bot with every right.
func Admin() Member {
	return Member{Status: "administrator", Post: true, Edit: true, Delete: true, Pin: true}
}

// Message is a message as it stands in a chat.
type Message struct {
	ID       int
	Chat     int64
	Thread   int
	At       time.Time
	Edited   time.Time
	Text     string
	Entities any
	Photo    string
	Preview  any
	Keyboard any
	ReplyTo  int
	Silent   bool
	Protect  bool
	Pinned   bool
	// Rings is whom the message notifies by name or number.
	Rings []string
	// Times counts how often the same text was said in the chat, this one
	// included.
	Times int
}

// AddChat puts a chat on the server.
func (s *Server) AddChat(c Chat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chats[c.ID] = &c
}

// ChangeChat changes a chat.
func (s *Server) ChangeChat(id int64, change func(*Chat)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s.chats[id])
}

// Messages returns what stands in a chat, oldest first.
func (s *Server) Messages(chat int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Message
	for _, m := range s.messages[chat] {
		all = append(all, *m)
	}
	return all
}

func (s *Server) message(chat int64, id int) *Message {
	for _, m := range s.messages[chat] {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// chat finds a chat by number or "@name", or tells why it cannot be spoken to.
func (s *Server) chat(id any) (*Chat, *failure) {
	c := s.lookUp(id)
	switch {
	case c == nil:
		return nil, badRequest("chat not found")
	case c.MovedTo != 0:
		return nil, &failure{400, "Bad Request: group chat was upgraded to a supergroup chat", map[string]any{"migrate_to_chat_id": c.MovedTo}}
	case c.Bot.Status == "kicked" && c.Type == "channel":
		return nil, &failure{403, "Forbidden: bot was kicked from the channel chat", nil}
	case c.Bot.Status == "kicked":
		return nil, &failure{403, "Forbidden: bot was kicked from the " + c.Type + " chat", nil}
	case c.Bot.Status == "left":
		return nil, &failure{403, "Forbidden: bot is not a member of the " + c.Type + " chat", nil}
	case c.Bot.Status == "blocked":
		return nil, &failure{403, "Forbidden: bot was blocked by the user", nil}
	}
	return c, nil
}

func (s *Server) lookUp(id any) *Chat {
	if name, ok := id.(string); ok && strings.HasPrefix(name, "@") {
		for _, c := range s.chats {
			if c.Username != "" && strings.EqualFold(c.Username, name[1:]) {
				return c
			}
		}
		return nil
	}
	n, ok := integer(id)
	if !ok {
		return nil
	}
	return s.chats[n]
}

// mayPost tells why the bot may not post in a chat, or nil.
func (c *Chat) mayPost(thread int) *failure {
	switch {
	case c.Type == "channel" && (c.Bot.Status != "administrator" || !c.Bot.Post):
		return badRequest("need administrator rights in the channel chat")
	case c.Bot.Status == "restricted" && c.Bot.Mute:
		return badRequest("not enough rights to send text messages to the chat")
	case thread == 0:
		return nil
	}
	open, known := c.Topics[thread]
	switch {
	case !known:
		return badRequest("message thread not found")
	case !open:
		return badRequest("TOPIC_CLOSED")
	}
	return nil
}

// object returns the chat as the Bot API describes it.
func (c *Chat) object() map[string]any {
	o := map[string]any{"id": c.ID, "type": c.Type}
	if c.Type == "private" {
		o["first_name"] = c.Title
	} else {
		o["title"] = c.Title
	}
	if c.Username != "" {
		o["username"] = c.Username
	}
	if c.Topics != nil {
		o["is_forum"] = true
	}
	return o
}
