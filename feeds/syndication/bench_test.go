package syndication_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudnative.tw/herald/feeds/fetch"
	"cloudnative.tw/herald/feeds/syndication"
)

// blog returns a feed such as Docusaurus writes: items with their whole text of
// about 4 KB each.
func blog(items int) string {
	var b strings.Builder
	body := strings.Repeat(`<p>今天要談的是<strong>雲端原生</strong>的網路，以及 <a href="https://example.tw/docs/intro">eBPF</a> 能做什麼。</p>`, 30)
	for i := range items {
		fmt.Fprintf(&b, `<item><title><![CDATA[第 %d 篇 & 心得]]></title><link>https://example.tw/blog/中文-%d</link><guid>https://example.tw/blog/中文-%d</guid>
			<pubDate>Wed, 18 Nov 2026 18:00:00 GMT</pubDate><description><![CDATA[簡介 %d]]></description><content:encoded><![CDATA[%s<img src="/img/%d.png">]]></content:encoded>
			<author>a@example.tw (王小明)</author><category>k8s</category></item>`, i, i, i, i, body, i)
	}
	return `<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">` +
		`<channel><title>Example</title><link>https://example.tw/blog</link><language>zh-TW</language>` + b.String() + `</channel></rss>`
}

func BenchmarkParse(b *testing.B) {
	for _, items := range []int{20, 500} {
		b.Run(fmt.Sprintf("items=%d", items), func(b *testing.B) {
			data := []byte(blog(items))
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := syndication.Parse(data, "application/rss+xml", options()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPoll asks a server for a feed of 20 items that has not changed: one
// that says so, one that sends it all again, one that has built it anew.
func BenchmarkPoll(b *testing.B) {
	text := blog(20)
	answers := map[string]http.HandlerFunc{
		"304": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"1"`)
			if r.Header.Get("If-None-Match") == `"1"` {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			fmt.Fprint(w, text)
		},
		"same bytes": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) },
	}
	built := 0
	answers["same items"] = func(w http.ResponseWriter, _ *http.Request) {
		built++
		fmt.Fprintf(w, "%s<!-- %d -->", text, built)
	}
	for _, name := range []string{"304", "same bytes", "same items"} {
		b.Run(name, func(b *testing.B) {
			server := httptest.NewServer(answers[name])
			defer server.Close()
			client := fetch.New(fetch.Options{AllowPrivate: true})
			defer client.Close()
			all, err := syndication.New(syndication.Config{Feed: []string{server.URL + "/feed.xml"}}, "s", originOf, taipei, client)
			if err != nil {
				b.Fatal(err)
			}
			s := all[0].Source
			first, err := s.Poll(b.Context(), now, "")
			if err != nil || len(first.Items) != 20 {
				b.Fatal(len(first.Items), err)
			}
			b.ReportAllocs()
			for b.Loop() {
				batch, err := s.Poll(b.Context(), now, first.Cursor)
				if err != nil || !batch.Unchanged {
					b.Fatal(batch.Unchanged, err)
				}
			}
		})
	}
}

// BenchmarkLargeFeeds reads as many feeds at once as there are workers, each as
// large as may be, and tells how large the heap was at most.
func BenchmarkLargeFeeds(b *testing.B) {
	const workers = 16
	item := `<item><title>t</title><description><![CDATA[` + strings.Repeat("<p>雲端原生</p>\n", 800) + `]]></description></item>`
	text := `<rss version="2.0"><channel><title>x</title>` + strings.Repeat(item, (8<<20-200)/len(item)) + `</channel></rss>`
	for b.Loop() {
		stop, peak := watchHeap()
		var all sync.WaitGroup
		for range workers {
			all.Go(func() {
				if _, err := syndication.Parse([]byte(text), "", options()); err != nil {
					b.Error(err)
				}
			})
		}
		all.Wait()
		close(stop)
		b.ReportMetric(float64(<-peak>>20), "peak-MB")
	}
}

// watchHeap returns, once stop is closed, how large the heap was at most.
func watchHeap() (stop chan struct{}, peak chan uint64) {
	stop, peak = make(chan struct{}), make(chan uint64, 1)
	go func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		var most uint64
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
			select {
			case <-tick.C:
			case <-stop:
				peak <- most
				return
			}
		}
	}()
	return stop, peak
}
