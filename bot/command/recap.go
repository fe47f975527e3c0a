package command

import (
	"slices"
	"strconv"
	"strings"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
)

const (
	// chapterCharacters is how much of a chapter stands on a page.
	chapterCharacters = 600
	// leadCharacters is how much of a recap's introduction its table of contents
	// shows.
	leadCharacters = 100
	// maxChapters is how many chapters are listed: Discord has 25 buttons.
	maxChapters = 20
	// maxDocuments is how many PDFs of a chapter have a button of their own.
	maxDocuments = 5
	// yearsOffered is how many years a sorry answer has buttons for.
	yearsOffered = 10
)

// recap answers with the recap of a year: the written one, or else one made
// from the index. After the year, the number of a chapter shows that chapter,
// and one more number a page of it.
func (r *request) recap() bot.Reply {
	years := r.posts().recapYears()
	if len(r.words) == 0 {
		if len(years) == 0 {
			return r.offerYears("recap", r.say.noRecapYet)
		}
		return r.writtenRecap(years[0], r.posts().recaps[years[0]])
	}
	year, reply, ok := r.year()
	if !ok {
		return reply
	}
	if post := r.posts().recaps[year]; post != nil {
		return r.writtenRecap(year, post)
	}
	posts := r.posts().years[year]
	if year <= r.thisYear() && posts != nil && len(posts.articles)+len(posts.meetups) > 0 {
		return r.computedRecap(year, posts)
	}
	switch now := r.thisYear(); {
	case year > now:
		return r.offerYears("recap", r.say.futureYear(year))
	case year == now:
		return r.offerYears("recap", r.say.nothingYet)
	}
	return r.offerYears("recap", r.say.emptyYear(year))
}

// year reads the first word as a year. If it is none, the reply says so.
func (r *request) year() (year int, reply bot.Reply, ok bool) {
	year, roc, ok := readYear(r.words[0])
	if !ok {
		return 0, r.offerYears(r.entry.Name, r.say.noYear(echo(r.words[0]))), false
	}
	if roc {
		reply = r.sorry(r.say.yearOfROC(year-yearOfROC1+1, year))
		reply.Buttons = commandButtons(r.entry.Name + " " + strconv.Itoa(year))
		return 0, reply, false
	}
	return year, bot.Reply{}, true
}

// offerYears says why there is no answer and which years have one.
func (r *request) offerYears(name, why string) bot.Reply {
	years := r.posts().allYears()
	if name == "meetups" {
		years = r.posts().meetupYears()
	}
	years = slices.DeleteFunc(years, func(year int) bool { return year > r.thisYear() })
	if len(years) == 0 {
		return r.sorry(why)
	}
	words := make([]string, len(years))
	for i, year := range years {
		words[i] = strconv.Itoa(year)
	}
	reply := r.sorry(why, r.say.yearsThere(strings.Join(words[:min(len(words), yearsOffered)], r.say.comma)))
	for _, year := range words[:min(len(words), yearsOffered)] {
		reply.Buttons = append(reply.Buttons, button(year, name+" "+year)...)
	}
	return reply
}

