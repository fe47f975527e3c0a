package console_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/console"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func clock() time.Time { return time.Date(2026, 11, 23, 9, 5, 0, 0, time.UTC) }

// echo answers with what it was asked and offers two buttons.
type echo struct{ asked []bot.Command }

func (e *echo) Handle(_ context.Context, cmd bot.Command) bot.Reply {
	e.asked = append(e.asked, cmd)
	return bot.Reply{
		Card:    bot.Card{Title: cmd.Name + "|" + cmd.Args},
		Buttons: []bot.Button{{Label: "next", Command: "page 2"}, {Label: "site", URL: "https://x.tw"}},
	}
}

func run(t *testing.T, handler bot.Handler, input string) string {
	t.Helper()
	var out strings.Builder
	c := console.New(console.Config{
		In: strings.NewReader(input), Out: &out, Name: "local", Lang: bot.English, Now: clock,
	})
	if err := c.Run(t.Context(), handler, nil); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestRunAnswersLines(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"with and without slash", "/recap  2023 \nhelp", "recap|2023\nhelp|\n"},
		{"full-width slash", "／help\n", "help|\n"},
		{"empty lines", "\n  \n", ""},
		{"a button", "/x\n1\n", "x|\npage|2\n"},
		{"a button that is a link", "/x\n2\n", "x|\nsite: https://x.tw\n"},
		{"no such button", "/x\n9\n", "x|\nThere is no button [9] just now. Type /help to see what you can ask.\n"},
		{"steering characters", "/a\x1b[2Jb\u202e\n", "a[2Jb|\n"},
		{"a very long line", "/x " + strings.Repeat("a", 100_000) + "\n/y\n", "x|" + strings.Repeat("a", 64<<10-3) + "\ny|\n"},
	}
	const buttons = "[1] next\n[2] site  https://x.tw\n\n"
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.ReplaceAll(run(t, new(echo), tt.in), buttons, "")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPressedIsTold(t *testing.T) {
	handler := new(echo)
	run(t, handler, "/x\n1\n")
	if len(handler.asked) != 2 || handler.asked[0].Pressed || !handler.asked[1].Pressed {
		t.Errorf("asked %+v; want the second one pressed", handler.asked)
	}
}

func TestRunEndsWithContext(t *testing.T) {
	in, typed := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	c := console.New(console.Config{In: in, Out: io.Discard, Now: clock})
	ended := make(chan error)
	go func() { ended <- c.Run(ctx, new(echo), nil) }()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Run = %v; want context.Canceled", err)
	}
	typed.Close() // lets the waiting read end
}

func TestSend(t *testing.T) {
	var out strings.Builder
	c := console.New(console.Config{Out: &out, Lang: bot.TraditionalChinese, Now: clock})
	m := bot.Message{Card: bot.Card{Title: "新文章", URL: "https://x.tw/a", Body: bot.Plain("摘要"), Footer: "Gene"}}
	for _, want := range []string{"1", "2"} {
		id, err := c.Send(t.Context(), bot.Act{Message: m})
		if err != nil || id != want {
			t.Errorf("Send = %q, %v; want %q", id, err, want)
		}
	}
	const once = "── 公告 09:05 ────────────────────────\n新文章\nhttps://x.tw/a\n  摘要\n  Gene\n\n"
	if diff := cmp.Diff(once+once, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEditAndRetract(t *testing.T) {
	var out strings.Builder
	c := console.New(console.Config{Out: &out, Lang: bot.TraditionalChinese, Now: clock})
	act := bot.Act{
		Key:     bot.Key{Subject: "https://x.tw/a"},
		Message: bot.Message{Card: bot.Card{Title: "新文章", URL: "https://x.tw/a", Footer: "已更新 11/23"}},
	}
	if err := c.Edit(t.Context(), act); err != nil {
		t.Error(err)
	}
	act.Message = bot.Message{Card: bot.Card{Title: "此公告已撤回"}}
	if err := c.Retract(t.Context(), act); err != nil {
		t.Error(err)
	}
	const want = "── 公告更新 09:05 ────────────────────────\n新文章\nhttps://x.tw/a\n  已更新 11/23\n\n" +
		"── 公告撤回 09:05 ────────────────────────\n此公告已撤回\nhttps://x.tw/a\n\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestSendToBrokenPipeIsUnknown(t *testing.T) {
	c := console.New(console.Config{Out: brokenPipe{}, Now: clock})
	_, err := c.Send(t.Context(), bot.Act{})
	if !errors.Is(err, bot.ErrUnknownOutcome) || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("Send = %v; want an unknown outcome that names the broken pipe", err)
	}
}
