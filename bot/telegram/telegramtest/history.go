package telegramtest

import (
	"net/http"
	"time"
)

// Call is one call that was made.
type Call struct {
	At     time.Time
	Method string
	// Chat is the chat that it names; 0 for none.
	Chat   int64
	Params map[string]any
	// Code and Description are those of the answer; Code is 200 where it went
	// well, 0 where there was no answer.
	Code        int
	Description string
	// Fault is what befell it.
	Fault Fault
	// Wrong is what the description of the API or its rules have against it.
	Wrong []string
	// Limited tells that it was refused because it came too soon.
	Limited bool
}

// Calls returns every call of the given methods, or of all if none is given.
func (s *Server) Calls(methods ...string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := []Call{}
	for _, c := range s.calls {
		for _, m := range methods {
			if m == c.Method {
				calls = append(calls, c)
			}
		}
		if len(methods) == 0 {
			calls = append(calls, c)
		}
	}
	return calls
}

// Refused returns the calls with which the description of the API or its rules
// find something wrong: a good client makes none.
func (s *Server) Refused() []Call {
	return s.callsThat(func(c Call) bool { return len(c.Wrong) > 0 })
}

// Limited returns the calls that came too soon: a good client makes none.
func (s *Server) Limited() []Call { return s.callsThat(func(c Call) bool { return c.Limited }) }

func (s *Server) callsThat(is func(Call) bool) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := []Call{}
	for _, c := range s.calls {
		if is(c) {
			calls = append(calls, c)
		}
	}
	return calls
}

func (s *Server) keep(call Call, fail *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case fail != nil:
		call.Code, call.Description = fail.code, fail.description
	case call.Fault == "":
		call.Code = http.StatusOK
	}
	s.calls = append(s.calls, call)
}
