package feedstest

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
)

// changingItems is how many items each feed of a Changing shows.
const changingItems = 20

// Changing serves any number of feeds, at /feed/NUMBER, of which one in a hundred
// changes with each round, for benchmarks. POST /round begins the next one, and
// answers with how many feeds were asked for without a condition since the last,
// and with the processor time that the process has used, in nanoseconds.
type Changing struct{ round, full atomic.Int64 }

// ServeHTTP implements http.Handler.
func (c *Changing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/round" {
		c.round.Add(1)
		fmt.Fprintf(w, "%d %d", c.full.Swap(0), CPU())
		return
	}
	i, _ := strconv.ParseInt(strings.TrimPrefix(r.URL.Path, "/feed/"), 10, 64)
	version := (c.round.Load() + i) / 100
	tag := fmt.Sprintf(`"%d-%d"`, i, version)
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if r.Header.Get("If-None-Match") == "" {
		c.full.Add(1)
	}
	w.Header().Set("Content-Type", "application/rss+xml")
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	defer z.Close()
	fmt.Fprint(z, `<rss version="2.0"><channel><title>Feed</title>`)
	for n := range int64(changingItems) {
		fmt.Fprintf(z, "<item><guid isPermaLink=\"false\">%d</guid><title>新聞 %d</title><link>https://a.example/%d/%d</link><description>%s</description></item>",
			version-n, version-n, i, version-n, strings.Repeat("社群的一篇文章 ", 40))
	}
	fmt.Fprint(z, "</channel></rss>")
}

// ServeChanging writes the address of a Changing on loopback to out, and serves
// it until in ends. It is for the main function of a process of its own, so that
// what it costs is not counted with what a benchmark measures. It panics if it
// cannot.
func ServeChanging(in io.Reader, out io.Writer) {
	server := httptest.NewServer(&Changing{})
	defer server.Close()
	fmt.Fprintln(out, server.Listener.Addr())
	if _, err := io.Copy(io.Discard, in); err != nil {
		panic(err)
	}
}
