package command

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
)

// TestEverySentenceInEveryLanguage fails when a language leaves a sentence out.
func TestEverySentenceInEveryLanguage(t *testing.T) {
	for _, lang := range bot.Langs() {
		v := reflect.ValueOf(*speechIn(lang))
		for i := range v.NumField() {
			if v.Field(i).IsZero() {
				t.Errorf("%s has no %s", lang, v.Type().Field(i).Name)
			}
		}
	}
	if speechIn(bot.English) == speechIn(bot.TraditionalChinese) {
		t.Error("two languages are one")
	}
}

// TestChineseSentences keeps half-width punctuation out of Chinese sentences.
func TestChineseSentences(t *testing.T) {
	v := reflect.ValueOf(chineseSpeech)
	for i := range v.NumField() {
		if s := v.Field(i); s.Kind() == reflect.String && strings.ContainsAny(s.String(), ",;!?()") {
			t.Errorf("%s: half-width punctuation in %q", v.Type().Field(i).Name, s.String())
		}
	}
}

func TestPlurals(t *testing.T) {
	tests := []struct{ got, want string }{
		{several(0, "post"), "0 posts"},
		{several(1, "post"), "1 post"},
		{several(12345, "post"), "12,345 posts"},
		{several(2, "page of it", "pages of it"), "2 pages of it"},
		{digits(999), "999"},
		{digits(1000), "1,000"},
		{digits(1234567), "1,234,567"},
		{beside("支持", "CNTUG"), "支持 CNTUG"},
		{beside("支持", "雲端社群"), "支持雲端社群"},
		{chineseSpeech.day(time.Date(2026, 12, 12, 0, 0, 0, 0, time.UTC)), "12/12（六）"},
		{englishSpeech.day(time.Date(2026, 12, 12, 0, 0, 0, 0, time.UTC)), "Sat 12 Dec"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestReadYear(t *testing.T) {
	tests := []struct {
		word    string
		year    int
		roc, ok bool
	}{
		{"2023", 2023, false, true},
		{"2023年", 2023, false, true},
		{"二〇二三", 2023, false, true},
		{"二零二三年", 2023, false, true},
		{"1999", 1999, false, true},
		{"112", 2023, true, true},
		{"民國112年", 2023, true, true},
		{"民國99", 2010, true, true},
		{"99", 0, false, false},
		{"０", 0, false, false},
		{"-2023", 0, false, false},
		{"+023", 0, false, false},
		{"20234", 0, false, false},
		{"99999999999999999999", 0, false, false},
		{"abc", 0, false, false},
		{"", 0, false, false},
	}
	for _, test := range tests {
		year, roc, ok := readYear(test.word)
		if year != test.year || roc != test.roc || ok != test.ok {
			t.Errorf("%q: got %d, %t, %t", test.word, year, roc, ok)
		}
	}
}

func TestYearIn(t *testing.T) {
	tests := map[string]int{
		"2023-year-end-recap": 2023, "CNTUG 2023 年度回顧": 2023, "year2021": 2021,
		"20230730": 0, "room 1234": 0, "": 0, "2019 → 2020": 2019,
	}
	for s, want := range tests {
		if got, ok := yearIn(s); got != want || ok != (want > 0) {
			t.Errorf("%q: got %d, %t; want %d", s, got, ok, want)
		}
	}
}

func TestClean(t *testing.T) {
	tests := map[string]string{
		"a\x00b\nc\td":                 "ab c d",
		"\u202eevil\u2066 \u200b text": "evil text",
		"👩‍👩‍👧 家":                      "👩‍👩‍👧 家",
		"　全形　空白　":                      "全形 空白",
		"bad\xffbytes\xe4\xb8":         "badbytes",
	}
	for s, want := range tests {
		if got := clean(s); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

func TestShort(t *testing.T) {
	tests := []struct {
		s       string
		columns int
		want    string
	}{
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"雲端原生", 8, "雲端原生"},
		{"雲端原生", 7, "雲端原…"},
		{"👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 3, "👩‍👩‍👧‍👦…"},
	}
	for _, test := range tests {
		if got := short(test.s, test.columns); got != test.want {
			t.Errorf("%q in %d columns: got %q, want %q", test.s, test.columns, got, test.want)
		}
	}
	// One character may carry any number of combining marks.
	if got := short("e"+strings.Repeat("\u0301", 5000), 10); len(got) > 400 {
		t.Errorf("a character of %d bytes got through", len(got))
	}
}
