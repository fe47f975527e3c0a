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
	"net/url"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/markdown"
	"cloudnative.tw/herald/content/spool"
)

// The values of Config.Format.
const (
	docusaurusFormat = "docusaurus"
	glossaryFormat   = "glossary"
)

// generators returns a constructor for each format.
func generators() map[string]func(entry) generator {
	return map[string]func(entry) generator{
		docusaurusFormat: newDocusaurus,
		glossaryFormat:   newGlossary,
	}
}

// New returns the format of the content entry with that name, which keeps the
// text of pages in s; with a nil s, in memory. The error says everything that
// Config.Check finds.
func New(name string, cfg Config, s *spool.Spool) (content.Format, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("content entry %s: %w", name, err)
	}
	e := newEntry(name, cfg)
	return newTree(e, generators()[cfg.Format](e), s), nil
}

// generator is what differs between site generators. Its methods are called
// from several goroutines at once, all but learn.
type generator interface {
	// wants is content.Format's Wants.
	wants(path string) bool
	// shares reports whether the file at path is no page but something that the
	// pages below its folder share.
	shares(path string) bool
	// learn takes in such a file; an empty one is as good as none.
	learn(r *pageReader)
	// post makes a post of a page that is no draft. It always has a URL. Without
	// ok it is a page of the site, but none of Herald's posts.
	post(r *pageReader, front value, body []byte) (p content.Post, ok bool)
	// options says how the text of p is read. Links to other files are looked up
	// with known each time.
	options(p *content.Post, known lookup) markdown.Options
	// leads reports whether it depends on the other files of the tree where a
	// link leads.
	leads(dest string) bool
}

// lookup returns the URL of the page that the file at path becomes.
type lookup func(path string) (url string, ok bool)

// entry is a content entry of config.yaml.
type entry struct {
	name    string
	cfg     Config
	address address
}

func newEntry(name string, cfg Config) entry {
	u, _ := url.Parse(cfg.URL) // Config.Check has read it
	return entry{name: name, cfg: cfg, address: address{
		origin:        url.URL{Scheme: u.Scheme, Host: u.Host},
		base:          squeeze("/" + u.Path + "/" + cfg.BaseURL + "/"),
		trailingSlash: cfg.TrailingSlash,
	}}
}

func (e *entry) reader(f content.File) *pageReader {
	return &pageReader{entry: e, file: f}
}
