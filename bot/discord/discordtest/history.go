package discordtest

import (
	"encoding/json"
	"slices"
	"time"
)

// Request is a request as the fake saw it.
type Request struct {
	At           time.Time
	Method, Path string
	// Route is the path's template, "" for one that the fake does not know.
	Route string
	Body  json.RawMessage
	// Status is what was answered, or 0 if the connection was cut.
	Status int
	// Code is Discord's own code of an error.
	Code int
	// Problems are what the official schema or the rules find wrong.
	Problems []string
	// Trouble tells that the answer was a misbehaviour of the fake.
	Trouble bool
}

// Requests returns what was asked for so far, oldest first; never nil.
func (f *Fake) Requests() []Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Request{}, f.history...)
}

// Problems returns what was wrong with any request so far.
func (f *Fake) Problems() []string {
	var all []string
	for _, r := range f.Requests() {
		for _, p := range r.Problems {
			all = append(all, r.Method+" "+r.Path+": "+p+" "+string(r.Body[:min(len(r.Body), 600)]))
		}
	}
	return all
}

// Limited returns how many requests were answered 429 by the limits, and not by
// misbehaviour.
func (f *Fake) Limited() int {
	n := 0
	for _, r := range f.Requests() {
		if r.Status == 429 && !r.Trouble {
			n++
		}
	}
	return n
}

// Messages returns copies of what stands in a channel, oldest first.
func (f *Fake) Messages(channel string) []Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []Message
	for _, m := range f.messages[channel] {
		all = append(all, *m)
	}
	return all
}

// Threads returns the ids of the threads below a channel, oldest first.
func (f *Fake) Threads(parent string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var ids []string
	for id, c := range f.channels {
		if c.Parent == parent && c.isThread() {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, compareIDs)
	return ids
}

// Forget forgets the history, the events and the interactions, so that a long
// test measures the memory of what it tests.
func (f *Fake) Forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.history = nil
	clear(f.interactions)
	for _, s := range f.gateway.sessions {
		s.before, s.events = s.last(), nil
	}
}

// Identifies returns when the gateway was sent an IDENTIFY.
func (f *Fake) Identifies() []time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.gateway.identifies)
}

// Registered returns the commands that were registered globally, for guild "",
// or for a guild, as JSON; nil if none ever were.
func (f *Fake) Registered(guild string) json.RawMessage {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.commands[guild]
}
