package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"cloudnative.tw/herald/bot"
)

// FuzzConfig proves that no text makes the loader panic, that every diagnostic
// has a place inside the file, and that a config comes back exactly if nothing
// is wrong.
func FuzzConfig(f *testing.F) {
	files, err := filepath.Glob("testdata/config/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "config.yaml") {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if len(text) < 8<<10 {
			f.Add(string(text))
		}
	}
	f.Fuzz(func(t *testing.T, source string) {
		cfg, found := parseConfig(source, "dir")
		if (cfg == nil) != wrong(found) {
			t.Errorf("config %v, found %v", cfg != nil, found)
		}
		lines := strings.Split(strings.ReplaceAll(strings.TrimPrefix(source, "\ufeff"), "\r\n", "\n"), "\n")
		for _, d := range found {
			if d.Line < 0 || d.Line > len(lines) || d.Column < 0 {
				t.Fatalf("outside of the file: %v", d)
			}
			if d.Line > 0 && d.Column > utf8.RuneCountInString(lines[d.Line-1])+1 {
				t.Errorf("outside of the line: %v", d)
			}
			for _, lang := range bot.Langs() {
				if said := d.In(lang); strings.ContainsAny(said, "\n\x1b") || strings.Contains(said, "%!") && !strings.Contains(source, "%") {
					t.Errorf("not fit to print: %q", said)
				}
			}
		}
	})
}

// FuzzFindSlips proves that mending never panics and keeps every line in its
// place.
func FuzzFindSlips(f *testing.F) {
	f.Add("a： [b，c]\n\tc: @d\ne: {f： ［g］, h: \"i}\nj:\n k: |\n  l： m\n")
	f.Fuzz(func(t *testing.T, source string) {
		_, mended := findSlips(source)
		if strings.Count(mended, "\n") != strings.Count(source, "\n") {
			t.Errorf("%q became %q", source, mended)
		}
	})
}
