package feeds_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/mmcdole/gofeed"

	"cloudnative.tw/herald/feeds/feedstest"
)

// peerCPU is what a program costs, in nanoseconds of processor time a feed, that
// has gofeed fetch and read every feed whole at each round, as many at once as a
// Poller: the usual way, and the measure of BenchmarkPolling.
func peerCPU(b *testing.B, address string) float64 {
	const rounds, workers = 2, 16
	var dialer net.Dialer
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, address)
	}}
	client := &http.Client{Transport: transport}
	before := feedstest.CPU()
	for range rounds {
		todo := make(chan int)
		var group sync.WaitGroup
		for range workers {
			group.Go(func() {
				parser := gofeed.NewParser()
				parser.Client = client
				for i := range todo {
					if _, err := parser.ParseURLWithContext(benchURL(i), b.Context()); err != nil {
						b.Error(err)
					}
				}
			})
		}
		for i := range benchFeeds {
			todo <- i
		}
		close(todo)
		group.Wait()
		transport.CloseIdleConnections()
	}
	return float64(feedstest.CPU()-before) / (rounds * benchFeeds)
}

// benchURL is where feed i is.
func benchURL(i int) string { return fmt.Sprintf("http://host%d.example/feed/%d", i%benchHosts, i) }
