package site

import (
	"bytes"
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/markdown"
)

// Where Docusaurus looks by default.
const (
	blogFolder  = "blog"
	docsFolder  = "docs"
	authorsFile = "authors.yml"
	tagsFile    = "tags.yml"
)

// docusaurus knows sites made by Docusaurus 3 (https://docusaurus.io).
type docusaurus struct {
	entry
	folders []folder // the deepest first
	authors map[string]content.Author
	tags    map[string]map[string]content.Tag // by the folder of tags.yml
}

// folder is a source of the entry.
type folder struct{ name, path string }

func newDocusaurus(e entry) generator {
	e.cfg.BlogRoute = cmp.Or(e.cfg.BlogRoute, blogFolder)
	e.cfg.DocsRoute = cmp.Or(e.cfg.DocsRoute, docsFolder)
	d := &docusaurus{entry: e, tags: make(map[string]map[string]content.Tag)}
	for name, p := range e.cfg.Folders {
		d.folders = append(d.folders, folder{name, path.Clean(p)})
	}
	slices.SortFunc(d.folders, func(a, b folder) int {
		return cmp.Or(cmp.Compare(len(b.path), len(a.path)), cmp.Compare(a.path, b.path))
	})
	return d
}

func (d *docusaurus) wants(p string) bool {
	folder, rel, _ := strings.Cut(p, "/")
	if folder != blogFolder && folder != docsFolder {
		return false
	}
	return d.shares(p) || isPageFile(p) && !isPartial(rel)
}

// isPartial reports whether a file is only there to be included: one whose name
// or folder starts with "_" (docusaurus-utils/src/globUtils.ts).
func isPartial(rel string) bool {
	return strings.HasPrefix(rel, "_") || strings.Contains(rel, "/_")
}

func (d *docusaurus) shares(p string) bool {
	return p == blogFolder+"/"+authorsFile || p == blogFolder+"/"+tagsFile || p == docsFolder+"/"+tagsFile
}

func (d *docusaurus) learn(r *pageReader) {
	data := bytes.TrimPrefix(r.file.Data, utf8BOM)
	file, ok := r.decode(header{notation: yamlHeader, source: data, line: 1}, "the file")
	switch {
	case !ok: // what was known stays known
	case path.Base(r.file.Path) == authorsFile:
		d.authors = r.knownAuthors(file)
	default:
		d.tags[path.Dir(r.file.Path)] = knownTags(file)
	}
}

func (d *docusaurus) post(r *pageReader, front value, body []byte) (content.Post, bool) {
	section, rel, _ := strings.Cut(r.file.Path, "/")
	var post content.Post
	if section == blogFolder {
		post = d.article(r, front, rel, body)
	} else {
		post = d.page(r, front, rel, body)
	}
	var ok bool
	post.Source, ok = d.source(r.file.Path)
	post.Updated = r.date(front.get("last_update").get("date"))
	post.Tags = r.tags(front.get("tags"), d.tags[section])
	post.Image = r.cover(front, body)
	post.Lang = r.lang(front, post.Title, body)
	return post, ok
}

// article makes the post of a page of the blog.
func (d *docusaurus) article(r *pageReader, front value, rel string, body []byte) content.Post {
	name := parseBlogName(rel)
	u := d.address.page(d.cfg.BlogRoute, cmp.Or(r.text(front, "slug"), name.slug))
	post := r.post(front, content.Article, u)
	post.Title = r.title(front, body, mdx, path.Base(name.text), stemOf(rel))
	post.Authors = r.authors(front, d.authors)
	post.Date = r.date(front.get("date"))
	if post.Date.IsZero() && name.date != "" {
		// A day that does not exist is no date to Docusaurus either.
		post.Date, _ = parseDate(value{kind: scalar, text: name.date, quoted: true})
	}
	return post
}

// page makes the post of a page of the documentation.
func (d *docusaurus) page(r *pageReader, front value, rel string, body []byte) content.Post {
	prefixes := !strings.EqualFold(front.get("parse_number_prefixes").word(), "false")
	id := r.text(front, "id")
	u := d.address.page(d.cfg.DocsRoute, docsSlug(rel, id, r.text(front, "slug"), prefixes))
	post := r.post(front, content.Page, u)
	post.Title = r.title(front, body, mdx, docsID(stemOf(rel), id, prefixes))
	post.Date = r.date(front.get("date"))
	if post.Date.IsZero() {
		post.Date = dateOfName(rel)
	}
	return post
}

// source returns the name of the deepest folder that holds the file at p.
// Without ok it is in none of the entry's folders.
func (d *docusaurus) source(p string) (name string, ok bool) {
	for _, f := range d.folders {
		if f.path == "." || strings.HasPrefix(p, f.path+"/") {
			return f.name, true
		}
	}
	return d.name, len(d.folders) == 0
}

// mdx is how Docusaurus reads both .md and .mdx.
var mdx = markdown.Options{MDX: true}

func (d *docusaurus) options(p *content.Post, known lookup) markdown.Options {
	from := p.Path
	o := mdx
	o.Title = p.Title
	o.Link = func(dest string) (string, bool) { return d.link(from, dest, known) }
	o.Image = d.address.picture
	return o
}

func (d *docusaurus) leads(dest string) bool {
	if !strings.Contains(dest, ".md") {
		return false
	}
	u, err := url.Parse(dest)
	return err == nil && !isOutside(u) && isPageFile(u.Path)
}

// link returns the URL that a link on the page made of the file at from leads
// to (docusaurus-utils/src/markdownLinks.ts).
func (d *docusaurus) link(from, dest string, known lookup) (string, bool) {
	u, err := url.Parse(dest)
	if err != nil {
		return "", false
	}
	if s, ok := d.address.static(u); ok && path.Ext(u.Path) != "" && !isPageFile(u.Path) {
		return s, true
	}
	switch ext := path.Ext(u.Path); {
	case isOutside(u):
		return outside(u)
	case isPageFile(u.Path):
		return d.sourceLink(from, u, known)
	case ext != "" && ext != ".html":
		return "", false // bundled under a name that cannot be known
	}
	return d.pageLink(from, u, known)
}

// sourceLink returns the URL of the page whose source file a link names.
func (d *docusaurus) sourceLink(from string, u *url.URL, known lookup) (string, bool) {
	section, _, _ := strings.Cut(from, "/")
	folders := []string{path.Dir(from), section, "."}
	name, rooted := strings.CutPrefix(u.Path, "@site/")
	switch {
	case rooted:
		folders = folders[2:]
	case strings.HasPrefix(name, "/"):
		folders = folders[1:]
	case strings.HasPrefix(name, "./"), strings.HasPrefix(name, "../"):
		folders = folders[:1]
	}
	for _, folder := range folders {
		if target, ok := known(path.Join(folder, name)); ok {
			if t, err := url.Parse(target); err == nil {
				return withTail(t, u), true
			}
		}
	}
	return "", false
}

// pageLink returns the URL of a link to a path of the site.
func (d *docusaurus) pageLink(from string, u *url.URL, known lookup) (string, bool) {
	if strings.HasPrefix(u.Path, "/") {
		p := d.address.trailing(squeeze(d.address.base + d.address.withoutBase(u.Path)))
		return withTail(d.address.at(p), u), true
	}
	here, ok := known(from)
	if !ok {
		return "", false
	}
	base, err := url.Parse(here)
	if err != nil {
		return "", false
	}
	target := base.ResolveReference(u)
	if u.Path != "" {
		target.Path, target.RawPath = d.address.trailing(target.Path), ""
	}
	return target.String(), true
}
