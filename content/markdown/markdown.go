// Package markdown reads a page as site generators write it (CommonMark and
// GitHub's tables, with the additions of Docusaurus' MDX and of Hugo) into the
// sections, blocks and runs of content.Body.
//
// It works in three steps: prepare takes out by line and character what is code
// of the generator and not text, goldmark parses what is left, and a reader
// walks the tree. What members of the site would see decides every doubt; a
// page that its own generator would refuse is read as far as it makes sense.
package markdown

import (
	"bytes"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"cloudnative.tw/herald/content"
)

// maxSource is how many bytes of a page are read. The longest pages of the
// communities we know have 30 KiB; what is beyond this is not writing.
const maxSource = 256 << 10

// Options say how a page is to be read.
type Options struct {
	// MDX is whether import and export lines, JSX tags, {expressions} and
	// {/* comments */} are code and not text, and whether ":::note" begins an
	// admonition. Docusaurus reads .md files as MDX too.
	MDX bool
	// Shortcodes is whether Hugo's {{< x >}} and {{% x %}} are taken out. What
	// stands between an opening and a closing one stays.
	Shortcodes bool
	// Title is the post's title: a first heading that only repeats it is left
	// out.
	Title string
	// Link returns the absolute URL of a link's destination; without ok the
	// words stay and the link is dropped. With nil, absolute http, https and
	// mailto addresses pass.
	Link func(dest string) (url string, ok bool)
	// Image does the same for pictures; without ok the picture is dropped.
	Image func(dest string) (url string, ok bool)
}

// Body returns the text of a page, given without its front matter. It never
// fails: what cannot be read is left out. At most the first 256 KiB are read.
func Body(source []byte, o Options) content.Body {
	prepared := prepare(bound(source, maxSource), o)
	r := reader{Options: o, source: prepared, anchors: make(anchors)}
	r.sections = append(r.sections, content.Section{})
	r.blocks(parse(prepared, o), place{})
	return r.body()
}

// bound returns valid UTF-8 of at most limit bytes, cut after a whole line if
// there is one.
func bound(source []byte, limit int) []byte {
	if len(source) > limit {
		source = source[:limit]
		if i := bytes.LastIndexByte(source, '\n'); i >= 0 {
			source = source[:i+1]
		}
	}
	if utf8.Valid(source) {
		return source
	}
	return bytes.ToValidUTF8(source, nil)
}

func parse(source []byte, o Options) ast.Node {
	p := plainParser
	if o.MDX {
		p = mdxParser
	}
	return p().Parse(text.NewReader(source))
}

var (
	plainParser = sync.OnceValue(func() parser.Parser {
		return newParser(util.Prioritized(parser.NewCodeBlockParser(), 500))
	})
	// MDX knows no indented code.
	// https://mdxjs.com/docs/what-is-mdx/#markdown
	mdxParser = sync.OnceValue(func() parser.Parser {
		return newParser(util.Prioritized(admonitionParser{}, 850))
	})
)

// newParser returns goldmark's parser with one more block parser. It is without
// HTML, which prepare takes out, and without strikethrough: the tildes are all
// that tells a reader of plain text that something no longer holds.
func newParser(also util.PrioritizedValue) parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			also,
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(extension.NewFootnoteBlockParser(), 999),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(extension.NewFootnoteParser(), 101),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(emphasisParser{}, 500),
		),
		parser.WithParagraphTransformers(
			util.Prioritized(parser.LinkReferenceParagraphTransformer, 100),
			util.Prioritized(extension.NewTableParagraphTransformer(), 200),
		),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0),
			util.Prioritized(extension.NewFootnoteASTTransformer(), 999),
		),
	)
}
