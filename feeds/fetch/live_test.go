package fetch_test

import (
	"net/http"
	"testing"
	"time"

	"cloudnative.tw/herald/feeds/feedstest"
	"cloudnative.tw/herald/feeds/fetch"
)

func TestLive(t *testing.T) {
	status := func(head, get int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				w.WriteHeader(head)
			} else {
				w.WriteHeader(get)
			}
		}
	}
	for name, test := range map[string]struct {
		page http.HandlerFunc
		line string
	}{
		"there":               {page: status(200, 500)},
		"there, but not HEAD": {page: status(405, 200)},
		"HEAD lies":           {page: status(404, 200)},
		"not there":           {page: status(404, 404), line: "status 404 Not Found"},
		"not there yet":       {page: status(200, 200)},
		"only GET fails":      {page: status(500, 503), line: "status 503 Service Unavailable"},
		"asks for patience":   {page: status(429, 200), line: "status 429 Too Many Requests"},
		"a redirect":          {page: http.RedirectHandler("https://there.example/", http.StatusFound).ServeHTTP},
		"HEAD cuts": {page: func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				panic(http.ErrAbortHandler)
			}
		}},
		"empty": {page: func(http.ResponseWriter, *http.Request) {}},
		"endless": {page: func(w http.ResponseWriter, r *http.Request) {
			for r.Method == http.MethodGet {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
			w.WriteHeader(http.StatusMethodNotAllowed)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
				w.Serve("page.example", test.page)
				w.Serve("there.example", status(200, 200))
				err := c.Live(t.Context(), time.Now(), "https://page.example/a?key=hunter2")
				if test.line == "" {
					if err != nil {
						t.Error(err)
					}
					return
				}
				if err == nil || err.Error() != "look at https://page.example/a?key=…: "+test.line && err.Error() != "get https://page.example/a?key=…: "+test.line {
					t.Errorf("error %v, want %s", err, test.line)
				}
			})
		})
	}
}

func TestLost(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	for name, test := range map[string]struct {
		page    http.HandlerFunc
		lost    bool
		unknown bool
	}{
		"there":            {page: status(200)},
		"not found":        {page: status(404), lost: true},
		"gone":             {page: status(410), lost: true},
		"moved to nothing": {page: http.RedirectHandler("https://nothing.example/", http.StatusMovedPermanently).ServeHTTP, lost: true},
		"refused":          {page: status(403), unknown: true},
		"out of order":     {page: status(500), unknown: true},
		"no answer":        {page: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, unknown: true},
		"moved in a ring":  {page: http.RedirectHandler("https://page.example/a", http.StatusFound).ServeHTTP, unknown: true},
		"moved to a private address": {
			page: http.RedirectHandler("http://127.0.0.1/", http.StatusFound).ServeHTTP, unknown: true,
		},
		"moved to no host": {
			page: http.RedirectHandler("https://unknown.example/", http.StatusFound).ServeHTTP, unknown: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
				w.Serve("page.example", test.page)
				w.Serve("nothing.example", status(404))
				lost, err := c.Lost(t.Context(), time.Now(), "https://page.example/a")
				if lost != test.lost || (err != nil) != test.unknown {
					t.Errorf("lost %t, error %v", lost, err)
				}
			})
		})
	}
}
