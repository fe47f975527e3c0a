package fetch_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/feeds/feedstest"
	"cloudnative.tw/herald/feeds/fetch"
)

// moving serves hops at old.example, each "status location", and a feed at
// new.example.
func moving(w *feedstest.Web, hops map[string]string) *feedstest.Feed {
	feed := &feedstest.Feed{}
	feed.Publish(1)
	w.Serve("old.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to, ok := hops[r.URL.Path]
		if !ok {
			feed.ServeHTTP(w, r)
			return
		}
		code, location, _ := strings.Cut(to, " ")
		http.Redirect(w, r, location, map[string]int{"301": 301, "302": 302, "303": 303, "307": 307, "308": 308}[code])
	}))
	w.Serve("new.example", feed)
	return feed
}

func TestPermanentRedirectsAreKeptAfterThree(t *testing.T) {
	for name, test := range map[string]struct {
		hops   map[string]string
		want   string // the address that is kept
		notice string
	}{
		"301":                 {map[string]string{"/": "301 https://new.example/rss"}, "https://new.example/rss", "has moved for good to https://new.example/rss; please change the address in the configuration"},
		"308":                 {map[string]string{"/": "308 https://new.example/rss?key=1"}, "https://new.example/rss?key=1", "has moved for good to https://new.example/rss?key=…; please change the address in the configuration"},
		"302":                 {map[string]string{"/": "302 https://new.example/rss"}, "", ""},
		"303":                 {map[string]string{"/": "303 https://new.example/rss"}, "", ""},
		"307":                 {map[string]string{"/": "307 https://new.example/rss"}, "", ""},
		"301 and on by 302":   {map[string]string{"/": "301 https://old.example/b", "/b": "302 https://new.example/"}, "https://old.example/b", "has moved for good to https://old.example/b; please change the address in the configuration"},
		"302 and on by 301":   {map[string]string{"/": "302 https://old.example/b", "/b": "301 https://new.example/"}, "", ""},
		"301 and on by 308":   {map[string]string{"/": "301 https://old.example/b", "/b": "308 https://new.example/"}, "https://new.example/", "has moved for good to https://new.example/; please change the address in the configuration"},
		"301 to plain http":   {map[string]string{"/": "301 http://new.example/"}, "", "has moved for good to http://new.example/, which is not https and therefore not kept; please change the address in the configuration"},
		"301 with a password": {map[string]string{"/": "301 https://me:hunter2@new.example/"}, "", "has moved for good to https://new.example/, which is not https and therefore not kept; please change the address in the configuration"},
	} {
		t.Run(name, func(t *testing.T) {
			web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
				moving(w, test.hops)
				r := fetch.Request{URL: "https://old.example/"}
				for i := range 5 {
					res := get(t, c, r)
					wantNotice, wantAddress := "", ""
					if i >= 2 {
						wantNotice, wantAddress = test.notice, test.want
					}
					if res.Notice != wantNotice || res.Validators.Address != wantAddress {
						t.Errorf("request %d: notice %q, address %q", i+1, res.Notice, res.Validators.Address)
					}
					r.Validators = kept(t, res.Validators)
				}
			})
		})
	}
}

func TestThreeInARow(t *testing.T) {
	web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
		hops := map[string]string{}
		moving(w, hops)
		r := fetch.Request{URL: "https://old.example/"}
		for _, to := range []string{"a", "a", "b", "b", "", "b", "b", "a", "a"} {
			hops["/"] = "301 https://new.example/" + to
			if to == "" {
				delete(hops, "/")
			}
			r.Validators = get(t, c, r).Validators
			if r.Validators.Address != "" {
				t.Fatalf("kept after %q: %+v", to, r.Validators)
			}
		}
		r.Validators = get(t, c, r).Validators
		if r.Validators.Address != "https://new.example/a" {
			t.Errorf("not kept after three: %+v", r.Validators)
		}
		// From now on the old address is not asked, wherever it leads.
		before := w.Dialled("old.example")
		hops["/"] = "301 https://nowhere.example/"
		c.Close()
		if res := get(t, c, r); !res.NotModified || w.Dialled("old.example") != before {
			t.Errorf("got %+v", res)
		}
	})
}

