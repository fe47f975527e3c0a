package command

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
)

const (
	// definitionCharacters is how much of a definition is quoted.
	definitionCharacters = 300
	// termsPerPage is how many terms are listed in one paragraph.
	termsPerPage = 40
	// nearTerms is how many terms are offered for one that is unknown.
	nearTerms = 8
)

// glossary tells what a term means, in the words of its post.
func (r *request) glossary() bot.Reply {
	if len(r.posts().terms) == 0 {
		return r.sorry(r.say.noTerms)
	}
	if len(r.words) == 0 {
		return r.allTerms()
	}
	typed := fold(strings.Join(r.words, " "))
	if posts := r.posts().termNames[typed]; len(posts) > 0 {
		return r.definition(r.inLanguage(posts))
	}
	near := r.posts().nearTerms(typed)
	switch {
	case len(near) == 0:
		reply := r.sorry(r.say.noTerm(echo(r.args)), r.say.termHint)
		reply.Buttons = append(commandButtons("glossary"), button(r.say.searchFor(echo(r.args)), "search "+r.args)...)
		return reply
	case !slices.ContainsFunc(near, func(p *content.Post) bool { return p.Slug != near[0].Slug }):
		return r.definition(r.inLanguage(near)) // its title says what was taken for the term
	}
	reply := r.sorry(r.say.noTerm(echo(r.args)), r.say.nearTerms)
	for _, p := range near {
		reply.Buttons = append(reply.Buttons, button(clean(p.Title), "glossary "+p.Slug)...)
	}
	return reply
}

// inLanguage returns the post that the member can read best.
func (r *request) inLanguage(posts []*content.Post) *content.Post {
	for _, p := range posts {
		if lang, ok := bot.MatchLang(p.Lang); ok && lang == r.lang {
			return p
		}
	}
	return posts[0]
}

func (r *request) definition(p *content.Post) bot.Reply {
	whole := definitionOf(p.Body())
	text, cut := excerpt(whole, definitionCharacters)
	reply := bot.Reply{Card: bot.Card{Title: p.Title, URL: p.URL, Body: text, Image: picture(p.Image)}}
	if p.License != "" {
		reply.Footer = r.say.source(hostOf(p.URL), clean(p.License), cut)
	}
	return reply
}

// definitionOf is the section that says what the term is, by the anchor that the
// CNCF Glossary gives it, or else what stands before the first heading, or else
// the first section that says anything.
func definitionOf(body content.Body) bot.Text {
	for _, s := range body.Sections {
		if s.Anchor == "what-it-is" {
			return blocksText(s.Blocks)
		}
	}
	for _, s := range body.Sections {
		if t := blocksText(s.Blocks); len(t) > 0 {
			return t
		}
	}
	return nil
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Hostname()
}

// nearTerms returns terms that the typed words may mean: those whose name begins
// with them first, then those that have them within, or within which they
// stand, or else the one that is but a slip away.
func (x *index) nearTerms(typed string) []*content.Post {
	if utf8.RuneCountInString(typed) > 2*echoColumns {
		return nil
	}
	var begin, within []*content.Post
	var names []string
	for _, t := range x.terms {
		for _, name := range []string{t.title, t.slug} {
			names = append(names, name)
			if strings.HasPrefix(name, typed) {
				begin = append(begin, t.Post)
				break
			}
			if strings.Contains(name, typed) || utf8.RuneCountInString(name) > 1 && strings.Contains(typed, name) {
				within = append(within, t.Post)
				break
			}
		}
	}
	near := slices.Concat(begin, within)
	if len(near) == 0 {
		near = x.termNames[bot.Nearest(typed, names)]
	}
	return near[:min(len(near), nearTerms)]
}

// allTerms lists the glossary.
func (r *request) allTerms() bot.Reply {
	terms := r.posts().terms
	part, at, of := pageOf(terms, r.page, termsPerPage)
	var body bot.Text
	for i, t := range part {
		if i > 0 {
			body = append(body, bot.Plain(r.say.comma)...)
		}
		body = append(body, postLink(t.Post)...)
	}
	reply := bot.Reply{
		Card: bot.Card{
			Title: r.say.termsTitle(len(terms)), Body: body,
			Footer: r.say.termsHint("/glossary " + short(clean(terms[0].Title), maxTitle)),
		},
		Buttons: pageButtons("glossary", at, of),
	}
	if of > 1 {
		reply.Footer = r.say.pageOf(at, of) + " · " + reply.Footer
	}
	return reply
}

// completeTerm offers the terms that what was typed may mean, or all of them.
func (r *request) completeTerm() []bot.Choice {
	var terms []*content.Post
	if len(r.words) > 0 {
		terms = r.posts().nearTerms(fold(strings.Join(r.words, " ")))
	} else {
		for _, t := range r.posts().terms[:min(len(r.posts().terms), maxChoices)] {
			terms = append(terms, t.Post)
		}
	}
	var choices []bot.Choice
	for _, p := range terms {
		choices = append(choices, bot.Choice{Label: short(clean(p.Title), maxLabel), Value: p.Slug})
	}
	return choices
}
