package search

import (
	"context"
	"slices"
	"strings"
)

// Complete returns at most limit queries that may be meant by what was typed so
// far: titles of posts, the newest first, those that begin so before those of
// which a later word does or the slug; then tags; then what was typed with its
// last word made whole. If nothing was typed it returns the newest titles. It
// fails only when ctx has ended.
func (ix *Index) Complete(ctx context.Context, prefix string, limit int) ([]string, error) {
	c := completion{state: ix.state.Load(), text: strings.TrimSpace(firstRunes(prefix, maxQuery)), limit: limit}
	c.typed = strings.TrimSuffix(key(c.text), " ")
	if c.typed != "" || c.text == "" {
		c.titles()
		c.tags()
		c.words()
	}
	return c.found, ctx.Err()
}

// completion gathers what Complete returns.
type completion struct {
	state *state
	// text is what was typed, typed its key without the last space.
	text, typed string
	limit       int
	found, keys []string
}

// add adds a text unless it is there already. It reports whether more fit.
func (c *completion) add(text string) bool {
	if k := key(text); len(c.found) < c.limit && !slices.Contains(c.keys, k) {
		c.found, c.keys = append(c.found, text), append(c.keys, k)
	}
	return len(c.found) < c.limit
}

func (c *completion) titles() {
	runs := pieces(c.typed, 0, len(c.typed))
	joined := len(runs) > 0 && runs[0].joined // and may begin anywhere
	for _, fits := range []func(n *names) bool{
		func(n *names) bool { return strings.HasPrefix(n.title, c.typed) },
		func(n *names) bool {
			return strings.Contains(n.title, " "+c.typed) || joined && strings.Contains(n.title, c.typed)
		},
		func(n *names) bool { return strings.Contains(" "+n.slug, " "+c.typed) },
	} {
		for _, e := range c.state.entries {
			if fits(e.folded()) && !c.add(e.post.Title) {
				return
			}
		}
	}
}

func (c *completion) tags() {
	n := len(c.text)
	for _, e := range c.state.entries {
		for _, t := range e.post.Tags {
			if len(t.Label) >= n && strings.EqualFold(t.Label[:n], c.text) && !c.add(t.Label) {
				return
			}
		}
	}
}

// words adds what was typed with its last word made whole.
func (c *completion) words() {
	typed := pieces(c.text, 0, len(c.text))
	if len(typed) == 0 {
		return
	}
	last := typed[len(typed)-1]
	if last.joined || last.end < len(c.text) {
		return
	}
	for _, w := range c.state.words.prefixed(last.text, c.limit+1) {
		if w != last.text && !c.add(c.text[:last.start]+w) {
			return
		}
	}
}
