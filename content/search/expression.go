package search

import (
	"iter"
	"slices"
	"strings"
)

const (
	// maxPhrase is how many tokens of a phrase are compared, and maxParts how
	// many parts a loose request has: the time of FTS5 grows with them times the
	// length of the posts.
	maxPhrase = 16
	maxParts  = 48
)

// expression returns the request in the language of FTS5
// (https://www.sqlite.org/fts5.html#full_text_query_syntax), "" if it asks for
// nothing. Tokens are letters and digits only and stand between quotation
// marks, so that nothing that was typed can be syntax.
func (q request) expression() string {
	if q.loose {
		return strings.Join(q.parts(), " OR ")
	}
	return join(q.terms, " AND ", term.expression)
}

func (t term) expression() string {
	return join(slices.Concat(t.typed, t.synonyms), " OR ", func(a alternative) string {
		return join(a, " AND ", phrase.expression)
	})
}

// join returns the expressions of parts with an operator between them.
func join[T any](parts []T, operator string, expression func(T) string) string {
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = expression(p)
	}
	if len(parts) == 1 {
		return texts[0]
	}
	return "(" + strings.Join(texts, operator) + ")"
}

// expression of a phrase: its tokens side by side, as many as help.
func (p phrase) expression() string {
	var tokens []string
	for _, w := range p[:len(p)-1] {
		tokens = append(tokens, w.tokens()...)
	}
	last := p[len(p)-1]
	tokens = append(tokens, last.inner()...)
	text := `"` + strings.Join(tokens[:min(len(tokens), maxPhrase)], " ") + `"` + last.star()
	if last.joined && last.open { // in bodies every character begins too many words
		return "{title labels} : " + text
	}
	return text
}

// parts returns the expression of each part of a loose request: words, and
// pairs of characters.
func (q request) parts() []string {
	var parts []string
	for w := range q.pieces() {
		for _, t := range w.inner() {
			part := `"` + t + `"` + w.star()
			if len(parts) < maxParts && !slices.Contains(parts, part) {
				parts = append(parts, part)
			}
		}
	}
	return parts
}

// pieces yields every piece of every alternative.
func (q request) pieces() iter.Seq[piece] {
	return func(yield func(piece) bool) {
		for _, t := range q.terms {
			for _, a := range slices.Concat(t.typed, t.synonyms) {
				for _, p := range slices.Concat(a...) {
					if !yield(p) {
						return
					}
				}
			}
		}
	}
}

// alone returns the request without synonyms.
func (q request) alone() request {
	q.terms = slices.Clone(q.terms)
	for i := range q.terms {
		q.terms[i].synonyms = nil
	}
	return q
}

// tokens returns what an analyzer makes of the piece.
func (p piece) tokens() []string {
	switch {
	case p.joined:
		return slices.Collect(pairs(p.text))
	case p.open:
		return []string{p.text}
	}
	return []string{stem(p.text)}
}

// inner returns the tokens without the last character alone, which says that
// the run ends there: in a post it may go on.
func (p piece) inner() []string {
	tokens := p.tokens()
	if p.joined && len(tokens) > 1 {
		return tokens[:len(tokens)-1]
	}
	return tokens
}

// star is FTS5's mark of a beginning if the piece is one.
func (p piece) star() string {
	if p.open {
		return "*"
	}
	return ""
}
