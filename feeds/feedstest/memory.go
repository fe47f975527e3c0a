package feedstest

import (
	"context"
	"sync"
	"time"

	"cloudnative.tw/herald/feeds"
)

// Memory is a feeds.StateStore without a database. The zero value is empty and
// ready.
type Memory struct {
	mu     sync.Mutex
	states map[string]feeds.State
	claims map[string]claim
}

type claim struct {
	owner string
	until time.Time
}

// Step is as feeds.StateStore says.
func (m *Memory) Step(ctx context.Context, step feeds.Step) ([]feeds.Turn, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if m.states == nil {
		m.states, m.claims = make(map[string]feeds.State), make(map[string]claim)
	}
	for _, s := range step.Save {
		if m.claims[s.Source].owner == step.Owner {
			m.states[s.Source] = s
			delete(m.claims, s.Source)
		}
	}
	turns := make([]feeds.Turn, 0, len(step.Claim))
	for _, s := range step.Claim {
		turns = append(turns, m.claim(step, s))
	}
	return turns, nil
}

func (m *Memory) claim(step feeds.Step, s feeds.State) feeds.Turn {
	known, ok := m.states[s.Source]
	if !ok {
		known = s
		m.states[s.Source] = s
	}
	if c := m.claims[s.Source]; c.owner != "" && c.owner != step.Owner && c.until.After(step.Now) {
		return feeds.Turn{State: known, Again: c.until}
	}
	if known.Due.After(step.Now) && known.Address == s.Address {
		return feeds.Turn{State: known, Again: known.Due}
	}
	m.claims[s.Source] = claim{step.Owner, step.Until}
	return feeds.Turn{State: known, Claimed: true}
}

// States is as feeds.StateStore says.
func (m *Memory) States(ctx context.Context) ([]feeds.State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	all := make([]feeds.State, 0, len(m.states))
	for _, s := range m.states {
		all = append(all, s)
	}
	return all, nil
}
