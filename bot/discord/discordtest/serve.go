package discordtest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// call is a request on its way to an answer.
type call struct {
	method, path string
	host         string
	vars         map[string]string
	query        map[string][]string
	body         []byte
	object       map[string]any
	route        *route
}

// answer is what is answered: a status with a JSON body, or none.
type answer struct {
	status int
	body   any
	header http.Header
}

// apiError is the body of an error
// (https://discord.com/developers/docs/reference#error-messages).
type apiError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Errors  any    `json:"errors,omitempty"`
}

func refuse(status, code int, message string) answer {
	return answer{status: status, body: apiError{Code: code, Message: message}}
}

type route struct {
	method, template string
	// free routes need no token and are outside the global limit: the token of
	// the interaction is in the path.
	free   bool
	handle func(*Fake, *call) answer
}

func routes() []route {
	return []route{
		{method: "GET", template: "/gateway", handle: (*Fake).getGateway},
		{method: "GET", template: "/gateway/bot", handle: (*Fake).getGatewayBot},
		{method: "GET", template: "/users/@me", handle: (*Fake).getMe},
		{method: "GET", template: "/users/@me/guilds", handle: (*Fake).getMyGuilds},
		{method: "GET", template: "/applications/@me", handle: (*Fake).getApplication},
		{method: "GET", template: "/guilds/{guild_id}", handle: (*Fake).getGuild},
		{method: "GET", template: "/guilds/{guild_id}/members/{user_id}", handle: (*Fake).getMember},
		{method: "GET", template: "/guilds/{guild_id}/threads/active", handle: (*Fake).getActiveThreads},
		{method: "GET", template: "/channels/{channel_id}", handle: (*Fake).getChannel},
		{method: "PATCH", template: "/channels/{channel_id}", handle: (*Fake).patchChannel},
		{method: "DELETE", template: "/channels/{channel_id}", handle: (*Fake).deleteChannel},
		{method: "GET", template: "/channels/{channel_id}/threads/archived/public", handle: (*Fake).getArchivedThreads},
		{method: "POST", template: "/channels/{channel_id}/threads", handle: (*Fake).startForumThread},
		{method: "GET", template: "/channels/{channel_id}/messages", handle: (*Fake).getMessages},
		{method: "POST", template: "/channels/{channel_id}/messages", handle: (*Fake).createMessage},
		{method: "GET", template: "/channels/{channel_id}/messages/{message_id}", handle: (*Fake).getMessage},
		{method: "PATCH", template: "/channels/{channel_id}/messages/{message_id}", handle: (*Fake).editMessage},
		{method: "DELETE", template: "/channels/{channel_id}/messages/{message_id}", handle: (*Fake).deleteMessage},
		{method: "POST", template: "/channels/{channel_id}/messages/{message_id}/crosspost", handle: (*Fake).crosspost},
		{method: "POST", template: "/channels/{channel_id}/messages/{message_id}/threads", handle: (*Fake).startThread},
		{method: "PUT", template: "/channels/{channel_id}/messages/pins/{message_id}", handle: (*Fake).pin},
		{method: "GET", template: "/applications/{application_id}/commands", handle: (*Fake).getCommands},
		{method: "PUT", template: "/applications/{application_id}/commands", handle: (*Fake).putCommands},
		{method: "GET", template: "/applications/{application_id}/guilds/{guild_id}/commands", handle: (*Fake).getCommands},
		{method: "PUT", template: "/applications/{application_id}/guilds/{guild_id}/commands", handle: (*Fake).putCommands},
		{method: "POST", template: "/interactions/{interaction_id}/{interaction_token}/callback", free: true, handle: (*Fake).respond},
		{method: "PATCH", template: "/webhooks/{webhook_id}/{webhook_token}/messages/@original", free: true, handle: (*Fake).editResponse},
		{method: "DELETE", template: "/webhooks/{webhook_id}/{webhook_token}/messages/@original", free: true, handle: (*Fake).deleteResponse},
		{method: "POST", template: "/webhooks/{webhook_id}/{webhook_token}", free: true, handle: (*Fake).followUp},
	}
}

const apiPrefix = "/api/v10"

// maxBody is more than any request of a bot has.
const maxBody = 1 << 20

