package fetch_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/feeds"
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

// getAt asks at a time and must get an answer, whose validators it returns as
// they are kept.
func getAt(t *testing.T, c *fetch.Client, now time.Time, r fetch.Request) (*fetch.Response, fetch.Validators) {
	t.Helper()
	res, err := c.Get(t.Context(), now, r)
	if err != nil {
		t.Fatal(err)
	}
	return res, kept(t, res.Validators)
}

func TestPermanentRedirectsAreKeptAfterThreeInADay(t *testing.T) {
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
				for i, hours := range []time.Duration{0, 8, 16, 24, 32, 48} {
					res, kept := getAt(t, c, time.Unix(1e9, 0).Add(hours*time.Hour), r)
					wantNotice, wantAddress := "", ""
					if hours >= 24 {
						wantNotice, wantAddress = test.notice, test.want
					}
					if res.Notice != wantNotice || res.Validators.Address != wantAddress {
						t.Errorf("request %d: notice %q, address %q", i+1, res.Notice, res.Validators.Address)
					}
					r.Validators = kept
				}
			})
		})
	}
}

func TestThreeInARow(t *testing.T) {
	web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
		hops := map[string]string{}
		moving(w, hops)
		now := time.Unix(1e9, 0)
		r := fetch.Request{URL: "https://old.example/"}
		for _, to := range []string{"a", "a", "b", "b", "", "b", "b", "a", "a"} {
			hops["/"] = "301 https://new.example/" + to
			if to == "" {
				delete(hops, "/")
			}
			_, r.Validators = getAt(t, c, now, r)
			if now = now.Add(12 * time.Hour); r.Validators.Address != "" {
				t.Fatalf("kept after %q: %+v", to, r.Validators)
			}
		}
		_, r.Validators = getAt(t, c, now, r)
		if r.Validators.Address != "https://new.example/a" {
			t.Errorf("not kept after three: %+v", r.Validators)
		}
		// For a day from now on the old address is not asked, wherever it leads.
		before := w.Dialled("old.example")
		hops["/"] = "301 https://nowhere.example/"
		c.Close()
		if res, _ := getAt(t, c, now.Add(23*time.Hour), r); !res.NotModified || w.Dialled("old.example") != before {
			t.Errorf("got %+v", res)
		}
	})
}

// A permanent redirect that is a mistake of an hour is not kept, however often
// it is met in that.
func TestADayIsNeeded(t *testing.T) {
	web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
		moving(w, map[string]string{"/": "301 https://new.example/"})
		now := time.Unix(1e9, 0)
		r := fetch.Request{URL: "https://old.example/"}
		for range 50 {
			_, r.Validators = getAt(t, c, now, r)
			now = now.Add(time.Minute)
		}
		if r.Validators.Address != "" {
			t.Errorf("kept after %s: %+v", now.Sub(time.Unix(1e9, 0)), r.Validators)
		}
		// What was noted before there was a time counts from now on, and so does
		// what a clock that was wrong has noted.
		for _, since := range []int64{0, now.Add(time.Hour).Unix()} {
			r.Validators.MovedSince = since
			if _, v := getAt(t, c, now, r); v.Address != "" || v.MovedSince != now.Unix() {
				t.Errorf("since %d: %+v", since, v)
			}
		}
	})
}

// What moved for good and cannot be read there is looked for where it was.
func TestAMoveThatWasAMistake(t *testing.T) {
	web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
		hops := map[string]string{}
		moving(w, hops)
		now := time.Unix(1e9, 0)
		w.Serve("gone.example", http.NotFoundHandler())
		w.Serve("parked.example", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<html>buy me")) }))
		w.Serve("broken.example", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
		w.Serve("down.example", nil)
		for _, host := range []string{"nowhere.example", "gone.example", "parked.example", "broken.example", "down.example"} {
			r := fetch.Request{URL: "https://old.example/", Validators: fetch.Validators{Address: "https://" + host + "/", HomeAsked: now.Unix(), ETag: `"1"`}}
			delete(hops, "/")
			if res, _ := getAt(t, c, now, r); res.NotModified || res.Validators.Address != "" || res.URL != "https://old.example/" || res.Notice != "" {
				t.Errorf("%s: got %+v", host, res)
			}
			// As long as the old address leads there, that is what fails.
			hops["/"] = "301 https://" + host + "/"
			if _, err := c.Get(t.Context(), now, r); err == nil || !strings.Contains(err.Error(), "https://"+host+"/") {
				t.Errorf("%s: error %v", host, err)
			}
		}
	})
}

