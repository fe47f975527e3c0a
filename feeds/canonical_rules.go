package feeds

import (
	"regexp"
	"strings"
)

// trackers are the parameters that only count clicks.
var trackers = map[string]bool{
	"fbclid": true, "gclid": true, "dclid": true, "gbraid": true, "wbraid": true, // Meta, Google
	"msclkid": true, "yclid": true, "twclid": true, "ttclid": true, "igshid": true, // Microsoft, Yandex, X, TikTok, Instagram
	"mc_cid": true, "mc_eid": true, "mkt_tok": true, "_hsenc": true, "_hsmi": true, // Mailchimp, Marketo, HubSpot
}

// tracks reports whether a parameter of a page of host only counts clicks.
func tracks(host, pair string) bool {
	name, value, _ := strings.Cut(pair, "=")
	name = strings.ToLower(name)
	switch {
	case strings.HasPrefix(name, "utm_"), trackers[name]:
		return true
	case name == "source": // Medium, on its own and its customers' domains
		return strings.HasPrefix(value, "rss-")
	case name == "sc": // iThome
		return within(host, "ithome.com.tw") && strings.HasPrefix(value, "rss.")
	case name == "si", name == "feature", name == "pp": // YouTube's share button
		return within(host, "youtube.com") || host == "youtu.be"
	}
	return false
}

// within reports whether host is the domain or one below it.
func within(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain)
}

// placeFragment matches fragments that lead to a place every page of a blog has,
// or that count clicks.
var placeFragment = regexp.MustCompile(`(?i)^(comments|respond|disqus_thread|more-[0-9]+|rss|utm_.*|xtor=.*|fbclid=.*)$`)

// fragmentOf returns what a fragment says about which page or part it is. Many
// change logs are one page whose entries differ in the fragment alone, so it
// stays unless it is known to say nothing.
func fragmentOf(fragment string) string {
	fragment, _, _ = strings.Cut(fragment, ":~:") // https://wicg.github.io/scroll-to-text-fragment/
	if placeFragment.MatchString(fragment) {
		return ""
	}
	return fragment
}

// otherHosts are the former names of hosts.
var otherHosts = map[string]string{
	"lu.ma":     "luma.com",
	"www.lu.ma": "luma.com",
	// Luma answers both, and links to either.
	"www.luma.com": "luma.com",
}

func sameHost(host string) string {
	if now, moved := otherHosts[host]; moved {
		return now
	}
	return host
}

// videoID is the form of YouTube's video ids. They have 11 characters today.
var videoID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,16}$`)

// youTubeVideo returns the id of the video that the URL is about, or "".
func (u *location) youTubeVideo() string {
	first, rest, _ := strings.Cut(strings.Trim(u.path, "/"), "/")
	var id string
	switch {
	case u.host == "youtu.be":
		id = first
	case !within(u.host, "youtube.com") && !within(u.host, "youtube-nocookie.com"):
		return ""
	case first == "watch":
		for _, pair := range u.query {
			if v, is := strings.CutPrefix(pair, "v="); is {
				id = v
			}
		}
	case first == "shorts", first == "live", first == "embed", first == "v":
		id, _, _ = strings.Cut(rest, "/")
	}
	if !videoID.MatchString(id) {
		return ""
	}
	return id
}

// key returns the name of a parameter.
func key(pair string) string {
	name, _, _ := strings.Cut(pair, "=")
	return name
}
