package feeds

import (
	"context"
	"fmt"
	"time"
)

// learn reads what the store knows, so that a restart polls nothing early.
func (p *Poller) learn(ctx context.Context, now time.Time) error {
	if p.learnt {
		return nil
	}
	states, err := p.config.Store.States(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.broken = now.Add(retryStep)
		return fmt.Errorf("feeds: reading the states of sources: %w", err)
	}
	p.broken, p.learnt = time.Time{}, true
	for _, s := range states {
		if w := p.all[s.Source]; w != nil {
			w.know(s)
		}
	}
	p.inherit(states)
	for _, w := range p.all {
		p.line.push(w)
	}
	return nil
}

// inherit gives sources that have a new name what is known of them under the old
// one, if no source has that any more.
func (p *Poller) inherit(states []State) {
	former := make(map[string]State) // by address
	known := make(map[string]bool)   // by name
	for _, s := range states {
		known[s.Source] = true
		if last, ok := former[s.Address]; p.all[s.Source] == nil && (!ok || s.Due.After(last.Due)) {
			former[s.Address] = s
		}
	}
	for _, s := range states {
		if p.all[s.Source] != nil {
			delete(former, s.Address) // that is where it is known now
		}
	}
	for _, w := range p.all {
		if s, ok := former[w.Address]; ok && !known[w.Name] && w.Address != "" {
			s.Source = w.Name
			w.know(s)
		}
	}
}

// know sets what is known of w. What is known of another address is of no use.
func (w *watched) know(s State) {
	if s.Address != w.Address {
		s = State{Source: w.Name, Address: w.Address}
	}
	w.state, w.due = s, s.Due
}
