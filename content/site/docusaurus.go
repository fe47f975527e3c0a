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
	entry   string
	cfg     Config
	address address
	folders []folder // the deepest first
	authors map[string]content.Author
	tags    map[string]map[string]content.Tag // by the folder of tags.yml
}

// folder is a source of the entry.
type folder struct{ name, path string }

func newDocusaurus(entry string, cfg Config) generator {
	origin, _ := url.Parse(cfg.URL) // Config.Check has read it
	d := &docusaurus{
		entry: entry,
		cfg:   cfg,
		address: address{
			origin:        url.URL{Scheme: origin.Scheme, Host: origin.Host},
			base:          squeeze("/" + cfg.BaseURL + "/"),
			trailingSlash: cfg.TrailingSlash,
		},
		tags: make(map[string]map[string]content.Tag),
	}
	d.cfg.BlogRoute = cmp.Or(cfg.BlogRoute, blogFolder)
	d.cfg.DocsRoute = cmp.Or(cfg.DocsRoute, docsFolder)
	for name, p := range cfg.Folders {
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

func (d *docusaurus) learn(f content.File) []content.Problem {
	r := &pageReader{entry: d.entry, file: f, address: d.address}
	file, ok := r.decode(header{notation: yamlHeader, source: bytes.TrimPrefix(f.Data, utf8BOM), line: 1}, "the file")
	if !ok {
		return r.problems // what was known stays known
	}
	if path.Base(f.Path) == authorsFile {
		d.authors = r.knownAuthors(file)
	} else {
		d.tags[path.Dir(f.Path)] = knownTags(file)
	}
	return r.problems
}

func (d *docusaurus) read(f content.File) *page {
	r := &pageReader{entry: d.entry, file: f, address: d.address}
	front, body, ok := r.front()
	if !ok {
		return &page{file: f, problems: r.problems, broken: true}
	}
	p := &page{file: f, body: body}
	draft, unlisted := r.flag(front, "draft"), r.flag(front, "unlisted")
	if draft && unlisted {
		r.problem(front.get("unlisted"), "a page cannot be a draft and unlisted", "remove one of the two")
	}
	if !draft {
		post := d.post(r, front, body)
		post.Unlisted = unlisted
		p.url = post.URL
		if post.Source != "" {
			p.draft = &post
		}
	}
	p.problems = r.problems
	return p
}

// post makes the post of a page. It has no Source when it is in none of the
// entry's folders.
func (d *docusaurus) post(r *pageReader, front value, body []byte) content.Post {
	section, rel, _ := strings.Cut(r.file.Path, "/")
	post := content.Post{
		ID:          content.ID{Entry: d.entry, Path: r.file.Path},
		Source:      d.source(r.file.Path),
		File:        cmp.Or(r.file.Name, r.file.Path),
		Description: r.text(front, "description"),
		Date:        r.date(front.get("date")),
		Updated:     r.date(front.get("last_update").get("date")),
		Tags:        r.tags(front.get("tags"), d.tags[section]),
		Image:       r.cover(front, body),
		License:     d.cfg.License,
	}
	if section == blogFolder {
		d.article(&post, r, front, rel, body)
	} else {
		d.page(&post, r, front, rel, body)
	}
	post.Lang = cmp.Or(r.text(front, "lang"), r.text(front, "language"), d.cfg.Language, guessLang(post.Title, body))
	return post
}

// article fills in what is particular to the blog.
func (d *docusaurus) article(post *content.Post, r *pageReader, front value, rel string, body []byte) {
	name := parseBlogName(rel)
	post.Kind = content.Article
	publish(post, d.address.page(d.cfg.BlogRoute, cmp.Or(r.text(front, "slug"), name.slug)))
	post.Title = r.title(front, body, mdx, path.Base(name.text), stemOf(rel))
	post.Authors = r.authors(front, d.authors)
	if post.Date.IsZero() && name.date != "" {
		// A day that does not exist is no date to Docusaurus either.
		post.Date, _ = parseDate(value{kind: scalar, text: name.date, quoted: true})
	}
}

// page fills in what is particular to the documentation.
func (d *docusaurus) page(post *content.Post, r *pageReader, front value, rel string, body []byte) {
	prefixes := !strings.EqualFold(front.get("parse_number_prefixes").word(), "false")
	id := r.text(front, "id")
	post.Kind = content.Page
	publish(post, d.address.page(d.cfg.DocsRoute, docsSlug(rel, id, r.text(front, "slug"), prefixes)))
	post.Title = r.title(front, body, mdx, docsID(stemOf(rel), id, prefixes))
	if post.Date.IsZero() {
		post.Date = dateOfName(rel)
	}
}

// source returns the name of the deepest folder that holds the file at p, ""
// if none does.
func (d *docusaurus) source(p string) string {
	if len(d.folders) == 0 {
		return d.entry
	}
	for _, f := range d.folders {
		if f.path == "." || strings.HasPrefix(p, f.path+"/") {
			return f.name
		}
	}
	return ""
}

// mdx is how Docusaurus reads both .md and .mdx.
var mdx = markdown.Options{MDX: true}

func (d *docusaurus) options(p *page, known lookup) markdown.Options {
	from := p.file.Path
	o := mdx
	o.Title = p.draft.Title
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
