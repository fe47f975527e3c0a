package telegramtest

import (
	"reflect"
	"slices"
	"strings"
	"time"
)

func (s *Server) send(call *Call) (any, *failure) {
	p := call.Params
	c, fail := s.chat(p["chat_id"])
	if fail != nil {
		return nil, fail
	}
	thread, _ := integer(p["message_thread_id"])
	if fail := c.mayPost(int(thread)); fail != nil {
		return nil, fail
	}
	if reply, ok := p["reply_parameters"].(map[string]any); ok && reply["allow_sending_without_reply"] != true {
		if id, _ := integer(reply["message_id"]); s.message(c.ID, int(id)) == nil {
			return nil, badRequest("message to be replied not found")
		}
	}
	m := &Message{Chat: c.ID, Thread: int(thread), At: time.Now()}
	if photo, ok := p["photo"].(string); ok {
		if strings.Contains(photo, "/broken") { // stands for what Telegram cannot fetch
			return nil, badRequest("failed to get HTTP URL content")
		}
		m.Photo = photo
	}
	if !s.config.Knobs.NoLimits {
		if wait := s.limits.take(time.Now(), c.ID); wait > 0 {
			call.Limited = true
			return nil, tooMany(wait)
		}
	}
	m.Silent, _ = p["disable_notification"].(bool)
	m.Protect, _ = p["protect_content"].(bool)
	if reply, ok := p["reply_parameters"].(map[string]any); ok {
		id, _ := integer(reply["message_id"])
		m.ReplyTo = int(id)
	}
	m.fill(p)
	s.lastID[c.ID]++
	m.ID = s.lastID[c.ID]
	for _, other := range s.messages[c.ID] {
		if other.Text == m.Text {
			m.Times++
		}
	}
	m.Times++
	s.messages[c.ID] = append(s.messages[c.ID], m)
	return s.object(m), nil
}

// fill takes over what a message says from a call's parameters.
func (m *Message) fill(p map[string]any) {
	m.Text, _ = p["text"].(string)
	m.Entities = p["entities"]
	if caption, ok := p["caption"].(string); ok {
		m.Text, m.Entities = caption, p["caption_entities"]
	}
	m.Preview, m.Keyboard = p["link_preview_options"], p["reply_markup"]
	m.Rings = rings(m.Text, m.Entities)
}

func (s *Server) object(m *Message) map[string]any {
	o := map[string]any{"message_id": m.ID, "date": m.At.Unix(), "chat": s.chats[m.Chat].object()}
	if s.chats[m.Chat].Type == "channel" {
		o["sender_chat"] = s.chats[m.Chat].object()
	} else {
		me := s.me()
		o["from"] = map[string]any{"id": me["id"], "is_bot": true, "first_name": me["first_name"], "username": me["username"]}
	}
	if m.Thread != 0 {
		o["message_thread_id"], o["is_topic_message"] = m.Thread, true
	}
	if m.Photo != "" {
		o["photo"] = []any{map[string]any{"file_id": "x", "file_unique_id": "x", "width": 90, "height": 50}}
		o["caption"] = m.Text
	} else {
		o["text"] = m.Text
	}
	if !m.Edited.IsZero() {
		o["edit_date"] = m.Edited.Unix()
	}
	if m.Keyboard != nil {
		o["reply_markup"] = m.Keyboard
	}
	return o
}

func (s *Server) edit(call *Call) (any, *failure) {
	p := call.Params
	if p["inline_message_id"] != nil {
		return true, nil
	}
	c, fail := s.chat(p["chat_id"])
	if fail != nil {
		return nil, fail
	}
	id, _ := integer(p["message_id"])
	m := s.message(c.ID, int(id))
	_, isCaption := p["caption"]
	switch {
	case m == nil:
		return nil, badRequest("message to edit not found")
	case m.Photo != "" && !isCaption:
		return nil, badRequest("there is no text in the message to edit")
	case m.Photo == "" && isCaption:
		return nil, badRequest("there is no caption in the message to edit")
	}
	edited := *m
	edited.fill(p)
	if same(edited, *m) {
		return nil, badRequest("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	if !s.config.Knobs.NoLimits { // edits count as messages do
		if wait := s.limits.take(time.Now(), c.ID); wait > 0 {
			call.Limited = true
			return nil, tooMany(wait)
		}
	}
	edited.Edited = time.Now()
	*m = edited
	return s.object(m), nil
}

func same(a, b Message) bool {
	return a.Text == b.Text && reflect.DeepEqual(a.Entities, b.Entities) &&
		reflect.DeepEqual(a.Keyboard, b.Keyboard) && reflect.DeepEqual(a.Preview, b.Preview)
}

// deletable is how long a bot may delete what it said
// (https://core.telegram.org/bots/api#deletemessage).
const deletable = 48 * time.Hour

func (s *Server) deleteMessage(call *Call) (any, *failure) {
	c, fail := s.chat(call.Params["chat_id"])
	if fail != nil {
		return nil, fail
	}
	id, _ := integer(call.Params["message_id"])
	m := s.message(c.ID, int(id))
	switch {
	case m == nil:
		return nil, badRequest("message to delete not found")
	case time.Since(m.At) >= deletable && !c.Bot.Delete:
		return nil, badRequest("message can't be deleted for everyone")
	}
	s.messages[c.ID] = slices.DeleteFunc(s.messages[c.ID], func(other *Message) bool { return other == m })
	return true, nil
}

func (s *Server) pinChatMessage(call *Call) (any, *failure) {
	c, fail := s.chat(call.Params["chat_id"])
	if fail != nil {
		return nil, fail
	}
	id, _ := integer(call.Params["message_id"])
	m := s.message(c.ID, int(id))
	allowed := c.Type == "private" || c.Type == "channel" && c.Bot.Edit || c.Type != "channel" && c.Bot.Pin
	switch {
	case !allowed:
		return nil, badRequest("not enough rights to manage pinned messages in the chat")
	case m == nil:
		return nil, badRequest("message to pin not found")
	}
	m.Pinned = true
	return true, nil
}
