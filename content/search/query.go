package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// maxQuery is how many characters of a query are used, maxTerms how many
	// words or runs of it.
	maxQuery = 200
	maxTerms = 16
	// maxPrefixed is how many words a beginning stands for: the most common.
	maxPrefixed = 16
	// minPrefix is how many letters a beginning has.
	minPrefix = 2
)

// A piece is one run of a query, folded.
type piece struct {
	text   string
	joined bool
	// open is whether it is the beginning of a word.
	open bool
	// start and end are its place in the text of the query.
	start, end int
}

// A phrase is pieces that stand side by side. An alternative is phrases that
// stand in one post, in any order.
type (
	phrase      []piece
	alternative []phrase
)

// term is one thing that is looked for: any of the alternatives finds it.
type term struct {
	// typed are what the member typed, as it stands or as a beginning.
	typed []alternative
	// synonyms are what means the same.
	synonyms []alternative
	// word is the piece that the term was made of, if it was one word that
	// stands for itself: it may be a slip or the beginning of a longer word.
	word *piece
}

// request is a query that was understood.
type request struct {
	text   string
	terms  []term
	groups []synonymGroup
	// also are the synonyms that the query is extended by.
	also []string
	// loose is whether any part of any term is enough.
	loose bool
}

// newRequest reads what a member typed.
func newRequest(text string, groups []synonymGroup) request {
	q := request{text: firstRunes(text, maxQuery), groups: groups}
	from := 0
	for _, quoted := range quotations(q.text) {
		q.add(from, quoted[0])
		if p := pieces(q.text, quoted[0], quoted[1]); len(p) > 0 {
			q.want(term{typed: []alternative{{p}}})
		}
		from = quoted[1]
	}
	q.add(from, len(q.text))
	typed := key(q.text)
	slices.Sort(q.also)
	q.also = slices.DeleteFunc(slices.Compact(q.also), func(s string) bool { return strings.Contains(typed, key(s)) })
	return q
}

// add takes the part of the query between two offsets, which has no quotation.
func (q *request) add(from, to int) {
	words := pieces(q.text, from, to)
	for len(words) > 0 {
		n, synonyms, texts := q.synonymsOf(words)
		t := term{typed: []alternative{nil}, synonyms: synonyms}
		for _, w := range words[:n] {
			t.typed[0] = append(t.typed[0], phrase{w})
		}
		if len(synonyms) == 0 && !words[0].joined {
			t.word = &words[0]
		}
		q.want(t)
		q.also = append(q.also, texts...)
		words = words[n:]
	}
}

// want adds a term unless it is there already.
func (q *request) want(t term) {
	known := slices.ContainsFunc(q.terms, func(u term) bool { return u.expression() == t.expression() })
	if len(q.terms) < maxTerms && !known {
		q.terms = append(q.terms, t)
	}
}

// synonymsOf returns how many of the words at the beginning have synonyms
// together, at least 1, their synonyms and the texts of these.
func (q *request) synonymsOf(words []piece) (int, []alternative, []string) {
	for _, g := range q.groups {
		if n, synonyms, texts := g.match(words); n > 0 {
			return n, synonyms, texts
		}
	}
	return 1, nil, nil
}

// pieces returns the runs of text between two offsets.
func pieces(text string, from, to int) []piece {
	var found []piece
	for r := range scan(text[from:to]) {
		found = append(found, piece{r.String(), r.joined, r.joined && len(r.runes) == 1, from + r.start(), from + r.end()})
	}
	return found
}

// closing holds the mark that ends what each quotation mark begins.
var closing = map[rune]string{'"': `"`, '＂': "＂", '“': "”", '「': "」", '『': "』"}

// quotations returns where quoted words begin and end in text, with their
// marks. A mark without its partner is not one.
func quotations(text string) [][2]int {
	var found [][2]int
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		end, ok := closing[r]
		length := strings.Index(text[i+size:], end)
		if !ok || length < 0 {
			i += size
			continue
		}
		next := i + size + length + len(end)
		found = append(found, [2]int{i, next})
		i = next
	}
	return found
}

// firstRunes returns at most the first n characters of s.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// prefixed returns the request in which the last word may be the beginning of
// others, and false if it begins none.
func (q request) prefixed(words vocabulary) (request, bool) {
	last := len(q.terms) - 1
	if last < 0 || q.terms[last].word == nil || len(q.terms[last].word.text) < minPrefix {
		return q, false
	}
	typed := *q.terms[last].word
	longer := words.prefixed(typed.text, maxPrefixed)
	if len(longer) == 0 {
		return q, false
	}
	beginning := typed
	beginning.open = true
	t := term{word: &typed, typed: []alternative{{{typed}}, {{beginning}}}}
	for _, w := range longer {
		if !strings.HasPrefix(stem(w), typed.text) { // the stem is shorter than what was typed
			t.typed = append(t.typed, alternative{{piece{text: w}}})
		}
	}
	q.terms = append(slices.Clone(q.terms[:last]), t)
	return q, true
}

// corrected returns the text of the query with words that stand in no post
// replaced by the nearest that does, and false if there is nothing to replace.
func (q request) corrected(words vocabulary) (string, bool) {
	var b strings.Builder
	from := 0
	for _, t := range q.terms {
		if t.word == nil {
			continue
		}
		if _, known := words.find(t.word.text); known {
			continue
		}
		if near, ok := words.nearest(t.word.text); ok {
			b.WriteString(q.text[from:t.word.start] + near)
			from = t.word.end
		}
	}
	b.WriteString(q.text[from:])
	return b.String(), from > 0
}
