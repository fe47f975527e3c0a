package command

import (
	"slices"
	"strconv"
	"strings"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
)

const (
	// linesPerPage is how many posts stand on a page of a year.
	linesPerPage = 12
	// namesOfYear is how many tags and authors a year is summed up by.
	namesOfYear = 5
)

// computedRecap is made from the index, for a year of which nobody wrote one.
// The number after the year is that of a page.
func (r *request) computedRecap(year int, posts *yearPosts) bot.Reply {
	line := "recap " + strconv.Itoa(year)
	body, at, of := r.chronicle(chronicleOf(posts.articles, posts.meetups), r.number(1))
	reply := bot.Reply{Card: bot.Card{
		Title:  r.say.computedTitle(r.Community.Name, year),
		Footer: r.say.computedNote,
	}}
	if of > 1 {
		reply.Footer = r.say.pageOf(at, of) + " · " + reply.Footer
	}
	if at == 1 {
		reply.Body = paragraphs(r.summary(posts), body)
	} else {
		reply.Body = body
		reply.Buttons = button("‹", line+" "+strconv.Itoa(at-1))
	}
	if at < of {
		reply.Buttons = append(reply.Buttons, button("›", line+" "+strconv.Itoa(at+1))...)
	}
	return reply
}

// summary says what there was in a year, in numbers and names.
func (r *request) summary(posts *yearPosts) bot.Text {
	tags, authors := namesIn(posts)
	return lines(
		bot.Plain(r.say.yearInNumbers(len(posts.meetups), len(posts.articles))),
		r.labelled(r.say.topTags, tags),
		r.labelled(r.say.writtenBy, authors),
	)
}

func (r *request) labelled(label string, names []string) bot.Text {
	if len(names) == 0 {
		return nil
	}
	return bot.Plain(label + short(r.say.list(names), 3*maxTitle))
}

// namesIn returns the tags and the authors that a year's posts have most often.
func namesIn(posts *yearPosts) (tags, authors []string) {
	tagTallies, authorTallies := make(map[string]*tally), make(map[string]*tally)
	for _, p := range slices.Concat(posts.articles, posts.meetups) {
		for _, tag := range p.Tags {
			count(tagTallies, strings.ToLower(tag.Label), tag.Label, "").add(p)
		}
		for _, a := range p.Authors {
			count(authorTallies, strings.ToLower(a.Name), a.Name, "").add(p)
		}
	}
	return firstNames(busiest(tagTallies)), firstNames(busiest(authorTallies))
}

func firstNames(tallies []*tally) []string {
	var names []string
	for _, t := range tallies[:min(len(tallies), namesOfYear)] {
		names = append(names, clean(t.name))
	}
	return names
}

// chronicleLine is a post in the chronicle of a year.
type chronicleLine struct {
	post   *content.Post
	meetup bool
}

// chronicleOf puts posts in the order of the year, the articles first.
func chronicleOf(articles, meetups []*content.Post) []chronicleLine {
	list := make([]chronicleLine, 0, len(articles)+len(meetups))
	for _, p := range slices.Backward(articles) {
		list = append(list, chronicleLine{p, false})
	}
	for _, p := range slices.Backward(meetups) {
		list = append(list, chronicleLine{p, true})
	}
	return list
}

// chronicle shows a page of lines, meetups month by month. Headings are repeated
// at the top of a page.
func (r *request) chronicle(list []chronicleLine, page int) (body bot.Text, at, of int) {
	part, at, of := pageOf(list, page, linesPerPage)
	heading := ""
	for _, line := range part {
		h, text := r.say.articles, bot.Join(postLink(line.post), bot.Plain(" "+r.say.day(line.post.Date)))
		if line.meetup {
			h = r.say.month(line.post.Date.Month())
			text = bot.Join(bot.Plain(r.say.day(line.post.Date)+" "), postLink(line.post))
		}
		if h != heading {
			heading = h
			body = lines(body, bold(heading))
		}
		body = lines(body, bot.Join(item(0), text))
	}
	return body, at, of
}
