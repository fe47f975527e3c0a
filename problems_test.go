package main

import (
	"strings"
	"testing"
	"unicode"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/site"
)

// Whatever is wrong with a post is said in Chinese, too.
func TestProblemsInChinese(t *testing.T) {
	format, err := site.New("site", site.Config{Format: "docusaurus", URL: "https://site.example"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var files []content.File
	for name, header := range map[string]string{
		"empty":         "",
		"quote":         "---\ntitle: \"a\n---\n",
		"quoted":        "---\ntitle: 'a\n---\n",
		"bracket":       "---\ntags: [a, b\n---\n",
		"brace":         "---\nauthors: {name: a\n---\n",
		"wide colon":    "---\ntitle：a\n---\n",
		"colon":         "---\ntitle: a: b\n---\n",
		"tab":           "---\nauthors:\n\tname: a\n---\n",
		"no colon":      "---\ntitle: a\nslug\n---\n",
		"sign":          "---\ntitle: @a\n---\n",
		"anchor":        "---\ntitle: *a\n---\n",
		"twice":         "---\ntitle: a\ntitle: b\n---\n",
		"open":          "---\ntitle: a\n",
		"list as title": "---\ntitle: [a]\n---\n",
		"keys as title": "---\ntitle: {a: b}\n---\n",
		"draft":         "---\ndraft: maybe\n---\n",
		"both":          "---\ndraft: true\nunlisted: true\n---\n",
		"number date":   "---\ndate: 20240403\n---\n",
		"no date":       "---\ndate: yesterday\n---\n",
		"language":      "---\nlang: 中文\n---\n",
		"tags":          "---\ntags: a\n---\n",
		"tag list":      "---\ntags: [[a]]\n---\n",
		"no label":      "---\ntags: [{permalink: /a}]\n---\n",
		"author":        "---\nauthors: nobody\n---\n",
		"no name":       "---\nauthors: [{title: a}]\n---\n",
		"author list":   "---\nauthors: [[a]]\n---\n",
		"deep":          "---\na: " + strings.Repeat("[", 100) + "\n---\n",
		"toml":          "+++\ntitle = a\n+++\n",
	} {
		if header != "" {
			header += "\ntext\n"
		}
		files = append(files, content.File{Path: "blog/" + name + ".md", Data: []byte(header)})
	}
	_, found := format.Update(files, nil)
	if len(found) < len(files) {
		t.Errorf("%d problems in %d files: %v", len(found), len(files), found)
	}
	for _, p := range found {
		d := malformed(p)
		if !hasHan(d.What.In(bot.TraditionalChinese)) {
			t.Errorf("not in Chinese: %s", d)
		}
		if hint := d.Hint.In(bot.TraditionalChinese); hint != "" && !hasHan(hint) {
			t.Errorf("hint not in Chinese: %s", d)
		}
		t.Log(d.In(bot.TraditionalChinese))
	}
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

func TestProblemsOfEntriesInChinese(t *testing.T) {
	for text, want := range map[string]string{
		"there is no folder /srv/posts: file does not exist":           "沒有 /srv/posts 這個資料夾",
		"open the folder /srv/posts: permission denied":                "讀不了資料夾 /srv/posts：沒有權限",
		`fetch git@a.tw:b.git: the remote has no branch or tag "main"`: "抓不到 git@a.tw:b.git：遠端沒有分支或標籤 main",
		"fetch https://a.tw/b: something new":                          "抓不到 https://a.tw/b：something new",
		"its page https://a.tw/b is also that of blog/c.md":            "它的網址 https://a.tw/b 和 blog/c.md 一樣",
		"something new": "something new",
		"":              "",
	} {
		if got := problems().in(bot.TraditionalChinese, text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if got := problems().in(bot.English, text); got != text {
			t.Errorf("%q in English: %q", text, got)
		}
	}
}
