package search_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/search"
)

const postSize = 4 << 10

func generated(n int) []*content.Post {
	g := newGenerator(1)
	posts := make([]*content.Post, n)
	for i := range posts {
		posts[i] = g.post(i, postSize)
	}
	return posts
}

func sizes(b *testing.B, f func(b *testing.B, posts []*content.Post)) {
	for _, n := range []int{1_000, 3_000, 10_000} {
		posts := generated(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) { f(b, posts) })
	}
}

// residentPeak returns the most memory that the process has had, in bytes, or
// 0 where the system does not tell.
func residentPeak() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kb); err == nil {
			return kb * 1024
		}
	}
	return 0
}

func BenchmarkBuild(b *testing.B) {
	sizes(b, func(b *testing.B, posts []*content.Post) {
		before := residentPeak()
		for b.Loop() {
			open(b, filepath.Join(b.TempDir(), "index.db"), posts)
		}
		b.ReportMetric(before/1e6, "MB-before")
		b.ReportMetric(residentPeak()/1e6, "MB-peak")
		b.ReportMetric(float64(len(posts))*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
	})
}

func BenchmarkReopen(b *testing.B) {
	sizes(b, func(b *testing.B, posts []*content.Post) {
		path := filepath.Join(b.TempDir(), "index.db")
		ix, err := search.Open(b.Context(), path, search.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := ix.Update(b.Context(), posts); err != nil {
			b.Fatal(err)
		}
		ix.Close()
		for b.Loop() {
			ix, err := search.Open(b.Context(), path, search.Options{})
			if err != nil {
				b.Fatal(err)
			}
			if err := ix.Update(b.Context(), posts); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			ix.Close()
			b.StartTimer()
		}
	})
}

func BenchmarkChangeOne(b *testing.B) {
	sizes(b, func(b *testing.B, posts []*content.Post) {
		ix := open(b, filepath.Join(b.TempDir(), "index.db"), posts)
		posts = slices.Clone(posts)
		g := newGenerator(2)
		i := 0
		for b.Loop() {
			b.StopTimer()
			posts[i%len(posts)] = g.post(i%len(posts), postSize)
			i += 7
			b.StartTimer()
			if err := ix.Update(b.Context(), posts); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkSearch(b *testing.B) {
	queries := []string{
		"資料庫", "監控 kubernetes", "服務", "雲", "限", "deploy", "prometheus grafana", "observabilty", "kuber",
		"kernl", "可持續", "永續", "how to migrate redis cluster", "如何備份資料庫", "\"incident recovery\"", "c", "service",
		"容量排程", "供應鏈 簽章 掃描", "团队文化", "沒有這個詞", "zzzzqqqq", "2024", "workload traffic", "我們", "的",
	}
	sizes(b, func(b *testing.B, posts []*content.Post) {
		ix := open(b, filepath.Join(b.TempDir(), "index.db"), posts)
		if err := ix.Merge(b.Context()); err != nil {
			b.Fatal(err)
		}
		var took []time.Duration
		worst := make(map[string]time.Duration)
		for b.Loop() {
			for _, q := range queries {
				start := time.Now()
				_, err := ix.Search(context.Background(), content.Query{Text: q, Limit: 5})
				d := time.Since(start)
				took = append(took, d)
				worst[q] = max(worst[q], d)
				if err != nil {
					b.Fatal(err)
				}
			}
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		if testing.Verbose() {
			for q, d := range worst {
				b.Log(q, d)
			}
		}
	})
	runtime.GC()
}