func (f *Fake) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, socketPath) {
		f.serveGateway(w, r)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return
	}
	path, ok := strings.CutPrefix(r.URL.Path, apiPrefix)
	if !ok {
		path = ""
	}
	c := &call{method: r.Method, path: path, host: r.Host, query: r.URL.Query(), body: body}
	c.find()
	f.mu.Lock()
	latency := time.Duration(0)
	if f.knobs.Latency > 0 {
		latency = time.Duration(f.random.Int64N(int64(f.knobs.Latency)))
	}
	f.mu.Unlock()
	pause(r.Context(), latency)
	answer, cut := f.handle(c, r)
	if cut {
		cutConnection(w)
		return
	}
	write(w, answer)
}

func (c *call) find() {
	for _, candidate := range routes() {
		if vars, ok := matchPath(candidate.template, c.path); ok && candidate.method == c.method {
			c.route, c.vars = &candidate, vars
			_ = json.Unmarshal(c.body, &c.object)
			return
		}
	}
}

// handle carries a request out and writes it into the history.
func (f *Fake) handle(c *call, r *http.Request) (a answer, cut bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	record := Request{At: time.Now(), Method: c.method, Path: c.path, Body: c.body}
	if c.route != nil {
		record.Route = c.route.template
	}
	defer func() {
		if !cut {
			record.Status = a.status
		}
		if e, ok := a.body.(apiError); ok {
			record.Code = e.Code
		}
		f.history = append(f.history, record)
	}()
	if a, cut = f.early(c, r); a.status != 0 || cut {
		record.Trouble = cut || a.status == 503 || a.header.Get("Server") == "cloudflare"
		return a, cut
	}
	if record.Problems = f.problems(c); len(record.Problems) > 0 {
		return answer{status: 400, body: apiError{Code: 50035, Message: "Invalid Form Body", Errors: record.Problems}}, false
	}
	header := f.spend(c)
	if header.Get("Retry-After") != "" {
		return limited(header), false
	}
	a = c.route.handle(f, c)
	a.header = header
	record.Trouble = true
	switch {
	case f.chance(f.knobs.CutAfter):
		return a, true
	case f.chance(f.knobs.BadGateway):
		return answer{status: 502, body: "<html>502 Bad Gateway</html>"}, false
	}
	record.Trouble = false
	f.distort(&a)
	return a, false
}

// early answers what is not carried out.
func (f *Fake) early(c *call, r *http.Request) (a answer, cut bool) {
	switch {
	case f.chance(f.knobs.CutBefore):
		return answer{}, true
	case f.chance(f.knobs.Unavailable):
		return answer{status: 503, body: "upstream connect error"}, false
	case f.chance(f.knobs.Banned):
		return answer{status: 429, body: "<html>error code: 1015</html>", header: http.Header{"Server": {"cloudflare"}}}, false
	case c.route == nil:
		return refuse(404, 0, "404: Not Found"), false
	case !c.route.free && (r.Header.Get("Authorization") != "Bot "+Token || f.gateway.reset):
		return refuse(401, 0, "401: Unauthorized"), false
	case !strings.HasPrefix(r.UserAgent(), "DiscordBot ("):
		return refuse(403, 0, "a user agent as in https://discord.com/developers/docs/reference#user-agent is needed"), false
	case len(c.body) == 0 && r.Header.Get("Content-Type") != "":
		return refuse(400, 50035, "a content type without a body"), false
	}
	return answer{}, false
}

func (f *Fake) problems(c *call) []string {
	problems := Problems(c.method, c.route.template, c.body)
	if f.spec != nil {
		problems = append(problems, f.spec.Problems(c.method, c.path, c.body)...)
	}
	return problems
}

// distort makes a good answer hard to read.
func (f *Fake) distort(a *answer) {
	if f.chance(f.knobs.OddHeaders) && a.header.Get("X-Ratelimit-Remaining") != "" {
		a.header.Set("X-RateLimit-Remaining", "many")
		a.header.Set("X-RateLimit-Reset-After", "soon")
	}
	if m, ok := a.body.(map[string]any); ok && m["content"] != nil && f.chance(f.knobs.NewComponents) {
		m["components"] = []any{map[string]any{"type": 99, "id": 1}}
	}
}

// cutConnection ends the connection without an answer.
func cutConnection(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.Close()
	}
}

func write(w http.ResponseWriter, a answer) {
	for key, values := range a.header {
		w.Header()[key] = values
	}
	w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
	if page, ok := a.body.(string); ok {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(a.status)
		_, _ = io.WriteString(w, page)
		return
	}
	if a.body == nil { // 204 comes without a content type
		w.Header()["Content-Type"] = nil
		w.WriteHeader(a.status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	_ = json.NewEncoder(w).Encode(a.body)
}
