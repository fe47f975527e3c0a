package telegramtest

import (
	"encoding/json"
	"fmt"
)

// Press has a member press a button of a message, by its label. It returns the
// number of the query, or "" if there is no such button.
func (s *Server) Press(user User, chat int64, id int, label string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.message(chat, id)
	if m == nil {
		return ""
	}
	data := buttonData(m.Keyboard, label)
	if data == "" {
		return ""
	}
	query := fmt.Sprint("cb", len(s.answers))
	s.answers[query] = nil
	s.push("callback_query", map[string]any{
		"id": query, "from": user.object(), "message": s.object(m), "chat_instance": "1", "data": data,
	})
	return query
}

func buttonData(keyboard any, label string) string {
	var board struct {
		Rows [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	}
	raw, err := json.Marshal(keyboard)
	if err != nil || json.Unmarshal(raw, &board) != nil {
		return ""
	}
	for _, row := range board.Rows {
		for _, key := range row {
			if key.Text == label {
				return key.Data
			}
		}
	}
	return ""
}

// Ask has a member type "@bot query" in some chat. It returns the number of the
// query.
func (s *Server) Ask(user User, query string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := fmt.Sprint("iq", len(s.answers))
	s.answers[id] = nil
	s.push("inline_query", map[string]any{
		"id": id, "from": user.object(), "query": query, "offset": "", "chat_type": "supergroup",
	})
	return id
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
