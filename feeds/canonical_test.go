package feeds_test

import (
	"net/url"
	"testing"

	"cloudnative.tw/herald/feeds"
)

// TestCanonicalTellsOnePageByAnyAddress holds groups of addresses of one page
// each; the first of a group is the canonical one.
func TestCanonicalTellsOnePageByAnyAddress(t *testing.T) {
	for name, group := range map[string][]string{
		"the community's own post": {
			"https://cloudnative.tw/blog/2023-year-end-recap",
			"https://cloudnative.tw/blog/2023-year-end-recap/",
			"http://cloudnative.tw/blog/2023-year-end-recap",
			"HTTPS://CloudNative.TW:443/blog/2023-year-end-recap",
			"http://cloudnative.tw:80/blog/./x/../2023-year-end-recap//",
			"https://cloudnative.tw./blog/2023%2Dyear-end-%72ecap",
			" https://cloudnative.tw/blog/2023-year-end-recap\n",
			"https://cloudnative.tw/blog/2023-year-end-recap?utm_source=rss&utm_medium=feed#",
			"https://cloudnative.tw/blog/2023-year-end-recap?fbclid=a&gclid=b&mc_cid=c&UTM_Campaign=x",
			"https://cloudnative.tw/blog/2023-year-end-recap#:~:text=recap",
			"https://user:secret@cloudnative.tw/blog/2023-year-end-recap",
		},
		"a path in Chinese": {
			"https://example.tw/blog/2026/11/18/%E4%B8%AD%E6%96%87%20%E6%AA%94%E5%90%8D",
			"https://example.tw/blog/2026/11/18/中文 檔名",
			"https://example.tw/blog/2026/11/18/中文%20檔名/",
			"https://example.tw/blog/2026/11/18/%e4%b8%ad%e6%96%87%20%e6%aa%94%e5%90%8d",
		},
		"marks, as a generator's RSS and Go's own URLs have them": {
			"https://example.tw/blog/what's-new-(2023)!",
			"https://example.tw/blog/what%27s-new-%282023%29%21/",
		},
		"composed and decomposed": {
			"https://example.tw/caf%C3%A9",
			"https://example.tw/cafe%CC%81",
			"https://example.tw/cafe\u0301",
			"https://example.tw/café",
		},
		"a path in Big5 stays as it is": {"https://example.tw/%A4%A4", "https://example.tw/%a4%a4"},
		"an encoded slash is no slash":  {"https://example.tw/a%2Fb", "https://example.tw/a%2fb"},
		"a percent sign for itself":     {"https://example.tw/100%25", "https://example.tw/100%"},
		"the root":                      {"https://example.tw/", "http://example.tw", "https://example.tw//"},
		"a host in Chinese":             {"https://xn--fiq228c.tw/", "https://中文.tw/", "https://xn--fiq228c.tw"},
		"another port":                  {"https://example.tw:8080/a", "http://example.tw:8080/a/"},
		"the default port of another scheme": {
			"https://example.tw:80/a",
		},
		"an IPv6 host": {"https://[2001:db8::1]/a", "http://[2001:DB8::1]:80/a"},
		"a query in any order": {
			"https://ocf.neticrm.tw/civicrm/contribute/transact?id=29&reset=1",
			"https://ocf.neticrm.tw/civicrm/contribute/transact?reset=1&id=29",
			"https://ocf.neticrm.tw/civicrm/contribute/transact?&reset=1&utm_source=x&id=29",
		},
		"a query's spaces": {"https://example.tw/?q=a%20b", "https://example.tw/?q=a+b"},
		"a parameter's marks stay apart": {
			"https://example.tw/?q=a%26b%3Dc%2Bd",
		},
		"Medium": {
			"https://medium.com/@example/argo-cd-abcdef012345",
			"https://medium.com/@example/argo-cd-abcdef012345?source=rss-0123456789ab------2",
		},
		"a source that is no tracking": {"https://example.tw/?source=github"},
		"iThome": {
			"https://ithelp.ithome.com.tw/articles/10300001",
			"https://ithelp.ithome.com.tw/articles/10300001?sc=rss.iron",
			"http://ithelp.ithome.com.tw/articles/10300001/?sc=rss.qu",
		},
		"another sc": {"https://example.tw/?sc=rss.iron"},
		"Luma":       {"https://luma.com/abcd1234", "https://lu.ma/abcd1234", "http://www.lu.ma/abcd1234/"},
		"a video": {
			"https://www.youtube.com/watch?v=AAAAAAAAAAA",
			"http://youtube.com/watch?v=AAAAAAAAAAA&t=10s&list=PL123",
			"https://m.youtube.com/watch?feature=share&v=AAAAAAAAAAA",
			"https://youtu.be/AAAAAAAAAAA?si=x",
			"https://www.youtube.com/shorts/AAAAAAAAAAA",
			"https://www.youtube.com/live/AAAAAAAAAAA?si=x",
			"https://www.youtube-nocookie.com/embed/AAAAAAAAAAA",
		},
		"a playlist is no video": {
			"https://www.youtube.com/playlist?list=PLGB9Room8gH_86oEqGsha9kboqvi7GfsH",
			"http://www.youtube.com/playlist?list=PLGB9Room8gH_86oEqGsha9kboqvi7GfsH&si=x",
		},
		"a change log's entry": {
			"https://example.tw/releases#November_20_2026",
			"http://example.tw/releases/#November_20_2026",
			"https://example.tw/releases#Novem%62er_20_2026:~:text=x",
		},
		"a page by its hash":  {"https://example.tw/#!/page/1"},
		"places of each page": {"https://example.tw/a", "https://example.tw/a#comments", "https://example.tw/a/#respond", "https://example.tw/a#more-123"},
	} {
		for _, address := range group {
			if got := feeds.Canonical(address); got != group[0] {
				t.Errorf("%s: Canonical(%q) = %q, want %q", name, address, got, group[0])
			}
		}
	}
}

