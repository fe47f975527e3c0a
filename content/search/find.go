package search

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cloudnative.tw/herald/content"
)

const (
	// few hits of the words as typed let the last one begin other words, too.
	few = 5
	// maxRanked is how many hits are ranked. Of more, those whose title or labels
	// match are; a word that stands in so many bodies says little there.
	maxRanked = 2000
	// maxTitles is how many of the best hits are compared with their titles.
	maxTitles = 50
	// share is the part of the best hit's score that hits of a loose request
	// must reach.
	share = 0.4
)

// found is a post that fits a request.
type found struct {
	*entry
	score float64
}

// answer is what a request finds.
type answer struct {
	request request
	hits    []found // the best first, at most maxRanked
	total   int
	instead string
}

// Search finds the posts that have all words of the query; if there are none,
// those of the query without its slips; if there are still none, those that
// have some of the words. Of a query that is too long the beginning is used,
// and one without words finds nothing.
func (ix *Index) Search(ctx context.Context, q content.Query) (content.Result, error) {
	a, err := ix.answer(ctx, q)
	var broken *databaseError
	if errors.As(err, &broken) {
		if err = ix.heal(ctx, broken.db, broken.err); err == nil {
			a, err = ix.answer(ctx, q)
		}
	}
	if err != nil {
		return content.Result{}, fmt.Errorf("search posts: %w", err)
	}
	result := content.Result{Total: a.total, Also: a.request.also, Instead: a.instead}
	from := min(max(q.Offset, 0), len(a.hits))
	to := min(from+max(q.Limit, 0), len(a.hits))
	m := newMarker(a.request)
	for _, f := range a.hits[from:to] {
		result.Hits = append(result.Hits, m.hit(f.post))
	}
	return result, nil
}

func (ix *Index) answer(ctx context.Context, q content.Query) (answer, error) {
	r := newRequest(q.Text, ix.synonyms)
	a := answer{request: r}
	if len(r.terms) == 0 {
		return a, ctx.Err()
	}
	err := ix.useOrBreak(ctx, func(ctx context.Context, db *database) error {
		var err error
		a, err = ix.state.Load().answer(ctx, db, r, q.Sources)
		return err
	})
	return a, err
}

// answer tries the request in the ways that Search tells.
func (s *state) answer(ctx context.Context, db *database, r request, sources []string) (answer, error) {
	f := finder{ctx: ctx, db: db, state: s, sources: sources}
	a := f.find(r)
	if longer, ok := r.prefixed(s.words); ok && a.total < few {
		a = f.find(longer).after(a)
	}
	if a.total > 0 {
		return a, f.err
	}
	if text, ok := r.corrected(s.words); ok {
		r = newRequest(text, r.synonyms)
		a = f.find(r)
		a.instead = text
	}
	if a.total == 0 {
		instead := a.instead
		r.loose = true
		a = f.find(r)
		a.instead = instead
	}
	return a, f.err
}

// after returns the answer with the hits that first has before the others.
func (a answer) after(first answer) answer {
	exact := make(map[int64]bool, len(first.hits))
	for _, h := range first.hits {
		exact[h.row] = true
	}
	others := slices.DeleteFunc(a.hits, func(h found) bool { return exact[h.row] })
	a.hits = append(first.hits, others...)
	return a
}

// finder runs requests. Its first error stays.
type finder struct {
	ctx     context.Context
	db      *database
	state   *state
	sources []string
	err     error
}

// find returns what fits the request.
func (f *finder) find(r request) answer {
	a := answer{request: r}
	if f.err != nil {
		return a
	}
	match := r.expression() + f.filter()
	if f.err = f.db.count.QueryRowContext(f.ctx, match).Scan(&a.total); f.err != nil || a.total == 0 {
		return a
	}
	if a.total > maxRanked {
		a.hits = f.ranked("{title labels} : (" + r.expression() + ")" + f.filter())
	}
	if len(a.hits) == 0 {
		a.hits = f.ranked(match)
	}
	f.state.sort(a.hits, newMarker(r))
	if r.loose {
		a.cut()
	}
	return a
}

// filter returns the part of the expression that chooses the sources.
func (f *finder) filter() string {
	if len(f.sources) == 0 {
		return ""
	}
	names := make([]string, len(f.sources))
	for i, s := range f.sources {
		names[i] = `"` + sourceToken(s) + `"`
	}
	return " AND {source} : (" + strings.Join(names, " OR ") + ")"
}

// sourceToken makes a token of any name.
func sourceToken(source string) string { return "x" + hex.EncodeToString([]byte(source)) }

// ranked returns the posts that match, in no order.
func (f *finder) ranked(match string) []found {
	rows, err := f.db.rank.QueryContext(f.ctx, match, maxRanked)
	if err != nil {
		f.err = err
		return nil
	}
	defer rows.Close()
	var hits []found
	for rows.Next() {
		var row int64
		var score float64
		if f.err = rows.Scan(&row, &score); f.err != nil {
			return nil
		}
		if e, ok := f.state.byRow[row]; ok { // not one that an unfinished update brings
			hits = append(hits, found{e, -score})
		}
	}
	f.err = rows.Err()
	return hits
}

// sort puts the best first: by score, which counts up to twice for a title that
// says nothing but what is looked for; then the newest.
func (s *state) sort(hits []found, m *marker) {
	order := func(a, b found) int {
		return cmp.Or(cmp.Compare(b.score, a.score), b.post.Date.Compare(a.post.Date), cmp.Compare(b.row, a.row))
	}
	slices.SortFunc(hits, order)
	top := hits[:min(len(hits), maxTitles)]
	for i := range top {
		top[i].score *= 1 + m.coverage(top[i].post.Title)
	}
	slices.SortFunc(top, order)
}

// cut takes away the hits that have too little of a loose request.
func (a *answer) cut() {
	for i, h := range a.hits {
		if h.score < share*a.hits[0].score {
			a.hits = a.hits[:i]
			break
		}
	}
	a.total = len(a.hits)
}
