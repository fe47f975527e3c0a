package fetch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/feedstest"
	"cloudnative.tw/herald/feeds/fetch"
)

// get asks and must get an answer.
func get(t *testing.T, c *fetch.Client, r fetch.Request) *fetch.Response {
	t.Helper()
	res, err := c.Get(t.Context(), time.Now(), r)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestConditionalRequests(t *testing.T) {
	for trouble, unchanged := range map[feedstest.Trouble]bool{
		feedstest.None: true, feedstest.NoTags: true, feedstest.SameTag: true, feedstest.ClockAhead: true,
		feedstest.NewTags: true, feedstest.NewIDs: false,
	} {
		t.Run(string(trouble), func(t *testing.T) {
			web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
				var feed feedstest.Feed
				feed.Misbehave(trouble)
				feed.Publish(1)
				w.Serve("feed.example", &feed)
				r := fetch.Request{URL: "http://feed.example/"}
				first := get(t, c, r)
				r.Validators = kept(t, first.Validators)
				if r.Validators != first.Validators {
					t.Errorf("validators %+v became %+v", first.Validators, r.Validators)
				}
				again := get(t, c, r)
				if trouble != feedstest.NewIDs && (again.NotModified != unchanged || (again.Body == nil) != unchanged) {
					t.Errorf("asked again: %+v", again)
				}
				feed.Publish(1)
				r.Validators = again.Validators
				if res := get(t, c, r); res.NotModified || len(res.Body) == 0 {
					t.Errorf("asked for something new: %+v", res)
				}
				for i, v := range feed.Visits() {
					if want := i > 0 && trouble != feedstest.NoTags; v.Conditional != want {
						t.Errorf("request %d is conditional: %t, want %t", i+1, v.Conditional, want)
					}
					if v.Header.Get("User-Agent") != "Herald/test (+https://herald.example)" || v.Header.Get("Accept-Encoding") != "gzip" {
						t.Errorf("headers: %v", v.Header)
					}
				}
			})
		})
	}
}

// serve has f answer at feed.example.
func serve(w *feedstest.Web, f http.HandlerFunc) fetch.Request {
	w.Serve("feed.example", f)
	return fetch.Request{URL: "https://feed.example/"}
}

func TestValidatorsAreKeptVerbatim(t *testing.T) {
	for _, test := range []struct {
		etag, modified, expires, wantTag, wantModified string
	}{
		{etag: `W/"a b--gzip"`, modified: "yesterday", wantTag: `W/"a b--gzip"`, wantModified: "yesterday"},
		{etag: `"a"`, expires: "Thu, 19 Nov 1981 08:52:00 GMT", wantTag: `"a"`},
		{etag: `"a"`, modified: "yesterday", expires: "0"},
		{etag: `"a"`, modified: "yesterday", expires: "-1"},
		{etag: `""`}, {etag: `W/""`}, {etag: `"`},
		{etag: `"` + string(make([]byte, 0)) + stringOf('x', 300) + `"`, modified: stringOf('x', 50)},
		{etag: "\"\xff\""},
	} {
		web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
			r := serve(w, func(w http.ResponseWriter, _ *http.Request) {
				for name, value := range map[string]string{"ETag": test.etag, "Last-Modified": test.modified, "Expires": test.expires} {
					if value != "" {
						w.Header().Set(name, value)
					}
				}
				w.Write([]byte("<rss/>"))
			})
			v := get(t, c, r).Validators
			if v.ETag != test.wantTag || v.LastModified != test.wantModified {
				t.Errorf("of %+v: %+v", test, v)
			}
		})
	}
}

func stringOf(b byte, n int) string {
	s := make([]byte, n)
	for i := range s {
		s[i] = b
	}
	return string(s)
}

