package discordtest

import "time"

// Knobs are the ways in which the fake misbehaves. A zero value turns one off.
// Fractions are of all requests or connections, from 0 to 1.
type Knobs struct {
	// Latency is the longest that an answer takes.
	Latency time.Duration
	// CutBefore closes the connection before the request is carried out,
	// CutAfter after it was.
	CutBefore, CutAfter float64
	// Unavailable answers 503 without carrying out the request, BadGateway 502
	// after carrying it out.
	Unavailable, BadGateway float64
	// OddHeaders sends rate-limit headers that are no numbers.
	OddHeaders float64
	// NewComponents answers with components of a type that no library knows yet.
	NewComponents float64
	// Banned answers 429 with a page of HTML, as Cloudflare does.
	Banned float64

	// GlobalPerSecond is how many requests the bot may make in a second,
	// PerRoute how many in PerRouteWindow to one route of one channel,
	// PublishPerHour how many messages of a channel may be published. 0 is no
	// limit.
	GlobalPerSecond int
	PerRoute        int
	PerRouteWindow  time.Duration
	PublishPerHour  int
	// OldEdits is how often a message of more than an hour may be edited.
	OldEdits int
	// NonceMemory is how long a nonce is remembered.
	NonceMemory time.Duration

	// Down refuses every new connection to the gateway.
	Down bool
	// Heartbeat is the interval that HELLO asks for.
	Heartbeat time.Duration
	// SessionLife is how long a session can be resumed after its connection broke.
	SessionLife time.Duration
	// Gateway is how often a new connection meets each trouble.
	Gateway map[Trouble]float64
	// TooManyIdentifies is how many IDENTIFY in 24 hours reset the token.
	TooManyIdentifies int
	// DisallowedIntents are the intents that the application may not use.
	DisallowedIntents int
	// MaxConcurrency is how many shards may identify in five seconds.
	MaxConcurrency int
	// Shards is how many shards GET /gateway/bot recommends.
	Shards int
}

// Trouble is a misbehaviour of one gateway connection.
type Trouble string

// The troubles of a connection.
const (
	NoHello         Trouble = "no HELLO"
	ReconnectFirst  Trouble = "op 7 before READY"
	AckFirst        Trouble = "op 11 before READY"
	ReconnectLater  Trouble = "op 7 after READY"
	InvalidSession  Trouble = "op 9 instead of READY"
	InvalidResumed  Trouble = "op 9 with d:true after READY"
	CloseAtOnce     Trouble = "closed after HELLO"
	CloseAfterReady Trouble = "closed after READY"
	NoAcks          Trouble = "heartbeats not acknowledged"
	Silence         Trouble = "nothing said or read after READY"
	Garbage         Trouble = "a frame that is no JSON"
	NewEvent        Trouble = "an event and an op that no library knows"
	AskHeartbeat    Trouble = "op 1: a heartbeat is asked for"
)

// Calm is a Discord that has its limits and no bad day.
func Calm() Knobs {
	return Knobs{
		GlobalPerSecond: 50, PerRoute: 5, PerRouteWindow: 5 * time.Second, PublishPerHour: 10, OldEdits: 5,
		NonceMemory: 3 * time.Minute, Heartbeat: 41250 * time.Millisecond, SessionLife: time.Minute,
		TooManyIdentifies: 1000, MaxConcurrency: 1, Shards: 1,
	}
}

// Difficult is a Discord on a bad day.
func Difficult() Knobs {
	k := Calm()
	k.Latency = 20 * time.Millisecond
	k.CutBefore, k.CutAfter = 0.02, 0.05
	k.Unavailable, k.BadGateway = 0.02, 0.05
	k.OddHeaders, k.NewComponents = 0.05, 0.1
	k.Gateway = map[Trouble]float64{
		NoHello: 0.05, ReconnectFirst: 0.05, AckFirst: 0.05, ReconnectLater: 0.1, InvalidSession: 0.05,
		InvalidResumed: 0.05, CloseAtOnce: 0.05, CloseAfterReady: 0.05, NoAcks: 0.05, Silence: 0.05,
		Garbage: 0.05, NewEvent: 0.5, AskHeartbeat: 0.1,
	}
	return k
}
