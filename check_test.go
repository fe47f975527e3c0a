package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
)

// environmentWith returns the environment of a call that writes to nothing and
// knows only the given variables.
func environmentWith(variables map[string]string) environment {
	return environment{
		in: new(bytes.Buffer), out: new(bytes.Buffer), err: new(bytes.Buffer), log: new(bytes.Buffer),
		getenv: func(name string) string { return variables[name] },
		now:    func() time.Time { return time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC) },
	}
}

func TestCheckExitCodes(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "config.yaml")
	minimal, err := os.ReadFile("testdata/config/minimal.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(broken, minimal, 0o600); err != nil { // its folder "posts" is not there
		t.Fatal(err)
	}
	for _, test := range []struct {
		path string
		code int
	}{
		{"config.yaml", exitGood},
		{broken, exitNo},
		{"testdata/config/missing.yaml", exitUsage},
		{filepath.Join(dir, "none.yaml"), exitUsage},
	} {
		result, err := check(t.Context(), environmentWith(nil), test.path, false)
		if err != nil {
			t.Errorf("%s: %v", test.path, err)
			continue
		}
		var out bytes.Buffer
		code := exitGood
		var exit *exitError
		if errors.As(result.print(&out, true), &exit) {
			code = exit.code
		}
		if code != test.code {
			t.Errorf("%s: exit code %d, want %d", test.path, code, test.code)
		}
		var read struct {
			Good  bool             `json:"good"`
			Posts int              `json:"posts"`
			Found []diagnosticJSON `json:"found"`
		}
		if err := json.Unmarshal(out.Bytes(), &read); err != nil {
			t.Errorf("%s: %v", test.path, err)
		}
		if good := test.code == exitGood; read.Good != good || good != (len(read.Found) == 0) || good != (read.Posts > 0) {
			t.Errorf("%s: %+v", test.path, read)
		}
	}
}

func TestCheckLang(t *testing.T) {
	for _, test := range []struct {
		locale, path string
		want         bot.Lang
	}{
		{"zh_TW.UTF-8", "testdata/config/good-all.yaml", bot.TraditionalChinese},
		{"en_US.UTF-8", "config.yaml", bot.English},
		{"C.UTF-8", "config.yaml", bot.TraditionalChinese},
		{"", "config.yaml", bot.TraditionalChinese},
		{"", "testdata/config/good-all.yaml", bot.English},
		{"", "testdata/config/bad-timezone.yaml", bot.TraditionalChinese}, // read from a config that is wrong
		{"", "testdata/config/missing.yaml", bot.English},
		{"", "nowhere.yaml", bot.English},
	} {
		cfg, _ := loadConfig(test.path)
		env := environmentWith(map[string]string{"LANG": test.locale})
		if got := checkLang(env, cfg, test.path); got != test.want {
			t.Errorf("%q, %s: %q, want %q", test.locale, test.path, got, test.want)
		}
	}
}

// TestCheckTriesEveryFixture tries the announcements of every config that is
// right, on no posts at all: none of them may end the program.
func TestCheckTriesEveryFixture(t *testing.T) {
	files, err := filepath.Glob("testdata/config/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, file := range files {
		cfg, _ := loadConfig(file)
		if cfg == nil {
			continue
		}
		cfg.Store = filepath.Join(t.TempDir(), "herald.db")
		a, err := newApp(environmentWith(nil), cfg)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		announcementDiagnostics(t.Context(), a, file)
		a.close()
	}
}
