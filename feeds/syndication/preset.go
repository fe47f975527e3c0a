package syndication

import (
	"regexp"
	"strings"
	"time"
)

// preset is what is known of one publisher of feeds, or of feeds at large.
type preset struct {
	// key names it in config.yaml, name is what people call it.
	key, name string
	// forms are how a feed of it may be named, and which address that means.
	forms []form
	// want says what a name must be.
	want sentence
	// host is the domain of its feeds; what is known of them holds for those that
	// are configured by address too. "" for feeds at large.
	host string
	// zone is the IANA name of the zone of its dates that have none; "" if that is
	// not known.
	zone string
	// every is how often its feeds are asked by default, least how often at most.
	every, least time.Duration
	quirks       quirks
}

// form is a way to name a feed: its group is the feed's id, which the template
// makes an address of.
type form struct {
	pattern  *regexp.Regexp
	template string
}

// quirks are the rules for the items of a preset's feeds.
type quirks struct {
	// onlyTitle tells that of an item only title and address say that it has
	// changed; the rest moves by itself.
	onlyTitle bool
	// noPictures tells that the pictures of items are of their authors.
	noPictures bool
	// without are items that are left out.
	without []*regexp.Regexp
}

var (
	// shorts matches the addresses of YouTube's short videos.
	shorts = regexp.MustCompile(`^https?://(www\.|m\.)?youtube\.com/shorts/`)
	// prerelease matches the pages of GitHub releases that are none yet, which
	// the feed does not mark: by the words that stand behind a version
	// (https://semver.org/#spec-item-9), whole ones so that an eagle is not early
	// access, and by the letters of Python (PEP 440) and of Maven's milestones,
	// which are letters of a commit or of a chip elsewhere. A tag may have slashes.
	prerelease = regexp.MustCompile(`(?i)/releases/tag/.*(` +
		`[0-9][-._]?(alpha|beta|rc|pre|prerelease|preview|dev|devel|nightly|canary|snapshot|next|ea|milestone)([-._+%0-9]|$)|` +
		`[0-9]\.[0-9]+[ab][0-9]+([-._+%]|$)|` +
		`[0-9]\.[0-9]+[-.]?m[0-9]+$)`)
)

const web = `^https?://(?:www\.)?`

var presets = []preset{
	{
		key: "feed", name: "RSS",
		want: wantFeed,
		// Whatever stands there, Config.Check judges it as an address.
		forms: []form{{regexp.MustCompile(`^(.+)$`), "$1"}},
		every: 15 * time.Minute, least: time.Minute,
	},
	{
		key: "youtube", name: "YouTube", host: "youtube.com",
		want: wantYouTube,
		forms: []form{
			{regexp.MustCompile(`^(UC[\w-]{22})$`), "https://www.youtube.com/feeds/videos.xml?channel_id=$1"},
			{regexp.MustCompile(web + `youtube\.com/channel/(UC[\w-]{22})/?$`), "https://www.youtube.com/feeds/videos.xml?channel_id=$1"},
			{regexp.MustCompile(`^((?:PL|UU|OL|FL)[\w-]{10,60})$`), "https://www.youtube.com/feeds/videos.xml?playlist_id=$1"},
			{regexp.MustCompile(web + `youtube\.com/playlist\?list=((?:PL|UU|OL|FL)[\w-]{10,60})$`), "https://www.youtube.com/feeds/videos.xml?playlist_id=$1"},
		},
		every: 15 * time.Minute, least: 5 * time.Minute,
		// Views and ratings move its dates; descriptions hold links that change.
		quirks: quirks{onlyTitle: true},
	},
	{
		key: "github", name: "GitHub Releases", host: "github.com",
		want: wantGitHub,
		forms: []form{
			{regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9-]{0,38}/[\w.-]{1,100})$`), "https://github.com/$1/releases.atom"},
			{regexp.MustCompile(web + `github\.com/([A-Za-z0-9][A-Za-z0-9-]{0,38}/[\w.-]{1,100}?)(?:\.git|/releases)?/?$`), "https://github.com/$1/releases.atom"},
		},
		every: 15 * time.Minute, least: 5 * time.Minute,
		quirks: quirks{noPictures: true},
	},
	{
		key: "medium", name: "Medium", host: "medium.com",
		want: wantMedium,
		forms: []form{
			{regexp.MustCompile(`^(@[\w.-]{1,60}|[a-z0-9][a-z0-9-]{1,60}|tag/[a-z0-9-]{1,60})$`), "https://medium.com/feed/$1"},
			{regexp.MustCompile(web + `medium\.com/(?:feed/)?(@[\w.-]{1,60}|[a-z0-9][a-z0-9-]{1,60})/?$`), "https://medium.com/feed/$1"},
		},
		every: 30 * time.Minute, least: 15 * time.Minute, // its limits are shared with all its customers' domains
	},
	{
		key: "ithome", name: "iThome 鐵人賽", host: "ithome.com.tw",
		want: wantIThome,
		forms: []form{
			{regexp.MustCompile(`^([1-9][0-9]{0,9})$`), "https://ithelp.ithome.com.tw/rss/series/$1"},
			{regexp.MustCompile(web + `ithelp\.ithome\.com\.tw/users/[0-9]+/ironman/([1-9][0-9]{0,9})/?$`), "https://ithelp.ithome.com.tw/rss/series/$1"},
		},
		zone:  "Asia/Taipei",
		every: 15 * time.Minute, least: 5 * time.Minute,
	},
}

// feed returns the id and the address of the feed that a value names.
func (p preset) feed(value string) (id, address string, ok bool) {
	for _, f := range p.forms {
		if m := f.pattern.FindStringSubmatchIndex(value); m != nil {
			return value[m[2]:m[3]], string(f.pattern.ExpandString(nil, f.template, value, m)), true
		}
	}
	return "", "", false
}

// presetOf returns what is known of the feeds of a host.
func presetOf(host string) (preset, bool) {
	for _, p := range presets {
		if p.host != "" && (host == p.host || strings.HasSuffix(host, "."+p.host)) {
			return p, true
		}
	}
	return preset{}, false
}

// skips reports whether an item is to be left out.
func (q quirks) skips(e entry) bool {
	for _, w := range q.without {
		for _, link := range e.links {
			if w.MatchString(link) {
				return true
			}
		}
	}
	return false
}
