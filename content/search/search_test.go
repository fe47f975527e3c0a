package search_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/search"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newPost returns a post of the source "blog" with a body in the form of
// parse. Its path is the slug.
func newPost(slug, title, body string, tags ...string) *content.Post {
	p := content.Post{
		ID:     content.ID{Entry: "site", Path: slug},
		Source: "blog",
		Title:  title,
		Slug:   slug,
		Hash:   sha256.Sum256([]byte(title + body)),
		Date:   time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	for _, t := range tags {
		p.Tags = append(p.Tags, content.Tag{Label: t, Permalink: t})
	}
	return content.NewPost(p, func() content.Body { return parse(body) })
}

// posts are a small community's pages.
func posts() []*content.Post {
	return []*content.Post{
		newPost("2023-year-end-recap", "社群 2023 年度回顧", "今年辦了七場聚會。\n# 資金狀況\n謝謝大家的捐款，款項都用在場地與 Infra Labs。", "year-end-recap"),
		newPost("kcd-2024-cfp", "KCD Taipei 開始徵稿啦！", "# 徵稿主題\n可觀測性、服務網格、雲端原生的實戰經驗。\n# 時程\n年底截止。", "kcd"),
		newPost("sponsor-cnsw-2023", "贊助商募集: Sustainability Week", "一起了解 Cloud Native 與環境可持續性的關係。"),
		newPost("ithome-2023ironman", "鐵人賽", "# 隊伍\n三十天的 Kubernetes 文章。"),
		newPost("kubernetes", "Kubernetes", "容器（container）的編排系統。It schedules containers onto nodes."),
		newPost("container", "容器", "容器把程式與它需要的東西裝在一起。"),
		newPost("ci-cd", "持續整合", "ＣＩ／ＣＤ 讓 résumé 也自動發布。Deploying with GitOps."),
	}
}

// synonyms are those of the real posts, of which none says 永續.
var synonyms = [][]string{{"永續", "可持續", "sustainability"}}

func open(t testing.TB, path string, posts []*content.Post, synonyms ...[]string) *search.Index {
	t.Helper()
	ix, err := search.Open(t.Context(), path, search.Options{Synonyms: synonyms})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := ix.Update(t.Context(), posts); err != nil {
		t.Fatal(err)
	}
	return ix
}

// find returns the paths of what a query finds.
func find(t testing.TB, ix *search.Index, q content.Query) []string {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 10
	}
	r, err := ix.Search(context.Background(), q)
	if err != nil {
		t.Fatalf("search %q: %v", q.Text, err)
	}
	paths := []string{}
	for _, h := range r.Hits {
		paths = append(paths, h.Post.Path)
	}
	return paths
}

func TestSearch(t *testing.T) {
	ix := open(t, "", posts(), synonyms...)
	for _, test := range []struct {
		name, query string
		want        []string
	}{
		{"two characters", "捐款", []string{"2023-year-end-recap"}},
		{"one character", "網", []string{"kcd-2024-cfp"}},
		{"a longer word", "可觀測性", []string{"kcd-2024-cfp"}},
		{"title first", "容器", []string{"container", "kubernetes"}},
		{"mixed", "KCD 徵稿", []string{"kcd-2024-cfp"}},
		{"mixed without a space", "kcd徵稿", []string{"kcd-2024-cfp"}},
		{"simplified for traditional", "征稿", []string{"kcd-2024-cfp"}},
		{"full width", "ＫＣＤ", []string{"kcd-2024-cfp"}},
		{"half width for full", "ci/cd", []string{"ci-cd"}},
		{"diacritics", "resume", []string{"ci-cd"}},
		{"a stem", "deploy", []string{"ci-cd"}},
		{"a longer form", "scheduling", []string{"kubernetes"}},
		{"a beginning", "kuber", []string{"kubernetes", "ithome-2023ironman"}},
		{"a slip", "kuberntes", []string{"kubernetes", "ithome-2023ironman"}},
		{"slug", "ironman", []string{"ithome-2023ironman"}},
		{"tag", "year-end-recap", []string{"2023-year-end-recap"}},
		{"synonym", "永續", []string{"sponsor-cnsw-2023"}},
		{"synonym within a run", "永續性", []string{"sponsor-cnsw-2023"}},
		{"all words", "kubernetes container", []string{"kubernetes"}},
		{"some words", "捐款 zzzz", []string{"2023-year-end-recap"}},
		{"a sentence", "什麼是服務網格", []string{"kcd-2024-cfp"}},
		{"a quotation", `"cloud native"`, []string{"sponsor-cnsw-2023"}},
		{"a quotation in wrong order", `「native cloud」`, []string{"sponsor-cnsw-2023"}}, // by its parts
		{"syntax is text", `title:container* OR NEAR(`, []string{"container", "kubernetes"}},
		{"nothing", "瑜珈", []string{}},
		{"no words", "！？🙂", []string{}},
		{"empty", "", []string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := find(t, ix, content.Query{Text: test.query})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%q (-want +got):\n%s", test.query, diff)
			}
		})
	}
}

