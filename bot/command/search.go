package command

import (
	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
)

// hitsPerPage keeps an answer to the height of a phone.
const hitsPerPage = 5

// search looks the words up in every post.
func (r *request) search() bot.Reply {
	if r.args == "" {
		return r.usage()
	}
	result, err := r.Searcher.Search(r.ctx, content.Query{
		Text: r.args, Limit: hitsPerPage, Offset: (r.page - 1) * hitsPerPage,
	})
	if err != nil {
		r.Log.ErrorContext(r.ctx, "search failed", "err", err)
		return r.sorry(r.say.searchFailed)
	}
	if len(result.Hits) == 0 {
		reply := r.sorry(r.say.nothingFound(echo(r.args)), r.say.searchHint)
		reply.Buttons = commandButtons("tags", "latest")
		return reply
	}
	return r.found(result)
}

func (r *request) found(result content.Result) bot.Reply {
	var list []bot.Text
	if result.Instead != "" {
		list = append(list, bot.Plain(r.say.searchedInstead(echo(r.args), echo(clean(result.Instead)))))
	}
	if len(result.Also) > 0 {
		list = append(list, bot.Plain(r.say.searchedAlso(short(clean(r.say.list(result.Also)), maxTitle))))
	}
	for i, hit := range result.Hits {
		list = append(list, r.hit((r.page-1)*hitsPerPage+i+1, hit))
	}
	of := (result.Total + hitsPerPage - 1) / hitsPerPage
	reply := bot.Reply{
		Card:    bot.Card{Title: r.say.found(echo(r.args), result.Total, result.More), Body: paragraphs(list...)},
		Buttons: pageButtons("search "+r.args, r.page, of),
		Private: true,
	}
	if of > 1 {
		reply.Footer = r.say.pageOf(r.page, of)
		if len(reply.Buttons) == 0 { // the words are too long for a button
			reply.Footer += " · " + r.say.narrowDown
		}
	}
	return reply
}

// hit is a post that was found: its title, the text around the match, and where
// that stands.
func (r *request) hit(number int, hit content.Hit) bot.Text {
	p := hit.Post
	title := bot.Join(item(number), bold(short(clean(p.Title), maxTitle)))
	if !p.Date.IsZero() {
		title = append(title, bot.Plain(" "+r.say.date(p.Date))...)
	}
	var snippet bot.Text
	for _, f := range hit.Snippet {
		style := bot.Style(0)
		if f.Match {
			style = bot.Bold
		}
		snippet = append(snippet, bot.Styled(style, f.Text)...)
	}
	where := bot.LinkTo("", p.URL)
	if hit.Heading != "" {
		where = bot.LinkTo(r.say.under(short(clean(hit.Heading), maxTitle)), anchored(p.URL, hit.Anchor))
	}
	return lines(title, oneLine(snippet), where)
}

// completeSearch offers titles and terms.
func (r *request) completeSearch() []bot.Choice {
	if r.args == "" {
		return nil
	}
	found, err := r.Searcher.Complete(r.ctx, r.args, maxChoices)
	if err != nil {
		r.Log.ErrorContext(r.ctx, "search completion failed", "err", err)
		return nil
	}
	choices := make([]bot.Choice, len(found))
	for i, s := range found {
		choices[i] = bot.Choice{Label: short(clean(s), maxLabel), Value: s}
	}
	return choices
}
