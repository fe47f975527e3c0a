package site

import (
	"cmp"
	"net/url"
	"path"
	"strings"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/markdown"
)

// glossary knows a folder of terms as the CNCF Glossary keeps one for each
// language (https://github.com/cncf/glossary): every page that stands directly
// in it is a term, but for those that have a layout of their own.
type glossary struct {
	entry   string
	cfg     Config
	address address
}

func newGlossary(entry string, cfg Config) generator {
	u, _ := url.Parse(cfg.URL) // Config.Check has read it
	return &glossary{entry: entry, cfg: cfg, address: address{
		origin: url.URL{Scheme: u.Scheme, Host: u.Host},
		base:   squeeze("/" + u.Path + "/"),
	}}
}

func (g *glossary) wants(p string) bool { return path.Ext(p) == ".md" }

func (g *glossary) shares(string) bool { return false }

func (g *glossary) learn(content.File) []content.Problem { return nil }

func (g *glossary) read(f content.File) *page {
	r := &pageReader{entry: g.entry, file: f, address: g.address}
	front, body, ok := r.front()
	if !ok {
		return &page{file: f, problems: r.problems, broken: true}
	}
	p := &page{file: f, body: body}
	if !r.flag(front, "draft") {
		u := g.page(f.Path)
		p.url = u.String()
		if g.isTerm(f.Path, front) {
			post := g.term(r, front, body, u)
			p.draft = &post
		}
	}
	p.problems = r.problems
	return p
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

func (g *glossary) term(r *pageReader, front value, body []byte, u *url.URL) content.Post {
	post := content.Post{
		ID:          content.ID{Entry: g.entry, Path: r.file.Path},
		Source:      g.entry,
		File:        cmp.Or(r.file.Name, r.file.Path),
		Kind:        content.Term,
		Description: r.text(front, "description"),
		Tags:        r.tags(g.labels(front), nil),
		License:     g.cfg.License,
	}
	publish(&post, u)
	post.Title = r.title(front, body, hugo, post.Slug)
	post.Lang = cmp.Or(g.cfg.Language, guessLang(post.Title, body))
	return post
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

func (g *glossary) options(p *page, known lookup) markdown.Options {
	here := g.page(p.file.Path)
	o := hugo
	o.Title = p.draft.Title
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
