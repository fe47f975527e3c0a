package announce

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

var job = feeds.Item{
	Source: "ironman", Title: "【徵才】Ｋ8s 工程師：Acme AI 團隊", Summary: "We maintain clusters.", Excerpt: "薪資面議。",
	Authors: []string{"王小明", "Alice Chen"}, Tags: []string{"Kubernetes", "ｊｏｂｓ"}, Lang: "zh-TW",
}

func compileFilter(t *testing.T, c FilterConfig) Filter {
	t.Helper()
	return c.Compile(func(path string, err error) { t.Errorf("%s: %v", path, err) })
}

func TestFilterRules(t *testing.T) {
	tests := []struct {
		name string
		rule FilterRule
		want bool
	}{
		{"a tag, whatever its case", FilterRule{Tags: []string{"kubernetes"}}, true},
		{"a tag, whatever its width", FilterRule{Tags: []string{"Jobs"}}, true},
		{"a part is no tag", FilterRule{Tags: []string{"kube"}}, false},
		{"a tag by expression", FilterRule{Tags: []string{"/^kube/"}}, true},
		{"any of several", FilterRule{Tags: []string{"cncf", "jobs"}}, true},
		{"a part of the title", FilterRule{Title: []string{"徵才"}}, true},
		{"half width in the config, full in the title", FilterRule{Title: []string{"k8s"}}, true},
		{"full width in the config", FilterRule{Title: []string{"ＡＣＭＥ"}}, true},
		{"full-width punctuation", FilterRule{Title: []string{"工程師:acme"}}, true},
		{"not in the title", FilterRule{Title: []string{"薪資"}}, false},
		{"in the excerpt", FilterRule{Words: []string{"薪資"}}, true},
		{"in the summary", FilterRule{Words: []string{"CLUSTERS"}}, true},
		{"in the title too", FilterRule{Words: []string{"徵才"}}, true},
		{"nowhere", FilterRule{Words: []string{"golang"}}, false},
		{"a part of a word", FilterRule{Words: []string{"ai"}}, true},
		{"a whole word by expression", FilterRule{Words: []string{`/\bai\b/`}}, true},
		{"not as a whole word", FilterRule{Words: []string{`/\bmaint\b/`}}, false},
		{"lines of their own", FilterRule{Words: []string{`/(?m)^we/`}}, true},
		{"a quote to the end", FilterRule{Words: []string{`/\Qmaintain CLUSTERS./`}}, true},
		{"a quote of signs", FilterRule{Words: []string{`/\QC++/`}}, false},
		{"a last backslash of a quote", FilterRule{Title: []string{`/\Q\/`}}, false},
		{"either in any case", FilterRule{Words: []string{`/\bX|\bWE\b/`}}, true},
		{"case that counts", FilterRule{Words: []string{`/(?-i)WE/`}}, false},
		{"a slash alone is a word", FilterRule{Words: []string{"/"}}, false},
		{"a part of an author", FilterRule{Author: []string{"alice"}}, true},
		{"no such author", FilterRule{Author: []string{"bob"}}, false},
		{"its language", FilterRule{Language: []string{"zh-TW"}}, true},
		{"its language by script", FilterRule{Language: []string{"zh-Hant"}}, true},
		{"any Chinese", FilterRule{Language: []string{"zh"}}, true},
		{"another Chinese", FilterRule{Language: []string{"zh-CN"}}, false},
		{"another language", FilterRule{Language: []string{"en", "ja"}}, false},
		{"its source", FilterRule{Source: []string{"ironman"}}, true},
		{"another source", FilterRule{Source: []string{"iron"}}, false},
		{"all of several settings", FilterRule{Tags: []string{"jobs"}, Title: []string{"徵才"}, Language: []string{"zh"}}, true},
		{"one of several settings does not fit", FilterRule{Tags: []string{"jobs"}, Title: []string{"徵稿"}}, false},
	}
	for _, tt := range tests {
		rules := []FilterRule{tt.rule}
		if _, got := compileFilter(t, FilterConfig{Only: rules}).Why(job); got != tt.want {
			t.Errorf("only, %s: passes %t", tt.name, got)
		}
		if _, got := compileFilter(t, FilterConfig{Except: rules}).Why(job); got == tt.want {
			t.Errorf("except, %s: passes %t", tt.name, got)
		}
	}
}