// The configured address is asked once a day, to see whether it is back.
func TestTheConfiguredAddressIsAskedOnceADay(t *testing.T) {
	web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
		hops := map[string]string{"/": "301 https://new.example/"}
		feed := moving(w, hops)
		now := time.Unix(1e9, 0)
		r := fetch.Request{URL: "https://old.example/", Validators: fetch.Validators{Address: "https://new.example/"}}
		for hour := range 50 { // it still leads there
			res, kept := getAt(t, c, now.Add(time.Duration(hour)*time.Hour), r)
			if kept.Address != "https://new.example/" || res.NotModified != (hour > 0) || res.Notice == "" {
				t.Fatalf("hour %d: %+v", hour, res)
			}
			r.Validators = kept
		}
		if got := len(feed.Visits()); got != 50 {
			t.Errorf("the new address was asked %d times in 50 hours", got)
		}
		now = now.Add(50 * time.Hour)
		w.Serve("old.example", nil) // it is down
		if _, r.Validators = getAt(t, c, now.Add(24*time.Hour), r); r.Validators.Address != "https://new.example/" {
			t.Errorf("dropped although the old address is down: %+v", r.Validators)
		}
		moving(w, map[string]string{})
		if _, v := getAt(t, c, now.Add(30*time.Hour), r); v.Address == "" {
			t.Error("asked again within a day")
		}
		res, kept := getAt(t, c, now.Add(49*time.Hour), r)
		if res.NotModified || res.URL != "https://old.example/" || kept.Address != "" || res.Notice != "" {
			t.Errorf("it is back, but got %+v", res)
		}
	})
}

// A host that asks to be left alone is not asked for another of its addresses.
func TestTheSameHostIsNotAskedAgain(t *testing.T) {
	web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
		asked := 0
		w.Serve("old.example", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked++
			w.WriteHeader(http.StatusTooManyRequests)
		}))
		now := time.Unix(1e9, 0)
		_, err := c.Get(t.Context(), now, fetch.Request{URL: "https://old.example/", Validators: fetch.Validators{Address: "https://old.example/b", HomeAsked: now.Unix()}})
		if err == nil || asked != 1 {
			t.Errorf("asked %d times; error %v", asked, err)
		}
	})
}

// What moves back is asked where it is configured.
func TestMovingBack(t *testing.T) {
	web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
		moving(w, map[string]string{"/b": "301 https://old.example/"})
		now := time.Unix(1e9, 0)
		r := fetch.Request{URL: "https://old.example/", Validators: fetch.Validators{Address: "https://old.example/b", HomeAsked: now.Unix()}}
		for hour := range 3 {
			_, r.Validators = getAt(t, c, now.Add(time.Duration(hour)*time.Hour), r)
		}
		if r.Validators.Address == "" {
			t.Error("it has moved back after two hours")
		}
		w.Serve("old.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/b" {
				http.Redirect(w, r, "https://old.example/", http.StatusMovedPermanently)
				return
			}
			w.Write([]byte("<rss/>"))
		}))
		if _, r.Validators = getAt(t, c, now.Add(24*time.Hour), r); r.Validators.Address != "" {
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

// What another host refuses is no fault of the one that was configured, whose
// other sources would wait for it.
func TestARefusalIsOfWhoRefuses(t *testing.T) {
	busy := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "600")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	const here = "https://old.example"
	for name, test := range map[string]struct {
		to, moved string
		host      bool
		wait      time.Duration
	}{
		"itself":                     {to: "", host: true, wait: 10 * time.Minute},
		"another page of it":         {to: here + "/busy", host: true, wait: 10 * time.Minute},
		"another host":               {to: "https://busy.example/", wait: 10 * time.Minute},
		"another host that is down":  {to: "https://down.example/"},
		"another host that is none":  {to: "https://nowhere.example/"},
		"where it has moved":         {to: "https://busy.example/", moved: "https://busy.example/", wait: 10 * time.Minute},
		"where it has moved to here": {to: here + "/busy", moved: here + "/busy", host: true, wait: 10 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
				w.Serve("busy.example", http.HandlerFunc(busy))
				w.Serve("down.example", nil)
				w.Serve("old.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path != "/" || test.to == "" {
						busy(w, r)
						return
					}
					http.Redirect(w, r, test.to, http.StatusMovedPermanently)
				}))
				_, err := c.Get(t.Context(), time.Now(), fetch.Request{URL: here + "/", Validators: fetch.Validators{Address: test.moved}})
				var failed *feeds.PollError
				if !errors.As(err, &failed) || failed.Host != test.host || failed.Wait != test.wait {
					t.Errorf("got %+v", failed)
				}
			})
		})
	}
}
