package markdown

import (
	"os"
	"strings"
	"testing"
)

func BenchmarkBody(b *testing.B) {
	page, err := os.ReadFile("testdata/everything.md")
	if err != nil {
		b.Fatal(err)
	}
	const size = 4 << 10
	post := []byte(strings.Repeat(string(page), size/len(page)+1)[:size])
	plain := []byte(strings.Repeat("這一年我們辦了十二場聚會，參加的人數比去年多了一倍。\nKubernetes 與 eBPF 是最受歡迎的主題。\n\n## 標題\n\n", size/170))
	for _, bench := range []struct {
		name string
		page []byte
	}{{"everything", post}, {"plain", plain}} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(bench.page)))
			b.ReportAllocs()
			for b.Loop() {
				Body(bench.page, Options{MDX: true, Title: "年度回顧", Link: on, Image: on})
			}
		})
	}
}

// BenchmarkHostile reads pages of the greatest size that are made to be slow:
// each would take minutes if the work grew with the square of the page.
func BenchmarkHostile(b *testing.B) {
	for _, unit := range []string{
		"[", "[a](", "](<", "*a_ ", "`a``b```", "<a href=x>", "<a b=\"", "{\"", "{/*", "<!--", "export const {\n\n",
		"> ", "- ", ":::a\n", "|a|b\n|-|-\n", "https://a.b/)", "&", "[^1]", "[a]: b\n", "# a\n",
	} {
		b.Run(unit, func(b *testing.B) {
			page := []byte(strings.Repeat(unit, maxSource/len(unit)))
			b.SetBytes(int64(len(page)))
			for b.Loop() {
				Body(page, Options{MDX: true})
			}
		})
	}
}
