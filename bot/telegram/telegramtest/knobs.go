package telegramtest

import (
	"math/rand/v2"
	"slices"
	"time"
)

// Fault is a way in which a call goes wrong although nothing is wrong with it.
type Fault string

const (
	// Flood answers 429 with a retry_after of up to Knobs.FloodWait, which then
	// holds for the chat that the call names.
	Flood Fault = "flood"
	// BadGateway answers 502 with a page of HTML; nothing was done.
	BadGateway Fault = "bad gateway"
	// BadGatewayAfter answers the same after the call was carried out.
	BadGatewayAfter Fault = "bad gateway, done"
	// Internal answers 500 as JSON; nothing was done.
	Internal Fault = "internal"
	// CutBefore closes the connection; nothing was done.
	CutBefore Fault = "cut"
	// CutAfter closes the connection after the call was carried out.
	CutAfter Fault = "cut, done"
	// HalfAnswer carries the call out and breaks off in the middle of the answer.
	HalfAnswer Fault = "half answer, done"
	// Garbage carries the call out and answers 200 with a page of HTML.
	Garbage Fault = "garbage, done"
	// Hang never answers; nothing was done.
	Hang Fault = "hang"
)

// Knobs are how difficult a Server is. The zero value is calm: it has the
// documented limits and no misbehaviour of its own.
type Knobs struct {
	// Rate is how often each fault befalls a call that sends or edits, from 0 to
	// 1.
	Rate map[Fault]float64
	// FloodWait is the longest wait that Flood asks for; 3 seconds if it is 0.
	FloodWait time.Duration
	// NoLimits lets through as much as is sent.
	NoLimits bool
	// Strange puts things into answers and updates that no client knows yet: new
	// fields, updates of new kinds, an update that cannot be decoded.
	Strange bool
	// Seed makes the faults repeatable.
	Seed uint64
}

// Difficult returns the knobs that a Server has unless it is told otherwise:
// limits, a flood wait in each twenty calls, and strange answers. It does
// nothing after which an outcome is unknown; tests of that turn it on.
func Difficult() Knobs {
	return Knobs{Rate: map[Fault]float64{Flood: 0.05}, Strange: true}
}

// faults chooses the faults of calls.
type faults struct {
	knobs  Knobs
	random *rand.Rand
	next   map[string][]Fault
	always map[string]Fault
}

func newFaults(k Knobs) *faults {
	return &faults{
		knobs: k, random: rand.New(rand.NewPCG(k.Seed, 1)),
		next: make(map[string][]Fault), always: make(map[string]Fault),
	}
}

// of returns the fault that befalls a call of method, or "".
func (f *faults) of(method string) Fault {
	for _, name := range []string{method, ""} {
		if queue := f.next[name]; len(queue) > 0 {
			f.next[name] = queue[1:]
			return queue[0]
		}
		if fault := f.always[name]; fault != "" {
			return fault
		}
	}
	if !speaks(method) {
		return ""
	}
	draw := f.random.Float64()
	names := make([]Fault, 0, len(f.knobs.Rate))
	for fault := range f.knobs.Rate {
		names = append(names, fault)
	}
	slices.Sort(names)
	for _, fault := range names {
		if draw -= f.knobs.Rate[fault]; draw < 0 {
			return fault
		}
	}
	return ""
}

func (f *faults) floodWait() time.Duration {
	most := f.knobs.FloodWait
	if most < time.Second {
		most = 3 * time.Second
	}
	return time.Duration(1+f.random.Int64N(int64(most/time.Second))) * time.Second
}

// speaks reports whether a method says or changes something in a chat.
func speaks(method string) bool {
	switch method {
	case "sendMessage", "sendPhoto", "editMessageText", "editMessageCaption":
		return true
	}
	return false
}

// Next has the next calls of a method meet the given faults, one each; "" is
// none. An empty method means the next calls of any method.
func (s *Server) Next(method string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.next[method] = append(s.faults.next[method], faults...)
}

// Always has every call of a method meet a fault until it is "" again. An empty
// method means every method.
func (s *Server) Always(method string, fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.always[method] = fault
}
