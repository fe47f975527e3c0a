// Package content is the vocabulary of a community's own writing: a Post and
// what it is made of, the Snapshot of all posts at one moment, and the Library
// that keeps it up to date from any number of entries in config.yaml.
//
// How a site generator lays out its files is known by a Format (package
// content/site), where the files come from by an Origin (content/folder,
// content/git), how to find posts by package content/search. This package
// imports nothing else of Herald.
package content

import (
	"crypto/sha256"
	"fmt"
	"time"
)

// Kind says what a post is to its readers.
type Kind string

const (
	// Article is a dated post of a blog.
	Article Kind = "article"
	// Page is a page of documentation: a meetup, a project, an about page.
	Page Kind = "page"
	// Term is a glossary term.
	Term Kind = "term"
)

// ID identifies a post for as long as its file keeps its name. The zero value
// identifies none.
type ID struct {
	// Entry is the name of the content entry in config.yaml.
	Entry string
	// Path is the file's path below the entry's root, with slashes.
	Path string
}

// String returns the identity as "entry:path".
func (id ID) String() string { return id.Entry + ":" + id.Path }

// Hash is a SHA-256 over the source of a post and everything else that decides
// how it reads; equal hashes mean that nothing a reader sees has changed.
type Hash [sha256.Size]byte

// Post is one page of the community's own writing. Posts are immutable and are
// shared between snapshots and goroutines: nobody changes one.
type Post struct {
	ID
	// Source is the name of the folder in config.yaml that the post belongs to,
	// the deepest that matches, or the entry's name if it names no folders.
	// Announcements and commands choose posts by it ("from:").
	Source string
	// File is where a person finds the file: a path on disk, or path@revision in
	// a repository. For messages only.
	File string
	Kind Kind
	// Title is plain text. It is never empty.
	Title string
	// Slug is the last element of the URL's path, unescaped.
	Slug string
	// URL is the post's absolute address, as the site generator makes it.
	URL string
	// Description is the front matter's, as plain text; often empty, and not
	// always in the post's language.
	Description string
	// Date is the instant of publication, or of the meetup that a page tells
	// about, in the location in which the site shows it: format it as it stands
	// and never convert it (Docusaurus shows UTC). Zero for an undated post.
	Date time.Time
	// Updated is the front matter's date of the last change; zero if it has none.
	Updated time.Time
	Authors []Author
	Tags    []Tag
	// Image is the absolute URL of the cover, or "".
	Image string
	// Lang is the BCP 47 tag of the language the post is written in, or "".
	Lang string
	// License is what the content entry's licence asks to be named, or "".
	License string
	// Unlisted posts have a page but stand in no list: they are found by their
	// link only, are never announced and never searched.
	Unlisted bool
	// Hash tells whether the post has changed.
	Hash Hash

	body func() Body
}

// NewPost returns p with the function that reads its body. read is called once
// for every call of Body and from several goroutines.
func NewPost(p Post, read func() Body) *Post {
	p.body = read
	return &p
}

// Body reads the post's text. It parses the source at each call (tens of
// microseconds), so that ten thousand posts need not be kept parsed.
func (p *Post) Body() Body {
	if p.body == nil {
		return Body{}
	}
	return p.body()
}

// HasTag reports whether the post carries the tag, by label or permalink,
// without regard to case.
func (p *Post) HasTag(name string) bool {
	for _, t := range p.Tags {
		if t.Is(name) {
			return true
		}
	}
	return false
}

// Author is a person who wrote a post. Name is never empty.
type Author struct {
	Name  string
	Title string
	// URL and Image are absolute, or "".
	URL   string
	Image string
}

// Tag is a label on a post.
type Tag struct {
	// Label is what is shown. It is never empty.
	Label string
	// Permalink is the tag's part of the URL: "dev-ops" for "DevOps".
	Permalink string
}

// Problem is what is wrong with one file, or with one entry when File is
// empty. It costs that file only.
type Problem struct {
	// Entry is the name of the content entry in config.yaml.
	Entry string
	// File is as in Post.
	File string
	// Line and Column count from 1; 0 where they are not known.
	Line, Column int
	// Err says what is wrong; Hint, if not empty, what to do about it.
	Err  error
	Hint string
}

// Error returns "file:line:col: what is wrong (hint)".
func (p Problem) Error() string {
	where := p.File
	if where == "" {
		where = p.Entry
	}
	if p.Line > 0 {
		where += fmt.Sprintf(":%d", p.Line)
		if p.Column > 0 {
			where += fmt.Sprintf(":%d", p.Column)
		}
	}
	s := fmt.Sprintf("%s: %v", where, p.Err)
	if p.Hint != "" {
		s += " (" + p.Hint + ")"
	}
	return s
}

// Unwrap returns the cause.
func (p Problem) Unwrap() error { return p.Err }
