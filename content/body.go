package content

import "strings"

// Body is the text of a post, without markup of any site generator.
type Body struct {
	// Sections are in the order of the page. The first has no heading when text
	// stands before the first one. Headings of the post's own title are left
	// out; what stood below them stays.
	Sections []Section
	// Excerpt is the plain text of the first paragraph that says something, or
	// of all that stands before the truncate marker if that is shorter.
	Excerpt string
}

// Section is a heading and what stands between it and the next heading of any
// level.
type Section struct {
	// Heading is plain text, "" for what stands before the first heading.
	Heading string
	// Level is 1 to 6, 0 without a heading.
	Level int
	// Anchor is the fragment that leads to the heading on the page, without its
	// "#"; "" without a heading.
	Anchor string
	Blocks []Block
	// Images are the section's pictures, with absolute URLs.
	Images []Image
}

// BlockKind says what a block is.
type BlockKind uint8

const (
	// Paragraph is running text.
	Paragraph BlockKind = iota
	// Item is an item of a list. What else belongs to the item, such as a second
	// paragraph, is a block of its own kind, one deeper.
	Item
	// Quote is quoted text, also that of an admonition.
	Quote
	// Code is preformatted text, in one run that may contain line breaks.
	Code
	// Row is a row of a table; cells are separated by runs of " | ".
	Row
)

// Block is one paragraph, list item, row or piece of code.
type Block struct {
	Kind BlockKind
	// Depth is the nesting of lists and quotes, 0 for the outermost.
	Depth int
	// Number is the item's number in an ordered list, 0 otherwise.
	Number int
	Runs   []Run
}

// Style is how a run of text looks. Styles combine.
type Style uint8

const (
	Bold Style = 1 << iota
	Italic
	Monospace
)

// Run is a stretch of text of one style and with one link.
type Run struct {
	// Text has a line break where the author forced one.
	Text  string
	Style Style
	// URL is where the run leads: an absolute http, https or mailto address, or
	// "".
	URL string
}

// Link is text that leads somewhere.
type Link struct {
	Text string
	// URL is absolute.
	URL string
}

// Image is a picture on the page.
type Image struct {
	Alt string
	// URL is absolute.
	URL string
}

// Text returns the block's words.
func (b Block) Text() string {
	var s strings.Builder
	for _, r := range b.Runs {
		s.WriteString(r.Text)
	}
	return s.String()
}

// Text returns the section's words, a block a line, without its heading.
func (s Section) Text() string {
	lines := make([]string, 0, len(s.Blocks))
	for _, b := range s.Blocks {
		if t := b.Text(); t != "" {
			lines = append(lines, t)
		}
	}
	return strings.Join(lines, "\n")
}

// Links returns the section's links in order, each URL once.
func (s Section) Links() []Link {
	var links []Link
	at := make(map[string]int)
	for _, b := range s.Blocks {
		for i, r := range b.Runs {
			if r.URL == "" {
				continue
			}
			if i > 0 && b.Runs[i-1].URL == r.URL { // one link in several styles
				links[at[r.URL]].Text += r.Text
				continue
			}
			if _, ok := at[r.URL]; ok {
				continue
			}
			at[r.URL] = len(links)
			links = append(links, Link{Text: r.Text, URL: r.URL})
		}
	}
	return links
}