// What moved for good and is not there is looked for where it was.
func TestAMoveThatWasAMistake(t *testing.T) {
	web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
		moving(w, nil)
		for _, address := range []string{"https://nowhere.example/", "https://gone.example/", "https://parked.example/"} {
			w.Serve("gone.example", http.NotFoundHandler())
			w.Serve("parked.example", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<html>buy me")) }))
			res := get(t, c, fetch.Request{URL: "https://old.example/", Validators: fetch.Validators{Address: address}})
			if res.Validators.Address != "" || res.URL != "https://old.example/" || res.Notice != "" {
				t.Errorf("got %+v", res)
			}
		}
		// What is only down is waited for.
		w.Serve("down.example", nil)
		if _, err := c.Get(t.Context(), time.Now(), fetch.Request{URL: "https://old.example/", Validators: fetch.Validators{Address: "https://down.example/"}}); err == nil {
			t.Error("the old address was asked although the new one is only down")
		}
	})
}

// What moves back is asked where it is configured.
func TestMovingBack(t *testing.T) {
	web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
		moving(w, map[string]string{"/b": "301 https://old.example/"})
		r := fetch.Request{URL: "https://old.example/", Validators: fetch.Validators{Address: "https://old.example/b"}}
		for range 3 {
			r.Validators = get(t, c, r).Validators
		}
		if r.Validators.Address != "" {
			t.Errorf("validators %+v", r.Validators)
		}
	})
}

// Another host is told nothing that was meant for the first.
func TestRedirectsTellOthersNothing(t *testing.T) {
	for name, test := range map[string]struct {
		from, to string
		want     bool // whether the headers go along
	}{
		"the same host":          {"https://old.example/", "https://old.example/b", true},
		"from http to https":     {"http://old.example/", "https://old.example/b", true},
		"from https to http":     {"https://old.example/", "http://old.example/b", false},
		"another port":           {"https://old.example/", "http://old.example:443/b", false},
		"another host":           {"https://old.example/", "https://new.example/b", false},
		"a host below it":        {"https://old.example/", "https://sub.old.example/b", false},
		"back from another host": {"https://old.example/", "https://new.example/back", false},
	} {
		t.Run(name, func(t *testing.T) {
			web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
				var got http.Header
				page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					switch r.URL.Path {
					case "/":
						http.Redirect(w, r, test.to, http.StatusFound)
					case "/back":
						http.Redirect(w, r, "https://old.example/b", http.StatusFound)
					default:
						got = r.Header
						w.Write([]byte("<rss/>"))
					}
				})
				for _, host := range []string{"old.example", "new.example", "sub.old.example"} {
					w.Serve(host, page)
				}
				_, err := c.Get(t.Context(), time.Now(), fetch.Request{
					URL: test.from + "?token=hunter2", Header: http.Header{"X-Api-Key": {"hunter2"}, "Authorization": {"Bearer hunter2"}, "Cookie": {"hunter2"}},
					Validators: fetch.Validators{ETag: `"hunter2"`, LastModified: "hunter2"},
				})
				if test.to == "http://old.example:443/b" {
					if err == nil { // the fake speaks TLS there
						t.Error("no error")
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				for _, name := range []string{"X-Api-Key", "Authorization", "Cookie", "If-None-Match", "If-Modified-Since"} {
					if (got.Get(name) != "") != test.want {
						t.Errorf("%s: %q", name, got.Get(name))
					}
				}
				if got.Get("Referer") != "" || got.Get("User-Agent") == "" || got.Get("Accept") == "" {
					t.Errorf("headers: %v", got)
				}
			})
		})
	}
}
