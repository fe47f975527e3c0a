package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"sync"
	"time"

	"cloudnative.tw/herald/bot"
)

// handClock is a clock that stands still until somebody moves it.
type handClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *handClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *handClock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.at) {
		c.at = at
	}
}

// deed is something that a platform did.
type deed struct {
	at  time.Time
	act bot.Act
	id  string // of the message that it said or changed
}

// text is all that a reader sees of the message.
func (d deed) text() string { return d.act.Message.Title + "\n" + d.act.Message.Body.String() }

// standing is a message as it stands in a channel.
type standing struct {
	address   bot.Address
	message   bot.Message
	retracted bool
}

// memoryPlatform is a platform that can post, edit and retract, and remembers
// all of it. It is difficult: some calls are refused for a while, some break
// before and some after they were carried out. Which ones depends on the seed
// and the message alone, not on the order in which calls arrive.
type memoryPlatform struct {
	now  func() time.Time
	seed uint64 // 0: never difficult

	mu       sync.Mutex
	deeds    []deed
	standing map[string]*standing // by message id
	tokens   map[string]string    // message ids
	attempts map[string]int
	wrong    []string // what should never have been asked
}

func newMemoryPlatform(now func() time.Time, seed uint64) *memoryPlatform {
	return &memoryPlatform{
		now: now, seed: seed,
		standing: make(map[string]*standing), tokens: make(map[string]string), attempts: make(map[string]int),
	}
}

var errBroken = errors.New("the connection broke")

// trouble returns what goes wrong with a call, and whether it is carried out all
// the same.
func (p *memoryPlatform) trouble(act bot.Act) (err error, done bool) {
	key := string(act.Kind) + act.Token()
	p.attempts[key]++
	if p.seed == 0 || p.attempts[key] > 1 {
		return nil, true
	}
	h := fnv.New64a()
	fmt.Fprint(h, p.seed, key)
	switch n := h.Sum64() * 0x9E3779B97F4A7C15 >> 56; {
	case n < 25:
		return &bot.RetryAfterError{Wait: time.Duration(1+n) * time.Second}, false
	case n < 30:
		return &bot.RetryAfterError{Wait: time.Duration(n) * time.Second, Global: true}, false
	case n < 50:
		return errBroken, false
	case n < 65:
		return fmt.Errorf("%w: %w", errBroken, bot.ErrUnknownOutcome), false
	case n < 80:
		return fmt.Errorf("%w: %w", errBroken, bot.ErrUnknownOutcome), true
	}
	return nil, true
}

// Send implements outbox.Sender.
func (p *memoryPlatform) Send(_ context.Context, act bot.Act) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	err, done := p.trouble(act)
	if !done {
		return "", err
	}
	id := fmt.Sprint("m", len(p.standing)+1)
	p.deeds = append(p.deeds, deed{p.now(), act, id})
	p.standing[id] = &standing{address: act.Address, message: act.Message}
	if before, said := p.tokens[act.Token()]; said {
		p.wrong = append(p.wrong, fmt.Sprintf("%s was said as %s and again as %s", act.Key, before, id))
	}
	p.tokens[act.Token()] = id
	return id, err
}

// Confirm implements outbox.Confirmer.
func (p *memoryPlatform) Confirm(_ context.Context, act bot.Act) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tokens[act.Token()], nil
}

// Edit implements outbox.Editor.
func (p *memoryPlatform) Edit(_ context.Context, act bot.Act) error {
	return p.change(act, func(s *standing) {
		if s.retracted {
			p.wrong = append(p.wrong, fmt.Sprintf("%s edits a message that was taken back", act.Key))
		}
		s.message = act.Message
	})
}

// Retract implements outbox.Retractor.
func (p *memoryPlatform) Retract(_ context.Context, act bot.Act) error {
	return p.change(act, func(s *standing) { s.retracted = true })
}

func (p *memoryPlatform) change(act bot.Act, do func(*standing)) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	err, done := p.trouble(act)
	if !done {
		return err
	}
	s := p.standing[act.MessageID]
	if s == nil {
		return fmt.Errorf("%w: no message %s", bot.ErrPermanent, act.MessageID)
	}
	if s.address != act.Address {
		p.wrong = append(p.wrong, fmt.Sprintf("%s is about a message at %s", act.Key, s.address))
	}
	p.deeds = append(p.deeds, deed{p.now(), act, act.MessageID})
	do(s)
	return err
}

// history returns what was done at an address, in order; kinds are all if none
// is named.
func (p *memoryPlatform) history(address bot.Address, kinds ...bot.ActKind) []deed {
	p.mu.Lock()
	defer p.mu.Unlock()
	var found []deed
	for _, d := range p.deeds {
		if d.act.Address == address && (len(kinds) == 0 || slices.Contains(kinds, d.act.Kind)) {
			found = append(found, d)
		}
	}
	return found
}

// message returns a message as it stands now.
func (p *memoryPlatform) message(id string) standing {
	p.mu.Lock()
	defer p.mu.Unlock()
	return *p.standing[id]
}

// messages returns all messages as they stand now, in no order.
func (p *memoryPlatform) messages() []standing {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []standing
	for _, s := range p.standing {
		all = append(all, *s)
	}
	return all
}
