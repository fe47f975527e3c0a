package command_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/command"
	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/site"
)

// read returns the posts of a folder.
func read(t testing.TB, entry, dir string, config site.Config) []*content.Post {
	t.Helper()
	format, err := site.New(entry, config, nil)
	if err != nil {
		t.Fatal(err)
	}
	var files []content.File
	tree := os.DirFS(dir)
	err = fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !format.Wants(path) {
			return err
		}
		data, err := fs.ReadFile(tree, path)
		files = append(files, content.File{Path: path, Name: path, Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	posts, problems := format.Update(files, nil)
	for _, p := range problems {
		t.Error(p)
	}
	return posts
}

// siteAndTerms reads a docusaurus site and a glossary as config.yaml configures
// them.
func siteAndTerms(t testing.TB, siteDir, termsDir, termsURL, license string) []*content.Post {
	t.Helper()
	noSlash := false
	return slices.Concat(
		read(t, "site", siteDir, site.Config{
			Format: "docusaurus", URL: "https://cloudnative.tw", TrailingSlash: &noSlash,
			Folders: map[string]string{"blog": "blog", "meetups": "docs/meetups", "pages": "docs"},
		}),
		read(t, "terms", termsDir, site.Config{Format: "glossary", URL: termsURL, License: license}),
	)
}

func shippedOptions(posts []*content.Post) command.Options {
	o := options(posts)
	o.Community.Name, o.Community.URL = "Cloud Native Taiwan User Group", "https://cloudnative.tw"
	o.Community.About = nil
	o.Commands = map[string]command.Config{
		"recap":    {Tag: "year-end-recap"},
		"glossary": {From: []string{"terms"}},
		"donate": {
			Text:    bot.Texts{"zh-TW": "捐款由開放文化基金會（OCF）代收。", "en": "Donations go through the Open Culture Foundation (OCF)."},
			Quote:   &command.Quote{Tag: "year-end-recap", Section: []string{"資金狀況", "財務狀況"}},
			Buttons: []command.ButtonConfig{{Text: bot.Texts{"zh-TW": "線上捐款", "en": "Donate"}, URL: "https://ocf.neticrm.tw/civicrm/contribute/transact?reset=1&id=29"}},
		},
	}
	return o
}

func shipped(t testing.TB) []*content.Post {
	const posts = "../../content/posts"
	return siteAndTerms(t, posts, posts+"/glossary", "https://cloudnative.tw/glossary/", "")
}

func TestShippedPosts(t *testing.T) {
	table := table(t, shippedOptions(shipped(t)))
	asked := []string{
		"recap 2023", "recap 2023 1", "recap 2023 7", "recap 2020", "recap 2020 2", "recap 1999", "donate",
		"latest", "latest cfp", "meetups", "meetups 2020", "tags", "authors", "glossary", "glossary 容器", "glossary k8s",
		"help", "about",
	}
	for _, lang := range bot.Langs() {
		answer := func(line string) bot.Reply { return ask(t, table, string(lang), line) }
		golden(t, "shipped."+string(lang), transcript(t, answer, asked...))
	}
}

// TestRealPosts asks about the community's real pages. They are not ours, so no
// golden holds them.
func TestRealPosts(t *testing.T) {
	dir := os.Getenv("HERALD_SHARED")
	if dir == "" {
		t.Skip("HERALD_SHARED is not set: the community's real posts are not here")
	}
	posts := siteAndTerms(t, dir+"/site", dir+"/glossary/zh-tw", "https://glossary.cncf.io/zh-tw/", "CNCF Cloud Native Glossary, CC BY 4.0")
	table := table(t, shippedOptions(posts))
	for _, test := range []struct {
		line string
		want []string
	}{
		{"recap 2023", []string{
			"https://cloudnative.tw/blog/2023-year-end-recap\n", "Gene Kuo · 2023-12-25", "(picture https://cloudnative.tw/img/KCD_2023.jpg)",
			"1. [精彩回顧：Meetup 活動](https://cloudnative.tw/blog/2023-year-end-recap#", "7. [資金狀況](", "[7] /recap 2023 7\n",
		}},
		{"recap 2023 7", []string{"[2023 CNTUG OCF 專戶財務收支表（PDF）] https://cloudnative.tw/pdf/2023_financial_statement.pdf", "第 7 節，共 7 節"}},
		{"recap 2020", []string{"聚會 20 場", "**4 月**\n• 4/11（六） [SDN x Cloud Native Meetup - Webinar 海外篇 #1](https://cloudnative.tw/docs/meetups/2020/20200411)"}},
		{"recap 1999", []string{"可以看的年份：2024、2023、2022、2021、2020、2019", "(failed)"}},
		{"donate", []string{
			"\nhttps://ocf.neticrm.tw/civicrm/contribute/transact?reset=1&id=29\n", "2023 年的錢用在哪",
			"[2023 CNTUG OCF 專戶財務收支表（PDF）](https://cloudnative.tw/pdf/2023_financial_statement.pdf)", "[2023 收支表] ",
		}},
		{"meetups 2023", []string{"5 場"}},
		{"glossary 容器", []string{"# https://glossary.cncf.io/zh-tw/container/\n", "CNCF Cloud Native Glossary, CC BY 4.0"}},
	} {
		got := render(ask(t, table, "zh-TW", test.line))
		t.Logf("/%s\n%s", test.line, got)
		for _, want := range test.want {
			if !strings.Contains(got, want) {
				t.Errorf("/%s: no %q in\n%s", test.line, want, got)
			}
		}
	}
}
