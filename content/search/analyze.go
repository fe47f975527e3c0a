package search

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"

	"cloudnative.tw/herald/content"
)

// document is what the index keeps of a post.
type document struct {
	post *content.Post
	// title, labels and body are lists of tokens, parted by spaces.
	title, labels, body string
	// words are the distinct words of scripts with spaces, sorted, before
	// stemming.
	words []string
}

// analyzer makes posts into documents. It is used by one goroutine.
type analyzer struct {
	stems map[string]string
	words map[string]bool
	text  strings.Builder
}

func newAnalyzer() *analyzer {
	return &analyzer{stems: make(map[string]string), words: make(map[string]bool)}
}

// document reads the post.
func (a *analyzer) document(p *content.Post) document {
	clear(a.words)
	body := p.Body()
	return document{
		post:   p,
		title:  a.tokens(slices.Values([]string{p.Title})),
		labels: a.tokens(labels(p, body)),
		body:   a.tokens(texts(p, body)),
		words:  slices.Sorted(maps.Keys(a.words)),
	}
}

// labels yields what says in few words what a post is about.
func labels(p *content.Post, body content.Body) iter.Seq[string] {
	return func(yield func(string) bool) {
		more := yield(p.Slug)
		for _, t := range p.Tags {
			more = more && yield(t.Label)
		}
		for _, a := range p.Authors {
			more = more && yield(a.Name)
		}
		for _, s := range body.Sections {
			more = more && yield(s.Heading)
		}
	}
}

// texts yields what a post says.
func texts(p *content.Post, body content.Body) iter.Seq[string] {
	return func(yield func(string) bool) {
		more := yield(p.Description)
		for _, s := range body.Sections {
			for _, b := range s.Blocks {
				more = more && yield(b.Text())
			}
			for _, i := range s.Images {
				more = more && yield(i.Alt)
			}
		}
	}
}

// tokens returns the tokens of the texts: stems of words, and of every joined
// run the pairs of neighbouring characters and the last character, so that each
// character begins a token.
func (a *analyzer) tokens(texts iter.Seq[string]) string {
	a.text.Reset()
	for text := range texts {
		for r := range scan(text) {
			if !r.joined {
				a.word(r.String())
				continue
			}
			for pair := range pairs(r.String()) {
				a.text.WriteString(pair)
				a.text.WriteByte(' ')
			}
		}
	}
	return a.text.String()
}

func (a *analyzer) word(w string) {
	s, ok := a.stems[w]
	if !ok {
		s = stem(w)
		a.stems[w] = s
	}
	a.text.WriteString(s)
	a.text.WriteByte(' ')
	if strings.ContainsFunc(w, unicode.IsLetter) {
		a.words[w] = true
	}
}
