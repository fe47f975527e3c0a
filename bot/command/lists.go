package command

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
)

const (
	postsPerPage  = 10
	latestPosts   = 5
	talliesToPage = 10
)

// latest lists the newest posts. The count and the tag may stand in either
// order; a count above ten is ten, because the pages go on.
func (r *request) latest() bot.Reply {
	count, tag := r.countAndTag()
	posts, title, line := r.posts().dated, r.say.latestPosts, "latest "+strconv.Itoa(count)
	if tag != "" {
		tally := r.posts().tagged[strings.ToLower(tag)]
		if tally == nil {
			return r.noTag(tag)
		}
		posts, title, line = tally.posts, r.say.latestWithTag(clean(tally.name)), line+" "+tally.name
	}
	if len(posts) == 0 {
		return r.sorry(r.say.noPosts)
	}
	part, at, of := pageOf(posts, r.page, count)
	list := make([]bot.Text, len(part))
	for i, p := range part {
		list[i] = bot.Join(item(0), r.datedLink(p))
	}
	reply := bot.Reply{Card: bot.Card{Title: title, Body: lines(list...)}, Buttons: pageButtons(line, at, of)}
	if of > 1 {
		reply.Footer = r.say.pageOf(at, of)
	}
	return reply
}

// datedLink is a post in a list of posts.
func (r *request) datedLink(p *content.Post) bot.Text {
	if p.Date.IsZero() {
		return postLink(p)
	}
	return bot.Join(postLink(p), bot.Plain(" "+r.say.date(p.Date)))
}

// countAndTag tells the words of latest apart. A number that is a tag and no
// sensible count is a tag.
func (r *request) countAndTag() (count int, tag string) {
	var words []string
	for _, word := range r.words {
		word = strings.TrimLeft(word, "#")
		n, err := strconv.Atoi(word)
		isTag := r.posts().tagged[strings.ToLower(word)] != nil
		if err == nil && n >= 0 && count == 0 && (!isTag || n <= postsPerPage) {
			count = min(max(n, 1), postsPerPage)
			continue
		}
		if word != "" {
			words = append(words, word)
		}
	}
	return cmp.Or(count, latestPosts), strings.Join(words, " ")
}

// noTag says that a tag is unknown and offers the one that was probably meant, or
// the most used ones and a search.
func (r *request) noTag(typed string) bot.Reply {
	var names []string
	for _, t := range r.posts().tags {
		names = append(names, t.name)
	}
	if near := bot.Nearest(strings.ToLower(typed), lowered(names)); near != "" {
		reply := r.sorry(r.say.noTag(echo(typed)), r.say.didYouMean(r.posts().tagged[near].name))
		reply.Buttons = commandButtons("latest "+r.posts().tagged[near].name, "tags")
		return reply
	}
	if len(names) == 0 {
		return r.sorry(r.say.noTags)
	}
	reply := r.sorry(r.say.noTag(echo(typed)), r.say.tagsThere(r.say.list(names[:min(len(names), namesOfYear)])))
	reply.Buttons = append(commandButtons("tags"), button(r.say.searchFor(echo(typed)), "search "+typed)...)
	return reply
}

func lowered(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = strings.ToLower(name)
	}
	return all
}

// tags lists the tags with a button for the posts of each.
func (r *request) tags() bot.Reply {
	if len(r.posts().tags) == 0 {
		return r.sorry(r.say.noTags)
	}
	part, at, of := pageOf(r.posts().tags, r.page, talliesToPage)
	reply := bot.Reply{Card: bot.Card{Title: r.say.tagsTitle(len(r.posts().tags)), Footer: r.say.tagsHint}}
	var list []bot.Text
	for _, t := range part {
		name := short(clean(t.name), maxTitle)
		list = append(list, bot.Join(item(0), bot.Plain(r.say.counted(name, len(t.posts)))))
		reply.Buttons = append(reply.Buttons, button(name, "latest "+t.name)...)
	}
	reply.Body = lines(list...)
	reply.Buttons = append(reply.Buttons, pageButtons("tags", at, of)...)
	if of > 1 {
		reply.Footer = r.say.pageOf(at, of) + " · " + reply.Footer
	}
	return reply
}

// authors lists who wrote, with the newest post of each.
func (r *request) authors() bot.Reply {
	if len(r.posts().authors) == 0 {
		return r.sorry(r.say.noAuthors)
	}
	part, at, of := pageOf(r.posts().authors, r.page, talliesToPage)
	var list []bot.Text
	for _, t := range part {
		name := bot.Plain(short(clean(t.name), maxTitle))
		if webURL(t.url) {
			name = bot.LinkTo(short(clean(t.name), maxTitle), t.url)
		}
		list = append(list, bot.Join(item(0), name, bot.Plain(r.say.postsAndNewest(len(t.posts))), postLink(t.posts[0])))
	}
	reply := bot.Reply{
		Card:    bot.Card{Title: r.say.authorsTitle(len(r.posts().authors)), Body: lines(list...)},
		Buttons: pageButtons("authors", at, of),
	}
	if of > 1 {
		reply.Footer = r.say.pageOf(at, of)
	}
	return reply
}

// meetups lists the meetups of a year, or of the newest year that has any,
// month by month.
func (r *request) meetups() bot.Reply {
	years := r.posts().meetupYears()
	if len(years) == 0 {
		return r.sorry(r.say.noMeetups)
	}
	year := years[0]
	if len(r.words) > 0 {
		var reply bot.Reply
		var ok bool
		if year, reply, ok = r.year(); !ok {
			return reply
		}
	}
	if !slices.Contains(years, year) {
		return r.offerYears("meetups", r.say.noMeetupsIn(year))
	}
	posts := r.posts().years[year].meetups
	body, at, of := r.chronicle(chronicleOf(nil, posts), r.page)
	line := "meetups " + strconv.Itoa(year)
	reply := bot.Reply{
		Card:    bot.Card{Title: r.say.meetupsTitle(year, len(posts)), Body: body},
		Buttons: pageButtons(line, at, of),
	}
	if of > 1 {
		reply.Footer = r.say.pageOf(at, of)
	}
	for _, other := range years[:min(len(years), yearsOffered)] {
		if other != year {
			reply.Buttons = append(reply.Buttons, button(strconv.Itoa(other), "meetups "+strconv.Itoa(other))...)
		}
	}
	return reply
}

// completeTag offers tags for the last word.
func (r *request) completeTag() []bot.Choice {
	_, typed := r.countAndTag()
	var choices []bot.Choice
	for _, t := range r.posts().tags {
		if strings.HasPrefix(strings.ToLower(t.name), strings.ToLower(typed)) {
			choices = append(choices, bot.Choice{Label: r.say.counted(clean(t.name), len(t.posts)), Value: t.name})
		}
	}
	return choices
}
