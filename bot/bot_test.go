package bot_test

import (
	"errors"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
)

func TestAddressRoundTrip(t *testing.T) {
	for _, a := range []bot.Address{
		{Platform: bot.Console, Chat: "here"},
		{Platform: bot.Telegram, Chat: "-1001234567890", Thread: "42"},
		{Platform: bot.Discord, Chat: "1111"},
	} {
		got, ok := bot.ParseAddress(a.String())
		if !ok || got != a {
			t.Errorf("ParseAddress(%q) = %v, %v; want %v", a.String(), got, ok, a)
		}
	}
	for _, s := range []string{"", "discord", "discord:", ":1", "discord:/3"} {
		if a, ok := bot.ParseAddress(s); ok {
			t.Errorf("ParseAddress(%q) = %v; want it refused", s, a)
		}
	}
}

func TestMatchLang(t *testing.T) {
	tests := []struct {
		tags []string
		want bot.Lang
		ok   bool
	}{
		{[]string{"zh-TW"}, bot.TraditionalChinese, true},
		{[]string{"zh-hant"}, bot.TraditionalChinese, true},
		{[]string{"zh-HK"}, bot.TraditionalChinese, true},
		{[]string{"en-GB"}, bot.English, true},
		{[]string{"ja", "en-US"}, bot.English, true},
		{[]string{"not a tag", "zh-TW"}, bot.TraditionalChinese, true},
		{[]string{"ja"}, "", false},
		{[]string{"zh-CN"}, bot.TraditionalChinese, true},
		{[]string{""}, "", false},
		{nil, "", false},
	}
	for _, tt := range tests {
		if got, ok := bot.MatchLang(tt.tags...); got != tt.want || ok != tt.ok {
			t.Errorf("MatchLang(%q) = %q, %v; want %q, %v", tt.tags, got, ok, tt.want, tt.ok)
		}
	}
}

func TestTextsIn(t *testing.T) {
	tests := []struct {
		name  string
		texts bot.Texts
		lang  bot.Lang
		want  string
	}{
		{"its own", bot.Texts{"zh-TW": "捐款", "en": "Donate"}, bot.English, "Donate"},
		{"for all", bot.Texts{"": "CFP"}, bot.English, "CFP"},
		{"only another", bot.Texts{"zh-TW": "捐款"}, bot.English, "捐款"},
		{"none", nil, bot.English, ""},
	}
	for _, tt := range tests {
		if got := tt.texts.In(tt.lang); got != tt.want {
			t.Errorf("%s: In(%q) = %q; want %q", tt.name, tt.lang, got, tt.want)
		}
	}
}

func TestTextString(t *testing.T) {
	text := bot.Join(
		bot.Styled(bot.Bold, "一"), bot.NewLine(),
		bot.Text{{Kind: bot.Item}}, bot.LinkTo("二", "https://x.tw"), bot.NewLine(),
		bot.Text{{Kind: bot.Item, Depth: 1, Number: 3}}, bot.LinkTo("", "https://y.tw"), bot.NewLine(),
		bot.Text{{Kind: bot.Quote}}, bot.Plain("三\n四"),
	)
	const want = "一\n• 二\n  3. https://y.tw\n> 三\n四"
	if got := text.String(); got != want {
		t.Errorf("String() = %q; want %q", got, want)
	}
}

func TestRetryAfterError(t *testing.T) {
	cause := errors.New("429")
	err := error(&bot.RetryAfterError{Wait: 2 * time.Second, Global: true, Err: cause})
	if !errors.Is(err, cause) {
		t.Error("the platform's own error is lost")
	}
	const want = "wait 2s for the whole platform: 429"
	if err.Error() != want {
		t.Errorf("Error() = %q; want %q", err, want)
	}
}