func TestFilterWithoutALanguage(t *testing.T) {
	for title, want := range map[string]string{"用 Kubernetes 部署應用程式": "zh", "Deploying with Kubernetes": "en", "2026": ""} {
		for _, lang := range []string{"zh", "zh-TW", "en", "ja"} {
			f := compileFilter(t, FilterConfig{Only: []FilterRule{{Language: []string{lang}}}})
			if _, got := f.Why(feeds.Item{Title: title}); got != (want != "" && strings.HasPrefix(lang, want)) {
				t.Errorf("%q passes for %s: %t", title, lang, got)
			}
		}
	}
	chinese := feeds.Item{Title: "KubeCon EU", Excerpt: "今年的 KubeCon 在倫敦舉行。"}
	if _, got := compileFilter(t, FilterConfig{Only: []FilterRule{{Language: []string{"en"}}}}).Why(chinese); got {
		t.Error("a Chinese article with an English title passes for English")
	}
}

func TestFilterReasons(t *testing.T) {
	tests := []struct {
		config FilterConfig
		want   string // "" passes
	}{
		{FilterConfig{}, ""},
		{FilterConfig{Except: []FilterRule{{Title: []string{"徵稿", "徵才"}}}}, "except title: 「徵才」"},
		{FilterConfig{Except: []FilterRule{{Title: []string{"徵才"}, Tags: []string{"jobs"}}}}, "except tags: 「jobs」, title: 「徵才」"},
		{FilterConfig{Except: []FilterRule{{Title: []string{"徵稿"}}, {Author: []string{"/^王/"}}}}, "except author: 「/^王/」"},
		{FilterConfig{Only: []FilterRule{{Tags: []string{"k8s", "cncf"}}}}, "only tags: 「k8s」、「cncf」"},
		{FilterConfig{Only: []FilterRule{{Tags: []string{"jobs"}, Language: []string{"en"}}}}, "only language: 「en」"},
		{FilterConfig{Only: []FilterRule{{Tags: []string{"k8s"}}, {Title: []string{"徵稿"}}}}, "only tags: 「k8s」 / title: 「徵稿」"},
		{FilterConfig{Only: []FilterRule{{Tags: []string{"k8s"}}, {Title: []string{"徵才"}}}}, ""},
		{FilterConfig{Only: []FilterRule{{Title: []string{"徵才"}}}, Except: []FilterRule{{Author: []string{"alice"}}}}, "except author: 「alice」"},
		{FilterConfig{Only: []FilterRule{{Tags: []string{"a\u202e\nb"}}}}, "only tags: 「a b」"},
	}
	for _, tt := range tests {
		reason, pass := compileFilter(t, tt.config).Why(job)
		if reason != tt.want || pass != (tt.want == "") {
			t.Errorf("%+v: %q, passes %t; want %q", tt.config, reason, pass, tt.want)
		}
	}
}

