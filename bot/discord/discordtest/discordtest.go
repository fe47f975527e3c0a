// Package discordtest is a fake Discord: REST v10 and the gateway over real HTTP
// and websockets on any net.Listener, TCP or the in-memory one of Pipe.
//
// It is difficult by default (see Knobs): it cuts connections after it did what
// was asked, answers 502 for requests that it carried out, forgets nonces, sends
// odd headers, and troubles the gateway. It keeps a history, holds every request
// against the rules of Discord that it knows (see Problems), and against the
// official OpenAPI schema where one is given. It cannot become a real server: it
// stores nothing and makes new ids at each start.
package discordtest

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// Token is the bot token that the fake accepts.
	Token = "fake-bot-token.for-tests.only-0123456789"
	// BotID is the bot's user id, and its application's.
	BotID = "900000000000000001"
	// Guild is the server that every fake has.
	Guild = "100000000000000001"
)

// Fake is one fake Discord. Its methods may be called from several goroutines.
type Fake struct {
	server *http.Server
	spec   *Spec

	mu           sync.Mutex
	knobs        Knobs
	random       *rand.Rand
	guilds       map[string]*guild
	channels     map[string]*Channel
	messages     map[string][]*Message // by channel, oldest first
	nonces       map[string]nonce
	commands     map[string][]byte // by scope: "" or a guild
	interactions map[string]*Interaction
	windows      map[string]*window
	history      []Request
	lastID       int64
	gateway      gateway
	wait         sync.WaitGroup
	closed       bool
}

// nonce is a message that was created with one.
type nonce struct {
	message *Message
	until   time.Time
}

// New returns a fake with one server (Guild) and no channels, as difficult as
// Difficult says. spec may be nil: then requests are held against the written
// rules alone.
func New(spec *Spec) *Fake {
	f := &Fake{
		spec:         spec,
		knobs:        Difficult(),
		random:       rand.New(rand.NewPCG(1, 2)),
		guilds:       map[string]*guild{Guild: newGuild(Guild)},
		channels:     make(map[string]*Channel),
		messages:     make(map[string][]*Message),
		nonces:       make(map[string]nonce),
		commands:     make(map[string][]byte),
		interactions: make(map[string]*Interaction),
		windows:      make(map[string]*window),
	}
	f.gateway.init()
	f.server = &http.Server{Handler: http.HandlerFunc(f.serve), ReadHeaderTimeout: time.Minute}
	return f
}

// Serve serves on a listener until Close.
func (f *Fake) Serve(listener net.Listener) {
	f.wait.Go(func() { _ = f.server.Serve(listener) })
}

// Listen serves on a free port of this machine until Close, and returns what
// DISCORD_API_URL is to be.
func (f *Fake) Listen() (apiURL string, err error) {
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	f.Serve(listener)
	return "http://" + listener.Addr().String() + apiPrefix, nil
}

// Close ends all connections and waits until nothing of the fake runs.
func (f *Fake) Close() {
	f.mu.Lock()
	f.closed = true
	f.gateway.closeAll()
	f.mu.Unlock()
	_ = f.server.Close()
	f.wait.Wait()
}

// Set changes the knobs.
func (f *Fake) Set(knobs Knobs) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.knobs = knobs
}

// Seed makes what happens by chance repeatable.
func (f *Fake) Seed(seed uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.random = rand.New(rand.NewPCG(seed, seed))
}

// chance tells whether something happens that does so with probability p.
func (f *Fake) chance(p float64) bool { return p > 0 && f.random.Float64() < p }

// id returns a new snowflake; later ones are higher.
func (f *Fake) id() string {
	const epoch = 1_420_070_400_000 // https://discord.com/developers/docs/reference#snowflakes
	f.lastID = max(f.lastID+1, max(1, time.Now().UnixMilli()-epoch)<<22)
	return strconv.FormatInt(f.lastID, 10)
}

// pause waits d, or until the request is over.
func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
