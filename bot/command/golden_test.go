package command_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares got with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: want -, got + (write with -update after reading it)\n%s", path, diff)
	}
}

// render draws a reply for the eye: what platforms would show, and what they
// would do with it.
func render(r bot.Reply) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	if r.Title != "" {
		line("# %s", r.Title)
	}
	if r.URL != "" {
		line("# %s", r.URL)
	}
	if len(r.Body) > 0 {
		line("%s", markup(r.Body))
	}
	if r.Image != "" {
		line("(picture %s)", r.Image)
	}
	if r.Footer != "" {
		line("-- %s", r.Footer)
	}
	for _, button := range r.Buttons {
		if button.URL != "" {
			line("[%s] %s", button.Label, button.URL)
		} else {
			line("[%s] /%s", button.Label, button.Command)
		}
	}
	if r.Private {
		line("(private)")
	}
	if r.Failed {
		line("(failed)")
	}
	return b.String()
}

func markup(t bot.Text) string {
	var b strings.Builder
	for _, s := range t {
		plain := bot.Text{s}.String()
		if s.Kind == bot.Link && s.Text != "" {
			plain = "[" + s.Text + "](" + s.URL + ")"
		}
		if s.Style&bot.Bold != 0 {
			plain = "**" + plain + "**"
		}
		if s.Style&bot.Italic != 0 {
			plain = "_" + plain + "_"
		}
		if s.Style&bot.Code != 0 {
			plain = "`" + plain + "`"
		}
		b.WriteString(plain)
	}
	return b.String()
}

// transcript asks each line and draws the answers.
func transcript(t *testing.T, answer func(line string) bot.Reply, asked ...string) string {
	t.Helper()
	var b strings.Builder
	for _, line := range asked {
		fmt.Fprintf(&b, ">>> /%s\n%s\n", line, render(answer(line)))
	}
	return b.String()
}

func TestReplies(t *testing.T) {
	tests := map[string][]string{
		"recap": {
			"recap", "recap 2023", "recap 2023 1", "recap 2023 2", "recap 2023 2 2", "recap 2023 3", "recap 2023 99",
			"recap 2020", "recap 2020 2", "recap ２０２３年", "recap 二〇二三", "recap 2023 please",
			"recap 1999", "recap 2030", "recap 2026", "recap abc", "recap 112",
		},
		"latest": {
			"latest", "latest /2", "latest 2", "latest 3 cfp", "latest CFP 3", "latest #camp", "latest 99",
			"latest capm", "latest nonsense", "latest -1",
		},
		"lists": {"tags", "authors", "meetups", "meetups 2020", "meetups 2020 /2", "meetups 2021", "meetups abc", "meetups 113"},
		"glossary": {
			"glossary", "glossary 容器", "glossary CONTAINER", "glossary service mesh", "glossary Service-Mesh",
			"glossary 服務", "glossary contaner", "glossary 微服務架構", "glossary 沒有",
		},
		"own":   {"donate", "join", "加入", "camp", "secret"},
		"about": {"help", "help latest", "help /join", "help secret", "help hlep", "about", "privacy", "id"},
		"slips": {"recpa 2023", "捐錢", "frobnicate", "", "search", "/", "RECAP@HeraldBot 2024", "回顧 2024"},
	}
	table := table(t, options(invented()))
	for name, asked := range tests {
		for _, lang := range bot.Langs() {
			t.Run(name+"/"+string(lang), func(t *testing.T) {
				answer := func(line string) bot.Reply { return ask(t, table, string(lang), line) }
				golden(t, name+"."+string(lang), transcript(t, answer, asked...))
			})
		}
	}
}

// found is what a search for 永續 finds.
func found(total int) content.Result {
	posts := invented()
	return content.Result{
		Hits: []content.Hit{{
			Post: posts[0], Heading: "讀書會", Anchor: "讀書會",
			Snippet: []content.Fragment{{Text: "…我們讀了"}, {Text: "可持續", Match: true}, {Text: "發展的書…"}},
		}, {
			Post: posts[3], Snippet: []content.Fragment{{Text: "永續", Match: true}, {Text: "經營\n社群…"}},
		}},
		Total: total, Also: []string{"可持續", "sustainability"},
	}
}

func TestSearchReplies(t *testing.T) {
	slip := found(2)
	slip.Also, slip.Instead = nil, "永續"
	many := found(500)
	many.More = true
	tests := []struct {
		name, line string
		result     content.Result
		err        error
	}{
		{"hits", "search 永續", found(2), nil},
		{"second page", "search 永續 /2", found(12), nil},
		{"more than can be shown", "search 永續", many, nil},
		{"slip", "search 詠續", slip, nil},
		{"too long for a button", "search " + strings.Repeat("永續", 10), found(12), nil},
		{"nothing", "search " + strings.Repeat("永續 ", 30), content.Result{}, nil},
		{"broken", "search 永續", content.Result{}, errors.New("disk is gone")},
	}
	for _, lang := range bot.Langs() {
		t.Run(string(lang), func(t *testing.T) {
			var b strings.Builder
			for _, test := range tests {
				o := options(invented())
				o.Searcher = &searcher{result: test.result, err: test.err}
				table := table(t, o)
				answer := func(line string) bot.Reply { return ask(t, table, string(lang), line) }
				fmt.Fprintf(&b, "--- %s\n%s", test.name, transcript(t, answer, test.line))
			}
			golden(t, "search."+string(lang), b.String())
		})
	}
}

func TestEmptyLibrary(t *testing.T) {
	o := options(nil)
	o.Library = library{}
	table := table(t, o)
	for _, lang := range bot.Langs() {
		answer := func(line string) bot.Reply { return ask(t, table, string(lang), line) }
		golden(t, "empty."+string(lang), transcript(t, answer,
			"recap", "recap 2023", "latest", "latest kcd", "tags", "authors", "meetups", "glossary", "glossary x", "donate", "camp", "about"))
	}
}

func TestRecapDraft(t *testing.T) {
	table := table(t, options(invented()))
	for _, lang := range bot.Langs() {
		var b strings.Builder
		for _, year := range []int{2020, 2023} {
			draft, err := table.RecapDraft(year, lang)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(draft)
		}
		golden(t, "draft."+string(lang), b.String())
	}
	for _, year := range []int{1999, 2021, 2027} {
		if draft, err := table.RecapDraft(year, bot.English); err == nil {
			t.Errorf("year %d: a draft of nothing: %s", year, draft)
		}
	}
}
