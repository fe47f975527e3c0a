package fetch_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"cloudnative.tw/herald/feeds/fetch"
)

func TestRedact(t *testing.T) {
	for address, want := range map[string]string{
		"https://feed.example/rss.xml":                                      "https://feed.example/rss.xml",
		"https://me:hunter2@feed.example:8443/a#hunter2":                    "https://feed.example:8443/a",
		"https://feed.example/?key=hunter2&token=hunter2":                   "https://feed.example/?key=…&token=…",
		"https://feed.example/?hunter2":                                     "https://feed.example/?…",
		"https://feed.example/?hunter2;key=hunter2":                         "https://feed.example/?hunter2%3Bkey=…",
		"https://www.youtube.com/feeds/videos.xml?channel_id=UCx":           "https://www.youtube.com/feeds/videos.xml?channel_id=UCx",
		"https://calendar.google.com/calendar/ical/a/private-hunter2/b.ics": "https://calendar.google.com/calendar/ical/a/private-…/b.ics",
		"https://feed.example/a b\nc":                                       "an address that cannot be read",
		"hunter2":                                                           "an address that cannot be read",
		"https://feed.example/新聞":                                           "https://feed.example/%E6%96%B0%E8%81%9E",
	} {
		if got := fetch.Redact(address); got != want {
			t.Errorf("Redact(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestScrub(t *testing.T) {
	for text, want := range map[string]string{
		"malformed\r\n\x1b[31m response \xff":                                        "malformed [31m response \uFFFD",
		`parse "https://me:hunter2@feed.example/private-hunter2/x?key=hunter2": bad`: `parse "https://feed.example/private-…/x?…": bad`,
		strings.Repeat("新", 100):                                                     strings.Repeat("新", 66) + "…",
	} {
		if got := fetch.Scrub(text); got != want {
			t.Errorf("Scrub(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzTexts(f *testing.F) {
	f.Add("https://me:hunter2@feed.example/private-x?key=hunter2&page=2#x")
	f.Add("\xff\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, got := range []string{fetch.Redact(text), fetch.Scrub(text)} {
			if !utf8.ValidString(got) || strings.ContainsAny(got, "\r\n\x00\x1b") {
				t.Errorf("of %q: %q", text, got)
			}
		}
		if got := fetch.Redact("https://me:hunter2@feed.example/?key=hunter2&" + text); strings.Contains(got, "hunter2") && !strings.Contains(text, "unter2") {
			t.Errorf("of %q: %q", text, got)
		}
	})
}

func TestIsHTML(t *testing.T) {
	for body, want := range map[string]bool{
		"<!DOCTYPE html><rss>":                 true,
		"<HTML lang=en>":                       true,
		"<html>":                               true,
		"<head>":                               true,
		"\xef\xbb\xbf\n <!-- <rss> --> <html>": true,
		`<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C"><html>`:       true,
		`<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">`: true,
		`<?xml version="1.0"?><!DOCTYPE rss SYSTEM "x"><rss>`:              false,
		`<?xml version="1.0"?><?xml-stylesheet href="x"?><!-- a --><feed>`: false,
		"<rdf:RDF>":        false,
		`{"version": "x"}`: false,
		"BEGIN:VCALENDAR":  false,
		"<htmlish>":        false,
		"<body>":           true,
		"<p>":              false,
		"<atom:feed>":      false,
		"<br /><b>Warning</b>: x <?xml version='1.0'?><rss>": false,
		"\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00":             false,
		"<?xml never ends":                                   false,
		"plain text":                                         false,
		"":                                                   false,
	} {
		if got := fetch.IsHTML([]byte(body)); got != want {
			t.Errorf("IsHTML(%q) = %t", body, got)
		}
	}
}

func FuzzIsHTML(f *testing.F) {
	f.Add([]byte("<?xml?><!-- --><!DOCTYPE rss><rss>"))
	f.Fuzz(func(_ *testing.T, body []byte) { fetch.IsHTML(body) })
}
