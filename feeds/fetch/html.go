package fetch

import (
	"bytes"
	"strings"
)

// IsHTML tells whether a body in UTF-8 is an HTML page, by how it begins. What it
// is served as tells nothing: feeds are served as text/html too. Other things
// that are no feed have to be told by who reads it.
func IsHTML(body []byte) bool {
	rest := afterProlog(body)
	return hasPrefixFold(rest, "<!doctype html") || hasTag(rest, "html") || hasTag(rest, "head") || hasTag(rest, "body")
}

// afterProlog returns body from its first element or text on, without what an
// XML document or a page may begin with: a byte order mark, a declaration,
// comments, a document type that is not HTML's.
func afterProlog(body []byte) []byte {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	for {
		body = bytes.TrimSpace(body)
		var end string
		switch {
		case bytes.HasPrefix(body, []byte("<?")):
			end = "?>"
		case bytes.HasPrefix(body, []byte("<!--")):
			end = "-->"
		case hasPrefixFold(body, "<!doctype") && !hasPrefixFold(body, "<!doctype html"):
			end = ">"
		default:
			return body
		}
		_, after, found := bytes.Cut(body, []byte(end))
		if !found {
			return nil
		}
		body = after
	}
}

func hasTag(body []byte, name string) bool {
	if !hasPrefixFold(body, "<"+name) {
		return false
	}
	rest := body[len(name)+1:]
	return len(rest) == 0 || strings.IndexByte(" \t\r\n/>", rest[0]) >= 0
}

func hasPrefixFold(body []byte, prefix string) bool {
	return len(body) >= len(prefix) && strings.EqualFold(string(body[:len(prefix)]), prefix)
}
