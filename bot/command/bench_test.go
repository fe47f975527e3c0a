package command_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/markdown"
)

// many returns n posts of about 4 KB over twenty years, parsed at each reading
// as a library's are.
func many(n int) []*content.Post {
	posts := invented()
	source := []byte("## 導言\n\n" + strings.Repeat("雲端原生社群的一頁紀錄，寫下講者說的話。", 30) +
		"\n\n## 議程\n\n- [影片](https://video.example.org/1)\n\n## 財務狀況\n\n" + strings.Repeat("這一年的收支都在這裡。", 40))
	for i := range n {
		p := content.Post{
			ID: content.ID{Entry: "site", Path: fmt.Sprintf("blog/%d.md", i)}, Source: []string{"blog", "meetups"}[i%2], Kind: content.Article,
			Title: fmt.Sprintf("第 %d 篇紀錄", i), Slug: fmt.Sprintf("post-%d", i), URL: fmt.Sprintf("%s/blog/post-%d", home, i),
			Date: day("2004-01-01").AddDate(0, 0, i*7300/n), Tags: tags(fmt.Sprintf("tag%d", i%300), "all"),
			Authors: []content.Author{{Name: fmt.Sprintf("Author %d", i%100)}},
		}
		if i%10 == 0 {
			p.Kind, p.Source = content.Term, "terms"
		}
		posts = append(posts, content.NewPost(p, func() content.Body { return markdown.Body(source, markdown.Options{}) }))
	}
	return posts
}

// BenchmarkAnswers reports how long a command takes that needs no search, over
// all of them: the median, the 99th percentile and the first answer after the
// posts have changed.
func BenchmarkAnswers(b *testing.B) {
	for _, posts := range []int{200, 10_000} {
		b.Run(fmt.Sprintf("posts=%d", posts), func(b *testing.B) {
			benchmarkAnswers(b, many(posts), "recap 2023 2")
		})
	}
	b.Run("posts=real", func(b *testing.B) {
		dir := os.Getenv("HERALD_SHARED")
		if dir == "" {
			b.Skip("HERALD_SHARED is not set: the community's real posts are not here")
		}
		benchmarkAnswers(b, siteAndTerms(b, dir+"/site", dir+"/glossary/zh-tw", "https://glossary.cncf.io/zh-tw/", "CC BY 4.0"), "recap 2023 7")
	})
}

func benchmarkAnswers(b *testing.B, posts []*content.Post, chapter string) {
	o := options(posts)
	o.Commands = configs()
	o.Commands["recap"] = shippedOptions(nil).Commands["recap"]
	if strings.HasSuffix(chapter, "2") { // the invented posts
		o.Commands["recap"] = configs()["recap"]
	}
	asked := []string{
		"recap", "recap 2023", chapter, "recap 2020", "recap 1999", "latest", "latest 10 all", "latest nosuchtag", "meetups",
		"meetups 2020", "tags", "authors", "glossary", "glossary 容器", "glossary 沒有這個詞", "donate", "join", "help", "about",
		"privacy", "id", "recpa 2023",
	}
	commands := table(b, o)
	start := time.Now()
	ask(b, commands, "zh-TW", "latest")
	first := time.Since(start)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		ask(b, commands, string(bot.Langs()[i%2]), asked[i%len(asked)])
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(first.Microseconds()), "first-µs")
}
