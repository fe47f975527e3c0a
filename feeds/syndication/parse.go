package syndication

import (
	"bytes"
	"errors"
	"fmt"
	"time"
	"unicode"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/fetch"
)

// The bounds of what is read. The community's own feeds have up to 30 items and
// 400 KB.
const (
	maxBytes    = 8 << 20
	maxItems    = 500
	maxID       = 1000 // bytes; announce keeps keys of no more
	maxAddress  = 2000 // bytes
	maxTitle    = 300  // characters, as of all that follow
	maxText     = 500  // of a summary, an excerpt
	maxNames    = 10   // authors
	maxName     = 100
	maxTags     = 30
	maxTag      = 60
	maxProblems = 20
)

// What is wrong with a body that is no feed.
var (
	ErrEmpty  = errors.New("the answer is empty")
	ErrSize   = fmt.Errorf("the feed is larger than %d MB", maxBytes>>20)
	ErrHTML   = errors.New("the answer is an HTML page and not a feed: a login, a consent or a maintenance page perhaps")
	ErrFormat = errors.New("the answer is not a feed (RSS, RDF, Atom or JSON Feed)")
)

// Options say how a feed is to be read.
type Options struct {
	// Now is when: no item is of later.
	Now time.Time
	// URL is where the feed came from: the base of relative links.
	URL string
	// Zone is where dates without a zone are from, and in which all are shown;
	// nil means UTC. An abbreviation that is used there means that zone: in Taipei
	// CST is +08:00 and not Chicago.
	Zone *time.Location
	// Source and Origin become those of the items.
	Source, Origin string

	quirks quirks
}

// Feed is what a feed says.
type Feed struct {
	// Title is one line, or "". Link is the address of the site, or "".
	Title, Link string
	// Items are in the feed's order, each ID once.
	Items []feeds.Item
	// Withdrawn are the IDs of items that the feed says are gone (RFC 6721).
	Withdrawn []string
	// Problems are the items that cannot be read.
	Problems []feeds.Problem
	// Wait is how long the feed wants to be left alone (RSS ttl, sy:updatePeriod);
	// 0 if it does not say, a day at most.
	Wait time.Duration
	// Hash changes exactly when something in Items or Withdrawn does: not with
	// counters, build times and the order of items.
	Hash string
}

// parsing bounds how many feeds are read at once in the whole program: a large
// one takes several times its size until its items are made, which sixteen
// workers together have not to spare. Who waits has fetched already, and the
// processors have enough to do.
var parsing = make(chan struct{}, 2)

// Parse reads a feed of any kind. contentType is what the server said; the bytes
// have the last word. It is total: whatever data is, it returns in bounded time
// and memory. A body that is no feed is an error, a bad item only a problem.
func Parse(data []byte, contentType string, o Options) (feed Feed, err error) {
	defer func() { // the parsers below are others', and the input is anybody's
		if r := recover(); r != nil {
			feed, err = Feed{}, fmt.Errorf("reading the feed: panic: %v", r)
		}
	}()
	if len(data) > maxBytes {
		return Feed{}, ErrSize
	}
	parsing <- struct{}{}
	defer func() { <-parsing }()
	raw, err := read(data, contentType)
	if err != nil {
		return Feed{}, err
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	b := builder{raw: raw, o: o, taken: map[string]bool{}}
	return b.build(), nil
}

// rawFeed is a feed of any format, before the rules that are the same for all.
type rawFeed struct {
	title     rich
	link      string
	base      string // of the link, or ""
	relative  bool   // links are relative to the document, not to the site
	lang      string
	authors   []string // of items that name none
	entries   []entry
	problems  []feeds.Problem
	withdrawn []string
	wait      time.Duration
	cut       int // items that were not read
}

func read(data []byte, contentType string) (*rawFeed, error) {
	text := withoutForbidden(toUTF8(data, contentType))
	text = bytes.TrimFunc(withoutJunk(text), func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
	switch {
	case len(text) == 0:
		return nil, ErrEmpty
	case text[0] == '{':
		return readJSON(text)
	case fetch.IsHTML(text):
		return nil, ErrHTML
	case text[0] != '<':
		return nil, ErrFormat
	}
	doc, err := scan(text)
	if err != nil {
		return nil, err
	}
	switch doc.root {
	case "rss", "rdf":
		return readRSS(doc)
	case "feed":
		return readAtom(doc)
	case "html":
		return nil, ErrHTML
	}
	return nil, fmt.Errorf("%w: its root element is <%.40s>", ErrFormat, doc.root)
}

// brief returns err, or one that says how it begins: a parser's error may repeat
// what it was given, in whatever length.
func brief(err error) error {
	const longest = 200
	if text := err.Error(); len(text) > longest {
		return errors.New(head(text, longest) + "…")
	}
	return err
}

// withoutJunk drops what stands before the XML declaration, such as the
// warnings of a PHP program.
func withoutJunk(text []byte) []byte {
	at := bytes.Index(text[:min(len(text), 64<<10)], []byte("<?xml"))
	if at < 0 || hasRoot(text[:at]) {
		return text
	}
	return text[at:]
}

// hasRoot reports whether a feed's root element begins in the text.
func hasRoot(text []byte) bool {
	text = bytes.ToLower(text)
	for _, tag := range []string{"<rss", "<feed", "<rdf:"} {
		if bytes.Contains(text, []byte(tag)) {
			return true
		}
	}
	return false
}
