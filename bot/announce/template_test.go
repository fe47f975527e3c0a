package announce

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

func template(t testing.TB, s string) Template {
	t.Helper()
	parsed, err := ParseTemplate(s)
	if err != nil {
		t.Fatalf("ParseTemplate(%q): %v", s, err)
	}
	return parsed
}

var filled = Values{
	Lang: bot.TraditionalChinese, Title: "[Workshop] *Podman* 入門", Link: "https://example.org/a?b=1&c", Summary: "一天學會。\n> 免費",
	Authors: []string{"王小明", "Alice"}, Tags: []string{"k8s"}, Community: "CNTUG",
	At: time.Date(2026, 12, 12, 19, 0, 0, 0, time.UTC),
}

func TestTemplate(t *testing.T) {
	words := func(style bot.Style, s string) bot.Span { return bot.Span{Style: style, Text: s} }
	line := bot.Span{Kind: bot.Line}
	tests := []struct {
		name, template string
		want           bot.Text
	}{
		{"nothing", " \n", nil},
		{"no placeholder", "**大家好**", bot.Text{words(bot.Bold, "大家好")}},
		{"markup in a value is words", "{title}", bot.Text{words(0, "[Workshop] *Podman* 入門")}},
		{"a value is as its place", "**新文章：{title}**！", bot.Text{words(bot.Bold, "新文章："), words(bot.Bold, "[Workshop] *Podman* 入門"), words(0, "！")}},
		{"code", "`{title} {date}`", bot.Text{words(bot.Code, "[Workshop] *Podman* 入門"), words(bot.Code, " "), words(bot.Code, "12/12（六）")}},
		{"an address", "{link}", bot.Text{{Kind: bot.Link, URL: "https://example.org/a?b=1&c"}}},
		{"an address in brackets", "<{link}>", bot.Text{{Kind: bot.Link, URL: "https://example.org/a?b=1&c"}}},
		{"a link", "[閱讀]({link})。", bot.Text{{Kind: bot.Link, Text: "閱讀", URL: "https://example.org/a?b=1&c"}, words(0, "。")}},
		{"a bold link of a title", "**[{title}]({link})**", bot.Text{{Kind: bot.Link, Style: bot.Bold, Text: "[Workshop] *Podman* 入門", URL: "https://example.org/a?b=1&c"}}},
		{"a link to share", "[分享](https://t.me/share?url={link}&text={title})", bot.Text{{Kind: bot.Link, Text: "分享",
			URL: "https://t.me/share?url=https%3A%2F%2Fexample.org%2Fa%3Fb%3D1%26c&text=%5BWorkshop%5D%20%2APodman%2A%20%E5%85%A5%E9%96%80"}}},
		{"the moderators' own link", "[官網](https://cncf.io) {community}", bot.Text{{Kind: bot.Link, Text: "官網", URL: "https://cncf.io"}, words(0, " "), words(0, "CNTUG")}},
		{"date and time", "{date} {time}", bot.Text{
			{Kind: bot.Time, Text: "12/12（六）", At: filled.At, Form: bot.DateOnly}, words(0, " "),
			{Kind: bot.Time, Text: "19:00", At: filled.At, Form: bot.TimeOnly}}},
		{"lines and names", "{authors}\n{ tags }", bot.Text{words(0, "王小明、Alice"), line, words(0, "k8s")}},
		{"a value stays on its line", "> {summary}", bot.Text{{Kind: bot.Quote}, words(0, "一天學會。 > 免費")}},
		{"a line without values vanishes", "- {title}\n- 地點：{place}\n- 好", bot.Text{
			{Kind: bot.Item}, words(0, "[Workshop] *Podman* 入門"), line, {Kind: bot.Item}, words(0, "好")}},
		{"a quote too", "> {place}\n\n{community}", bot.Text{words(0, "CNTUG")}},
		{"with one of the empty lines around it", "a\n\n{place}\n\nb", bot.Text{words(0, "a"), line, line, words(0, "b")}},
		{"at the end", "a\n\n{place}", bot.Text{words(0, "a")}},
		{"a line with one value stays", "{place}{community}", bot.Text{words(0, "CNTUG")}},
		{"all lines vanish", "{place}\n[{place}](https://x.tw?q={source})", nil},
		{"braces", `\{title} {{a}} } {{{community}}} \\{community}`, bot.Text{
			words(0, "{title} {a} } {"), words(0, "CNTUG"), words(0, `} \`), words(0, "CNTUG")}},
		{"words in angle brackets", "<{community}>", bot.Text{words(0, "<"), words(0, "CNTUG"), words(0, ">")}},
		{"marks in the template", "\uFDD00\uFDD1 {community}", bot.Text{words(0, "\uFFFD0\uFFFD "), words(0, "CNTUG")}},
	}
	for _, tt := range tests {
		got := template(t, tt.template).Text(filled)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %q (-want +got):\n%s", tt.name, tt.template, diff)
		}
	}
}

func TestTemplateWithoutAddress(t *testing.T) {
	for _, link := range []string{"", "javascript:alert(1)", "/a", "https://", "https://a.tw/ b", "https://a.tw/\u202eb", "ftp://a.tw"} {
		v := Values{Title: "甲", Link: link}
		got := template(t, "[{title}]({link})\n{link}\n<{link}>\n[分享](https://t.me/share?url={link}) {title}").Text(v)
		want := bot.Text{{Text: "甲"}, {Kind: bot.Line}, {Text: "分享"}, {Text: " "}, {Text: "甲"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", link, diff)
		}
	}
}

func TestTemplateErrors(t *testing.T) {
	tests := []struct{ template, en, zh string }{
		{"{titel}", "line 1, column 1: there is no {titel} (did you mean {title}?)", "第 1 行第 1 個字：沒有 {titel}（是不是要寫 {title}？）"},
		{"好\n新文章：{Title}", "line 2, column 5: there is no {Title} (did you mean {title}?)", "第 2 行第 5 個字：沒有 {Title}"},
		{"{標題}", "line 1, column 1: there is no {標題} (one of: {title} {link} {summary} {authors} {date} {time} {place} {tags} {source} {community})", "第 1 行第 1 個字：沒有 {標題}（可以寫：{title}"},
		{"{}", "line 1, column 1: there is no {} (one of:", "第 1 行第 1 個字：沒有 {}"},
		{"**{title**", `line 1, column 3: this { is never closed (write } after the name; for a brace itself write \{)`, "第 1 行第 3 個字：這個 { 沒有結尾"},
		{"{title\n}", "line 1, column 1: this { is never closed", "第 1 行第 1 個字：這個 {"},
		{"{", "line 1, column 1: this { is never closed", "第 1 行第 1 個字：這個 {"},
		{"a {{ .Title }}", `line 1, column 3: {{title}} has a brace too many on each side (write {title}; for the braces themselves write \{title\})`, "第 1 行第 3 個字：{{title}} 兩邊各多了一個大括號"},
		{"｛title｝", "line 1, column 1: full-width braces stand for nothing (write {title})", "第 1 行第 1 個字：全形大括號沒有作用（請改用半形：{title}）"},
		{"[a]({title})", "line 1, column 5: {title} is no address (the address of a link is {link} alone", "第 1 行第 5 個字：{title} 不是網址（連結的網址可以只寫 {link}"},
		{"[a](https://{source}.tw/)", "line 1, column 13: {source} cannot be this part of an address", "第 1 行第 13 個字：{source} 不能放在網址的這個部分"},
		{"[a]({link}{title})", "line 1, column 5: {link} cannot be this part", "第 1 行第 5 個字：{link} 不能放在網址"},
		{"[a](x.tw?q={title})", `line 1, column 12: {title} stands where nothing is shown (a link is written [words](https://…) or [words]({link}))`, "第 1 行第 12 個字：{title} 放在不會顯示的地方"},
		{`[a](https://x.tw "{title}")`, "line 1, column 19: {title} stands where nothing is shown", "第 1 行第 19 個字：{title} 放在不會顯示的地方"},
		{strings.Repeat("a", 9<<10), "line 1, column 1: the template is longer than 8 KB", "第 1 行第 1 個字：範本超過 8 KB"},
	}
	for _, tt := range tests {
		_, err := ParseTemplate(tt.template)
		var wrong *TemplateError
		if !errors.As(err, &wrong) {
			t.Errorf("%q: error %v", tt.template, err)
			continue
		}
		if !strings.HasPrefix(wrong.Error(), tt.en) {
			t.Errorf("%q says %q, want %q …", tt.template, wrong, tt.en)
		}
		if got := wrong.In(bot.TraditionalChinese); !strings.HasPrefix(got, tt.zh) {
			t.Errorf("%q says %q, want %q …", tt.template, got, tt.zh)
		}
	}
}

func TestTemplatesByLanguage(t *testing.T) {
	var wrong []string
	templates := ParseTemplates(bot.Texts{bot.TraditionalChinese: "新：{title}", bot.English: "{titel}"}, func(path string, err error) {
		wrong = append(wrong, path)
	})
	if !slices.Equal(wrong, []string{"template.en"}) {
		t.Errorf("wrong are %q", wrong)
	}
	if got := templates.In(bot.English).Text(filled).String(); got != "新：[Workshop] *Podman* 入門" {
		t.Errorf("in English it says %q", got)
	}
	one := ParseTemplates(bot.Texts{"": "{date}, {authors}"}, func(path string, err error) { t.Errorf("%s: %v", path, err) })
	v := filled
	v.Lang = bot.English
	if got := one.In(bot.English).Text(v).String(); got != "Sat 12 Dec, 王小明, Alice" {
		t.Errorf("in English it says %q", got)
	}
	if got := (Templates{}).In(bot.English).Text(v); got != nil {
		t.Errorf("no template says %q", got)
	}
}

func TestValuesOfAnItem(t *testing.T) {
	item := article
	item.Source, item.Tags = "blog", []string{"a", "b"}
	all := template(t, "{title}|{summary}|{authors}|{tags}|{source}|{community}|{link}|{date}{place}")
	want := "CNTUG 2023 年度回顧 <@&1>|A look back at 2023.|Gene, 小明|a, b|blog|CNTUG|https://example.org/recap|"
	if got := all.Text(ValuesOf(item, bot.English, "CNTUG", nil)).String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := template(t, "{title}").Text(ValuesOf(feeds.Item{Title: strings.Repeat("長", 500)}, bot.English, "", nil)).String(); len([]rune(got)) > maxTitle {
		t.Errorf("%d characters of a title", len([]rune(got)))
	}
	for _, name := range placeholderNames {
		if valueOf[name] == nil {
			t.Errorf("{%s} has no value", name)
		}
	}
	if len(placeholderNames) != len(valueOf) {
		t.Error("a value is not offered")
	}
}

func TestTheDateOfAnItem(t *testing.T) {
	in := func(name string, seconds int) *time.Location { return time.FixedZone(name, seconds) }
	taipei, newYork := in("CST", 8*60*60), in("EST", -5*60*60)
	tests := []struct {
		name      string
		published time.Time
		zone      *time.Location
		want      string
		moment    bool // that readers see in their own time
	}{
		{"as it is shown", time.Date(2024, 4, 3, 18, 0, 0, 0, time.UTC), nil, "4/3（三） 18:00", false},
		{"a day, as it is shown", time.Date(2024, 4, 3, 0, 0, 0, 0, time.UTC), nil, "4/3（三） 00:00", false},
		{"the evening of another continent", time.Date(2026, 12, 12, 20, 30, 0, 0, newYork), taipei, "12/13（日） 09:30", true},
		{"in UTC", time.Date(2026, 12, 12, 18, 0, 0, 0, time.UTC), taipei, "12/13（日） 02:00", true},
		{"in the zone itself", time.Date(2026, 12, 12, 18, 0, 0, 0, taipei), taipei, "12/12（六） 18:00", true},
		{"a day west of the zone", time.Date(2026, 12, 12, 0, 0, 0, 0, newYork), taipei, "12/12（六） 00:00", false},
		{"a day east of the zone", time.Date(2026, 12, 12, 0, 0, 0, 0, taipei), newYork, "12/12（六） 00:00", false},
		{"none", time.Time{}, taipei, "", false},
	}
	for _, tt := range tests {
		text := template(t, "{date} {time}").Text(ValuesOf(feeds.Item{Published: tt.published}, bot.TraditionalChinese, "", tt.zone))
		if got := text.String(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		for _, span := range text {
			if isMoment := span.Kind == bot.Time; isMoment != tt.moment && span.Text != " " {
				t.Errorf("%s: span %+v", tt.name, span)
			}
		}
	}
}

// FuzzTemplate fills each template twice: with harmless words, and with what the
// fuzzer thinks of. Both must be the same spans, but for the words themselves.
func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"**{title}**\n> {summary}\n- [{title}]({link})\n`{authors}`", "[x](https://t.me/s?u={link}&t={title}) <{link}>",
		"{{ {{{title}}} \\{ }} {date} {time}", "1. {place}\n\n   {tags}\n\n{source} {community}", "[a]({link} \"b\") ![c]({link})", "<x{title}>"} {
		f.Add(s, "**x** [a](https://evil.tw) <@&1> @everyone", "https://evil.tw/\"><b>")
		f.Add(s, "\u202e\n> q\r\n\x00- {title} \uFDD00\uFDD1 https://\uFDD01\uFDD1", "https://evil.tw/?\uFDD00\uFDD1")
	}
	f.Fuzz(func(t *testing.T, source, hostile, address string) {
		parsed, err := ParseTemplate(source)
		if err != nil {
			var wrong *TemplateError
			if !errors.As(err, &wrong) || wrong.Line < 1 || wrong.Column < 1 || strings.Contains(wrong.Error()+wrong.In(bot.TraditionalChinese), "%!") && !strings.Contains(source, "%") {
				t.Fatalf("%q: %v", source, err)
			}
			return
		}
		plain := func(words, link string) Values {
			return Values{Title: words, Link: link, Summary: words, Authors: []string{words}, Tags: []string{words}, Place: words,
				Source: words, Community: words, At: filled.At}
		}
		const harmless, safe = "harmlesswords", "https://safe.example/harmless"
		evil := plain(hostile, address)
		if evil.empty("title") || evil.empty("link") || evil.empty("authors") {
			parsed.Text(evil)
			return
		}
		want, got := parsed.Text(plain(harmless, safe)), parsed.Text(evil)
		if len(want) != len(got) {
			t.Fatalf("%q: %d spans with %q, want %d", source, len(got), hostile, len(want))
		}
		for i := range got {
			w, g := want[i], got[i]
			switch w.Text {
			case harmless:
				w.Text = literal(hostile)
				if len([]rune(hostile)) > maxNames/2 { // {authors} and {tags} are cut
					w.Text = g.Text
				}
			case safe:
				w.Text = address
			}
			switch {
			case w.URL == safe:
				w.URL = address
			case strings.Contains(w.URL, "harmless"):
				if origin(t, w.URL) != origin(t, g.URL) {
					t.Errorf("%q leads to %q, want %q", source, g.URL, w.URL)
				}
				w.URL = g.URL
			}
			if w != g {
				t.Errorf("%q with %q, %q: span %+v, want %+v", source, hostile, address, g, w)
			}
			if g.Kind == bot.Mention || strings.ContainsAny(g.Text+g.URL, "\n\u202e") {
				t.Errorf("%q: span %+v", source, g)
			}
		}
	})
}

// origin is where an address leads, without its query.
func origin(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Scheme + "://" + u.Host + u.Path + u.Opaque
}

func BenchmarkTemplate(b *testing.B) {
	t := template(b, "**{title}**\n{summary}\n{authors}\n[閱讀]({link})")
	for b.Loop() {
		t.Text(filled)
	}
}
