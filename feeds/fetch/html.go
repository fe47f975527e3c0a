package fetch

import (
	"bytes"
	"mime"
	"strings"
)

// isHTML tells whether a body is an HTML page. The bytes decide where they can,
// because feeds are served as text/html too; the type does where they cannot.
func isHTML(contentType string, body []byte) bool {
	rest := afterProlog(body)
	switch {
	case hasPrefixFold(rest, "<!doctype html"), hasTag(rest, "html"), hasTag(rest, "head"), hasTag(rest, "body"):
		return true
	case hasTag(rest, "rss"), hasTag(rest, "feed"), hasTag(rest, "rdf:rdf"), bytes.HasPrefix(rest, []byte("{")),
		hasPrefixFold(rest, "begin:vcalendar"):
		return false
	}
	media, _, _ := mime.ParseMediaType(contentType)
	return media == "text/html" || media == "application/xhtml+xml"
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
