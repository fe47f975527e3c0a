package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// patience is how long a person is left waiting without a word.
const patience = time.Second

// wipe clears the line that the cursor is on (ECMA-48, EL).
const wipe = "\r\x1b[K"

// progress is a line that tells a person at a terminal what takes so long. It
// appears after a second and leaves no trace.
type progress struct {
	w     io.Writer
	timer *time.Timer

	mu    sync.Mutex // guards what follows
	text  string
	shown bool
	ended bool
}

// progress begins to wait. Where nobody looks it writes nothing.
func (e environment) progress() *progress {
	p := &progress{w: io.Discard}
	if e.watched {
		p.w = e.err
	}
	p.timer = time.AfterFunc(patience, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.shown = !p.ended
		p.draw()
	})
	return p
}

// say changes what the line says.
func (p *progress) say(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if text != p.text {
		p.text = text
		p.draw()
	}
}

func (p *progress) draw() {
	if p.shown && p.text != "" {
		fmt.Fprint(p.w, wipe+p.text+" …")
	}
}

// stop takes the line away.
func (p *progress) stop() {
	p.timer.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, wipe)
	}
	p.shown, p.ended = false, true
}
