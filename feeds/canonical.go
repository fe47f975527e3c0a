package feeds

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// Canonical returns the one form under which a page is known, however its
// address was written and whichever way it came: https, host in lower case,
// default port, dot segments and trailing slash gone, percent-encoded as RFC
// 3986 (section 6.2.2) has it over NFC, without parameters and fragments that
// only count clicks, the rest of the query in order. All addresses of one
// YouTube video are one. It is for telling pages apart, not for opening them;
// Clean is for that. It returns "" for what is no absolute http or https URL.
func Canonical(address string) string {
	u := parse(address)
	if u == nil {
		return ""
	}
	u.host = sameHost(u.host)
	if id := u.youTubeVideo(); id != "" {
		return "https://www.youtube.com/watch?v=" + id
	}
	u.scheme = "https"
	u.path = withoutDots(normal(u.path, pathMarks, "/"))
	u.path = "/" + strings.Trim(u.path, "/")
	for i, pair := range u.query {
		u.query[i] = normal(strings.ReplaceAll(pair, "+", "%20"), queryMarks, "&=+")
	}
	slices.SortStableFunc(u.query, func(a, b string) int { return strings.Compare(key(a), key(b)) })
	u.fragment = normal(u.fragment, queryMarks, "")
	return u.String()
}

// Clean returns the address as it is to be shown and opened: in ASCII, without
// the parameters that only count clicks, otherwise as it was. It returns "" for
// what is no absolute http or https URL.
func Clean(address string) string {
	u := parse(address)
	if u == nil {
		return ""
	}
	return u.String()
}

// location is an http or https URL in parts, all of them encoded.
type location struct {
	scheme, host   string
	path, fragment string
	query          []string
}

// parse returns the parts of an address without tracking, or nil.
func parse(address string) *location {
	parsed, err := url.Parse(mend(address))
	if err != nil || parsed.Scheme != "https" && parsed.Scheme != "http" {
		return nil
	}
	host := hostname(parsed)
	if host == "" {
		return nil
	}
	u := &location{
		scheme:   parsed.Scheme,
		host:     host,
		path:     withoutDots(ascii(rawPath(parsed))),
		fragment: ascii(fragmentOf(rawFragment(parsed))),
	}
	for pair := range strings.SplitSeq(parsed.RawQuery, "&") {
		if pair != "" && !tracks(host, pair) {
			u.query = append(u.query, ascii(pair))
		}
	}
	return u
}

func (u *location) String() string {
	s := u.scheme + "://" + u.host + u.path
	if len(u.query) > 0 {
		s += "?" + strings.Join(u.query, "&")
	}
	if u.fragment != "" {
		s += "#" + u.fragment
	}
	return s
}

// mend makes an address parseable as browsers do: no control characters, no
// space around it, and a percent sign that encodes nothing stands for itself.
func mend(address string) string {
	address = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, address)
	address = strings.TrimSpace(address)
	var b strings.Builder
	for i := range len(address) {
		b.WriteByte(address[i])
		if address[i] == '%' && !isEscape(address[i:]) {
			b.WriteString("25")
		}
	}
	return b.String()
}

// hostname returns the URL's host and port, "" if there is no such host.
func hostname(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	if strings.Contains(host, ":") { // an IPv6 address
		host = "[" + host + "]"
	} else if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	host = strings.TrimSuffix(host, ".")
	known := func(r rune) bool {
		return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-._:[]", r))
	}
	if slices.Contains(strings.Split(host, "."), "") || strings.ContainsFunc(host, func(r rune) bool { return !known(r) }) {
		return ""
	}
	port := u.Port()
	if port == "" || u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		return host
	}
	return host + ":" + port
}

// rawPath returns the path as it was written; url.URL's own EscapedPath forgets
// which slashes were encoded where other things were not.
func rawPath(u *url.URL) string {
	if u.RawPath != "" {
		return u.RawPath
	}
	return u.EscapedPath()
}

func rawFragment(u *url.URL) string {
	if u.RawFragment != "" {
		return u.RawFragment
	}
	return u.EscapedFragment()
}

// withoutDots resolves "." and ".." (RFC 3986, section 5.2.4). It begins with a
// slash.
func withoutDots(path string) string {
	var kept []string
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch s {
		case ".", "..":
			if s == ".." && len(kept) > 0 {
				kept = kept[:len(kept)-1]
			}
			if last {
				kept = append(kept, "")
			}
		default:
			kept = append(kept, s)
		}
	}
	return "/" + strings.Join(kept, "/")
}
