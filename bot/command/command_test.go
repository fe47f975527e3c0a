package command_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
)

// TestSpecs checks what platforms demand of a table.
func TestSpecs(t *testing.T) {
	name := regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	localised := regexp.MustCompile(`^[\p{L}\p{N}_-]{1,32}$`)
	seen := make(map[string]bool)
	for _, spec := range table(t, options(invented())).Specs() {
		if !name.MatchString(spec.Name) || seen[spec.Name] {
			t.Errorf("%q is no name, or twice there", spec.Name)
		}
		seen[spec.Name] = true
		for _, n := range spec.Names {
			if !localised.MatchString(n) {
				t.Errorf("%s: %q is no localised name", spec.Name, n)
			}
		}
		summaries := []bot.Texts{spec.Summary}
		required := true
		for _, o := range spec.Options {
			if !name.MatchString(o.Name) {
				t.Errorf("%s: %q is no name of an option", spec.Name, o.Name)
			}
			if o.Required && !required {
				t.Errorf("%s: required option %q follows an optional one", spec.Name, o.Name)
			}
			required = o.Required
			summaries = append(summaries, o.Summary, o.Names)
		}
		for _, summary := range summaries {
			for _, lang := range bot.Langs() {
				if n := utf8.RuneCountInString(summary.In(lang)); n == 0 || n > 100 {
					t.Errorf("%s: %q has %d characters", spec.Name, summary.In(lang), n)
				}
			}
		}
	}
	for _, want := range []string{"recap", "latest", "search", "tags", "authors", "meetups", "glossary", "help", "about", "privacy", "id", "donate", "join"} {
		if !seen[want] {
			t.Errorf("/%s is missing", want)
		}
	}
}

func TestDonateNeedsConfig(t *testing.T) {
	o := options(invented())
	o.Commands = nil
	if reply := ask(t, table(t, o), "en", "donate"); !reply.Failed {
		t.Errorf("there is nothing to say, but: %v", reply.Body)
	}
}

func TestLanguage(t *testing.T) {
	table := table(t, options(invented()))
	tests := []struct {
		locale  string
		channel bot.Lang
		want    string
	}{
		{"en-GB", bot.TraditionalChinese, "Privacy"},
		{"zh-hant", bot.English, "隱私說明"},
		{"fr", bot.English, "Privacy"},
		{"", bot.English, "Privacy"},
		{"", "", "隱私說明"},
		{"not a tag", "", "隱私說明"},
	}
	for _, test := range tests {
		reply := table.Handle(t.Context(), bot.Command{Name: "privacy", Locale: test.locale, Channel: bot.Channel{Lang: test.channel}})
		if reply.Title != test.want {
			t.Errorf("locale %q in a channel of %q: got %q", test.locale, test.channel, reply.Title)
		}
	}
}

func TestNamesAsTyped(t *testing.T) {
	table := table(t, options(invented()))
	for _, name := range []string{"about", "ABOUT", "／ａｂｏｕｔ", " /About ", "about@HeraldBot", "關於", "about\u200b", "about and more"} {
		if reply := table.Handle(t.Context(), bot.Command{Name: name}); reply.Failed || reply.Title != "範例雲端社群" {
			t.Errorf("%q: got %v", name, reply.Body)
		}
	}
}

func TestID(t *testing.T) {
	table := table(t, options(nil))
	tests := []struct {
		channel bot.Channel
		want    string
	}{
		{bot.Channel{Address: bot.Address{Platform: bot.Discord, Chat: "111"}}, "news: {discord: 111}"},
		{bot.Channel{Address: bot.Address{Platform: bot.Discord, Chat: "111", Thread: "222"}}, "news: {discord: 222}"},
		{bot.Channel{Address: bot.Address{Platform: bot.Telegram, Chat: "-100456", Thread: "42"}}, "news: {telegram: -100456, topic: 42}"},
		{bot.Channel{Address: bot.Address{Platform: bot.Telegram, Chat: "-100456"}, Name: "tg"}, "tg: {telegram: -100456}"},
		{bot.Channel{Address: bot.Address{Platform: bot.Console, Chat: "console"}}, "here: {console: true}"},
	}
	for _, test := range tests {
		reply := table.Handle(t.Context(), bot.Command{Name: "id", Channel: test.channel})
		last := reply.Body[len(reply.Body)-1]
		if last.Text != test.want || last.Style != bot.Code {
			t.Errorf("got %q, want %q", last.Text, test.want)
		}
		if test.channel.Name != "" && !strings.Contains(reply.Body.String(), "「"+test.channel.Name+"」") {
			t.Errorf("%q does not say the channel's name", reply.Body)
		}
	}
}

func TestPressedIsPrivate(t *testing.T) {
	table := table(t, options(invented()))
	cmd := bot.Command{Name: "recap", Args: "2023 1"}
	if table.Handle(t.Context(), cmd).Private {
		t.Error("what was typed is private")
	}
	cmd.Pressed = true
	if !table.Handle(t.Context(), cmd).Private {
		t.Error("what was pressed is not private")
	}
}

