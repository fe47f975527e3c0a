package announce

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rivo/uniseg"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/feeds"
)

var article = feeds.Item{
	Title:   "CNTUG 2023 年度回顧 <@&1>",
	URL:     "https://example.org/recap",
	Summary: "A look back at 2023.",
	Excerpt: "這一年我們辦了十二場聚會，也第一次辦了 KCD Taiwan；謝謝每一位講者、志工與贊助夥伴，讓這個社群一直走下去。以下是這一年的回顧，照月份排列。",
	Authors: []string{"Gene", "小明"},
	Image:   "https://example.org/cover.png",
}

func TestComposeAsDrawn(t *testing.T) {
	want := bot.Message{Card: bot.Card{
		Title:  "CNTUG 2023 年度回顧 <@&1>",
		URL:    "https://example.org/recap",
		Body:   bot.Plain("這一年我們辦了十二場聚會，也第一次辦了 KCD Taiwan；謝謝每一位講者、志工與贊助夥伴，讓這個社群一直走下去。"),
		Image:  "https://example.org/cover.png",
		Footer: "Gene、小明",
	}}
	if diff := cmp.Diff(want, compose(article, bot.TraditionalChinese)); diff != "" {
		t.Errorf("in Chinese (-want +got):\n%s", diff)
	}
	want.Body, want.Footer = bot.Plain("A look back at 2023."), "Gene, 小明"
	if diff := cmp.Diff(want, compose(article, bot.English)); diff != "" {
		t.Errorf("in English (-want +got):\n%s", diff)
	}
}

func TestMarkEdited(t *testing.T) {
	day := time.Date(2026, 12, 26, 1, 0, 0, 0, time.UTC)
	for lang, want := range map[bot.Lang]string{bot.TraditionalChinese: "Gene、小明 · 已更新 12/26", bot.English: "Gene, 小明 · updated 26 Dec"} {
		if got := markEdited(compose(article, lang), lang, day).Footer; got != want {
			t.Errorf("footer in %s: %q, want %q", lang, got, want)
		}
	}
	if got := markEdited(compose(feeds.Item{Title: "甲"}, bot.TraditionalChinese), bot.TraditionalChinese, day).Footer; got != "已更新 12/26" {
		t.Errorf("footer without authors: %q", got)
	}
}

func TestPicture(t *testing.T) {
	for address, want := range map[string]bool{
		"https://example.org/a.png": true, "http://example.org/a": true, "https://example.org/a.SVG?x": false,
		"": false, "/a.png": false, "javascript:alert(1)": false, "https://[bad": false,
	} {
		if got := picture(address) != ""; got != want {
			t.Errorf("picture(%q) is shown: %t", address, got)
		}
	}
}

func TestSummaryInTheLanguageOfTheChannel(t *testing.T) {
	tests := []struct {
		s    string
		lang bot.Lang
		want bool
	}{
		{"", bot.TraditionalChinese, false}, {"", bot.English, false}, {"2023!", bot.English, false},
		{"The year", bot.TraditionalChinese, false}, {"The year", bot.English, true},
		{"用 Kubernetes 部署 OpenTelemetry", bot.TraditionalChinese, false}, // mostly Latin
		{"用 Kubernetes 部署應用程式", bot.TraditionalChinese, true}, {"用 Kubernetes 部署", bot.English, false},
	}
	for _, tt := range tests {
		if got := reads(tt.s, tt.lang); got != tt.want {
			t.Errorf("reads(%q, %s) = %t", tt.s, tt.lang, got)
		}
	}
}

func TestRevisionChangesWithWhatIsShown(t *testing.T) {
	base := revision(article)
	for name, change := range map[string]func(*feeds.Item){
		"title": func(i *feeds.Item) { i.Title += "!" }, "url": func(i *feeds.Item) { i.URL += "2" },
		"summary": func(i *feeds.Item) { i.Summary = "x" }, "excerpt": func(i *feeds.Item) { i.Excerpt = "x" },
		"authors": func(i *feeds.Item) { i.Authors = []string{"Gene小明"} }, "image": func(i *feeds.Item) { i.Image = "" },
		"date": func(i *feeds.Item) { i.Published = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC) },
	} {
		item := article
		change(&item)
		if revision(item) == base {
			t.Errorf("another %s has the same revision", name)
		}
	}
	same := article
	same.Tags, same.Excerpt = []string{"x"}, same.Excerpt+"後面看不到的字。"
	if revision(same) != base {
		t.Error("what is not shown changed the revision")
	}
}

func FuzzAnythingCanBeComposed(f *testing.F) {
	f.Add("title", "summary", "excerpt", "https://example.org/a.png", "a")
	f.Add("@everyone\x00\n\u202e", strings.Repeat("長", 500), strings.Repeat("👩‍👩‍👧‍👦", 100), "javascript:", "\xff")
	f.Fuzz(func(t *testing.T, title, summary, excerpt, image, author string) {
		p := content.NewPost(content.Post{
			ID: content.ID{Entry: "site", Path: "a"}, Title: title, URL: "https://example.org/a", Description: summary,
			Image: image, Authors: []content.Author{{Name: author}},
		}, func() content.Body { return content.Body{Excerpt: excerpt} })
		item, err := fromPost(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, lang := range bot.Langs() {
			m := compose(item, lang)
			for _, s := range []string{m.Title, m.Footer, m.Body.String()} {
				if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
					t.Errorf("composed %q", s)
				}
			}
			if n := uniseg.GraphemeClusterCount(m.Body.String()); n > maxSummary {
				t.Errorf("the summary has %d characters: %q", n, m.Body)
			}
		}
	})
}

func TestABodyThatPanicsCostsItsPost(t *testing.T) {
	p := content.NewPost(content.Post{ID: content.ID{Entry: "site", Path: "a"}, URL: "https://example.org/a"},
		func() content.Body { panic("on purpose") })
	if item, err := fromPost(p); err == nil {
		t.Errorf("item %+v", item)
	}
}