func TestCanonicalKeepsPagesApart(t *testing.T) {
	seen := map[string]string{}
	for _, address := range []string{
		"https://example.tw/a", "https://example.tw/A", "https://www.example.tw/a", "https://example.tw/a?p=1",
		"https://example.tw/a?p=2", "https://example.tw/a#x", "https://example.tw/a%2Fb", "https://example.tw/a/b",
		"https://example.tw:8080/a", "https://example.tw/a?q=x%26p=1", "https://example.tw/a?q=x&p=1",
		"https://www.youtube.com/watch?v=AAAAAAAAAAA", "https://www.youtube.com/watch?v=aAAAAAAAAAA",
	} {
		got := feeds.Canonical(address)
		if other, taken := seen[got]; taken {
			t.Errorf("%q and %q are both %q", address, other, got)
		}
		seen[got] = address
	}
}

func TestOnlyAbsoluteWebAddressesAreCanonical(t *testing.T) {
	for _, address := range []string{
		"", " ", "/a/b", "//example.tw/a", "example.tw/a", "javascript:alert(1)", "mailto:a@example.tw", "ftp://example.tw/",
		"https:", "https://", "https:///a", "https:example.tw", "data:text/plain,x", "https://exa mple.tw/", "https://a<b/",
		"https://[::1", "https://example.tw:x/", "tag:github.com,2008:Repository/1/v1",
	} {
		if got := feeds.Canonical(address); got != "" {
			t.Errorf("Canonical(%q) = %q, want none", address, got)
		}
		if got := feeds.Clean(address); got != "" {
			t.Errorf("Clean(%q) = %q, want none", address, got)
		}
	}
}

func TestCleanLeavesTheAddressAsItWas(t *testing.T) {
	for address, want := range map[string]string{
		"http://example.tw/a/?b=2&a=1#x":                                     "http://example.tw/a/?b=2&a=1#x",
		"https://example.tw/中文 檔名":                                           "https://example.tw/%E4%B8%AD%E6%96%87%20%E6%AA%94%E5%90%8D",
		"https://example.tw/?q=中 文&p=a+b":                                    "https://example.tw/?q=%E4%B8%AD%20%E6%96%87&p=a+b",
		"https://example.tw/cafe%CC%81":                                      "https://example.tw/cafe%CC%81",
		"https://user:secret@example.tw/a":                                   "https://example.tw/a",
		"https://medium.com/@example/x-1?source=rss-0123456789ab------2&a=1": "https://medium.com/@example/x-1?a=1",
		"https://www.youtube.com/shorts/AAAAAAAAAAA":                         "https://www.youtube.com/shorts/AAAAAAAAAAA",
		"https://example.tw/a)\"<b>":                                         "https://example.tw/a)%22%3Cb%3E",
		"https://example.tw/a#段落":                                            "https://example.tw/a#%E6%AE%B5%E8%90%BD",
	} {
		if got := feeds.Clean(address); got != want {
			t.Errorf("Clean(%q) = %q, want %q", address, got, want)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{
		"https://example.tw/中文 檔名?q=a+b%26#x", "http://youtu.be/AAAAAAAAAAA", "https://[::1]:80/%zz/../%2e%2e/a", "https://中文.tw/%A4", "https://中文。", "http://a..b/",
		"https://example.tw/\u037e/%E1%BF%AF?a=\u037e#%CD%BE", // in NFC these are a semicolon and a grave accent
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		for name, fn := range map[string]func(string) string{"Canonical": feeds.Canonical, "Clean": feeds.Clean} {
			got := fn(address)
			if got == "" {
				continue
			}
			u, err := url.Parse(got)
			if err != nil || u.Host == "" || u.User != nil {
				t.Errorf("%s(%q) = %q, which is no address: %v", name, address, got, err)
			}
			if again := fn(got); again != got {
				t.Errorf("%s(%q) = %q, and of that %q", name, address, got, again)
			}
		}
		if a, b := feeds.Canonical(address), feeds.Canonical(feeds.Clean(address)); a != b {
			t.Errorf("cleaning %q makes it another page: %q, %q", address, a, b)
		}
	})
}
