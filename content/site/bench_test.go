package site

import (
	"fmt"
	"strings"
	"testing"

	"cloudnative.tw/herald/content"
)

// manyPosts returns n blog posts of about 4 KB by ten authors.
func manyPosts(n int) []content.File {
	paragraph := strings.Repeat("我們在台北的聚會談了 Kubernetes 與 eBPF 的觀測性，也談了社群的下一步。", 4)
	files := make([]content.File, 0, n+1)
	var authors strings.Builder
	for i := range 10 {
		fmt.Fprintf(&authors, "author%d:\n  name: Author %d\n  url: https://people.example/%d\n", i, i, i)
	}
	files = append(files, content.File{Path: "blog/authors.yml", Data: []byte(authors.String())})
	for i := range n {
		var b strings.Builder
		fmt.Fprintf(&b, "---\ntitle: \"第 %d 次聚會：雲端原生\"\ndescription: \"Meetup %d\"\nslug: meetup-%d\nauthors: [author%d]\ntags: [k8s, meetup]\ndate: 2024-04-03T18:00\n---\n\n", i, i, i, i%10)
		for j := range 10 {
			fmt.Fprintf(&b, "## 段落 %d\n\n%s[連結](https://example.org/%d)\n\n", j, paragraph, j)
		}
		files = append(files, content.File{Path: fmt.Sprintf("blog/2024/post-%05d.md", i), Data: []byte(b.String())})
	}
	return files
}

func benchFormat(b *testing.B) content.Format {
	return newFormat(b, Config{Format: "docusaurus", URL: "https://site.example"})
}

func BenchmarkUpdate10k(b *testing.B) {
	files := manyPosts(10_000)
	b.SetBytes(int64(len(files) * len(files[1].Data)))
	b.ReportAllocs()
	for b.Loop() {
		posts, problems := benchFormat(b).Update(files, nil)
		if len(posts) != 10_000 || len(problems) != 0 {
			b.Fatalf("%d posts, %d problems", len(posts), len(problems))
		}
	}
	b.ReportMetric(float64(len(files[1].Data)), "bytes/post")
}

func BenchmarkChangeOne10k(b *testing.B) {
	files := manyPosts(10_000)
	format := benchFormat(b)
	format.Update(files, nil)
	changed := files[5000]
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		changed.Data = fmt.Appendf(files[5000].Data[:len(files[5000].Data):len(files[5000].Data)], "\nRevision %d.\n", i)
		if posts, _ := format.Update([]content.File{changed}, nil); len(posts) != 10_000 {
			b.Fatalf("%d posts", len(posts))
		}
	}
}

func BenchmarkAddOne10k(b *testing.B) {
	files := manyPosts(10_001)
	format := benchFormat(b)
	format.Update(files[:10_001], nil)
	added := files[10_001]
	b.ReportAllocs()
	for b.Loop() {
		format.Update([]content.File{added}, nil)
		if posts, _ := format.Update(nil, []string{added.Path}); len(posts) != 10_000 {
			b.Fatalf("%d posts", len(posts))
		}
	}
}
