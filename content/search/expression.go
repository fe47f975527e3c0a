package search

import (
	"iter"
	"slices"
	"strings"
)

// expression returns the request in the language of FTS5
// (https://www.sqlite.org/fts5.html#full_text_query_syntax), "" if it asks for
// nothing. Tokens are letters and digits only and stand between quotation
// marks, so that nothing that was typed can be syntax.
func (q request) expression() string {
	if q.loose {
		return strings.Join(slices.Collect(q.parts()), " OR ")
	}
	return join(q.terms, " AND ", func(t term) string {
		return join(slices.Concat(t.typed, t.synonyms), " OR ", func(a alternative) string {
			return join(a, " AND ", phrase.expression)
		})
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

func (p phrase) expression() string {
	var tokens []string
	last := len(p) - 1
	for _, w := range p[:last] {
		tokens = append(tokens, w.tokens()...)
	}
	if ends := p[last].tokens(); len(ends) > 1 { // nothing says that the run ends here
		tokens = append(tokens, ends[:len(ends)-1]...)
	} else {
		tokens = append(tokens, ends...)
	}
	text := `"` + strings.Join(tokens, " ") + `"` + p[last].star()
	if p[last].joined && p[last].open { // in bodies every character begins too many words
		return "{title labels} : " + text
	}
	return text
}

// parts yields the expression of each part of a loose request: words, and
// pairs of characters.
func (q request) parts() iter.Seq[string] {
	return func(yield func(string) bool) {
		for w := range q.pieces() {
			tokens := w.tokens()
			for _, t := range tokens[:max(1, len(tokens)-1)] {
				if !yield(`"` + t + `"` + w.star()) {
					return
				}
			}
		}
	}
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

// star is FTS5's mark of a beginning if the piece is one.
func (p piece) star() string {
	if p.open {
		return "*"
	}
	return ""
}
