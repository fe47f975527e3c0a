package command

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
)

const (
	// ownCharacters is how much of a section a moderators' command quotes.
	ownCharacters = 300
	// donationCharacters is how much of one donate quotes.
	donationCharacters = 120
)

// own answers a command that moderators made in config.yaml: their text, their
// links, and a section of a post.
func (r *request) own(config Config) bot.Reply {
	parts := []bot.Text{r.configText(config)}
	if q := r.quoted(config.Quote); q != nil {
		text, _ := excerpt(blocksText(q.section.Blocks), ownCharacters)
		parts = append(parts, lines(boldLink(clean(q.section.Heading), q.url()), text))
	}
	body := paragraphs(parts...)
	if len(body) == 0 {
		return r.sorry(r.say.quoteMissing)
	}
	return bot.Reply{Card: bot.Card{Body: body}, Buttons: r.configButtons(config)}
}

// donate tells where to give, what donations paid for, and where the newest
// statement is. Years always stand there, so that what is old looks old.
func (r *request) donate() bot.Reply {
	config := r.Commands["donate"]
	reply := bot.Reply{
		Card:    bot.Card{Title: r.say.support(r.Community.Name)},
		Buttons: r.configButtons(config),
	}
	parts := []bot.Text{r.configText(config)}
	if q := r.quoted(config.Quote); q != nil {
		if said, _ := excerpt(longestParagraph(q.section), donationCharacters); len(said) > 0 {
			said = bot.Join(bot.Text{{Kind: bot.Quote}}, bot.Plain(r.say.openQuote), said, bot.Plain(r.say.closeQuote))
			parts = append(parts, lines(boldLink(r.say.spentIn(q.year), q.url()), said))
		}
		if pdf, of, ok := newestStatement(q.section, q.year); ok {
			year, label := strconv.Itoa(of), clean(pdf.Text)
			if !strings.Contains(label, year) {
				label = strings.TrimSpace(year + " " + label)
			}
			parts = append(parts, bot.LinkTo(r.documentLabel(label), pdf.URL))
			reply.Buttons = append(reply.Buttons, bot.Button{Label: r.say.statement(year), URL: pdf.URL})
		}
	}
	reply.Body = paragraphs(parts...)
	return reply
}

// documentLabel is a document's name, which says that it is a PDF.
func (r *request) documentLabel(name string) string {
	if strings.Contains(strings.ToLower(name), "pdf") {
		return short(name, maxLabel)
	}
	return short(name, maxLabel-6) + r.say.pdf
}

// configText is the moderators' text, with the addresses of buttons that it does
// not name: a link never stands in a button only.
func (r *request) configText(config Config) bot.Text {
	text := bot.ParseText(config.Text.In(r.lang))
	var links []bot.Text
	for _, b := range config.Buttons {
		if slices.ContainsFunc(text, func(s bot.Span) bool { return s.URL == b.URL }) {
			continue
		}
		link := bot.LinkTo("", b.URL)
		if len(config.Buttons) > 1 {
			link = bot.Join(bot.Plain(r.say.label(clean(b.Text.In(r.lang)))), link)
		}
		links = append(links, link)
	}
	return lines(append([]bot.Text{text}, links...)...)
}

func (r *request) configButtons(config Config) []bot.Button {
	var buttons []bot.Button
	for _, b := range config.Buttons {
		buttons = append(buttons, bot.Button{Label: short(clean(b.Text.In(r.lang)), maxLabel), URL: b.URL})
	}
	return buttons
}

// quotation is a section of a post and the year that it tells of.
type quotation struct {
	post    *content.Post
	section content.Section
	year    int
}

func (q *quotation) url() string { return anchored(q.post.URL, q.section.Anchor) }

// quoted returns the section that a Quote chooses, or nil. Posts without it are
// passed over: a newer recap may leave the subject out.
func (r *request) quoted(q *Quote) *quotation {
	if q == nil {
		return nil
	}
	tagged := r.posts().tagged[strings.ToLower(q.Tag)]
	if tagged == nil {
		return nil
	}
	for _, p := range tagged.posts {
		if s, ok := sectionUnder(p.Body(), q.Section); ok {
			year, ok := yearIn(p.Slug + " " + p.Title)
			if !ok {
				year = p.Date.Year()
			}
			return &quotation{post: p, section: s, year: year}
		}
	}
	return nil
}

func sectionUnder(body content.Body, headings []string) (content.Section, bool) {
	for _, heading := range headings {
		for _, s := range body.Sections {
			if s.Heading != "" && fold(s.Heading) == fold(heading) {
				return s, true
			}
		}
	}
	return content.Section{}, false
}

// longestParagraph is the paragraph without a link that says most: in a section
// on money the others announce a table or ask for more of it.
func longestParagraph(s content.Section) bot.Text {
	var longest content.Block
	most := 0
	for _, b := range s.Blocks {
		linked := slices.ContainsFunc(b.Runs, func(r content.Run) bool { return r.URL != "" })
		if n := utf8.RuneCountInString(b.Text()); b.Kind == content.Paragraph && !linked && n > most {
			longest, most = b, n
		}
	}
	return oneLine(runsText(longest.Runs))
}

// newestStatement returns the PDF of the latest year that the section leads to.
// A document that names no year is of the section's year.
func newestStatement(s content.Section, sectionYear int) (pdf content.Link, year int, ok bool) {
	for _, link := range documents([]content.Section{s}) {
		of, named := yearIn(link.Text + " " + link.URL)
		if !named {
			of = sectionYear
		}
		if !ok || of > year {
			pdf, year, ok = link, of, true
		}
	}
	return pdf, year, ok
}
