// Package telegramtest is a Telegram for tests: the Bot API over HTTP, on any
// net.Listener, in memory. It is difficult: it refuses what Telegram refuses,
// by the official description of the API where that is at hand (SharedSpec) and
// by rules that stand only in prose, it holds to the documented rate limits, and
// it misbehaves in the ways that Knobs name. It keeps a history of every call.
//
// A test makes a Server, puts chats on it (AddChat), serves it, has members talk
// (Say, Press, Ask), and looks at what stands in the chats (Messages) and at the
// calls (Calls, Refused). Server is an http.Handler. It can never be anything
// but a fake: it forgets everything.
package telegramtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Token is the bot's token unless Config names another.
const Token = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"

// Config says how a Server is.
type Config struct {
	// Token is the only token that is let in; Token if it is "".
	Token string
	// Spec is what calls are validated against; nil leaves it at the rules.
	Spec *Spec
	// Knobs are how difficult it is; nil for Difficult.
	Knobs *Knobs
	// Username is the bot's; "herald_bot" if it is "".
	Username string
	// SeesAll is whether the bot's privacy mode is off.
	SeesAll bool
	// Client delivers updates to a webhook; nil for no webhooks.
	Client *http.Client
}

// Server is the fake.
type Server struct {
	config Config
	http   http.Server

	mu       sync.Mutex // guards what follows
	faults   *faults
	limits   limits
	chats    map[int64]*Chat
	messages map[int64][]*Message
	lastID   map[int64]int
	calls    []Call
	menus    map[string]any
	updates  queue
	answers  map[string]map[string]any
}

// New returns a server without chats.
func New(config Config) *Server {
	if config.Token == "" {
		config.Token = Token
	}
	if config.Username == "" {
		config.Username = "herald_bot"
	}
	if config.Knobs == nil {
		knobs := Difficult()
		config.Knobs = &knobs
	}
	s := &Server{
		config: config, faults: newFaults(*config.Knobs),
		chats: make(map[int64]*Chat), messages: make(map[int64][]*Message), lastID: make(map[int64]int),
		menus: make(map[string]any), answers: make(map[string]map[string]any),
	}
	s.http = http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	return s
}

// Serve answers on l until Close.
func (s *Server) Serve(l net.Listener) error {
	if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving a fake Telegram: %w", err)
	}
	return nil
}

// Close ends Serve and every connection.
func (s *Server) Close() error {
	s.stopWebhook(context.Background())
	return s.http.Close()
}

// failure is an answer that is not ok.
type failure struct {
	code        int
	description string
	parameters  map[string]any
}

func badRequest(description string) *failure {
	return &failure{400, "Bad Request: " + description, nil}
}

const badGateway = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n" +
	"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/bot")
	token, method, ok2 := strings.Cut(rest, "/")
	switch {
	case !ok || !ok2 || !strings.Contains(token, ":"):
		answer(w, nil, &failure{404, "Not Found", nil})
		return
	case token != s.config.Token:
		answer(w, nil, &failure{401, "Unauthorized", nil})
		return
	}
	params, err := readParams(r)
	if err != nil {
		answer(w, nil, badRequest(err.Error()))
		return
	}
	call := Call{At: time.Now(), Method: method, Params: params}
	call.Chat, _ = integer(params["chat_id"])
	s.serve(w, r, call)
}

func readParams(r *http.Request) (map[string]any, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 50<<20))
	if err != nil {
		return nil, fmt.Errorf("can't read the request: %w", err)
	}
	var params map[string]any
	if len(body) == 0 {
		return map[string]any{}, nil
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return nil, errors.New("this server reads only JSON")
	}
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.UseNumber()
	if err := decoder.Decode(&params); err != nil {
		return nil, fmt.Errorf("can't parse the request: %w", err)
	}
	if params == nil { // telebot sends "null" where there are none
		params = map[string]any{}
	}
	return params, nil
}

// serve carries a call out, or has a fault befall it.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, call Call) {
	s.mu.Lock()
	call.Fault = s.faults.of(call.Method)
	s.mu.Unlock()
	switch call.Fault {
	case BadGateway, Internal, CutBefore, Hang:
		s.keep(call, nil)
		breakOff(w, r, call.Fault)
		return
	default:
	}
	result, fail := s.carryOut(r.Context(), &call)
	s.keep(call, fail)
	switch call.Fault {
	case BadGatewayAfter, CutAfter, HalfAnswer, Garbage:
		breakOff(w, r, call.Fault)
		return
	default:
	}
	if fail == nil && s.config.Knobs.Strange {
		result = strange(result)
	}
	answer(w, result, fail)
}

// breakOff ends a call as its fault says.
func breakOff(w http.ResponseWriter, r *http.Request, fault Fault) {
	switch fault {
	case BadGateway, BadGatewayAfter:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, badGateway)
	case Garbage:
		_, _ = io.WriteString(w, badGateway)
	case Internal:
		answer(w, nil, &failure{500, "Internal Server Error", nil})
	case HalfAnswer:
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"ok":true,"result":{"mess`)
	case Hang:
		<-r.Context().Done()
	default:
		panic(http.ErrAbortHandler) // closes the connection without an answer
	}
}

func answer(w http.ResponseWriter, result any, fail *failure) {
	body := map[string]any{"ok": fail == nil}
	status := http.StatusOK
	if fail == nil {
		body["result"] = result
	} else {
		status = fail.code
		body["error_code"], body["description"] = fail.code, fail.description
		if fail.parameters != nil {
			body["parameters"] = fail.parameters
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// strange puts a field into an object that no client knows.
func strange(result any) any {
	if o, ok := result.(map[string]any); ok {
		o["field_from_the_future"] = map[string]any{"type": "unheard_of"}
	}
	return result
}

func integer(v any) (int64, bool) {
	number, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	n, err := number.Int64()
	return n, err == nil
}
