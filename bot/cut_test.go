package bot_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rivo/uniseg"

	"cloudnative.tw/herald/bot"
)

func TestCut(t *testing.T) {
	const url = "https://example.org"
	tests := []struct {
		name       string
		text       bot.Text
		max        int
		head, rest bot.Text
	}{
		{"fits", bot.Plain("一二三"), 3, bot.Plain("一二三"), nil},
		{"empty", nil, 3, nil, nil},
		{"at a line", bot.Plain("一二三\n四五六七八"), 6, bot.Plain("一二三"), bot.Plain("四五六七八")},
		{"at an empty line", bot.Plain("一二三\n\n四五六七八"), 6, bot.Plain("一二三"), bot.Plain("四五六七八")},
		{"at a sentence", bot.Plain("一二。三，四五六"), 6, bot.Plain("一二。"), bot.Plain("三，四五六")},
		{"at a clause", bot.Plain("一二三，四五六"), 6, bot.Plain("一二三，"), bot.Plain("四五六")},
		{"not too early", bot.Plain("一。二三四五六七"), 6, bot.Plain("一。二三四五"), bot.Plain("六七")},
		{"latin sentence", bot.Plain("One two. Three"), 12, bot.Plain("One two."), bot.Plain("Three")},
		{"a version is no sentence", bot.Plain("see v1.30 now"), 9, bot.Plain("see v1.30"), bot.Plain("now")},
		{"at a word", bot.Plain("hello brave world"), 13, bot.Plain("hello brave"), bot.Plain("world")},
		{"a long word", bot.Plain("supercalifragilistic"), 5, bot.Plain("super"), bot.Plain("califragilistic")},
		{"before no closing mark", bot.Plain("一二三四」五"), 4, bot.Plain("一二三"), bot.Plain("四」五")},
		{"after no opening mark", bot.Plain("一二三「四五」"), 4, bot.Plain("一二三"), bot.Plain("「四五」")},
		{"emoji stay whole", bot.Plain("👩‍👩‍👧‍👦👩‍👩‍👧‍👦🇹🇼"), 2, bot.Plain("👩‍👩‍👧‍👦👩‍👩‍👧‍👦"), bot.Plain("🇹🇼")},
		{"never in a link", bot.Text{words("一二三四"), link("五六七", url), words("八")}, 6,
			bot.Plain("一二三四"), bot.Text{link("五六七", url), words("八")}},
		{"after a link", bot.Text{words("一"), link("二三四", url), words("五六七八")}, 4,
			bot.Text{words("一"), link("二三四", url)}, bot.Plain("五六七八")},
		{"a link too long for any", bot.Text{link("一二三四五", url)}, 3,
			bot.Text{link("一二三", url)}, bot.Text{link("四五", url)}},
		{"an address too long for any", bot.Text{link("", url)}, 8,
			bot.Text{link("https://", url)}, bot.Text{link("example.org", url)}},
		{"a quote goes on", bot.Text{{Kind: bot.Quote}, words("一二三四五")}, 5,
			bot.Text{{Kind: bot.Quote}, words("一二三")}, bot.Text{{Kind: bot.Quote}, words("四五")}},
		{"no lonely bullet", bot.Text{words("一二三四"), line, {Kind: bot.Item}, words("五六")}, 7,
			bot.Plain("一二三四"), bot.Text{{Kind: bot.Item}, words("五六")}},
		{"nothing fits", bot.Plain("一二"), 0, bot.Plain("一"), bot.Plain("二")},
		{"style stays", bot.Styled(bot.Bold, "一二三四"), 2, bot.Styled(bot.Bold, "一二"), bot.Styled(bot.Bold, "三四")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			head, rest := test.text.Cut(test.max, bot.Characters)
			if diff := cmp.Diff(test.head, head); diff != "" {
				t.Errorf("head: want -, got +\n%s", diff)
			}
			if diff := cmp.Diff(test.rest, rest); diff != "" {
				t.Errorf("rest: want -, got +\n%s", diff)
			}
		})
	}
}

func TestCutMeasuresAsAsked(t *testing.T) {
	head, rest := bot.Plain("一二三四").Cut(4, uniseg.StringWidth)
	if head.String() != "一二" || rest.String() != "三四" {
		t.Errorf("four columns: got %q and %q", head, rest)
	}
}

// FuzzCut cuts to the end and checks that nothing but space is lost, that no
// piece is longer than allowed, and that links keep their address.
func FuzzCut(f *testing.F) {
	f.Add("一二三，四五六。seven eight\nnine", "link", 4)
	f.Add("👩‍👩‍👧‍👦🇹🇼e\u0301", "\u202e\x00", 1)
	f.Add(" \n \n", "", 0)
	f.Add("        ", "00", 7)
	f.Fuzz(func(t *testing.T, s, linked string, limit int) {
		if len(s) > 300 || len(linked) > 300 || limit < 0 || !utf8.ValidString(s+linked) {
			t.Skip()
		}
		text := bot.Join(bot.Plain(s), bot.LinkTo(linked, "u"), bot.NewLine(), bot.Text{{Kind: bot.Quote}}, bot.Plain(s))
		var pieces strings.Builder
		for rest := text; len(rest) > 0; {
			var head bot.Text
			head, rest = rest.Cut(limit, bot.Characters)
			if n := uniseg.GraphemeClusterCount(head.String()); limit > 2 && n > limit+len(head) {
				t.Fatalf("a piece of %d characters, at most %d were asked for: %q", n, limit, head)
			}
			if len(head) == 0 && len(rest) > 0 {
				t.Fatalf("cutting does not end: %q", rest)
			}
			pieces.WriteString(head.String())
		}
		if got, want := bare(pieces.String()), bare(text.String()); got != want {
			t.Fatalf("words were lost: got %q, want %q", got, want)
		}
	})
}

// bare is s without what cutting may drop or repeat: space and quote marks.
func bare(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == '>' || strings.TrimSpace(string(r)) == ""
	}), "")
}
