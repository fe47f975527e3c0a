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
	// maxRanked is how many hits are ranked at once. Of more, those are whose title
	// or labels match; a word that stands in so many bodies says little there. If
	// these are not enough for some pages, the newest are ranked, too. Others are
	// not found, nor counted: that would take as long as finding.
	maxRanked = 500
	enough    = 100
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
	more    bool    // there are others
	instead string
}

// Search finds the posts that have all words of the query; if there are none,
// those of the query without its slips; if there are still none, those that
// have some of the words. Of a query that is too long the beginning is used,
// and one without words finds nothing. Of many posts only the best few hundred
// are found; More tells.
func (ix *Index) Search(ctx context.Context, q content.Query) (content.Result, error) {
	a, err := ix.answer(ctx, q)
	var broken *databaseError
	if errors.As(err, &broken) {
		if err = ix.heal(ctx, broken); err == nil {
			a, err = ix.answer(ctx, q)
		}
	}
	if err != nil {
		return content.Result{}, fmt.Errorf("search posts: %w", err)
	}
	result := content.Result{Total: len(a.hits), More: a.more, Also: a.request.also, Instead: a.instead}
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
	err := ix.use(ctx, func(ctx context.Context, db *database) error {
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
	if len(a.hits) < few {
		if longer, ok := r.prefixed(s.words); ok {
			a = f.find(longer).after(a)
		}
	}
	if len(a.hits) > 0 {
		return a, f.err
	}
	instead, slipped := r.corrected(s.words)
	if slipped {
		r = newRequest(instead, r.groups)
		a = f.find(r)
	}
	if len(a.hits) == 0 {
		r.loose = true
		a = f.find(r)
	}
	if slipped && len(a.hits) > 0 {
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
	ctx     context.Context //nolint:containedctx // a finder lives as long as one search
	db      *database
	state   *state
	sources []string
	err     error
}

// find returns what fits the request. One word may stand in half of all posts,
// which then are not even ranked; several words seldom fit so many, and seldom
// enough titles.
func (f *finder) find(r request) answer {
	a := answer{request: r}
	all := r.expression()
	titles := "{title labels} : (" + all + ")"
	newest := func() []found { return f.ranked(all) }
	switch {
	case r.loose:
		a.hits = strong(f.preferred(titles, newest))
	case len(r.terms) == 1 && f.count(all) > maxRanked:
		a.more = true
		a.hits = f.preferred(titles, newest)
	default:
		a.hits = newest()
		if a.more = len(a.hits) > maxRanked; a.more {
			a.hits = f.preferred(titles, func() []found { return a.hits })
		}
	}
	sortHits(a.hits, newMarker(r.alone()))
	a.hits = a.hits[:min(len(a.hits), maxRanked)]
	return a
}

// preferred returns the hits in titles, and if they are not enough, the newest
// of all beside them.
func (f *finder) preferred(titles string, newest func() []found) []found {
	hits := f.ranked(titles)
	if len(hits) < enough {
		hits = union(hits, newest())
	}
	return hits
}

// match returns the FTS5 query for an expression in the chosen sources.
func (f *finder) match(expression string) string {
	if len(f.sources) == 0 {
		return expression
	}
	names := make([]string, len(f.sources))
	for i, s := range f.sources {
		names[i] = `"` + sourceToken(s) + `"`
	}
	return "(" + expression + ") AND {source} : (" + strings.Join(names, " OR ") + ")"
}

// sourceToken makes a token of any name.
func sourceToken(source string) string { return "x" + hex.EncodeToString([]byte(source)) }

// count returns how many posts match, and counts no further than one more than
// maxRanked.
func (f *finder) count(expression string) (n int) {
	if f.err == nil {
		f.err = f.db.count.QueryRowContext(f.ctx, f.match(expression), f.state.last, maxRanked+1).Scan(&n)
	}
	return n
}

// ranked returns the newest of the posts that match, with their scores: one more
// than maxRanked if there are more.
func (f *finder) ranked(expression string) []found {
	if f.err != nil {
		return nil
	}
	rows, err := f.db.rank.QueryContext(f.ctx, f.match(expression), f.state.last, maxRanked+1)
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
		if e, ok := f.state.byRow[row]; ok {
			hits = append(hits, found{e, -score})
		}
	}
	f.err = rows.Err()
	return hits
}

// union returns the hits of both, with the better score.
func union(a, b []found) []found {
	at := make(map[int64]int, len(a))
	for i, h := range a {
		at[h.row] = i
	}
	for _, h := range b {
		if i, ok := at[h.row]; ok {
			a[i].score = max(a[i].score, h.score)
			continue
		}
		a = append(a, h)
	}
	return a
}

// sortHits puts the best first: by score, which counts up to twice for a title or a
// slug that says nothing but what is looked for; then the newest.
func sortHits(hits []found, m *marker) {
	order := func(a, b found) int {
		return cmp.Or(cmp.Compare(b.score, a.score), b.post.Date.Compare(a.post.Date), cmp.Compare(b.row, a.row))
	}
	slices.SortFunc(hits, order)
	top := hits[:min(len(hits), maxTitles)]
	for i := range top {
		top[i].score *= 1 + max(m.coverage(top[i].post.Title), m.coverage(top[i].post.Slug))
	}
	slices.SortFunc(top, order)
}

// strong returns the hits that have a good part of the best one's score.
func strong(hits []found) []found {
	var best float64
	for _, h := range hits {
		best = max(best, h.score)
	}
	return slices.DeleteFunc(hits, func(h found) bool { return h.score < share*best })
}
