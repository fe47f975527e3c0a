package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/feedstest"
	"cloudnative.tw/herald/feeds/fetch"
	"cloudnative.tw/herald/feeds/syndication"
)

// BenchmarkNewsOf10k is what ten thousand feeds cost through everything: asked
// over loopback, parsed, compared with what is known, recorded in SQLite with
// synchronous=FULL. One in a hundred has changed since the last time; the server
// is a process of its own. One operation is one round of all feeds.
//
//	go test -run '^$' -bench NewsOf10k -benchtime 5x .
func BenchmarkNewsOf10k(b *testing.B) {
	const sources, hosts = 10_000, 500
	address := startFeedServer(b)
	var dialer net.Dialer
	web := fetch.New(fetch.Options{AllowPrivate: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, address)
	}})
	ledger, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "herald.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer ledger.Close()
	news := announce.Announcement{Name: "news", To: []announce.Channel{{Channel: bot.Channel{
		Name: "news", Address: bot.Address{Platform: bot.Discord, Chat: "1111"}, Lang: bot.English,
	}}}}
	var watches []feeds.Watch
	for i := range sources {
		name := fmt.Sprintf("feed%d", i)
		url := fmt.Sprintf("http://host%d.example/feed/%d", i%hosts, i)
		parts, err := syndication.New(syndication.Config{Feed: []string{url}}, name, announce.FeedOrigin, time.UTC, web)
		if err != nil {
			b.Fatal(err)
		}
		watches = append(watches, parts...)
		news.From = append(news.From, name)
	}
	now := time.Now()
	announcer := announce.New(announce.Options{Store: ledger, Announcements: []announce.Announcement{news}, Feeds: news.From})
	poller, err := feeds.New(feeds.Config{
		Sources: watches, Store: ledger.Feeds(), Taker: announcer, Owner: "bench", Now: func() time.Time { return now },
	})
	if err != nil {
		b.Fatal(err)
	}
	round := func() {
		if err := poller.Drain(b.Context()); err != nil {
			b.Fatal(err)
		}
		now = now.Add(2 * feeds.DefaultEvery)
		web.Close()
	}
	round() // the first one asks for everything, and is silent
	nextFeedRound(b, address)
	before, unconditional := feedstest.CPU(), 0
	for b.Loop() {
		round()
		unconditional += nextFeedRound(b, address)
	}
	b.ReportMetric(float64(feedstest.CPU()-before)/1e6/float64(b.N*sources), "cpu-ms/feed")
	b.ReportMetric(float64(unconditional), "unconditional")
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "live-MiB")
	owed, _, err := ledger.Owed(b.Context())
	if err != nil || owed < b.N*sources/200 {
		b.Fatalf("%d acts owed after %d rounds (error %v)", owed, b.N, err)
	}
	b.ReportMetric(float64(owed)/float64(b.N), "owed/op")
	if err := poller.Stop(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// startFeedServer starts a feedstest.Changing, which TestMain is too, and returns
// its address.
func startFeedServer(b *testing.B) string {
	cmd := exec.Command("feedserver")
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { in.Close(); cmd.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(address)
}

// nextFeedRound has the feeds change, and returns how many were asked for without
// a condition since the last time.
func nextFeedRound(b *testing.B, address string) (full int) {
	res, err := http.Post("http://"+address+"/round", "", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	var cpu int64
	if _, err := fmt.Fscan(res.Body, &full, &cpu); err != nil {
		b.Fatal(err)
	}
	return full
}
