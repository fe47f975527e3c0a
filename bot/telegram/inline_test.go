package telegram

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

// shelf finds the same for everybody.
type shelf struct {
	found []Found
	err   error
	asked []string
}

func (s *shelf) Find(_ context.Context, words string, lang bot.Lang, limit int) ([]Found, error) {
	s.asked = append(s.asked, fmt.Sprint(words, "|", lang, "|", limit))
	return s.found, s.err
}

func TestInlineMode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		s := &shelf{}
		r.runs(t, r.Telegram, Commands{Handler: new(echo), Finder: s})
		ask := func(words string) map[string]any {
			query := r.server.Ask(ann, words)
			time.Sleep(time.Second)
			return r.server.Answered(query)
		}
		if a := ask(" nothing "); fmt.Sprint(a["results"]) != "[]" || s.asked[0] != "nothing|zh-TW|20" {
			t.Errorf("nothing found: %v, asked %q", a, s.asked)
		}
		s.found = []Found{{Title: "永續", Summary: "摘要", URL: "https://x.tw/1", Image: "https://x.tw/1.png"}, {Title: "永續", URL: "https://x.tw/1"}, {URL: "https://x.tw/2"}, {Title: "no address"}}
		for i, text := range hostile() {
			s.found = append(s.found, Found{Title: text, Summary: text, URL: fmt.Sprint("https://x.tw/h", i), Image: text})
		}
		results := ask("永續")["results"].([]any)
		golden(t, "inline", toJSON(t, results[0]))
		if len(results) != maxResults {
			t.Errorf("%d results; want %d", len(results), maxResults)
		}
		s.err = errors.New("no index")
		if a := ask("x"); a != nil {
			t.Errorf("answered %v without an index", a)
		}
	})
}
