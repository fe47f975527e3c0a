package syndication_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/feeds/syndication"
)

func problems(c syndication.Config) (paths []string, text string) {
	c.Check(func(path string, err error) {
		paths = append(paths, path)
		text += err.Error() + "\n"
	})
	return paths, text
}

const (
	channel  = "UCoYY8K9fbfDtTY7m68UCATA"
	playlist = "PLGB9Room8gH_86oEqGsha9kboqvi7GfsH"
)

func TestConfigs(t *testing.T) {
	no := false
	type config = syndication.Config
	for name, test := range map[string]struct {
		config config
		wrong  []string // the paths
	}{
		"a feed":                     {config{Feed: []string{"https://kubernetes.io/feed.xml"}, Every: time.Hour}, nil},
		"feeds":                      {config{Feed: []string{"https://a.example/", "http://b.example/?feed=rss2"}, Timezone: "Asia/Taipei"}, nil},
		"a channel":                  {config{YouTube: []string{channel}, Shorts: &no}, nil},
		"a playlist":                 {config{YouTube: []string{playlist}}, nil},
		"pasted links":               {config{YouTube: []string{"https://www.youtube.com/channel/" + channel, "https://youtube.com/playlist?list=" + playlist}}, nil},
		"a repository":               {config{GitHub: []string{"kubernetes/kubernetes", "https://github.com/cilium/cilium/releases"}, Prereleases: true}, nil},
		"Medium":                     {config{Medium: []string{"@example", "some-publication", "https://medium.com/@other"}}, nil},
		"series":                     {config{IThome: []string{"8001", "https://ithelp.ithome.com.tw/users/20100000/ironman/8002"}}, nil},
		"nothing":                    {config{}, []string{""}},
		"two kinds":                  {config{Feed: []string{"https://a.example/"}, YouTube: []string{channel}}, []string{"youtube"}},
		"no address":                 {config{Feed: []string{"kubernetes.io/feed.xml"}}, []string{"feed"}},
		"an empty address":           {config{Feed: []string{" "}}, []string{"feed"}},
		"another scheme":             {config{Feed: []string{"ftp://a.example/feed"}}, []string{"feed"}},
		"one bad of two":             {config{Feed: []string{"https://a.example/", "x"}}, []string{"feed[1]"}},
		"one feed twice":             {config{Feed: []string{"https://a.example/f", "http://A.example/f/"}}, []string{"feed[1]"}},
		"one channel twice":          {config{YouTube: []string{channel, "https://youtube.com/channel/" + channel}}, []string{"youtube[1]"}},
		"a user":                     {config{Feed: []string{"https://me@a.example/"}}, []string{"feed"}},
		"a handle":                   {config{YouTube: []string{"@cntug"}}, []string{"youtube"}},
		"no repository":              {config{GitHub: []string{"kubernetes"}}, []string{"github"}},
		"a path that climbs":         {config{GitHub: []string{"../x"}}, []string{"github"}},
		"no Medium name":             {config{Medium: []string{"https://blog.example/feed"}}, []string{"medium"}},
		"no series":                  {config{IThome: []string{"0", "eight"}}, []string{"ithome[0]", "ithome[1]"}},
		"many series":                {config{IThome: strings.Fields("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21")}, nil},
		"too often":                  {config{YouTube: []string{channel}, Every: time.Minute}, []string{"every"}},
		"no zone":                    {config{Feed: []string{"https://a.example/"}, Timezone: "Taipei"}, []string{"timezone"}},
		"shorts of a feed":           {config{Feed: []string{"https://a.example/"}, Shorts: &no}, []string{"shorts"}},
		"prereleases of a channel":   {config{YouTube: []string{channel}, Prereleases: true}, []string{"prereleases"}},
		"everything wrong, all said": {config{Feed: []string{"x"}, Every: time.Second, Timezone: "x", Shorts: &no, Prereleases: true}, []string{"feed", "every", "timezone", "shorts", "prereleases"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got, text := problems(test.config); !slices.Equal(got, test.wrong) {
				t.Errorf("wrong: %q, want %q\n%s", got, test.wrong, text)
			}
		})
	}
}

// TestNoSecretInAConfig: an address that holds a secret is refused, and what is
// said of it does not repeat it.
func TestNoSecretInAConfig(t *testing.T) {
	for _, address := range []string{
		"https://forum.example/latest.rss?api_key=HUSH", "https://a.example/?API-KEY=HUSH", "https://a.example/?x=1&access_token=HUSH",
		"https://a.example/?token=HUSH", "https://a.example/?%74oken=HUSH", "https://me:HUSH@a.example/", "https://HUSH@a.example/",
		"https://a.example/?password=HUSH", "https://a.example/?private_token=HUSH", "https://a.example/?sig=HUSH", "https://a.example/%zz?key=HUSH",
		"HUSH", "https://[HUSH/", "https://www.youtube.com/feeds/videos.xml?token=HUSH",
	} {
		paths, text := problems(syndication.Config{Feed: []string{address}})
		if len(paths) != 1 {
			t.Errorf("%s: %d problems", address, len(paths))
		}
		if strings.Contains(text, "HUSH") {
			t.Errorf("%s is repeated: %s", address, text)
		}
		if _, err := syndication.New(syndication.Config{Feed: []string{address}}, "s", originOf, nil, nil); err == nil || strings.Contains(err.Error(), "HUSH") {
			t.Errorf("%s: New says %v", address, err)
		}
	}
}

func TestTheAddressIsTheSameHoweverItIsWritten(t *testing.T) {
	for _, group := range [][]syndication.Config{
		{{Feed: []string{"https://a.example/feed"}}, {Feed: []string{"http://A.example:80/feed/ "}}},
		{{YouTube: []string{channel}}, {YouTube: []string{"https://www.youtube.com/channel/" + channel}}, {Feed: []string{"https://www.youtube.com/feeds/videos.xml?channel_id=" + channel}}},
		{{GitHub: []string{"a/b"}}, {GitHub: []string{"https://github.com/a/b"}}, {GitHub: []string{"https://github.com/a/b.git"}}},
		{{IThome: []string{"8001", "8002"}}, {IThome: []string{"8002", "8001"}}},
	} {
		for _, c := range group {
			if got, want := c.Address(), group[0].Address(); got != want || got == "" {
				t.Errorf("%+v: %q, want %q", c, got, want)
			}
		}
	}
	a, b := syndication.Config{IThome: []string{"8001"}}, syndication.Config{IThome: []string{"8002"}}
	if a.Address() == b.Address() {
		t.Errorf("two series are both at %s", a.Address())
	}
}

func TestWhatIsUsual(t *testing.T) {
	for _, test := range []struct {
		config syndication.Config
		kind   string
		every  time.Duration
	}{
		{syndication.Config{Feed: []string{"https://a.example/"}}, "RSS", 15 * time.Minute},
		{syndication.Config{Feed: []string{"https://a.example/"}, Every: time.Hour}, "RSS", time.Hour},
		{syndication.Config{YouTube: []string{channel}}, "YouTube", 15 * time.Minute},
		{syndication.Config{GitHub: []string{"a/b"}}, "GitHub Releases", 15 * time.Minute},
		{syndication.Config{Medium: []string{"@a"}}, "Medium", 30 * time.Minute},
		{syndication.Config{IThome: []string{"8001"}}, "iThome 鐵人賽", 15 * time.Minute},
	} {
		if test.config.Kind() != test.kind || test.config.Interval() != test.every {
			t.Errorf("%+v: %s every %v", test.config, test.config.Kind(), test.config.Interval())
		}
	}
}
