package command

import (
	"slices"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
)

// chapter is a section of a post with the sections below it.
type chapter struct {
	content.Section
	below []content.Section
}

// chapters divides a body at its uppermost headings. If there is but one of
// them, it is the page's title in other words, and the next level divides.
func chapters(body content.Body) (lead []content.Section, list []chapter) {
	level := divisor(body.Sections)
	for _, s := range body.Sections {
		switch {
		case s.Level == level && s.Heading != "":
			list = append(list, chapter{Section: s})
		case len(list) == 0:
			lead = append(lead, s)
		default:
			last := &list[len(list)-1]
			last.below = append(last.below, s)
		}
	}
	return lead, list
}

// divisor is the uppermost level that more than one heading has, or else the
// uppermost of all.
func divisor(sections []content.Section) int {
	var count [7]int
	for _, s := range sections {
		if s.Heading != "" && s.Level > 0 && s.Level < len(count) {
			count[s.Level]++
		}
	}
	if level := slices.IndexFunc(count[:], func(n int) bool { return n > 1 }); level > 0 {
		return level
	}
	return max(0, slices.IndexFunc(count[:], func(n int) bool { return n > 0 }))
}

// text is all that stands in the chapter, the headings below its own in bold.
func (c chapter) text() bot.Text {
	all := []bot.Text{blocksText(c.Blocks)}
	for _, s := range c.below {
		all = append(all, lines(bold(s.Heading), blocksText(s.Blocks)))
	}
	return paragraphs(all...)
}

// sections are the chapter's own and those below.
func (c chapter) sections() []content.Section {
	return append([]content.Section{c.Section}, c.below...)
}

// firstPicture returns the first picture of the sections that can be shown.
func firstPicture(sections []content.Section) string {
	for _, s := range sections {
		for _, image := range s.Images {
			if address := picture(image.URL); address != "" {
				return address
			}
		}
	}
	return ""
}

// documents returns the PDFs that the sections lead to.
func documents(sections []content.Section) []content.Link {
	var pdfs []content.Link
	for _, s := range sections {
		for _, link := range s.Links() {
			if isPDF(link.URL) {
				pdfs = append(pdfs, link)
			}
		}
	}
	return pdfs
}
