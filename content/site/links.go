package site

import (
	"bytes"
	"net/url"
	"path"
	"strings"
)

// outside returns the absolute URL of a link that leads out of the site. Only
// web and mail addresses pass: nothing that a program could be started by.
func outside(u *url.URL) (string, bool) {
	switch {
	case u.Scheme == "" && u.Host != "":
		https := *u
		https.Scheme = "https"
		return https.String(), true
	case u.Scheme == "http" || u.Scheme == "https":
		return u.String(), u.Host != ""
	case u.Scheme == "mailto":
		return u.String(), u.Opaque != ""
	}
	return "", false
}

// isOutside reports whether u names a site or a scheme of its own.
func isOutside(u *url.URL) bool { return u.Scheme != "" || u.Host != "" }

// picture returns the URL of a picture: one elsewhere, or one from the site's
// static folder. Others are bundled under a name that cannot be known.
func (a address) picture(dest string) (string, bool) {
	u, err := url.Parse(dest)
	if err != nil || u.Path == "" {
		return "", false
	}
	if s, ok := a.static(u); ok {
		return s, true
	}
	if u.Scheme == "mailto" {
		return "", false
	}
	return outside(u)
}

// static returns the URL of a file in the site's static folder.
func (a address) static(u *url.URL) (string, bool) {
	name, aliased := strings.CutPrefix(u.Path, "@site/static/")
	switch {
	case aliased || u.Scheme == "pathname" && u.Host == "":
	case !isOutside(u) && strings.HasPrefix(u.Path, "/"):
		name = a.withoutBase(u.Path)
	default:
		return "", false
	}
	return withTail(a.file(name), u), true
}

// withoutBase returns a path of the site relative to its base: Docusaurus adds
// the base to links, but not twice.
func (a address) withoutBase(p string) string {
	if strings.HasPrefix(p, a.base) {
		return p[len(a.base):]
	}
	return p
}

// withTail returns target with the query and the fragment of link.
func withTail(target, link *url.URL) string {
	u := *target
	u.RawQuery, u.Fragment, u.RawFragment = link.RawQuery, link.Fragment, link.RawFragment
	return u.String()
}

// isPageFile reports whether a link names the source of a page.
func isPageFile(p string) bool {
	ext := path.Ext(p)
	return ext == ".md" || ext == ".mdx"
}

// targets calls visit with the destination of every link and picture in body,
// in their order and as written, until it returns false. It is a quick look:
// code in fences is passed over, other code is not.
func targets(body []byte, visit func(dest string, picture bool) bool) {
	fence := []byte(nil)
	for line := range bytes.Lines(body) {
		trimmed := bytes.TrimLeft(line, " \t>")
		if mark := fenceMark(trimmed); mark != nil && (fence == nil || bytes.HasPrefix(mark, fence)) {
			if fence == nil {
				fence = mark
			} else {
				fence = nil
			}
			continue
		}
		if fence == nil && !lineTargets(line, visit) {
			return
		}
	}
}

// fenceMark returns the back quotes or tildes that open or close code.
func fenceMark(line []byte) []byte {
	for _, c := range []byte("`~") {
		n := 0
		for n < len(line) && line[n] == c {
			n++
		}
		if n >= 3 {
			return line[:n]
		}
	}
	return nil
}

// lineTargets is targets for one line: [text](dest), ![alt](dest) and
// [label]: dest.
func lineTargets(line []byte, visit func(dest string, picture bool) bool) bool {
	for start := 0; ; {
		i := bytes.IndexByte(line[start:], ']')
		if i < 0 || start+i+2 > len(line) {
			return true
		}
		end := start + i
		start = end + 1
		if c := line[end+1]; c != '(' && c != ':' {
			continue
		}
		open := bytes.LastIndexByte(line[:end], '[')
		picture := open > 0 && line[open-1] == '!'
		if dest := destination(line[end+2:]); dest != "" && !visit(dest, picture) {
			return false
		}
	}
}

// destination returns the destination at the start of b, up to a space or the
// closing bracket.
func destination(b []byte) string {
	b = bytes.TrimLeft(b, " \t")
	if rest, ok := bytes.CutPrefix(b, []byte("<")); ok {
		dest, _, _ := bytes.Cut(rest, []byte(">"))
		return string(dest)
	}
	depth := 0
	for i, c := range b {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		if c <= ' ' || depth < 0 {
			return string(b[:i])
		}
	}
	return string(b)
}

// destinations returns the links that want accepts.
func destinations(body []byte, want func(dest string) bool) []string {
	var found []string
	targets(body, func(dest string, picture bool) bool {
		if !picture && want(dest) {
			found = append(found, dest)
		}
		return true
	})
	return found
}

// firstPicture returns the first result of resolve that is not empty.
func firstPicture(body []byte, resolve func(dest string) string) string {
	if !bytes.Contains(body, []byte("![")) {
		return ""
	}
	found := ""
	targets(body, func(dest string, picture bool) bool {
		if picture {
			found = resolve(dest)
		}
		return found == ""
	})
	return found
}
