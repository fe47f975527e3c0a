package syndication

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/fetch"
)

// Config is what config.yaml says of a source that is one feed or several of a
// kind. Exactly one of the first five is set.
type Config struct {
	// Feed is the address of a feed of any kind.
	Feed []string `yaml:"feed"`
	// YouTube is a channel's id (UC…) or a playlist's (PL…).
	YouTube []string `yaml:"youtube"`
	// GitHub is a repository whose releases are the items, as owner/name.
	GitHub []string `yaml:"github"`
	// Medium is @user, or a publication's name.
	Medium []string `yaml:"medium"`
	// IThome is the number of a series of iThome 鐵人賽.
	IThome []string `yaml:"ithome"`
	// Every is how often to ask; when zero, what is usual for the kind.
	Every time.Duration `yaml:"every"`
	// Timezone is the IANA name of the zone of dates that have none; when empty,
	// that of the publisher as far as known, else the community's.
	Timezone string `yaml:"timezone"`
	// Shorts tells whether YouTube's short videos are items; nil: they are.
	Shorts *bool `yaml:"shorts"`
	// Prereleases tells whether GitHub releases that are none yet are items.
	Prereleases bool `yaml:"prereleases"`
}

// spec is one feed of a source.
type spec struct {
	preset  preset
	path    string // of its setting
	id      string // as the publisher calls it
	address string
	err     error // what is wrong with it
}

// values returns what is set of each preset.
func (c Config) values() map[string][]string {
	return map[string][]string{"feed": c.Feed, "youtube": c.YouTube, "github": c.GitHub, "medium": c.Medium, "ithome": c.IThome}
}

// specs returns the feeds that the config names, good or bad.
func (c Config) specs() []spec {
	var all []spec
	for _, p := range presets {
		values := c.values()[p.key]
		for i, v := range values {
			s := spec{preset: p, path: p.key}
			if len(values) > 1 {
				s.path = fmt.Sprintf("%s[%d]", p.key, i)
			}
			v = strings.TrimSpace(v)
			var ok bool
			if s.id, s.address, ok = p.feed(v); !ok {
				s.err = p.want.error()
			} else {
				s.err = checkAddress(s.address, p.want)
			}
			all = append(all, s)
		}
	}
	return all
}

// Check calls report for everything that is wrong, as *ConfigError, with the path
// of the key within the source.
func (c Config) Check(report func(path string, err error)) {
	specs := c.specs()
	if len(specs) == 0 {
		report("", noFeed.error())
		return
	}
	kind := specs[0].preset
	for i, s := range specs {
		same := func(o spec) bool { return o.err == nil && feeds.Canonical(o.address) == feeds.Canonical(s.address) }
		switch {
		case s.preset.key != kind.key:
			report(s.preset.key, twoKinds.error(kind.key))
			return
		case s.err != nil:
			report(s.path, s.err)
		case slices.ContainsFunc(specs[:i], same):
			report(s.path, sameFeed.error())
		}
	}
	if c.Every != 0 && c.Every < kind.least {
		report("every", tooOften.error(short(kind.least), short(c.Every)))
	}
	if _, err := time.LoadLocation(c.Timezone); err != nil {
		report("timezone", noZone.error())
	}
	if c.Shorts != nil && kind.key != "youtube" {
		report("shorts", forOne.error("youtube"))
	}
	if c.Prereleases && kind.key != "github" {
		report("prereleases", forOne.error("github"))
	}
}

// short writes a duration without its "0s".
func short(d time.Duration) string {
	if d%time.Minute == 0 {
		return strings.TrimSuffix(d.String(), "0s")
	}
	return d.String()
}

// secret matches the parameters whose values open what is not public.
var secret = regexp.MustCompile(`(?i)^(api[_-]?key|apikey|key|.*token|auth|authorization|access|secret|client_secret|pass|passwd|password|pwd|sig|signature|session|sid)$`)

// checkAddress checks a feed's address. Its errors do not repeat the address,
// because that may hold a secret.
func checkAddress(address string, want sentence) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || feeds.Canonical(address) == "" {
		return want.error()
	}
	if u.User != nil {
		return withPassword.error()
	}
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if unescaped, err := url.QueryUnescape(name); err == nil {
			name = unescaped
		}
		if secret.MatchString(name) {
			return withSecret.error(name)
		}
	}
	return nil
}

// Kind returns what people call this kind of source: "YouTube"; "RSS" for feeds
// at large.
func (c Config) Kind() string { return c.preset().name }

// Interval returns how often to poll.
func (c Config) Interval() time.Duration { return cmp.Or(c.Every, c.preset().every) }

func (c Config) preset() preset {
	if specs := c.specs(); len(specs) > 0 {
		return specs[0].preset
	}
	return presets[0]
}

// Part is one of the feeds that a source consists of.
type Part struct {
	// Source is the source's name in config.yaml. Name is the feed's own: it is
	// the same wherever the feed stands in the list, and however long that is.
	Source, Name string
	// Feed tells people which of the source's feeds it is; "" if it is the only
	// one.
	Feed string
	// Address is where it is, however that was written. It is for feeds.Watch.
	Address string

	spec spec
}

// Parts returns the feeds of the source that is called so in config.yaml, in the
// order of the list.
func (c Config) Parts(source string) []Part {
	var all []Part
	specs := c.specs()
	for i, s := range specs {
		p := Part{Source: source, Name: source + "/" + s.key(), Address: feeds.Canonical(s.address), spec: s}
		if len(specs) > 1 {
			p.Feed = s.label()
			if slices.ContainsFunc(all, func(o Part) bool { return o.Feed == p.Feed }) {
				p.Feed += fmt.Sprintf(" #%d", i+1)
			}
		}
		all = append(all, p)
	}
	return all
}

// key tells the feed apart from the others of its source. It stands in logs, so
// it holds nothing that may be a secret.
func (s spec) key() string {
	if s.preset.host != "" {
		return s.id
	}
	address := feeds.Canonical(s.address)
	host, _, _ := strings.Cut(strings.TrimPrefix(address, "https://"), "/")
	return host + "-" + hash(address)[:16]
}

// label tells people which feed it is, without what may be a secret.
func (s spec) label() string {
	if s.preset.host == "" {
		_, place, _ := strings.Cut(fetch.Redact(s.address), "://")
		return place
	}
	return s.id
}

// Address returns where the source is, however that was written: the addresses
// of its feeds, one space apart.
func (c Config) Address() string {
	var all []string
	for _, p := range c.Parts("") {
		all = append(all, p.Address)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// zone returns the zone of the dates of a feed that have none.
func (c Config) zone(s spec, community *time.Location) *time.Location {
	if community == nil {
		community = time.UTC
	}
	name := cmp.Or(c.Timezone, s.known().zone)
	if name == "" {
		return community
	}
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	return community
}

// known returns the preset that tells about the feed: that of its host, if it
// was configured by its address.
func (s spec) known() preset {
	if u, err := url.Parse(s.address); err == nil && s.preset.host == "" {
		if p, known := presetOf(strings.ToLower(u.Hostname())); known {
			return p
		}
	}
	return s.preset
}

// quirks returns the rules for the items of a feed.
func (c Config) quirks(s spec) quirks {
	q := s.known().quirks
	if c.Shorts != nil && !*c.Shorts {
		q.without = append(q.without, shorts)
	}
	if s.preset.key == "github" && !c.Prereleases {
		q.without = append(q.without, prerelease)
	}
	return q
}
