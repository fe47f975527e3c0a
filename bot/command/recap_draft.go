package command

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
)

// RecapDraft returns the Markdown of a post that recaps a year, as far as the
// index knows it: front matter by which recap finds it again, the year's meetups
// and articles, its authors, and places that say what a person fills in. It is
// marked as a draft, so that no site publishes it half-written. The error says
// why there is nothing to recap.
func (t *Table) RecapDraft(year int, lang bot.Lang) ([]byte, error) {
	posts := t.posts().years[year]
	switch {
	case year > t.thisYear():
		return nil, fmt.Errorf("the year %d has not begun", year)
	case posts == nil || len(posts.articles)+len(posts.meetups) == 0:
		return nil, fmt.Errorf("the index holds no articles and no meetups of %d, but of %v", year, t.posts().allYears())
	}
	d := draft{speech: speechIn(lang)}
	d.frontMatter(t, year)
	d.section(d.draftIntro, d.todo(d.draftIntroTodo))
	d.meetups(posts.meetups)
	d.articles(posts.articles)
	d.authors(slices.Concat(posts.articles, posts.meetups))
	d.section(d.draftProjects, d.todo(d.draftProjectsTodo))
	d.section(t.moneyHeading(d.draftMoney), d.todo(d.draftMoneyTodo))
	return d.Bytes(), nil
}

// moneyHeading is the heading under which donate looks for what it quotes.
func (t *Table) moneyHeading(otherwise string) string {
	if q := t.Commands["donate"].Quote; q != nil && len(q.Section) > 0 {
		return q.Section[0]
	}
	return otherwise
}

type draft struct {
	*speech
	bytes.Buffer
}

func (d *draft) line(format string, args ...any) { fmt.Fprintf(d, format+"\n", args...) }

// frontMatter quotes as Go does, which is also how YAML reads it.
func (d *draft) frontMatter(t *Table, year int) {
	d.line("---")
	d.line("title: %q", d.draftTitle(t.Community.Name, year))
	d.line("slug: %d-year-end-recap", year)
	d.line("authors: [] # %s", d.draftAuthorsTodo)
	d.line("tags: [%q]", cmp.Or(t.Commands["recap"].Tag, defaultRecapTag))
	d.line("date: %s", t.Now().In(t.zone()).Format("2006-01-02"))
	d.line("draft: true # %s", d.draftPublish)
	d.line("---")
}

func (d *draft) section(heading string, paragraphs ...string) {
	d.line("\n## %s", markdown(heading))
	for _, p := range paragraphs {
		d.line("\n%s", p)
	}
}

// todo is a place that a person fills in.
func (d *draft) todo(what string) string { return "**" + d.draftTodo(what) + "**" }

func (d *draft) meetups(posts []*content.Post) {
	if len(posts) == 0 {
		return
	}
	d.section(d.draftMeetups, d.draftMeetupsCount(len(posts)), d.todo(d.draftMeetupsTodo))
	month := ""
	for _, p := range slices.Backward(posts) {
		if m := d.month(p.Date.Month()); m != month {
			month = m
			d.line("\n### %s\n", month)
		}
		d.line("- %s %s", d.day(p.Date), markdownLink(p))
	}
}

func (d *draft) articles(posts []*content.Post) {
	if len(posts) == 0 {
		return
	}
	d.section(d.speech.articles)
	d.line("")
	for _, p := range slices.Backward(posts) {
		d.line("- %s %s", markdownLink(p), d.day(p.Date))
	}
}

func (d *draft) authors(posts []*content.Post) {
	tallies := make(map[string]*tally)
	for _, p := range posts {
		for _, a := range p.Authors {
			count(tallies, fold(a.Name), a.Name, a.URL).add(p)
		}
	}
	if len(tallies) == 0 {
		return
	}
	d.section(d.draftThanks)
	d.line("")
	for _, t := range busiest(tallies) {
		d.line("- %s", markdown(d.counted(clean(t.name), len(t.posts))))
	}
}

func markdownLink(p *content.Post) string {
	return "[" + markdown(clean(p.Title)) + "](" + destination.Replace(p.URL) + ")"
}

// destination keeps an address whole between the brackets of a Markdown link.
var destination = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", " ", "%20", `\`, "%5C")

// markdown writes words so that Markdown and MDX take them literally.
func markdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*_{}[]<|~&", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
