package command

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"cloudnative.tw/herald/content"
)

// index is what commands ask of a snapshot, in the order in which they show it.
// It is built at the first question and never changes.
type index struct {
	snapshot *content.Snapshot
	build    sync.Once

	// dated are the posts that stand in a chronicle: not terms, newest first.
	dated []*content.Post
	// years lead to what was published or took place in each.
	years map[int]*yearPosts
	// recaps lead from each year to its written recap.
	recaps map[int]*content.Post
	// tags and authors are the busiest first.
	tags    []*tally
	authors []*tally
	// tagged leads from a tag's folded label and permalink to its tally.
	tagged map[string]*tally
	// terms are the glossary, by title.
	terms []glossaryTerm
	// termNames leads from each folded name of a term to its posts.
	termNames map[string][]*content.Post
}

// yearPosts is one year of the community, newest first.
type yearPosts struct {
	articles, meetups []*content.Post
}

// glossaryTerm is a term with its folded names.
type glossaryTerm struct {
	*content.Post
	title, slug string
}

// tally is a tag or an author with its posts, newest first.
type tally struct {
	name, url string
	posts     []*content.Post
}

// posts returns the index of the present snapshot.
func (t *Table) posts() *index {
	snapshot := t.Library.Snapshot()
	x := t.index.Load()
	if x == nil || x.snapshot != snapshot {
		fresh := &index{snapshot: snapshot}
		if !t.index.CompareAndSwap(x, fresh) {
			// Another goroutine was first; if it saw yet another snapshot, the
			// next command puts that right.
			fresh = t.index.Load()
		}
		x = fresh
	}
	x.build.Do(func() { x.fill(t.Commands) })
	return x
}

func (x *index) fill(configs map[string]Config) {
	recapTag := cmp.Or(configs["recap"].Tag, defaultRecapTag)
	meetups := configs["meetups"].From
	if meetups == nil {
		meetups = []string{"meetups"}
	}
	glossary := configs["glossary"].From
	x.years = make(map[int]*yearPosts)
	x.recaps = make(map[int]*content.Post)
	x.tagged = make(map[string]*tally)
	x.termNames = make(map[string][]*content.Post)
	authors := make(map[string]*tally)
	for _, p := range x.snapshot.Listed() {
		if p.Kind == content.Term {
			if glossary == nil || slices.Contains(glossary, p.Source) {
				x.addTerm(p)
			}
			continue
		}
		x.addTags(p)
		for _, a := range p.Authors {
			count(authors, strings.ToLower(a.Name), a.Name, a.URL).add(p)
		}
		if p.HasTag(recapTag) {
			x.addRecap(p)
		}
		if !p.Date.IsZero() {
			x.dated = append(x.dated, p)
			x.addToYear(p, slices.Contains(meetups, p.Source))
		}
	}
	x.tags = busiest(x.tagged)
	x.authors = busiest(authors)
	slices.SortFunc(x.terms, func(a, b glossaryTerm) int { return strings.Compare(a.title, b.title) })
}

func (x *index) addToYear(p *content.Post, meetup bool) {
	year := x.years[p.Date.Year()]
	if year == nil {
		year = &yearPosts{}
		x.years[p.Date.Year()] = year
	}
	switch {
	case meetup:
		year.meetups = append(year.meetups, p)
	case p.Kind == content.Article:
		year.articles = append(year.articles, p)
	}
}

// addRecap files a recap under the year that its slug or title names. Its date
// does not decide: many a recap appears in January. The newest one of a year
// stands.
func (x *index) addRecap(p *content.Post) {
	for _, s := range []string{p.Slug, p.Title} {
		if year, ok := yearIn(s); ok {
			if x.recaps[year] == nil {
				x.recaps[year] = p
			}
			return
		}
	}
}

// addTags counts a post under each of its tags once. Tags are the same when
// their labels or their permalinks are.
func (x *index) addTags(p *content.Post) {
	for _, tag := range p.Tags {
		label, permalink := strings.ToLower(tag.Label), strings.ToLower(tag.Permalink)
		t := cmp.Or(x.tagged[label], x.tagged[permalink])
		if t == nil {
			t = &tally{name: tag.Label}
		}
		for _, key := range []string{label, permalink} {
			if key != "" && x.tagged[key] == nil {
				x.tagged[key] = t
			}
		}
		t.add(p)
	}
}

func count(tallies map[string]*tally, key, name, url string) *tally {
	t := tallies[key]
	if t == nil {
		t = &tally{name: name, url: url}
		tallies[key] = t
	}
	return t
}

func (t *tally) add(p *content.Post) {
	if n := len(t.posts); n == 0 || t.posts[n-1] != p {
		t.posts = append(t.posts, p)
	}
}

// busiest returns the tallies with the most posts first, equals by name.
func busiest(tallies map[string]*tally) []*tally {
	seen := make(map[*tally]bool, len(tallies))
	for _, t := range tallies {
		seen[t] = true
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b *tally) int {
		return cmp.Or(cmp.Compare(len(b.posts), len(a.posts)), strings.Compare(a.name, b.name))
	})
}

// addTerm files a term under its title, under what stands before and inside
// brackets in the title, and under its slug.
func (x *index) addTerm(p *content.Post) {
	t := glossaryTerm{p, fold(p.Title), fold(p.Slug)}
	x.terms = append(x.terms, t)
	names := []string{t.title, t.slug}
	if before, inside, ok := strings.Cut(t.title, "("); ok {
		names = append(names, fold(before), fold(strings.TrimRight(inside, ") ")))
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		x.termNames[name] = append(x.termNames[name], p)
	}
}

// fold makes spellings alike that a reader takes for the same: width, case,
// hyphens and spaces.
func fold(s string) string {
	s = strings.ToLower(norm.NFKC.String(s))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '_' || r == ' ' }), " ")
}

// recapYears returns the years that have a written recap, newest first.
func (x *index) recapYears() []int { return newest(maps.Keys(x.recaps)) }

// meetupYears returns the years that have meetups, newest first.
func (x *index) meetupYears() []int {
	years := maps.Clone(x.years)
	maps.DeleteFunc(years, func(_ int, y *yearPosts) bool { return len(y.meetups) == 0 })
	return newest(maps.Keys(years))
}

// allYears returns the years of which anything can be told, newest first.
func (x *index) allYears() []int {
	years := make(map[int]bool)
	for year, posts := range x.years {
		if len(posts.articles)+len(posts.meetups) > 0 {
			years[year] = true
		}
	}
	for year := range x.recaps {
		years[year] = true
	}
	return newest(maps.Keys(years))
}
