package site

import (
	"net/url"
	"path"
	"regexp"
	"strings"
)

// The rules below are those of Docusaurus 3.10 (github.com/facebook/docusaurus,
// MIT): packages/docusaurus-plugin-content-blog/src/blogUtils.ts,
// docusaurus-plugin-content-docs/src/{slug,numberPrefix}.ts and
// docusaurus-utils-common/src/applyTrailingSlash.ts.

// blogFile finds the date in the path of a blog file, wherever it stands.
var blogFile = regexp.MustCompile(`^(?P<folder>.*)(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})[-/]?(?P<text>.*?)(?:/index)?\.mdx?$`)

// blogName is what the path of a blog file says about its post.
type blogName struct {
	slug string
	date string // as written, "" if there is none
	text string // serves as a title in need
}

// parseBlogName reads a path relative to the blog's folder.
func parseBlogName(rel string) blogName {
	if m := blogFile.FindStringSubmatch(rel); m != nil {
		folder, date, text := m[1], m[2], m[3]
		return blogName{
			slug: strings.ReplaceAll(date, "-", "/") + "/" + folder + text,
			date: date,
			text: text,
		}
	}
	text := strings.TrimSuffix(strings.TrimSuffix(rel, path.Ext(rel)), "/index")
	return blogName{slug: text, text: text}
}

// docsSlug returns the path of a page below the docs' route. rel is relative to
// the docs' folder; id and slug are the front matter's; with prefixes, numbers
// before names only sort them.
func docsSlug(rel, id, slug string, prefixes bool) string {
	dir, _ := path.Split(rel)
	stem := stemOf(rel)
	if strings.HasPrefix(slug, "/") {
		return slug
	}
	folder := "/" + dir
	if prefixes {
		folder = "/" + withoutPrefixes(dir)
	}
	if slug == "" && isFolderPage(dir, stem) {
		return folder
	}
	name := slug
	if name == "" {
		name = docsID(stem, id, prefixes)
	}
	joined := path.Join(folder, name)
	if strings.HasSuffix(name, "/") && joined != "/" {
		joined += "/"
	}
	return joined
}

// stemOf returns the name of a file without its extension.
func stemOf(p string) string { return strings.TrimSuffix(path.Base(p), path.Ext(p)) }

// docsID is the last part of a page's path when it has no slug.
func docsID(stem, id string, prefixes bool) string {
	if id == "" && prefixes {
		return withoutPrefix(stem)
	}
	if id == "" {
		return stem
	}
	return id
}

// isFolderPage reports whether a file stands for its whole folder.
func isFolderPage(dir, stem string) bool {
	return strings.EqualFold(stem, "index") || strings.EqualFold(stem, "readme") ||
		dir != "" && strings.EqualFold(stem, path.Base(dir))
}

var (
	// numberPrefix orders pages in the sidebar: "01-intro", "3. setup".
	numberPrefix = regexp.MustCompile(`^\d+\s*[-_.]+\s*([^-_.\s].*)$`)
	// A date or a version is a name: "2021-11-foo", "2.5 - notes".
	dateOrVersion = regexp.MustCompile(`^\d+[-_.]\d+`)
)

func withoutPrefix(name string) string {
	if name == "" || name[0] < '0' || name[0] > '9' || dateOrVersion.MatchString(name) {
		return name
	}
	if m := numberPrefix.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	return name
}

func withoutPrefixes(dir string) string {
	segments := strings.Split(dir, "/")
	for i, s := range segments {
		segments[i] = withoutPrefix(s)
	}
	return strings.Join(segments, "/")
}

// address is where a site is published and how it ends its paths.
type address struct {
	origin        url.URL // scheme and host
	base          string  // begins and ends with a slash
	trailingSlash *bool   // as in Config
}

// page returns the URL of the page at slug below a route.
func (a address) page(route, slug string) *url.URL {
	return a.at(a.trailing(squeeze("/" + a.base + "/" + route + "/" + slug)))
}

// file returns the URL of a file in the site's static folder.
func (a address) file(name string) *url.URL {
	return a.at(squeeze(a.base + "/" + name))
}

// at returns the URL of a path of the site, percent-encoded as RFC 3986 has it:
// chat platforms end a link at the first space, and some at the first letter
// that is not ASCII.
func (a address) at(p string) *url.URL {
	u := a.origin
	u.Path = p
	return &u
}

// trailing ends the path of a page as the site does.
func (a address) trailing(p string) string {
	if a.trailingSlash == nil || p == "/" || p == a.base {
		return p
	}
	p = strings.TrimSuffix(p, "/")
	if *a.trailingSlash {
		p += "/"
	}
	return p
}

// squeeze replaces runs of slashes by one.
func squeeze(p string) string {
	for strings.Contains(p, "//") {
		p = strings.ReplaceAll(p, "//", "/")
	}
	return p
}
