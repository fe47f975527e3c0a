package main

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
)

var updateFixtures = flag.Bool("update-config", false, "rewrite what the fixtures of testdata/config expect")

// wantPrefix marks the lines at the head of a fixture that hold what should be
// said of it, in English and without the file's name.
const wantPrefix = "#! "

// TestConfigFixtures reads every fixture of testdata/config. Each is named for
// the mistake that it makes and begins with what should be said of it.
func TestConfigFixtures(t *testing.T) {
	files, err := filepath.Glob("testdata/config/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			if *updateFixtures {
				updateFixture(t, file)
			}
			cfg, found := loadConfig(file)
			if diff := cmp.Diff(wantedLines(t, file), foundLines(found)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if (cfg == nil) != wrong(found) {
				t.Errorf("config %v, wrong %v: a config exactly if nothing is wrong", cfg != nil, wrong(found))
			}
		})
	}
}

func wantedLines(t *testing.T, file string) (want []string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), wantPrefix); ok {
			want = append(want, text)
		}
	}
	return want
}

func foundLines(found []Diagnostic) (lines []string) {
	for _, d := range found {
		d.File = ""
		lines = append(lines, strings.TrimPrefix(d.Error(), ":"))
	}
	return lines
}

// updateFixture rewrites the head of a fixture. The head moves the lines below
// it, so the places are found with a head of the right length.
func updateFixture(t *testing.T, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	bom, text := "", string(data)
	if rest, ok := strings.CutPrefix(text, "\ufeff"); ok {
		bom, text = "\ufeff", rest
	}
	for strings.HasPrefix(text, wantPrefix) {
		_, text, _ = strings.Cut(text, "\n")
	}
	_, found := parseConfig(text, filepath.Dir(file))
	head := strings.Repeat("#\n", len(found))
	_, found = parseConfig(head+text, filepath.Dir(file))
	head = ""
	for _, line := range foundLines(sortDiagnostics(found)) {
		head += wantPrefix + line + "\n"
	}
	if err := os.WriteFile(file, []byte(bom+head+text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestConfigInChinese holds what a moderator in Taiwan reads about every fixture.
func TestConfigInChinese(t *testing.T) {
	files, err := filepath.Glob("testdata/config/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for _, file := range files {
		_, found := loadConfig(file)
		for _, d := range found {
			d.File = filepath.Base(d.File)
			lines.WriteString(d.In(bot.TraditionalChinese) + "\n")
		}
	}
	const golden = "testdata/config/zh-TW.golden"
	if *updateFixtures {
		if err := os.WriteFile(golden, []byte(lines.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), lines.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestMistakesInBothLanguages proves that what is wrong with sources, channels
// and announcements is said in Chinese too.
func TestMistakesInBothLanguages(t *testing.T) {
	files, err := filepath.Glob("testdata/config/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	han := regexp.MustCompile(`\p{Han}`)
	for _, file := range files {
		_, found := loadConfig(file)
		for _, d := range found {
			part, _, _ := strings.Cut(d.Path, ".")
			if part == "content" || part == "commands" {
				continue // their packages speak English
			}
			what := d.What.In(bot.TraditionalChinese)
			if !han.MatchString(what) || what == d.What.In(bot.English) {
				t.Errorf("%s in Chinese: %s", d, what)
			}
		}
	}
}

// TestPhrases proves that both languages of a sentence take the same arguments.
func TestPhrases(t *testing.T) {
	var text []byte
	for _, file := range []string{"config_phrases.go", "phrases.go"} {
		more, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, more...)
	}
	const literal = "(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`)"
	pairs := regexp.MustCompile("phrase{"+literal+", "+literal+"}").FindAllStringSubmatch(string(text), -1)
	if len(pairs) < 80 {
		t.Errorf("only %d phrases found", len(pairs))
	}
	verb := regexp.MustCompile(`%(\[\d\])?[sqd]`)
	for _, p := range pairs {
		if en, zh := len(verb.FindAllString(p[1], -1)), len(verb.FindAllString(p[2], -1)); en != zh {
			t.Errorf("%s takes %d, %s takes %d", p[1], en, p[2], zh)
		}
	}
}

// TestSecretsAreNotRepeated proves that what looks like a secret is refused
// wherever it stands, and is printed in no language.
func TestSecretsAreNotRepeated(t *testing.T) {
	const sensitive = "hunter2hunter2"
	for _, secret := range []string{
		"123456789:AAAAAAAAAAAAAAAAAAAA" + sensitive + "AA",
		"AAAAAAAAAAAAAAAAAAAAAAAAAA.AAAAAA.AAAAAAAAAAAA" + sensitive + "AAAAAA",
		"https://discord.com/api/webhooks/1111/" + sensitive,
		"ghp_AAAAAAAAAAAAAAAA" + sensitive,
		"https://bot:" + sensitive + "@example.org/x.git",
		"postgres://herald:" + sensitive + "@db/herald",
	} {
		for _, place := range []string{
			"community: {name: \"%\", timezone: \"%\", url: \"%\", color: \"%\", language: \"%\"}",
			"channels: {\"%\": {discord: \"%\"}, b: {telegram: \"%\"}}",
			"announcements: {a: {from: \"%\", to: \"%\"}}",
			"\"%\": 1", "store: %", "synonyms: [[%", "# %", "content: {a: {git: \"%\", url: \"%\", path: [%]}}",
			"commands: {\"%\": {text: \"%\", from: \"%\", aliases: \"%\", buttons: {url: \"%\", text: {\"%\": a}}}}",
			"x: @%", "x: !%", "x: *%", "- %\n\t%",
		} {
			cfg, found := parseConfig(strings.ReplaceAll(place, "%", secret), ".")
			if cfg != nil {
				t.Errorf("%s: accepted", place)
			}
			for _, d := range found {
				asJSON, err := json.Marshal(d)
				if err != nil {
					t.Fatal(err)
				}
				if said := d.In(bot.English) + d.In(bot.TraditionalChinese) + string(asJSON); strings.Contains(said, sensitive) {
					t.Errorf("%s: repeats the secret: %s", place, said)
				}
			}
		}
	}
}
