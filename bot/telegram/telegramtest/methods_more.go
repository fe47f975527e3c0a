package telegramtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

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

// answerQuery remembers the answer to a query; each is answered once.
func (s *Server) answerQuery(call *Call) (any, *failure) {
	id, _ := call.Params["callback_query_id"].(string)
	if id == "" {
		id, _ = call.Params["inline_query_id"].(string)
	}
	answered, asked := s.answers[id]
	if !asked || answered != nil {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	s.answers[id] = call.Params
	return true, nil
}

// Answered returns the parameters of the answer to a query that Press or Ask
// made, or nil if there is none yet.
func (s *Server) Answered(id string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answers[id]
}

// menuKey names a menu by its scope and language.
func menuKey(p map[string]any) string {
	scope := "default"
	if o, ok := p["scope"].(map[string]any); ok {
		scope = fmt.Sprint(o["type"])
		if o["chat_id"] != nil {
			scope += fmt.Sprint(":", o["chat_id"])
		}
	}
	language, _ := p["language_code"].(string)
	return strings.TrimSuffix(scope+"/"+language, "/")
}

func (s *Server) setMyCommands(call *Call) (any, *failure) {
	if code, ok := call.Params["language_code"].(string); ok && code != "" && len(code) != 2 {
		return nil, badRequest("invalid language code specified")
	}
	s.menus[menuKey(call.Params)] = call.Params["commands"]
	return true, nil
}

func (s *Server) getMyCommands(call *Call) (any, *failure) {
	if menu := s.menus[menuKey(call.Params)]; menu != nil {
		return menu, nil
	}
	return []any{}, nil
}

func (s *Server) deleteMyCommands(call *Call) (any, *failure) {
	delete(s.menus, menuKey(call.Params))
	return true, nil
}

// Menus returns the bot's menus as JSON, by "scope" or "scope/language".
func (s *Server) Menus() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	menus := make(map[string]string)
	for key, menu := range s.menus {
		raw, err := json.Marshal(menu)
		if err != nil {
			raw = []byte(err.Error())
		}
		menus[key] = string(raw)
	}
	return menus
}
