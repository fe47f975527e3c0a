package site

import (
	"net/url"
	"path"
	"strings"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/markdown"
)

// glossary knows a folder of terms as the CNCF Glossary keeps one for each
// language (https://github.com/cncf/glossary): every page that stands directly
// in it is a term, but for those that have a layout of their own.
type glossary struct{ entry }

func newGlossary(e entry) generator { return &glossary{e} }

func (g *glossary) wants(p string) bool { return path.Ext(p) == ".md" }

func (g *glossary) shares(string) bool { return false }

func (g *glossary) learn(*pageReader) {}

func (g *glossary) post(r *pageReader, front value, body []byte) (content.Post, bool) {
	post := r.post(front, content.Term, g.page(r.file.Path))
	post.Title = r.title(front, body, hugo, post.Slug)
	post.Tags = r.tags(g.labels(front), nil)
	post.Lang = r.lang(front, post.Title, body)
	return post, g.isTerm(r.file.Path, front)
}

// isTerm tells terms from the pages about the glossary.
func (g *glossary) isTerm(p string, front value) bool {
	return !strings.Contains(p, "/") && !strings.HasPrefix(p, "_") && front.get("layout").kind == null
}

// page returns the URL of the page made of the file at p.
func (g *glossary) page(p string) *url.URL {
	p = strings.TrimSuffix(p, ".md")
	if path.Base(p) == "_index" {
		p = path.Dir(p)
	}
	p = strings.ReplaceAll(strings.ToLower(p), " ", "-")
	return g.address.at(squeeze(path.Join(g.address.base, p) + "/"))
}

// labels returns the term's tags with its category before them.
func (g *glossary) labels(front value) value {
	tags, category := front.get("tags"), front.get("category")
	if category.kind != scalar || tags.kind == scalar {
		return tags
	}
	tags.kind = list
	tags.list = append([]value{category}, tags.list...)
	return tags
}

// hugo is how Hugo reads a page.
var hugo = markdown.Options{Shortcodes: true}

func (g *glossary) options(p *content.Post, known lookup) markdown.Options {
	here := g.page(p.Path)
	o := hugo
	o.Title = p.Title
	o.Link = func(dest string) (string, bool) { return g.link(here, dest, known) }
	o.Image = func(dest string) (string, bool) { return g.picture(here, dest) }
	return o
}

func (g *glossary) leads(dest string) bool {
	u, err := url.Parse(dest)
	return err == nil && !isOutside(u) && u.Path != ""
}

// link returns where a link on the page at here leads. Terms are linked before
// they are translated, so a link to a page that is not in the tree is dropped.
func (g *glossary) link(here *url.URL, dest string, known lookup) (string, bool) {
	u, err := url.Parse(dest)
	if err != nil {
		return "", false
	}
	if isOutside(u) {
		return outside(u)
	}
	target := here.ResolveReference(u)
	rel, below := strings.CutPrefix(squeeze(target.Path+"/"), g.address.base)
	if !below || path.Ext(target.Path) != "" {
		return target.String(), true
	}
	rel = strings.TrimSuffix(rel, "/")
	for _, file := range []string{rel + ".md", path.Join(rel, "_index.md")} {
		if url, ok := known(file); ok {
			return url + fragment(u), true
		}
	}
	return "", false
}

func (g *glossary) picture(here *url.URL, dest string) (string, bool) {
	u, err := url.Parse(dest)
	if err != nil || u.Path == "" {
		return "", false
	}
	return outside(here.ResolveReference(u))
}

func fragment(u *url.URL) string {
	if u.Fragment == "" {
		return ""
	}
	return "#" + u.EscapedFragment()
}