// A 304 may bring new validators; those that it does not repeat stay.
func TestA304RenewsValidators(t *testing.T) {
	web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
		r := serve(w, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"new"`)
			w.WriteHeader(http.StatusNotModified)
		})
		r.Validators = fetch.Validators{ETag: `"old"`, LastModified: "yesterday", Sum: "sum"}
		want := fetch.Validators{ETag: `"new"`, LastModified: "yesterday", Sum: "sum"}
		if res := get(t, c, r); !res.NotModified || res.Validators != want {
			t.Errorf("got %+v", res)
		}
	})
}

func TestHTMLCanBeAskedFor(t *testing.T) {
	web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
		r := serve(w, func(w http.ResponseWriter, r *http.Request) {
			if got := r.Header.Get("Accept"); got != "text/html" {
				t.Errorf("accepts %q", got)
			}
			w.Write([]byte("<!doctype html>"))
		})
		r.HTML, r.Accept = true, "text/html"
		if res := get(t, c, r); string(res.Body) != "<!doctype html>" || res.ContentType != "text/html; charset=utf-8" {
			t.Errorf("got %+v", res)
		}
	})
}

func TestBodiesOfExactlyTheLimit(t *testing.T) {
	for size, ok := range map[int]bool{100: true, 101: false} {
		web(t, func(t *testing.T, w *feedstest.Web, _ *fetch.Client) {
			c := fetch.New(fetch.Options{Dial: w.Dial, TLS: w.TLS(), MaxBody: 100})
			defer c.Close()
			r := serve(w, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(stringOf('x', size))) })
			if _, err := c.Get(t.Context(), time.Now(), r); (err == nil) != ok {
				t.Errorf("%d bytes: error %v", size, err)
			}
		})
	}
}

// Who cancels is told so, and not that the server failed.
func TestCancelling(t *testing.T) {
	web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
		r := serve(w, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := c.Get(ctx, time.Now(), r)
		var e *feeds.PollError
		if !errors.Is(err, context.Canceled) || errors.As(err, &e) {
			t.Errorf("error %v", err)
		}
		if err := c.Live(ctx, time.Now(), r.URL); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

func TestAddressesThatCannotBeAsked(t *testing.T) {
	c := fetch.New(fetch.Options{})
	for address, want := range map[string]string{
		"":                              "get an address that cannot be read: the address cannot be read",
		"https://":                      "get an address that cannot be read: the address cannot be read",
		"file:///etc/passwd":            "get an address that cannot be read: the address cannot be read",
		"ftp://feed.example/":           "get ftp://feed.example/: the address is neither http nor https",
		"https://feed.example/%zz?key=": "get an address that cannot be read: the address cannot be read",
	} {
		if _, err := c.Get(t.Context(), time.Now(), fetch.Request{URL: address}); err == nil || err.Error() != want {
			t.Errorf("%q: error %v\nwant %s", address, err, want)
		}
	}
}

func TestNoMoreOfAHostAtOnceThanAllowed(t *testing.T) {
	web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
		r := serve(w, func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Second)
			w.Write([]byte("<rss/>"))
		})
		start := time.Now()
		done := make(chan error)
		for range 10 {
			go func() {
				_, err := c.Get(t.Context(), time.Now(), r)
				done <- err
			}()
		}
		for range 10 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if diff := cmp.Diff(5*time.Second, time.Since(start)); diff != "" {
			t.Errorf("ten requests of a second each, two at once: %s", diff)
		}
	})
}

// What a feed is served as does not matter, nor what stands before it: whoever
// reads it sees what it is.
func TestFeedsServedAsPages(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		line string
	}{
		"a feed":                {body: "<rss/>"},
		"a PHP warning":         {body: "<br />\n<b>Warning</b>: x in <b>feed.php</b><br />\n<?xml version=\"1.0\"?><rss/>"},
		"UTF-16":                {body: "\xff\xfe<\x00r\x00s\x00s\x00/\x00>\x00"},
		"a prefix":              {body: `<atom:feed xmlns:atom="http://www.w3.org/2005/Atom"/>`},
		"a page":                {body: "\n<!-- x --><!DOCTYPE html><rss/>", line: "an HTML page instead of a feed"},
		"a page without a type": {body: "<html><head>", line: "an HTML page instead of a feed"},
	} {
		t.Run(name, func(t *testing.T) {
			web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
				w.Serve("feed.example", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "text/html; charset=utf-8")
					w.Write([]byte(test.body))
				}))
				res, err := c.Get(t.Context(), time.Now(), fetch.Request{URL: "https://feed.example/"})
				switch {
				case test.line == "" && (err != nil || string(res.Body) != test.body):
					t.Errorf("got %+v, %v", res, err)
				case test.line != "" && (err == nil || !strings.HasSuffix(err.Error(), test.line)):
					t.Errorf("error %v", err)
				}
			})
		})
	}
}

// What servers say of how a body is compressed, and what it is.
func TestContentEncodings(t *testing.T) {
	pack := func(text string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write([]byte(text))
		z.Close()
		return b.String()
	}
	const feed = "<rss/>"
	for name, test := range map[string]struct {
		encoding, body string
		line           string
	}{
		"none":                       {encoding: "none", body: feed},
		"a charset":                  {encoding: "UTF-8", body: feed},
		"identity":                   {encoding: "identity", body: feed},
		"gzip":                       {encoding: "GZIP", body: pack(feed)},
		"gzip in two parts":          {encoding: "gzip", body: pack("<rs") + pack("s/>")},
		"gzip and a zero":            {encoding: "gzip", body: pack(feed) + "\x00"},
		"gzip and zeros":             {encoding: "gzip", body: pack(feed) + strings.Repeat("\x00", 5000)},
		"gzip, zeros, gzip":          {encoding: "gzip", body: pack("<rs") + "\x00\x00" + pack("s/>")},
		"gzip and other things":      {encoding: "gzip", body: pack(feed) + "<!-- 0.1 s -->", line: "the body is not valid gzip"},
		"gzip and a half":            {encoding: "gzip", body: pack(feed) + pack(feed)[:15], line: "the body ends in the middle"},
		"gzip and zeros without end": {encoding: "gzip", body: pack(feed) + strings.Repeat("\x00", 9<<20), line: "the body is larger than 8 MiB"},
		"brotli":                     {encoding: "br", body: feed, line: "the body is compressed in a way that was not asked for: br"},
		"deflate":                    {encoding: "Deflate", body: feed, line: "the body is compressed in a way that was not asked for: deflate"},
		"zstd and gzip":              {encoding: "zstd, gzip", body: feed, line: "the body is compressed in a way that was not asked for: zstd, gzip"},
	} {
		t.Run(name, func(t *testing.T) {
			web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
				w.Serve("feed.example", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Encoding", test.encoding)
					w.Write([]byte(test.body))
				}))
				res, err := c.Get(t.Context(), time.Now(), fetch.Request{URL: "https://feed.example/"})
				switch {
				case test.line == "" && (err != nil || string(res.Body) != feed):
					t.Errorf("got %+v, %v", res, err)
				case test.line != "" && (err == nil || !strings.HasSuffix(err.Error(), test.line)):
					t.Errorf("error %v", err)
				}
			})
		})
	}
}
