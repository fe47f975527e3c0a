package feeds_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/feedstest"
	"cloudnative.tw/herald/feeds/fetch"
)

const (
	benchFeeds = 10_000
	benchHosts = 500
	// serverEnv has the test binary be the server of the benchmark, so that what
	// that costs is not counted.
	serverEnv = "HERALD_BENCH_FEED_SERVER"
)

// startServer starts a feedstest.Changing in a process of its own.
func startServer(b *testing.B) string {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serverEnv+"=1")
	cmd.Stderr = os.Stderr
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
	b.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(address)
}

// counting is a Taker that counts.
type counting struct{ batches, items int }

func (c *counting) Take(_ context.Context, _ time.Time, _ string, b feeds.Batch) error {
	c.batches++
	c.items += len(b.Items)
	return nil
}

// BenchmarkPolling polls ten thousand feeds of 500 hosts over loopback, of which
// one in a hundred changed since the last time, each round over connections of
// its own. One operation is one round. "times-less" is how many times less
// processor time that takes than reading all of them whole, as peerCPU does.
//
//	go test -run '^$' -bench Polling -benchtime 10x ./feeds
func BenchmarkPolling(b *testing.B) {
	address := startServer(b)
	dialer := &net.Dialer{}
	client := fetch.New(fetch.Options{AllowPrivate: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, address)
	}})
	defer client.Close()
	sources := make([]feeds.Watch, benchFeeds)
	for i := range sources {
		url := benchURL(i)
		sources[i] = feeds.Watch{Name: fmt.Sprint("feed", i), Address: url, Source: &small{client, url}}
	}
	now, taker := time.Now(), &counting{}
	p, err := feeds.New(feeds.Config{Sources: sources, Store: &feedstest.Memory{}, Taker: taker, Owner: "bench", Now: func() time.Time { return now }})
	if err != nil {
		b.Fatal(err)
	}
	poll := func() {
		if err := p.Drain(b.Context()); err != nil {
			b.Fatal(err)
		}
		now = now.Add(2 * feeds.DefaultEvery)
		client.Close()
	}
	poll() // the first round asks for everything
	full, server := nextRound(b, address)
	if full != benchFeeds || taker.batches != benchFeeds {
		b.Fatalf("the first round had %d full requests and brought %d batches", full, taker.batches)
	}
	*taker = counting{}
	own, unconditional := feedstest.CPU(), 0
	for b.Loop() {
		poll()
		more, _ := nextRound(b, address)
		unconditional += more
	}
	own = feedstest.CPU() - own
	_, serverNow := nextRound(b, address)
	polls := float64(b.N * benchFeeds)
	b.ReportMetric(float64(own)/1e6/polls, "cpu-ms/feed")
	b.ReportMetric(peerCPU(b, address)/(float64(own)/polls), "times-less")
	b.ReportMetric(float64(serverNow-server)/1e6/polls, "server-cpu-ms/feed")
	b.ReportMetric(float64(taker.batches)/float64(b.N), "changed/op")
	b.ReportMetric(float64(unconditional), "unconditional")
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "live-MiB")
	b.ReportMetric(float64(m.Sys)/(1<<20), "sys-MiB")
	if err := p.Stop(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// nextRound has the feeds change, and returns how many were asked for without a
// condition since the last time, and the processor time of the server.
func nextRound(b *testing.B, address string) (full int, cpu int64) {
	res, err := http.Post("http://"+address+"/round", "", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := fmt.Fscan(res.Body, &full, &cpu); err != nil {
		b.Fatal(err)
	}
	return full, cpu
}
