package syndication

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
)

// The bounds of a document, beyond which gofeed's parser could be made to run
// out of stack or to take minutes. No feed seen comes near them.
const (
	maxDepth     = 256      // of elements in one another; it recurses
	maxElements  = 300_000  // that are read
	maxScopes    = 20 << 20 // namespaces in force, over all elements; it copies them for each
	maxPatchwork = 1 << 31  // bytes in pieces of texts; it copies those before for each
)

const (
	xmlSpace  = "http://www.w3.org/XML/1998/namespace"
	atomSpace = "http://www.w3.org/2005/Atom"
	oldAtom   = "http://purl.org/atom/ns#"
)

// document is an XML feed made safe and unambiguous for gofeed, with what its
// parser does not tell.
type document struct {
	// root is the name of the root element, in lower case.
	root string
	// base is the xml:base of the whole feed, or "".
	base string
	// clean is the text without comments, processing instructions, DTD and
	// xml:base, and without the items that are not read.
	clean []byte
	// items says more on each item, in their order.
	items []itemFacts
	// cut is how many items were left out.
	cut int
	// first and last are the dates of the first and the last item that has one,
	// as they are written, of all that there are.
	first, last string
}

// oldestFirst reports whether the newest items stand at the end.
func (d *document) oldestFirst() bool { return isBefore(d.first, d.last) }

// isBefore reports whether both texts are dates and the first is the earlier one.
func isBefore(first, last string) bool {
	a, ok := parseDate(first, time.UTC)
	b, also := parseDate(last, time.UTC)
	return ok && also && a.Before(b)
}

// itemFacts are what gofeed does not tell of an item.
type itemFacts struct {
	base string // xml:base in force, or ""
	lang string // xml:lang of the item's own, or ""
	// What Atom's texts are made of, as declared.
	title, summary textType
}

// scan reads the document with the decoder that gofeed uses, so that both see
// the same. What stands behind the root is not read: some servers add their
// advertisements there. Of more items than are read it keeps the first, or the
// last if these are the newer ones, for which it reads the document again.
func scan(text []byte) (*document, error) {
	doc, err := scanFrom(text, 0)
	if err != nil || doc.cut == 0 || !doc.oldestFirst() {
		return doc, err
	}
	return scanFrom(text, doc.cut)
}

// scanFrom reads the document without that many of its first items.
func scanFrom(text []byte, without int) (*document, error) {
	s := scanner{text: text, without: without, doc: &document{}, decoder: xml.NewDecoder(bytes.NewReader(text))}
	s.decoder.Strict = false
	s.decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for s.doc.root == "" || len(s.open) > 0 {
		from := s.decoder.InputOffset()
		token, err := s.decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%w: no element in it", ErrFormat)
		}
		if err != nil {
			return nil, fmt.Errorf("the feed is cut short or no XML: %w", brief(err))
		}
		if err := s.take(token, int(from), int(s.decoder.InputOffset())); err != nil {
			return nil, err
		}
	}
	s.keepUpTo(int(s.decoder.InputOffset()))
	return s.doc, nil
}

type scanner struct {
	text    []byte
	doc     *document
	decoder *xml.Decoder
	open    []element
	// without is how many items are left out at the beginning; seen counts all.
	without, seen int
	// date is where the date of an item begins that is being read; 0 outside.
	date int
	// kept is how far the text was copied or left out; skipping tells that the
	// text from there on is of an item that is left out.
	kept     int
	skipping bool
	// What is counted against the bounds; namespaces are those in force.
	elements, namespaces, scopes, patchwork int
}

// element is one that is open.
type element struct {
	base       string
	pieces     int // of text and elements directly in it
	text       int // bytes directly in it
	namespaces int
	isItem     bool
	isDated    bool // an item of which a date was read
}

func (s *scanner) take(token xml.Token, from, to int) error {
	switch t := token.(type) {
	case xml.StartElement:
		return s.start(t, from, to)
	case xml.EndElement:
		return s.end(from, to)
	case xml.CharData:
		if e := s.top(); e != nil {
			e.pieces++
			e.text += len(t)
		}
	default: // comments, instructions, DTD
		s.drop(from, to)
	}
	return nil
}

func (s *scanner) top() *element {
	if len(s.open) == 0 {
		return nil
	}
	return &s.open[len(s.open)-1]
}

func (s *scanner) start(t xml.StartElement, from, to int) error {
	var e element
	based := false
	if parent := s.top(); parent != nil {
		parent.pieces++
		e.base = parent.base
		if parent.isItem && !parent.isDated && dates[strings.ToLower(t.Name.Local)] {
			parent.isDated, s.date = true, to
		}
	}
	for _, a := range t.Attr {
		switch {
		case a.Name.Space == "xmlns", a.Name.Space == "" && a.Name.Local == "xmlns":
			e.namespaces++
		case a.Name.Space == xmlSpace && a.Name.Local == "base":
			e.base, based = resolveBase(e.base, a.Value), true
		}
	}
	s.note(t, &e, from)
	if based && !s.skipping {
		s.renameBase(from, to)
	}
	s.open = append(s.open, e)
	s.namespaces += e.namespaces
	if !s.skipping {
		s.elements++
		s.scopes += s.namespaces
	}
	switch {
	case len(s.open) > maxDepth:
		return fmt.Errorf("the feed has elements nested more than %d deep", maxDepth)
	case s.elements > maxElements:
		return fmt.Errorf("the feed has more than %d elements", maxElements)
	case s.scopes > maxScopes:
		return errors.New("the feed has too many namespaces")
	}
	return nil
}

