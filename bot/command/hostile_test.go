package command_test

import (
	"context"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/command"
	"cloudnative.tw/herald/content"
)

// hostile are words that no command expects.
var hostile = []string{
	"", " ", "/", "/2", "/999999", "-1", "0", "99999999999999999999", "@everyone", "<@&123>", "**x** [y](z)",
	"\x00\x01\n\r\t", "\u202eabc\u2066", "مرحبا بالعالم", "👩‍👩‍👧‍👦🇹🇼", "e" + strings.Repeat("\u0301", 2000),
	strings.Repeat("永", 4000), strings.Repeat("a ", 2000), strings.Repeat("٣", 50), "\xff\xfe\xe4\xb8", "２０２３ ／２",
	"2023 1 1 1 1", "2023 999999 999999", "recap recap", "' OR 1=1 --", "NEAR(\"", "*", "#", "##kcd", "℡", "ﷺ",
}

// checkReply holds for every answer to any words.
func checkReply(t *testing.T, r bot.Reply) {
	t.Helper()
	if r.Title == "" && len(r.Body) == 0 {
		t.Error("the answer is empty")
	}
	text := r.Title + r.Body.String() + r.Footer
	if strings.Contains(text, "went wrong") || strings.Contains(text, "出了點問題") {
		t.Error("something panicked")
	}
	if n := utf8.RuneCountInString(text); n > 4000 {
		t.Errorf("the answer has %d characters", n)
	}
	for _, b := range r.Buttons {
		text += b.Label
		if b.Label == "" || utf8.RuneCountInString(b.Label) > 80 {
			t.Errorf("a button's label is %q", b.Label)
		}
		if (b.URL == "") == (b.Command == "") || len(b.Command) > 60 {
			t.Errorf("button %+v does one thing, of at most 60 bytes", b)
		}
	}
	for _, s := range r.Body {
		if s.Kind == bot.Mention {
			t.Errorf("%q would ring", s.Text)
		}
		if strings.ContainsAny(s.Text, "\n\r") {
			t.Errorf("a line break within words: %q", s.Text)
		}
	}
	if len(r.Buttons) > 25 {
		t.Errorf("%d buttons", len(r.Buttons))
	}
	if !utf8.ValidString(text) {
		t.Errorf("not UTF-8: %q", text)
	}
	for _, c := range strings.ReplaceAll(text, "\n", "") {
		if unicode.Is(unicode.Bidi_Control, c) || unicode.IsControl(c) {
			t.Errorf("%U in the answer %q", c, text)
		}
	}
}

// echoing finds whatever is asked, in the member's own words.
type echoing struct{ posts []*content.Post }

func (e echoing) Search(_ context.Context, q content.Query) (content.Result, error) {
	return content.Result{
		Hits: []content.Hit{{
			Post: e.posts[0], Heading: q.Text, Anchor: q.Text,
			Snippet: []content.Fragment{{Text: "a\nb"}, {Text: q.Text, Match: true}},
		}},
		Total: 1000, Also: []string{q.Text}, Instead: q.Text,
	}, nil
}

func (e echoing) Complete(_ context.Context, prefix string, _ int) ([]string, error) {
	return []string{prefix}, nil
}

func hostileTable(t testing.TB) *command.Table {
	o := options(invented())
	o.Searcher = echoing{invented()}
	return table(t, o)
}

func TestHostileWords(t *testing.T) {
	table := hostileTable(t)
	for _, spec := range table.Specs() {
		for _, words := range hostile {
			for _, lang := range bot.Langs() {
				checkReply(t, table.Handle(t.Context(), bot.Command{Name: spec.Name, Args: words, Locale: string(lang)}))
				checkReply(t, table.Handle(t.Context(), bot.Command{Name: words, Args: spec.Name, Locale: string(lang)}))
			}
			table.Complete(t.Context(), bot.Command{Name: spec.Name, Args: words})
		}
	}
}

// TestButtonsLead presses every button of every answer, and every button of
// those.
func TestButtonsLead(t *testing.T) {
	table := hostileTable(t)
	pressed := make(map[string]bool)
	var press func(line string)
	press = func(line string) {
		if pressed[line] || strings.HasPrefix(line, "search ") {
			return
		}
		pressed[line] = true
		reply := ask(t, table, "zh-TW", line)
		checkReply(t, reply)
		if reply.Failed {
			t.Errorf("/%s leads to: %s", line, reply.Body)
		}
		for _, b := range reply.Buttons {
			if b.Command != "" {
				press(b.Command)
			}
		}
	}
	for _, spec := range table.Specs() {
		if spec.Name != "search" {
			press(spec.Name)
		}
	}
	if len(pressed) < 25 {
		t.Errorf("only %d lines were pressed", len(pressed))
	}
}

func FuzzHandle(f *testing.F) {
	table := hostileTable(f)
	for _, spec := range table.Specs() {
		f.Add(spec.Name, "2023 2", "en")
	}
	for _, words := range hostile {
		f.Add(words, words, words)
		f.Add("search", words, "zh-TW")
		f.Add("glossary", words, "")
	}
	f.Fuzz(func(t *testing.T, name, args, locale string) {
		cmd := bot.Command{Name: name, Args: args, Locale: locale}
		checkReply(t, table.Handle(t.Context(), cmd))
		if n := len(table.Complete(t.Context(), cmd)); n > 25 {
			t.Errorf("%d choices", n)
		}
	})
}
