// Package site knows how site generators turn files into pages: which files
// are posts, what their front matter says, and at which URL each one is
// published. New returns that knowledge as a content.Format.
//
// Two generators are known. Docusaurus has a blog and a folder of
// documentation; a glossary is a folder of terms as the CNCF Glossary keeps it
// with Hugo. Function generators is the one place that lists them.
package site

import (
	"fmt"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/markdown"
)

// The values of Config.Format.
const (
	docusaurusFormat = "docusaurus"
	glossaryFormat   = "glossary"
)

// generators returns a constructor for each format.
func generators() map[string]func(entry string, cfg Config) generator {
	return map[string]func(entry string, cfg Config) generator{
		docusaurusFormat: newDocusaurus,
		glossaryFormat:   newGlossary,
	}
}

// New returns the format of the content entry with that name. The error says
// everything that Config.Check finds.
func New(entry string, cfg Config) (content.Format, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("content entry %s: %w", entry, err)
	}
	return newTree(entry, generators()[cfg.Format](entry, cfg)), nil
}

// generator is what differs between site generators. Its methods are called
// from several goroutines at once, all but learn.
type generator interface {
	// wants is content.Format's Wants.
	wants(path string) bool
	// shares reports whether the file at path is no page but something that the
	// pages below its folder share.
	shares(path string) bool
	// learn takes in such a file; one without data is gone.
	learn(f content.File) []content.Problem
	// read makes a page of a file.
	read(f content.File) *page
	// options says how the text of p is read. Links to other files are looked up
	// with known each time.
	options(p *page, known lookup) markdown.Options
	// leads reports whether it depends on the other files of the tree where a
	// link leads.
	leads(dest string) bool
}

// lookup returns the URL of the page that the file at path becomes.
type lookup func(path string) (url string, ok bool)
