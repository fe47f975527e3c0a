package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudnative.tw/herald/bot"
)

func TestColor(t *testing.T) {
	for _, test := range []struct {
		width     int
		variables map[string]string
		want      bool
	}{
		{80, nil, true},
		{80, map[string]string{"TERM": "xterm-256color"}, true},
		{0, nil, false}, // not a terminal
		{0, map[string]string{"COLORTERM": "truecolor"}, false},
		{80, map[string]string{"NO_COLOR": "1"}, false},
		{80, map[string]string{"NO_COLOR": ""}, true}, // "when present and not an empty string"
		{80, map[string]string{"TERM": "dumb"}, false},
	} {
		env := environmentWith(test.variables)
		env.width = test.width
		if got := env.color(); got != test.want {
			t.Errorf("width %d, %v: %v, want %v", test.width, test.variables, got, test.want)
		}
	}
}

func TestLocale(t *testing.T) {
	for _, test := range []struct {
		variables map[string]string
		locale    string
		lang      bot.Lang
	}{
		{nil, "", bot.English},
		{map[string]string{"LANG": "zh_TW.UTF-8"}, "zh-TW", bot.TraditionalChinese},
		{map[string]string{"LANG": "zh_TW.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en-US", bot.English},
		{map[string]string{"LANG": "zh_TW.UTF-8", "LC_MESSAGES": "C"}, "", bot.English},
		{map[string]string{"LANG": "C.UTF-8"}, "", bot.English},
		{map[string]string{"LANG": "fr_FR.UTF-8"}, "fr-FR", bot.English},
	} {
		env := environmentWith(test.variables)
		if env.locale() != test.locale || env.lang() != test.lang {
			t.Errorf("%v: %q %q, want %q %q", test.variables, env.locale(), env.lang(), test.locale, test.lang)
		}
	}
}

func TestSecret(t *testing.T) {
	const secret = "s3cr3t-value"
	file := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, test := range []struct {
		name, value, file string
		want, complaint   string
	}{
		{"nothing", "", "", "", ""},
		{"a variable", secret, "", secret, ""},
		{"a line end after it", secret + "\r\n", "", secret, ""},
		{"a file", "", file("token", secret+"\n"), secret, ""},
		{"both", secret, file("token", secret), "", "are both set"},
		{"an empty file", "", file("token", "\n"), "", "is empty"},
		{"a large file", "", file("token", strings.Repeat(secret, maxSecretBytes)), "", "too large"},
		{"no file", "", filepath.Join(t.TempDir(), "none"), "", "no such file"},
		{"a folder", "", t.TempDir(), "", "directory"},
	} {
		env := environmentWith(map[string]string{"GIT_TOKEN": test.value, "GIT_TOKEN_FILE": test.file})
		got, err := env.secret("GIT_TOKEN")
		complaint := ""
		if err != nil {
			complaint = err.Error()
		}
		if got != test.want || (complaint == "") != (test.complaint == "") || !strings.Contains(complaint, test.complaint) {
			t.Errorf("%s: %q, %v", test.name, got, err)
		}
		if strings.Contains(complaint, secret) {
			t.Errorf("%s: the error tells the secret: %v", test.name, err)
		}
	}
}
