package fetch

import (
	"net/url"
	"regexp"
	"strings"
)

// harmless are the names of parameters whose values tell which feed it is and
// open nothing. All other values are left out of texts.
var harmless = map[string]bool{
	"cat": true, "channel_id": true, "entity": true, "feed": true, "format": true, "lang": true,
	"page": true, "paged": true, "playlist_id": true, "tag": true, "type": true,
}

// privatePath is how Google Calendar marks a path that is a secret.
var privatePath = regexp.MustCompile(`/private-[^/]+`)

// Redact returns address without what may be a secret in it: user and password,
// the values of most parameters, the fragment. It is for logs and errors.
func Redact(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "an address that cannot be read"
	}
	return redact(u)
}

func redact(u *url.URL) string {
	text := u.Scheme + "://" + clean(u.Host) + privatePath.ReplaceAllString(u.EscapedPath(), "/private-…")
	if u.RawQuery != "" {
		text += "?" + redactQuery(u.RawQuery)
	}
	return text
}

func redactQuery(query string) string {
	var parts []string
	for part := range strings.SplitSeq(query, "&") {
		name, value, hasValue := strings.Cut(part, "=")
		switch {
		case harmless[name] && hasValue:
			parts = append(parts, name+"="+url.QueryEscape(unescaped(value)))
		case hasValue:
			parts = append(parts, url.QueryEscape(unescaped(name))+"=…")
		default: // it may be a key all by itself
			parts = append(parts, "…")
		}
	}
	return strings.Join(parts, "&")
}

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}
