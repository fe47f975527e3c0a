package telegramtest

import (
	"encoding/json"
	"fmt"
	"strings"
)

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
