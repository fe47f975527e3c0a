package discord

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/discord/discordtest"
)

// spec returns Discord's official schema, or nil where it is not at hand: the
// written rules hold anyway.
func spec(t testing.TB) *discordtest.Spec {
	t.Helper()
	s, err := official()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var official = sync.OnceValues(func() (*discordtest.Spec, error) {
	shared := os.Getenv("HERALD_SHARED")
	if shared == "" {
		return nil, nil
	}
	return discordtest.LoadSpec(filepath.Join(shared, "specs", "discord-openapi.json"))
})

// problems returns what Discord would find wrong with creating p.
func problems(t testing.TB, s *discordtest.Spec, p Payload) []string {
	t.Helper()
	p.Nonce, p.EnforceNonce = strings.Repeat("a", 24), true
	body, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	found := discordtest.Problems("POST", "/channels/{channel_id}/messages", body)
	if s != nil {
		found = append(found, s.Problems("POST", "/channels/1/messages", body)...)
	}
	return found
}

func TestDiscordTakesWhatIsDrawn(t *testing.T) {
	s := spec(t)
	for _, lang := range bot.Langs() {
		for name, message := range map[string]func(bot.Lang) bot.Message{
			"article": article, "digest": digest, "reminder": reminder, "edit": edit, "retraction": retraction,
		} {
			payload, _ := Look{Lang: lang}.Render(message(lang))
			if found := problems(t, s, payload); len(found) > 0 {
				t.Errorf("%s: %v", name, found)
			}
		}
		for name, reply := range replies(lang) {
			payload, _ := Look{Lang: lang}.Reply(reply)
			if found := problems(t, s, payload); len(found) > 0 {
				t.Errorf("reply %s: %v", name, found)
			}
		}
	}
}

func TestMentions(t *testing.T) {
	for written, want := range map[string]struct {
		content      string
		roles, users int
	}{
		"5":              {"**t** <@&5>", 1, 0},
		"@6":             {"**t** <@6>", 0, 1},
		"5 @6, 7, 5":     {"**t** <@&5> <@6> <@&7>", 2, 1},
		"everyone @here": {"**t**", 0, 0},
		"<@&5>":          {"**t**", 0, 0},
	} {
		payload, cuts := Look{}.Render(bot.Message{Card: bot.Card{Title: "t"}, Mentions: strings.Fields(strings.ReplaceAll(written, ",", " "))})
		if payload.Content != want.content || len(payload.AllowedMentions.Roles) != want.roles || len(payload.AllowedMentions.Users) != want.users {
			t.Errorf("%q: %q notifies %+v", written, payload.Content, payload.AllowedMentions)
		}
		if payload.AllowedMentions.Parse == nil || len(payload.AllowedMentions.Parse) > 0 {
			t.Errorf("%q: everything is parsed", written)
		}
		if (len(cuts) > 0) != (want.roles+want.users == 0) {
			t.Errorf("%q: cuts %v", written, cuts)
		}
	}
}

func TestLongTextEndsWithALinkToTheRest(t *testing.T) {
	m := bot.Message{Card: bot.Card{Title: "t", URL: "https://e.org/a", Body: bot.Plain(strings.Repeat("這是一句話。", 2000))}}
	payload, cuts := Look{Lang: bot.TraditionalChinese}.Render(m)
	description := payload.Embeds[0].Description
	if !strings.HasSuffix(description, "。… [繼續閱讀](https://e.org/a)") || units(description) > maxDescription || units(description) < maxDescription-20 {
		t.Errorf("%d units end with %q", units(description), description[len(description)-60:])
	}
	if len(cuts) != 1 || cuts[0] != (Cut{Part: "body", Limit: maxDescription}) {
		t.Errorf("cuts %v", cuts)
	}
}

func TestWhatIsBadCostsItself(t *testing.T) {
	m := bot.Message{
		Card: bot.Card{Title: "t", URL: "javascript:alert(1)", Image: "https://e.org/x.svg", Body: bot.Plain("b")},
		Buttons: []bot.Button{
			{Label: "ok", URL: "https://e.org"}, {Label: "", URL: "https://e.org"}, {Label: "x", URL: "ftp://e.org"},
			{Label: "long", URL: "https://e.org/" + strings.Repeat("x", 512)}, {Label: "v6", URL: "http://[::1]/"}, {Label: "a", Command: "a"}, {Label: "b", Command: "a"}, {Label: "none"},
		},
	}
	payload, cuts := Look{}.Render(m)
	var parts []string
	for _, c := range cuts {
		parts = append(parts, c.Part)
	}
	if got := strings.Join(parts, ","); got != "url,image,button 2,button 3,button 4,button 5,button 7,button 8" {
		t.Errorf("cut %s", got)
	}
	if found := problems(t, spec(t), payload); len(found) > 0 {
		t.Error(found)
	}
}

func TestThreadName(t *testing.T) {
	for _, tt := range []struct {
		m    bot.Message
		want string
	}{
		{bot.Message{Card: bot.Card{Title: "*A* [b]"}}, "*A* [b]"},
		{bot.Message{Card: bot.Card{Title: strings.Repeat("字", 101)}}, strings.Repeat("字", 99) + "…"},
		{bot.Message{Card: bot.Card{Title: strings.Repeat("👩‍👩‍👧‍👦", 20)}}, strings.Repeat("👩‍👩‍👧‍👦", 9) + "…"},
		{bot.Message{Card: bot.Card{Body: bot.Plain("body\ntext")}}, "body text"},
		{bot.Message{}, "#"},
	} {
		if got := ThreadName(tt.m); got != tt.want {
			t.Errorf("%q is called %q", tt.m.Title, got)
		}
	}
}

func FuzzNothingBreaksTheLimitsOrPings(f *testing.F) {
	s := spec(f)
	f.Add("t", "b", "https://e.org", "https://e.org/a.png", "label", "1", uint16(1), uint8(0))
	f.Add("[x](y) @everyone <@&1>", "<t:1:R> `a` ||b||", "https://e.org/)>*_~`", "http://[::1]/x", "\u200b", "@2", uint16(900), uint8(3))
	f.Add("\u0301\u0301\u0301", strings.Repeat("👩‍👩‍👧‍👦*", 300), "mailto:x@y", "data:,", strings.Repeat("寬", 90), "x", uint16(40), uint8(255))
	f.Fuzz(func(t *testing.T, title, body, address, image, label, mention string, repeat uint16, style uint8) {
		long := strings.Repeat(body, int(repeat%30)+1)
		text := bot.Join(bot.ParseText(body), bot.Styled(bot.Style(style%8), long), bot.NewLine(), bot.Text{{Kind: bot.Item}}, bot.LinkTo(title, address),
			bot.Text{{Kind: bot.Quote}, {Kind: bot.Mention, Text: mention}, {Kind: bot.Link, URL: address}})
		m := bot.Message{
			Card:     bot.Card{Title: title, URL: address, Body: text, Image: image, Footer: long, Tone: bot.Tone(style)},
			Buttons:  []bot.Button{{Label: label, URL: address}, {Label: label, Command: body}, {Label: title, Command: title}},
			Mentions: []string{mention}, Silent: style%2 == 0,
		}
		for range style % 30 {
			m.Fields = append(m.Fields, bot.Field{Name: title, Text: text})
			m.Buttons = append(m.Buttons, bot.Button{Label: label, Command: title + label})
		}
		for _, look := range []Look{{}, {Preview: true, Lang: bot.English, Accent: body}} {
			p, _ := look.Render(m)
			if p.empty() {
				continue // is not sent
			}
			if found := problems(t, s, p); len(found) > 0 {
				t.Errorf("%v", found)
			}
			allowed := p.AllowedMentions
			if len(allowed.Parse) > 0 || len(allowed.Roles)+len(allowed.Users) > len(strings.Fields(strings.ReplaceAll(mention, ",", " "))) {
				t.Errorf("notifies %+v", allowed)
			}
			r, _ := look.Reply(bot.Reply{Card: m.Card, Buttons: m.Buttons})
			if found := problems(t, s, r); len(found) > 0 {
				t.Errorf("reply: %v", found)
			}
			if len(r.AllowedMentions.Parse)+len(r.AllowedMentions.Roles)+len(r.AllowedMentions.Users) > 0 {
				t.Errorf("a reply notifies %+v", r.AllowedMentions)
			}
		}
		if name := ThreadName(m); units(name) > maxThreadName || strings.TrimSpace(name) == "" {
			t.Errorf("a thread called %q", name)
		}
	})
}
