package markdown

import (
	"bytes"
	"html"
	"net/url"
	"strings"
)

const (
	// maxTag is how long a tag may be, in bytes: a picture may stand in one.
	maxTag = 16 << 10
	// maxLink is how long what stands between <a> and </a> may be.
	maxLink = 4 << 10
)

// tag is a tag of HTML or JSX.
type tag struct {
	name   string // lower case
	closes bool   // </name>
	href   string // href, or "to" of a Link component
	src    string
	alt    string
}

// tag takes out the tag at the position and writes what stands for it. It
// returns as markup does.
func (p *preparer) tag() (n int, copied bool) {
	rest := p.src[p.pos:]
	if bytes.HasSuffix(p.out, []byte("](")) || bytes.HasSuffix(p.out, []byte("]: ")) || isAutolink(rest) {
		return p.address(), true
	}
	t, n := parseTag(rest[:min(len(rest), maxTag)])
	if n == 0 {
		return 0, true
	}
	return p.element(t, n), false
}

// element writes what stands for a tag of n bytes, and returns how much of the
// element is then done.
func (p *preparer) element(t tag, n int) int {
	switch t.name {
	case "br":
		p.out = append(p.out, lineBreak...)
	case "img":
		p.picture(t)
	case "a", "link":
		if !t.closes {
			return p.link(t, n)
		}
	case "iframe", "video", "audio", "embed", "source":
		if isWeb(t.src) {
			p.out = append(p.out, " <"+watchURL(t.src)+"> "...)
		}
	case "script", "style", "svg":
		if !t.closes && p.src[p.pos+n-2] != '/' {
			return n + max(p.find(p.pos+n, "</"+t.name), 0)
		}
	case "td", "th":
		p.out = append(p.out, ' ')
	case "li":
		p.out = append(p.out, lineBreak...)
		if !t.closes {
			p.out = append(p.out, "• "...)
		}
	default:
		if blockTags[t.name] {
			p.out = append(p.out, lineBreak...)
		}
	}
	return n
}

// blockTags are the elements that stand on lines of their own.
var blockTags = map[string]bool{
	"p": true, "div": true, "ul": true, "ol": true, "dl": true, "dt": true, "dd": true, "tr": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "hr": true,
	"details": true, "summary": true, "section": true, "article": true, "header": true, "footer": true,
	"table": true, "caption": true, "figure": true, "figcaption": true, "blockquote": true, "pre": true, "center": true,
}

// address writes the address in angle brackets at the position, or the bracket
// alone if it does not end on the line, and returns how much it was.
func (p *preparer) address() int {
	rest := p.src[p.pos:min(p.pos+maxURL, len(p.src))]
	n := 1
	if i := bytes.IndexAny(rest, ">\n"); i > 0 && rest[i] == '>' {
		n = i + 1
	}
	p.out = append(p.out, rest[:n]...)
	return n
}

func (p *preparer) picture(t tag) {
	if t.src == "" {
		return
	}
	p.out = append(p.out, "!["+escapeText(t.alt)+"](<"+escapeURL(t.src)+">)"...)
}

// link writes the element <a> as a link of Markdown, if it ends in the same
// paragraph; n is the length of its first tag.
func (p *preparer) link(t tag, n int) int {
	rest := p.src[p.pos+n : min(p.pos+n+maxLink, len(p.src))]
	if i := bytes.Index(rest, []byte("\n\n")); i >= 0 {
		rest = rest[:i]
	}
	open := p.src[p.pos+1 : p.pos+1+len(t.name)]
	i := bytes.Index(rest, []byte("</"+string(open)+">"))
	if i < 0 || t.href == "" {
		return n
	}
	inner := bytes.Join(bytes.Fields(prepare(rest[:i], p.Options)), []byte(" "))
	inner = bytes.Trim(inner, " "+lineBreak)
	p.out = append(p.out, '[')
	p.out = append(p.out, inner...)
	p.out = append(p.out, "](<"+escapeURL(t.href)+">)"...)
	return n + i + len(open) + len("</>")
}

