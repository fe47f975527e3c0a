package fetch_test

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/feedstest"
	"cloudnative.tw/herald/feeds/fetch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// verdict is what Get says of a trouble.
type verdict struct {
	line       string // of the error, or "" if there is none
	wait       time.Duration
	host, gone bool
	took       time.Duration
}

// verdicts names every trouble, and what is said of it.
var verdicts = map[feedstest.Trouble]verdict{
	feedstest.NotFound:    {line: "status 404 Not Found"},
	feedstest.Forbidden:   {line: "status 403 Forbidden"},
	feedstest.Gone:        {line: "status 410 Gone, which says that it will never be back", gone: true},
	feedstest.ServerError: {line: "status 500 Internal Server Error"},
	feedstest.NoContent:   {line: "status 204 No Content"},
	feedstest.TooMany:     {line: "status 429 Too Many Requests, asks to be left alone", wait: 10 * time.Minute, host: true},
	feedstest.Unavailable: {line: "status 503 Service Unavailable, asks to be left alone", wait: 30 * time.Minute, host: true},
	feedstest.Challenge:   {line: "blocked by bot protection (status 403 Forbidden)", wait: 6 * time.Hour},
	feedstest.Captcha:     {line: "blocked by bot protection (status 403 Forbidden)", wait: 6 * time.Hour},
	feedstest.Unasked304:  {line: "status 304 Not Modified, although nothing was said of an earlier answer"},

	feedstest.Silent:   {line: "no answer within 20s", took: 20 * time.Second},
	feedstest.Drip:     {line: "the body was not complete within 30s", took: 30 * time.Second},
	feedstest.HalfBody: {line: "the body ends in the middle"},
	feedstest.Cut:      {line: "the connection was closed without an answer"},
	feedstest.Reset:    {line: "the connection was reset in the middle of the body"},
	feedstest.NotHTTP:  {line: `no answer: malformed HTTP status code "mail.example"`},
	feedstest.Headers:  {line: "no answer: net/http: server response headers exceeded 65536 bytes; aborted"},
	feedstest.Interim:  {line: "no answer: net/http: server response headers exceeded 65536 bytes; aborted"},

	feedstest.Bomb:     {line: "the body is larger than 8 MiB"},
	feedstest.Hollow:   {line: "the body is larger than 8 MiB"},
	feedstest.Huge:     {line: "the body is larger than 8 MiB"},
	feedstest.BadGzip:  {line: "the body is not valid gzip"},
	feedstest.HalfGzip: {line: "the body ends in the middle"},
	feedstest.Brotli:   {line: "the body is compressed in a way that was not asked for: br"},

	feedstest.Login: {line: "an HTML page instead of a feed"},
	feedstest.Empty: {line: "the body is empty"},
	feedstest.Blank: {line: "the body is empty"},

	feedstest.Circle:    {line: "redirects in a circle"},
	feedstest.Chain:     {line: "more than 5 redirects"},
	feedstest.ToPrivate: {line: "the host has a private or special address"},
	feedstest.ToFile:    {line: "redirects to something that is not http or https"},

	feedstest.ShortLength: {},
	feedstest.Charset:     {},
	feedstest.Untyped:     {},
	feedstest.NewTags:     {},
	feedstest.NewIDs:      {},
	feedstest.NoTags:      {},
	feedstest.SameTag:     {},
	feedstest.ClockAhead:  {},
}

// web runs test with a web in memory and a client in it, under a clock of its
// own.
func web(t *testing.T, test func(*testing.T, *feedstest.Web, *fetch.Client)) {
	synctest.Test(t, func(t *testing.T) {
		w := feedstest.NewWeb()
		c := fetch.New(fetch.Options{Dial: w.Dial, TLS: w.TLS(), UserAgent: "Herald/test (+https://herald.example)"})
		defer synctest.Wait()
		defer w.Close()
		defer c.Close()
		test(t, w, c)
	})
}

func TestTroubles(t *testing.T) {
	for _, trouble := range feedstest.Troubles() {
		t.Run(string(trouble), func(t *testing.T) {
			want, ok := verdicts[trouble]
			if !ok {
				t.Fatal("there is no verdict for this trouble")
			}
			web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
				var feed feedstest.Feed
				feed.Publish(3)
				feed.Misbehave(trouble)
				w.Serve("feed.example", &feed)
				start := time.Now()
				res, err := c.Get(t.Context(), start, fetch.Request{URL: "http://me:hunter2@feed.example/rss?key=hunter2"})
				if took := time.Since(start); took != want.took {
					t.Errorf("took %s, want %s", took, want.took)
				}
				if want.line == "" {
					if err != nil || len(res.Body) == 0 {
						t.Fatalf("got %+v, error %v", res, err)
					}
					if res.Wait != 5*time.Minute {
						t.Errorf("to be asked in %s, want 5m, whatever the server's clock", res.Wait)
					}
					return
				}
				checkPollError(t, err, "get http://feed.example/rss?key=…: ", want)
				if n := w.Dialled("169.254.169.254"); n != 0 {
					t.Errorf("connected %d times to a private address", n)
				}
				if visits := len(feed.Visits()); visits > 6 {
					t.Errorf("asked %d times", visits)
				}
			})
		})
	}
}

func checkPollError(t *testing.T, err error, prefix string, want verdict) {
	t.Helper()
	var e *feeds.PollError
	if !errors.As(err, &e) {
		t.Fatalf("error %v is no PollError", err)
	}
	if got := err.Error(); got != prefix+want.line || strings.Contains(got, "\n") {
		t.Errorf("error %q\n want %q", got, prefix+want.line)
	}
	if e.Wait != want.wait || e.Host != want.host || e.Gone != want.gone {
		t.Errorf("wait %s, host %t, gone %t; want %+v", e.Wait, e.Host, e.Gone, want)
	}
}

func TestHostsThatCannotBeReached(t *testing.T) {
	page := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("was asked") })
	web(t, func(t *testing.T, w *feedstest.Web, c *fetch.Client) {
		w.Serve("refusing.example", nil)
		w.ServeUntrusted("untrusted.example", page)
		w.ServeMisnamed("misnamed.example", page)
		w.ServeRaw("garbled.example", func(conn net.Conn) {
			conn.Read(make([]byte, 1<<10))
			conn.Write([]byte("HTTP/1.1 200 OK\r\n\r\n<rss/>"))
		})
		w.ServeRaw("deaf.example", func(conn net.Conn) {
			buf := make([]byte, 1<<10)
			for {
				if _, err := conn.Read(buf); err != nil {
					return
				}
			}
		})
		for address, line := range map[string]string{
			"https://nowhere.example/":   "no host of this name is known",
			"http://refusing.example/":   "the connection is refused",
			"https://untrusted.example/": "the host's certificate is not trusted: x509: certificate signed by unknown authority",
			"https://misnamed.example/":  "the host's certificate is not trusted: x509: certificate is valid for other.example, not misnamed.example",
			"https://garbled.example/":   "no connection: http: server gave HTTP response to HTTPS client",
			"https://deaf.example/":      "no connection in time",
		} {
			_, err := c.Get(t.Context(), time.Now(), fetch.Request{URL: address})
			checkPollError(t, err, "get "+address+": ", verdict{line: line, host: true})
			checkPollError(t, c.Live(t.Context(), time.Now(), address), "look at "+address+": ", verdict{line: line, host: true})
		}
	})
}