func TestSearchTells(t *testing.T) {
	ix := open(t, "", posts(), synonyms...)
	for _, test := range []struct {
		query, instead string
		also           []string
	}{
		{"永續", "", []string{"sustainability", "可持續"}},
		{"永續 可持續", "", []string{"sustainability"}},
		{"Kuberntes 容器", "kubernetes 容器", nil},
		{"kubernetes", "", nil},
	} {
		r, err := ix.Search(t.Context(), content.Query{Text: test.query, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(r.Also)
		if r.Instead != test.instead || !slices.Equal(r.Also, test.also) {
			t.Errorf("%q: instead %q, also %q; want %q, %q", test.query, r.Instead, r.Also, test.instead, test.also)
		}
	}
}

// text writes a snippet with its matches in brackets.
func text(fragments []content.Fragment) string {
	var b strings.Builder
	for _, f := range fragments {
		if f.Match {
			fmt.Fprintf(&b, "[%s]", f.Text)
		} else {
			b.WriteString(f.Text)
		}
	}
	return b.String()
}

func TestHits(t *testing.T) {
	ix := open(t, "", posts(), synonyms...)
	for _, test := range []struct{ query, heading, snippet string }{
		{"捐款", "資金狀況", "謝謝大家的[捐款]，款項都用在場地與 …"},
		{"infra labs", "資金狀況", "…場地與 [Infra] [Labs]。"},
		{"徵稿主題", "徵稿主題", "可觀測性、服務網格、雲端原生的實戰經…"},
		{"永續", "", "…與環境[可持續]性的關係。"},
		{"鐵人賽", "", "三十天的 Kubernetes 文章。"},
	} {
		r, err := ix.Search(t.Context(), content.Query{Text: test.query, Limit: 1})
		if err != nil || len(r.Hits) != 1 {
			t.Fatalf("%q: %v, %v", test.query, r, err)
		}
		h := r.Hits[0]
		if h.Heading != test.heading || text(h.Snippet) != test.snippet {
			t.Errorf("%q:\n got %q %s\nwant %q %s", test.query, h.Heading, text(h.Snippet), test.heading, test.snippet)
		}
	}
}

// Of what stands in too many posts each hit that is counted can be reached, the
// titles first, and the result tells that there are more.
func TestMoreThanCanBeShown(t *testing.T) {
	var all []*content.Post
	for n := range 700 {
		title := fmt.Sprint("Meetup ", n)
		if n%100 == 0 {
			title = fmt.Sprint("Kubernetes night ", n)
		}
		all = append(all, newPost(fmt.Sprint("meetup-", n), title, "我們談了 Kubernetes 與觀測性。"))
	}
	ix := open(t, "", all)
	for _, test := range []struct {
		text string
		more bool
	}{{"kubernetes", true}, {"kubernetes 觀測", true}, {"night", false}, {"kubernetes night", false}} {
		seen := make(map[string]bool)
		total := 1
		for offset := 0; offset < total; offset += 100 {
			r, err := ix.Search(t.Context(), content.Query{Text: test.text, Offset: offset, Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			if offset == 0 && !strings.HasPrefix(r.Hits[0].Post.Title, "Kubernetes night") {
				t.Errorf("%q: the first hit is %q", test.text, r.Hits[0].Post.Title)
			}
			if r.More != test.more {
				t.Errorf("%q: there are more: %t", test.text, r.More)
			}
			total = r.Total
			for _, h := range r.Hits {
				seen[h.Post.Path] = true
			}
		}
		if len(seen) != total || test.more && total < 500 || !test.more && total != 7 {
			t.Errorf("%q: %d hits of %d can be reached", test.text, len(seen), total)
		}
	}
}
