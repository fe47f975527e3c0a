package search

import (
	"context"
	"slices"
	"strings"
)

// Complete returns at most limit queries that begin with what was typed: titles
// of posts, the newest first, then tags, then what was typed with its last word
// made whole. Of nothing typed it makes the newest titles.
func (ix *Index) Complete(ctx context.Context, prefix string, limit int) ([]string, error) {
	s := ix.state.Load()
	typed := strings.TrimSuffix(key(firstRunes(prefix, maxQuery)), " ")
	if typed == "" && strings.TrimSpace(prefix) != "" {
		return nil, ctx.Err()
	}
	var found []string
	add := func(text string) {
		if len(found) < limit && !slices.Contains(found, text) {
			found = append(found, text)
		}
	}
	for _, fits := range []func(entry) bool{
		func(e entry) bool { return strings.HasPrefix(e.title, typed) },
		func(e entry) bool { return within(e.title, typed) },
		func(e entry) bool { return strings.HasPrefix(e.slug, typed) },
	} {
		for _, e := range s.entries {
			if len(found) == limit {
				return found, ctx.Err()
			}
			if fits(e) {
				add(e.post.Title)
			}
		}
	}
	for _, e := range s.entries {
		for _, t := range e.post.Tags {
			if len(found) < limit && strings.HasPrefix(key(t.Label), typed) {
				add(t.Label)
			}
		}
	}
	s.completeWord(prefix, limit, add)
	return found, ctx.Err()
}

// completeWord adds the query with its last word made whole.
func (s *state) completeWord(text string, limit int, add func(string)) {
	words := pieces(text, 0, len(text))
	if len(words) == 0 {
		return
	}
	last := words[len(words)-1]
	if last.joined || last.end < len(text) {
		return
	}
	for _, w := range s.words.prefixed(last.text, limit) {
		add(text[:last.start] + w)
	}
}

// within reports whether typed stands in the key of a title at the beginning of
// a word, or anywhere if it begins with a joined script.
func within(title, typed string) bool {
	if strings.Contains(title, " "+typed) {
		return true
	}
	words := pieces(typed, 0, len(typed))
	return len(words) > 0 && words[0].joined && strings.Contains(title, typed)
}