func TestSearchAsks(t *testing.T) {
	o := options(invented())
	s := &searcher{}
	o.Searcher = s
	ask(t, table(t, o), "en", "search KCD 徵稿 /3")
	if diff := cmp.Diff(content.Query{Text: "KCD 徵稿", Limit: 5, Offset: 10}, s.asked); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func TestComplete(t *testing.T) {
	o := options(invented())
	many := make([]*content.Post, 0, 60)
	for i := range 60 {
		many = append(many, term("zh-TW", "many-"+strings.Repeat("x", i), "多"+strings.Repeat("x", i), "…"))
	}
	o.Library = library{content.NewSnapshot(append(invented(), many...), nil, nil)}
	table := table(t, o)
	tests := []struct {
		name, args string
		want       []string
		least      int
	}{
		{"recap", "", []string{"2025", "2024", "2023", "2020"}, 4},
		{"recap", "202", []string{"2025", "2024", "2023", "2020"}, 4},
		{"recap", "2023", []string{"2023"}, 1},
		{"recap", "x", nil, 0},
		{"meetups", "", []string{"2024", "2020"}, 2},
		{"latest", "", []string{"Recap", "CfP", "camp"}, 3},
		{"latest", "3 c", []string{"CfP", "camp"}, 2},
		{"search", "永", []string{"永一", "永二"}, 2},
		{"search", "", nil, 0},
		{"glossary", "serv", []string{"service-mesh"}, 1},
		{"glossary", "", nil, 25},
		{"help", "/la", []string{"latest"}, 1},
		{"help", "secr", nil, 0},
		{"about", "x", nil, 0},
		{"nonsense", "x", nil, 0},
	}
	for _, test := range tests {
		choices := table.Complete(t.Context(), bot.Command{Name: test.name, Args: test.args})
		var values []string
		for _, c := range choices {
			values = append(values, c.Value)
		}
		if len(values) < test.least || len(values) > 25 || (len(test.want) > 0 || test.least == 0) && !cmp.Equal(values, test.want) {
			t.Errorf("/%s %s: got %q, want %q", test.name, test.args, values, test.want)
		}
	}
}

// broken is a library and a searcher that fail as badly as they can.
type broken struct{ fault any }

func (b broken) Snapshot() *content.Snapshot { panic(b.fault) }

func (b broken) Search(context.Context, content.Query) (content.Result, error) { panic(b.fault) }

func (b broken) Complete(context.Context, string, int) ([]string, error) {
	return nil, errors.New("broken")
}

func TestFaultsAreContainedAndLogged(t *testing.T) {
	var log bytes.Buffer
	o := options(nil)
	o.Log = slog.New(slog.NewTextHandler(&log, nil))
	o.Library, o.Searcher = broken{"what the member typed"}, broken{"what the member typed"}
	table := table(t, o)
	for _, line := range []string{"search geheim", "recap geheim", "tags geheim"} {
		log.Reset()
		reply := ask(t, table, "en", line)
		if want := "Something went wrong on my side. Please try again later."; reply.Body.String() != want || !reply.Failed {
			t.Errorf("/%s: got %q", line, reply.Body)
		}
		name, _, _ := strings.Cut(line, " ")
		if !strings.Contains(log.String(), "command="+name) || !strings.Contains(log.String(), "stack=") {
			t.Errorf("/%s: not in the log: %s", line, log.String())
		}
		if strings.Contains(log.String(), "geheim") || strings.Contains(log.String(), "typed") {
			t.Errorf("/%s: the log tells what was typed: %s", line, log.String())
		}
	}
	if choices := table.Complete(t.Context(), bot.Command{Name: "recap"}); choices != nil {
		t.Errorf("choices out of nothing: %v", choices)
	}
	if choices := table.Complete(t.Context(), bot.Command{Name: "search", Args: "x"}); choices != nil {
		t.Errorf("choices out of nothing: %v", choices)
	}
}

// changing is a library whose posts change all the time.
type changing struct {
	mu        sync.Mutex
	snapshots []*content.Snapshot
	next      int
}

func (c *changing) Snapshot() *content.Snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	return c.snapshots[c.next%len(c.snapshots)]
}

func TestConcurrentCommandsWhilePostsChange(t *testing.T) {
	o := options(nil)
	o.Library = &changing{snapshots: []*content.Snapshot{
		content.NewSnapshot(invented(), nil, nil), content.NewSnapshot(invented(), nil, nil), nil,
	}}
	table := table(t, o)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				for _, line := range []string{"recap 2023", "tags", "donate", "glossary 容器", "latest", "meetups"} {
					if r := ask(t, table, "en", line); r.Title == "" && !r.Failed {
						t.Errorf("/%s: no answer", line)
					}
				}
			}
		})
	}
	wg.Wait()
}
