package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/content"
)

// recorder is a platform outside of the program that is killed. It counts how
// often it was told to say what.
type recorder struct {
	*httptest.Server
	// heard, if not nil, gets the name of whoever says something.
	heard chan string
	mu    sync.Mutex
	said  map[string]int
}

func newRecorder(t *testing.T) *recorder {
	r := &recorder{said: make(map[string]int)}
	r.Server = httptest.NewServer(http.HandlerFunc(r.serve))
	t.Cleanup(r.Close)
	return r
}

func (r *recorder) serve(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	token := req.FormValue("token")
	if req.Method == http.MethodPost {
		r.said[token]++
		if r.heard != nil {
			r.heard <- req.FormValue("replica")
		}
	}
	json.NewEncoder(w).Encode(r.said[token])
}

func (r *recorder) count(token string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.said[token]
}

func (r *recorder) tokens() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []string
	for token := range r.said {
		all = append(all, token)
	}
	return all
}

// points are where a program can be killed.
var points = []string{
	"after Known", "before Begin", "after Begin", "before Record", "after Record",
	"before Step", "after Step", "before the call", "in the call", "after the call",
}

// killer kills its own process when a point is passed for the n-th time.
type killer struct {
	at   string
	mu   sync.Mutex
	left int
}

func newKiller() *killer {
	left, _ := strconv.Atoi(setting(crashingAfter))
	k := &killer{at: setting(crashingAt), left: left}
	if k.at == "before Begin" || k.at == "after Begin" || k.at == "after Known" {
		k.left = 0 // passed once in a program's life
	}
	return k
}

func (k *killer) pass(point string) {
	if k.at != point {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.left--; k.left < 0 {
		self, err := os.FindProcess(os.Getpid())
		if err != nil {
			panic(err)
		}
		self.Kill()
		select {} // until the signal arrives
	}
}

// killingStore passes points around what matters.
type killingStore struct {
	*store.Store
	killer *killer
}

func (s killingStore) Known(ctx context.Context, origin string) (announce.Known, error) {
	defer s.killer.pass("after Known")
	return s.Store.Known(ctx, origin)
}

func (s killingStore) Begin(ctx context.Context, now time.Time, routes []announce.Route) error {
	s.killer.pass("before Begin")
	defer s.killer.pass("after Begin")
	return s.Store.Begin(ctx, now, routes)
}

func (s killingStore) Record(ctx context.Context, r announce.Record) (announce.Recorded, error) {
	s.killer.pass("before Record")
	defer s.killer.pass("after Record")
	return s.Store.Record(ctx, r)
}

func (s killingStore) Step(ctx context.Context, step outbox.Step) (outbox.Taken, error) {
	s.killer.pass("before Step")
	defer s.killer.pass("after Step")
	return s.Store.Step(ctx, step)
}

// client speaks to a recorder.
type client struct {
	http   *http.Client
	url    string
	killer *killer
}

// newClient returns a Sender; a Confirmer too if the platform is one that knows.
func newClient(k *killer) outbox.Sender {
	c := client{&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, setting(crashingPlatform), k}
	if setting(crashingKnows) != "" {
		return knowingClient{c}
	}
	return c
}

func (c client) Send(ctx context.Context, act bot.Act) (string, error) {
	c.killer.pass("before the call")
	defer c.killer.pass("after the call")
	n, err := c.call(ctx, http.MethodPost, act)
	c.killer.pass("in the call")
	if err != nil {
		return "", errors.Join(bot.ErrUnknownOutcome, err)
	}
	return fmt.Sprint("m", n), nil
}

func (c client) call(ctx context.Context, method string, act bot.Act) (n int, err error) {
	req, err := http.NewRequestWithContext(ctx, method, c.url+"?"+url.Values{"token": {act.Token()}, "replica": {setting(crashingReplica)}}.Encode(), nil)
	if err != nil {
		return 0, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	return n, json.NewDecoder(resp.Body).Decode(&n)
}

type knowingClient struct{ client }

func (c knowingClient) Confirm(ctx context.Context, act bot.Act) (string, error) {
	n, err := c.call(ctx, http.MethodGet, act)
	if err != nil || n == 0 {
		return "", err
	}
	return fmt.Sprint("m", n), nil
}

// tree is a site of n posts.
func tree(n int) *content.Snapshot {
	var posts []*content.Post
	for i := range n {
		path := fmt.Sprintf("%05d.md", i)
		posts = append(posts, content.NewPost(content.Post{
			ID: content.ID{Entry: "site", Path: path}, Source: "blog", Title: path, URL: "https://example.org/" + path,
			Hash: sha256.Sum256([]byte(path)),
		}, nil))
	}
	return content.NewSnapshot(posts, nil, []content.EntryState{{Entry: "site", Sources: []string{"blog"}, Read: time.Now()}})
}
