package site

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/content"
)

func TestGlossary(t *testing.T) {
	example, err := os.ReadFile("testdata/glossary_zh-tw_example.md")
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, Config{Format: "glossary", URL: "https://terms.example/zh-tw", License: "CC BY 4.0", Language: "zh-TW"})
	n := s.update(
		"example.md", string(example),
		"microservices-architecture.md", "---\nTitle: 微服務\nStatus: Completed\nCategory: 概念\nTags: [\"應用程式\", \"概念\", \"\"]\n---\n\n{{< note >}}小{{< /note >}}服務。\n",
		"retired.md", "---\ntitle: Old\ndraft: true\n---\n",
		"_index.md", "---\ntitle: Glossary\n---\n",
		"_TEMPLATE.md", "---\ntitle: Template\n---\n",
		"search.md", "---\ntitle: Search\nlayout: search\n---\n",
		"style-guide/_index.md", "---\ntitle: Style\n---\n",
	)
	if n != 2 || len(s.problems) != 0 {
		t.Fatalf("%d terms, problems %v", n, s.problems)
	}
	p := s.posts["microservices-architecture.md"]
	got := *p
	got.Hash = content.Hash{}
	want := content.Post{
		ID: content.ID{Entry: "site", Path: "microservices-architecture.md"}, Source: "site", File: "microservices-architecture.md",
		Kind: content.Term, Title: "微服務", Slug: "microservices-architecture", URL: "https://terms.example/zh-tw/microservices-architecture/",
		Tags: []content.Tag{{Label: "概念", Permalink: "概念"}, {Label: "應用程式", Permalink: "應用程式"}},
		Lang: "zh-TW", License: "CC BY 4.0",
	}
	if diff := cmp.Diff(want, got, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".body" }, cmp.Ignore())); diff != "" {
		t.Error(diff)
	}
}

func TestGlossaryLinks(t *testing.T) {
	for _, tt := range []struct{ dest, want string }{
		{"/zh-tw/cluster/", "https://terms.example/zh-tw/cluster/"},
		{"/zh-tw/cluster", "https://terms.example/zh-tw/cluster/"},
		{"../cluster/#what-it-is", "https://terms.example/zh-tw/cluster/#what-it-is"},
		{"/zh-tw/style-guide/", "https://terms.example/zh-tw/style-guide/"},
		{"/zh-tw/", "https://terms.example/zh-tw/"},
		{"/zh-tw/untranslated/", ""},
		{"/zh-tw/retired/", ""},
		{"(/zh-tw/cluster/", ""},
		{"/service/", "https://terms.example/service/"},
		{"/zh-tw/files/a.pdf", "https://terms.example/zh-tw/files/a.pdf"},
		{"#how-it-helps", "https://terms.example/zh-tw/here/#how-it-helps"},
		{"https://example.org/x", "https://example.org/x"},
		{"javascript:alert(1)", ""},
	} {
		s := newSite(t, Config{Format: "glossary", URL: "https://terms.example/zh-tw/"})
		s.update("here.md", "see [it]("+tt.dest+") there\n", "cluster.md", "# Cluster\n", "retired.md", "---\ndraft: true\n---\n",
			"_index.md", "# Glossary\n", "style-guide/_index.md", "# Style\n")
		if got := linksOf(s.posts["here.md"])["it"]; got != tt.want {
			t.Errorf("[it](%s) leads to %q, want %q", tt.dest, got, tt.want)
		}
	}
}

func TestGlossaryLinksFollowTranslations(t *testing.T) {
	s := newSite(t, Config{Format: "glossary", URL: "https://terms.example/"})
	s.update("pod.md", "a part of a [cluster](/cluster/) ![x](/images/pod.png)\n")
	before := s.posts["pod.md"]
	s.update("cluster.md", "# Cluster\n")
	after := s.posts["pod.md"]
	if before.Hash == after.Hash {
		t.Error("the term did not change when its link came alive")
	}
	if diff := cmp.Diff(map[string]string{"cluster": "https://terms.example/cluster/", "x": "https://terms.example/images/pod.png"}, linksOf(after)); diff != "" {
		t.Error(diff)
	}
}
