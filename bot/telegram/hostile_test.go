package telegram

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

// hostile are texts as a source or a member may send them.
func hostile() []string {
	return []string{
		"", " ", "\n\n", "一般的標題", "👩🏽‍💻👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿 emoji", "مرحبا بالعالم \u202eabc", "e\u0301\u0302" + strings.Repeat("\u0303", 500),
		"@everyone @all @cntug_mods t.me/x", "a@b@c @", "<b>&lt;</b> *_`[x](tg://user?id=1)", "]( ) [a](javascript:x)",
		strings.Repeat("a", 10_000), strings.Repeat("字", 10_000), strings.Repeat("好。", 5000), strings.Repeat("👩🏽‍💻", 3000),
		strings.Repeat("**a** `b` [c](https://x.tw/) ", 300), strings.Repeat("> q\n", 300), strings.Repeat("- i\n", 3000), strings.Repeat("\n", 5000),
		"\x00\x01\xff\xfe", "\ufeff\u200b\u2060\u3164\u2800", "\u2028\u2029\t\r", "/donate@other_bot", "`@` all `a@`b", "𠮷" + strings.Repeat("\ufe0f", 40),
	}
}

// refusedBy makes a call on a fake and returns what is wrong with it, and whom
// it rings for.
func refusedBy(t *testing.T, spec *telegramtest.Spec, call Call) (wrong, rings []string) {
	t.Helper()
	s := telegramtest.New(telegramtest.Config{Spec: spec, Knobs: &telegramtest.Knobs{NoLimits: true}})
	s.AddChat(telegramtest.Chat{ID: channelID, Type: "channel", Bot: telegramtest.Admin()})
	body, err := json.Marshal(call.Params)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/bot"+telegramtest.Token+"/"+call.Method, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	s.ServeHTTP(httptest.NewRecorder(), r)
	for _, c := range s.Refused() {
		wrong = append(wrong, c.Wrong...)
	}
	for _, m := range s.Messages(channelID) {
		rings = append(rings, m.Rings...)
	}
	if wrong == nil && len(s.Messages(channelID)) == 0 {
		wrong = append(wrong, s.Calls()[0].Description)
	}
	return wrong, rings
}

// checkHostile renders an item in every way and has Telegram look at it.
func checkHostile(t *testing.T, spec *telegramtest.Spec, title, body, address string) {
	t.Helper()
	card := bot.Card{
		Title: title, URL: address, Image: address, Footer: title,
		Body: bot.Join(bot.ParseText(body), bot.NewLine(), bot.Plain(body), bot.LinkTo(title, address), bot.LinkTo("", address),
			bot.Styled(bot.Bold|bot.Italic|bot.Code, title), bot.Text{{Kind: bot.Mention, Text: title}, {Kind: bot.Time, Text: title}, {Kind: bot.Quote}}, bot.Plain(body)),
		Fields: []bot.Field{{Name: title, Text: bot.Plain(body)}},
	}
	buttons := []bot.Button{{Label: title, URL: address}, {Label: body, Command: title}, {Label: "ok", Command: body}}
	to := Delivery{To: channelAt}
	m := bot.Message{Card: card, Buttons: buttons}
	calls := make(map[string]Call)
	for _, mode := range PreviewModes() {
		content, _ := Render(m, ChannelConfig{Preview: mode})
		calls["preview "+string(mode)] = content.Send(to)
	}
	caption, _ := renderCaption(m)
	if caption.Photo == "" {
		caption.Photo = coverURL
	}
	calls["caption"] = caption.Send(to)
	reply, _ := RenderReply(bot.Reply{Card: card, Buttons: buttons})
	calls["reply"] = reply.Send(to)
	for name, call := range calls {
		wrong, rings := refusedBy(t, spec, call)
		if wrong != nil {
			t.Errorf("%s of title %.50q, body %.50q, address %.50q: refused: %q", name, title, body, address, wrong)
		}
		if rings != nil {
			t.Errorf("%s of title %.50q, body %.50q, address %.50q: rings for %q", name, title, body, address, rings)
		}
	}
}

var hostileAddresses = []string{
	"", "https://x.tw/@name", "https://x.tw/路徑?a=b&c=" + strings.Repeat("d", 900), "http://localhost/", "tg://user?id=5",
	"https://x.tw/" + strings.Repeat("a", 3000), "https://x.tw/ a\nb", "javascript:alert(1)", "https://@evil.tw/", "https://x.tw/%zz", "https://中文.tw/@a",
}

func TestHostileItems(t *testing.T) {
	spec, err := telegramtest.SharedSpec()
	if err != nil {
		t.Fatal(err)
	}
	texts := hostile()
	for i, title := range texts {
		for _, j := range []int{0, 11} { // itself and another
			checkHostile(t, spec, title, texts[(i+j)%len(texts)], hostileAddresses[(i+j)%len(hostileAddresses)])
		}
	}
}

func FuzzRender(f *testing.F) {
	spec, err := telegramtest.SharedSpec()
	if err != nil {
		f.Fatal(err)
	}
	texts := hostile()
	for i, s := range texts {
		if len(s) > 2000 || len(texts[(i+5)%len(texts)]) > 2000 {
			continue // TestHostileItems has the long ones
		}
		f.Add(s, texts[(i+5)%len(texts)], hostileAddresses[i%len(hostileAddresses)])
	}
	f.Fuzz(func(t *testing.T, title, body, address string) { checkHostile(t, spec, title, body, address) })
}