// number returns word i as a positive number, or 0.
func (r *request) number(i int) int {
	if i >= len(r.words) {
		return 0
	}
	n, err := strconv.Atoi(r.words[i])
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func (r *request) writtenRecap(year int, p *content.Post) bot.Reply {
	body := p.Body()
	lead, list := chapters(body)
	if len(list) > 0 && len(lead) == 0 && isIntroduction(list[0].Heading) {
		lead, list = list[0].sections(), list[1:]
	}
	list = list[:min(len(list), maxChapters)]
	line := "recap " + strconv.Itoa(year)
	if n := r.number(1); n > 0 && n <= len(list) {
		return r.chapter(p, list, n, line)
	}
	reply := bot.Reply{Card: bot.Card{Title: p.Title, URL: p.URL, Image: cover(p, body)}}
	contents := make([]bot.Text, len(list))
	for i, c := range list {
		contents[i] = bot.Join(item(i+1), bot.LinkTo(short(clean(c.Heading), maxTitle), anchored(p.URL, c.Anchor)))
		number := strconv.Itoa(i + 1)
		reply.Buttons = append(reply.Buttons, button(number, line+" "+number)...)
	}
	var intro bot.Text
	for _, s := range lead {
		intro = paragraphs(intro, blocksText(s.Blocks))
	}
	intro, _ = excerpt(oneLine(intro), leadCharacters)
	reply.Body = paragraphs(lines(bot.Plain(r.byline(p)), intro), lines(contents...))
	return reply
}

// isIntroduction reports whether a heading only says that what follows it is
// the beginning.
func isIntroduction(heading string) bool {
	switch fold(heading) {
	case "導言", "前言", "引言", "序", "序言", "introduction", "intro", "foreword", "preface":
		return true
	}
	return false
}

// byline is who wrote a post and when, as the site shows it.
func (r *request) byline(p *content.Post) string {
	var parts []string
	if len(p.Authors) > 0 {
		names := make([]string, len(p.Authors))
		for i, a := range p.Authors {
			names[i] = a.Name
		}
		parts = append(parts, short(clean(strings.Join(names, r.say.comma)), maxTitle))
	}
	if !p.Date.IsZero() {
		parts = append(parts, r.say.date(p.Date))
	}
	return strings.Join(parts, " · ")
}

// cover is the picture of a post: its own, or else the first in its text.
func cover(p *content.Post, body content.Body) string {
	if own := picture(p.Image); own != "" {
		return own
	}
	return firstPicture(body.Sections)
}

// chapter shows a page of chapter n. The last button leads on through the whole
// recap: to the next page, or else to the next chapter.
func (r *request) chapter(p *content.Post, list []chapter, n int, line string) bot.Reply {
	c := list[n-1]
	pages := pagesOf(c.text(), chapterCharacters)
	page := min(max(r.number(2), 1), len(pages))
	reply := bot.Reply{Card: bot.Card{
		Title:  c.Heading,
		URL:    anchored(p.URL, c.Anchor),
		Body:   pages[page-1],
		Footer: clean(p.Title) + " · " + r.say.chapterOf(n, len(list)),
	}}
	if len(pages) > 1 {
		reply.Footer += " · " + r.say.pageOf(page, len(pages))
	}
	if page == 1 {
		reply.Image = firstPicture(c.sections())
	}
	reply.Buttons = button(r.say.backToContents, line)
	switch {
	case page < len(pages):
		reply.Buttons = append(reply.Buttons, button("›", line+" "+strconv.Itoa(n)+" "+strconv.Itoa(page+1))...)
	case n < len(list):
		reply.Buttons = append(reply.Buttons, button("›", line+" "+strconv.Itoa(n+1))...)
	}
	pdfs := documents(c.sections())
	for _, pdf := range pdfs[:min(len(pdfs), maxDocuments)] {
		reply.Buttons = append(reply.Buttons, bot.Button{Label: r.documentLabel(clean(pdf.Text)), URL: pdf.URL})
	}
	return reply
}

// pagesOf divides a text into pages of at most that many user-perceived
// characters. There is at least one page.
func pagesOf(t bot.Text, characters int) []bot.Text {
	var pages []bot.Text
	for {
		head, rest := t.Cut(characters, bot.Characters)
		pages = append(pages, head)
		if len(rest) == 0 {
			return pages
		}
		t = rest
	}
}

func (r *request) completeRecap() []bot.Choice { return r.yearChoices(r.posts().allYears()) }

func (r *request) completeMeetups() []bot.Choice { return r.yearChoices(r.posts().meetupYears()) }

// yearChoices offers the years that begin with what was typed.
func (r *request) yearChoices(years []int) []bot.Choice {
	var choices []bot.Choice
	for _, year := range years {
		if s := strconv.Itoa(year); strings.HasPrefix(s, strings.Join(r.words, "")) {
			choices = append(choices, bot.Choice{Label: s, Value: s})
		}
	}
	return choices
}