// watchURL returns the page of a video that can be embedded, where it is known.
func watchURL(embed string) string {
	u, err := url.Parse(embed)
	if err != nil {
		return escapeURL(embed)
	}
	id, ok := strings.CutPrefix(u.Path, "/embed/")
	if host := strings.TrimPrefix(u.Host, "www."); ok && id != "videoseries" && (host == "youtube.com" || host == "youtube-nocookie.com") {
		return "https://www.youtube.com/watch?v=" + url.QueryEscape(id)
	}
	return escapeURL(embed)
}

func isWeb(u string) bool {
	return strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://")
}

// escapeURL returns u so that it can stand between < and >.
func escapeURL(u string) string {
	return strings.NewReplacer("<", "%3C", ">", "%3E", "\\", "%5C", "\n", "", " ", "%20").Replace(strings.TrimSpace(u))
}

// escapeText returns s so that it is text in Markdown.
func escapeText(s string) string {
	return strings.NewReplacer("\\", `\\`, "[", `\[`, "]", `\]`, "`", "\\`", "*", `\*`, "_", `\_`, "&", `\&`, "<", `\<`, "\n", " ").Replace(s)
}

// isAutolink reports whether s begins with <scheme:…> and not with a tag.
func isAutolink(s []byte) bool {
	const longestScheme = 32
	end := bytes.IndexByte(s[:min(len(s), longestScheme+2)], ':')
	return end > 1 && nameLength(s[1:end]) == end-1 &&
		(bytes.HasPrefix(s[end:], []byte("://")) || string(s[1:end]) == "mailto")
}

// parseTag reads the tag that s begins with and returns its length, 0 if there
// is none. Names, values in quotes and values in braces are those of HTML and
// of JSX at once.
func parseTag(s []byte) (tag, int) {
	var t tag
	i := 1
	if i < len(s) && s[i] == '/' {
		t.closes = true
		i++
	}
	n := nameLength(s[i:])
	if n == 0 && !bytes.HasPrefix(s[i:], []byte(">")) || n > 0 && !isLetter(s[i]) { // <> is a fragment
		return t, 0
	}
	t.name = strings.ToLower(string(s[i : i+n]))
	for i += n; ; {
		space := len(s[i:]) - len(bytes.TrimLeft(s[i:], " \t\n/"))
		i += space
		switch {
		case i >= len(s):
			return t, 0
		case s[i] == '>':
			return t, i + 1
		case space == 0:
			return t, 0
		case s[i] == '{':
			n = braces(s[i:])
		default:
			n = t.attribute(s[i:])
		}
		if n == 0 {
			return t, 0
		}
		i += n
	}
}

// attribute reads the attribute that s begins with and returns its length, 0 if
// there is none.
func (t *tag) attribute(s []byte) int {
	n := nameLength(s)
	if n == 0 {
		return 0
	}
	name := strings.ToLower(string(s[:n]))
	rest := bytes.TrimLeft(s[n:], " \t\n")
	if len(rest) == 0 || rest[0] != '=' {
		return n
	}
	rest = bytes.TrimLeft(rest[1:], " \t\n")
	value, length := attributeValue(rest)
	if length == 0 {
		return 0
	}
	switch name {
	case "href", "to":
		t.href = value
	case "src":
		t.src = value
	case "alt":
		t.alt = value
	}
	return len(s) - len(rest) + length
}

// attributeValue returns the value that s begins with and its length. Of an
// expression that is the one string in it: require('./x.png'), for example.
func attributeValue(s []byte) (string, int) {
	if len(s) == 0 {
		return "", 0
	}
	switch s[0] {
	case '"', '\'':
		end := bytes.IndexByte(s[1:], s[0])
		if end < 0 {
			return "", 0
		}
		return html.UnescapeString(string(s[1 : 1+end])), end + 2
	case '{':
		n := braces(s)
		if n == 0 {
			return "", 0
		}
		start := bytes.IndexAny(s[:n], "\"'`")
		if start < 0 {
			return "", n
		}
		length := stringLength(s[start:n])
		return string(s[start+1 : start+max(length-1, 1)]), n
	}
	n := bytes.IndexAny(s, " \t\n\"'=<>`")
	if n < 0 {
		n = 0
	}
	return string(s[:n]), n
}

func nameLength(s []byte) int {
	n := 0
	for n < len(s) && (isLetter(s[n]) || '0' <= s[n] && s[n] <= '9' || bytes.IndexByte([]byte("-_:."), s[n]) >= 0) {
		n++
	}
	return n
}