// note notes what the element tells: the root, an item, the title of one.
func (s *scanner) note(t xml.StartElement, e *element, from int) {
	name := strings.ToLower(t.Name.Local)
	native := t.Name.Space == "" || t.Name.Space == atomSpace || t.Name.Space == oldAtom
	switch depth := len(s.open); {
	case depth == 0:
		s.doc.root, s.doc.base = name, e.base
	case s.skipping:
	case depth == 1 && name == "channel":
		s.doc.base = e.base
	case s.doc.root == "feed" && depth == 1 && name == "entry" && native,
		s.doc.root != "feed" && depth <= 2 && name == "item":
		e.isItem = true
		if s.seen++; s.seen <= s.without || len(s.doc.items) == maxItems {
			s.keepUpTo(from)
			s.skipping = true
			s.doc.cut++
			return
		}
		s.doc.items = append(s.doc.items, itemFacts{base: e.base, lang: attribute(t, xmlSpace, "lang")})
	case s.doc.root == "feed" && depth == 2 && s.open[1].isItem && native:
		switch facts := &s.doc.items[len(s.doc.items)-1]; name {
		case "title":
			facts.title = declared(t)
		case "summary":
			facts.summary = declared(t)
		}
	}
}

func (s *scanner) end(from, to int) error {
	e := s.top()
	if len(s.open) == 1 && !s.closesRoot(s.text[from:to], e) {
		return errors.New("the feed is no XML: an end tag without a beginning closes all of it")
	}
	if s.date > 0 && len(s.open) > 1 && s.open[len(s.open)-2].isItem {
		s.noteDate(s.text[s.date:from])
	}
	s.patchwork += e.pieces * e.text
	if s.patchwork > maxPatchwork {
		return errors.New("the feed has texts in too many pieces")
	}
	s.namespaces -= e.namespaces
	if e.isItem && s.skipping {
		s.kept, s.skipping = to, false
	}
	s.open = s.open[:len(s.open)-1]
	return nil
}

// dates are the elements that say when an item appeared or was changed, in
// whichever namespace. Of each item the first one counts, so that those of two
// are of one kind.
var dates = map[string]bool{"pubdate": true, "date": true, "published": true, "updated": true, "issued": true, "created": true, "modified": true}

// noteDate notes the text of a date of an item.
func (s *scanner) noteDate(text []byte) {
	s.date = 0
	text = bytes.TrimSuffix(bytes.TrimPrefix(bytes.TrimSpace(text), []byte("<![CDATA[")), []byte("]]>"))
	if len(text) == 0 || len(text) > maxDate {
		return
	}
	s.doc.last = string(text)
	s.doc.first = cmp.Or(s.doc.first, s.doc.last)
}

// closesRoot tells the root's own end tag from one of another element, for which
// the decoder closes everything that is open.
func (s *scanner) closesRoot(tag []byte, root *element) bool {
	isEmpty := len(tag) == 0 && root.pieces == 0 // <rss/>
	return isEmpty || bytes.Contains(bytes.ToLower(tag), []byte(s.doc.root))
}

// drop leaves out a part of the text.
func (s *scanner) drop(from, to int) {
	if !s.skipping {
		s.keepUpTo(from)
		s.kept = to
	}
}

func (s *scanner) keepUpTo(end int) {
	s.doc.clean = append(s.doc.clean, s.text[s.kept:end]...)
	s.kept = end
}

// renameBase takes its meaning from the xml:base of a tag: gofeed would resolve
// ids against it as if they were links, and a link of two entries may be the
// same text.
func (s *scanner) renameBase(from, to int) {
	s.keepUpTo(from)
	s.doc.clean = append(s.doc.clean, bytes.ReplaceAll(s.text[from:to], []byte("xml:base"), []byte("xml_base"))...)
	s.kept = to
}

func attribute(t xml.StartElement, space, name string) string {
	for _, a := range t.Attr {
		if a.Name.Space == space && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// textType is what an Atom text is made of.
type textType int

const (
	undeclared textType = iota
	isPlain
	isHTMLText
	isXHTML
)

// declared returns the type of an Atom text, whichever way it is written (RFC
// 4287, section 3.1.1; Atom 0.3 had media types).
func declared(t xml.StartElement) textType {
	switch strings.ToLower(attribute(t, "", "type")) {
	case "":
		return undeclared
	case "html", "text/html":
		return isHTMLText
	case "xhtml", "application/xhtml+xml":
		return isXHTML
	}
	return isPlain
}

// resolveBase returns the base within an element (XML Base, section 3).
func resolveBase(outer, own string) string {
	u, err := url.Parse(strings.TrimSpace(own))
	if err != nil {
		return outer
	}
	o, err := url.Parse(outer)
	if err != nil || outer == "" {
		return u.String()
	}
	return o.ResolveReference(u).String()
}