func TestFilterErrors(t *testing.T) {
	var got []string
	f := FilterConfig{
		Only: []FilterRule{{}, {Tags: []string{"a", " ", "//"}, Language: []string{"klingonisch-x-"}}},
		Except: []FilterRule{{
			Title: []string{"/(/"}, Words: []string{strings.Repeat("長", 201)},
			Author: []string{"/((((a{10}){10}){10}){2})/", "/(a{10}b{10}c{10}d{10}){30}/", "/a)(b/"}, Source: []string{"/x/"},
		}},
	}.Compile(func(path string, err error) {
		var wrong *ConfigError
		if !errors.As(err, &wrong) || wrong.In(bot.TraditionalChinese) == wrong.In(bot.English) {
			t.Errorf("%s: %v has no two languages", path, err)
		}
		got = append(got, fmt.Sprintf("%s: %v", path, err))
	})
	want := []string{
		"only[0]: this rule has no condition, so it is of no use (write what it looks for, such as tags: k8s)",
		`only[1].language: "klingonisch-x-" is no language (write a tag such as zh-TW, en or ja)`,
		"only[1].tags[1]: is empty, which would fit everything (write a word, or take the line out)",
		"only[1].tags[2]: is empty, which would fit everything (write a word, or take the line out)",
		"except.title: \"(\" is no regular expression: missing closing ): `(` (what stands between slashes is one; without the slashes it is a plain word)",
		"except.author[0]: \"((((a{10}){10}){10}){2})\" is no regular expression: invalid repeat count: `{2}` (what stands between slashes is one; without the slashes it is a plain word)",
		`except.author[1]: "(a{10}b{10}c{10}d{10}){30}" repeats too much to be tried on every item (use smaller numbers between { and })`,
		"except.author[2]: \"a)(b\" is no regular expression: unexpected ): `a)(b` (what stands between slashes is one; without the slashes it is a plain word)",
		"except.words: is longer than 200 characters (look for something shorter)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	f.Why(job) // what is wrong is left out, and harmless
}

// FuzzFilter proves that no value and no item makes a filter panic, that only and
// except of one rule are opposites, and that reasons are fit for the ledger.
func FuzzFilter(f *testing.F) {
	f.Add("k8s", "K8s 入門", "", uint8(0))
	f.Add(`/\b(a|b)+$/`, "\xff\u202e\x00", "zh-TW", uint8(1))
	f.Add("/(?i:x{1,50})/", strings.Repeat("x", 20<<10), "en", uint8(2))
	f.Add("zh", "ﬃ ㈱ İ", "zh-Hans-TW", uint8(4))
	f.Add(`/\QC++/`, "C++ 入門", "", uint8(2))
	f.Fuzz(func(t *testing.T, value, said, lang string, key uint8) {
		values := []string{value}
		rule := []FilterRule{{Tags: values}, {Words: values}, {Title: values}, {Author: values}, {Language: values}, {Source: values}}[key%6]
		item := feeds.Item{Source: said, Title: said, Summary: said, Tags: []string{said}, Authors: []string{said, ""}, Lang: lang}
		wrong := false
		report := func(path string, err error) {
			wrong = true
			if known := new(ConfigError); !errors.As(err, &known) {
				t.Errorf("%q: %s: %v", value, path, err)
			}
		}
		reason, only := FilterConfig{Only: []FilterRule{rule}}.Compile(report).Why(item)
		why, except := FilterConfig{Except: []FilterRule{rule}}.Compile(report).Why(item)
		if !wrong && only == except {
			t.Errorf("%q of %q: only passes %t, except passes %t", value, said, only, except)
		}
		for _, s := range []string{reason, why} {
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\n\x00\u202e") || utf8.RuneCountInString(s) > 300 {
				t.Errorf("reason %q", s)
			}
		}
		if (reason == "") != only || (why == "") != except {
			t.Errorf("%q: reasons %q and %q", value, reason, why)
		}
	})
}

func BenchmarkFilter(b *testing.B) {
	f := FilterConfig{
		Only:   []FilterRule{{Tags: []string{"k8s", "cncf", "jobs"}}, {Words: []string{"kubernetes", `/\bai\b/`}}},
		Except: []FilterRule{{Title: []string{"徵稿", "抽獎"}}, {Words: []string{"業配"}, Language: []string{"zh"}}},
	}.Compile(func(path string, err error) { b.Error(path, err) })
	item := job
	item.Excerpt = strings.Repeat("這一年我們辦了十二場聚會。", 20)
	for b.Loop() {
		f.Why(item)
	}
}
