package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNoSlips proves that text in which nothing is slipped is left as it is, so
// that a mistake elsewhere in the file does not accuse it.
func TestNoSlips(t *testing.T) {
	for _, file := range []string{
		"config.yaml",
		"testdata/config/good-all.yaml",
		"testdata/config/good-channels.yaml",
		"testdata/config/minimal.yaml",
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		unslipped(t, string(text))
	}
	for _, text := range []string{
		"text: 他說“好”，我說：好、很好！",
		"text: 活動「報名：https://example.org」在 19:00",
		"text: {zh-TW: 全形：冒號, en: a＠b}",
		"text: \"@a: *b {c} #d ，\"",
		"text: 'it''s: [a，b'",
		"text: \"a \\\" b: c\"",
		"text: |\n  @a: b\n\tc\n\n  [d，e\nname: x",
		"list:\n- a\n- b: c\n  d: e\nname: x",
		"list: [\n  a, b,\n  c\n]\nname: x",
		"map: {\n  a: b,\n  c: \"d，e\" }\nname: x # [a，b: @",
		"text: \"two\n  lines: of\n  text\"\nname: x",
		"text: >-\n  a: b\n  c：d",
		"url: https://example.org:8080/a#b",
		"time: 22:00-08:00",
	} {
		unslipped(t, text)
	}
}

func unslipped(t *testing.T, text string) {
	t.Helper()
	slips, mended := findSlips(text)
	for _, d := range slips {
		t.Errorf("%.40q: %v", text, d)
	}
	if diff := cmp.Diff(text, mended); diff != "" {
		t.Errorf("-text +mended:\n%s", diff)
	}
}
