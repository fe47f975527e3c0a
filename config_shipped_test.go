package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/schedule"
)

func TestShippedConfig(t *testing.T) {
	cfg, found := loadConfig("config.yaml")
	if cfg == nil || len(found) > 0 {
		t.Fatalf("config.yaml: %v", found)
	}
	if got, want := cfg.Content.names(), []string{"site", "terms"}; !slices.Equal(got, want) {
		t.Errorf("content %v, want %v in this order", got, want)
	}
	if got, want := cfg.Content[0].Value.Path, filepath.Join("content", "posts"); got != want {
		t.Errorf("path %q, want %q", got, want)
	}
	here := bot.Channel{
		Name:    "here",
		Address: bot.Address{Platform: bot.Console, Chat: consoleChat},
		Lang:    bot.TraditionalChinese,
	}
	if got := cfg.Channels.get("here"); got == nil || got.Channel != here {
		t.Errorf("channel %+v, want %+v", got, here)
	}
	if zone := cfg.Community.Zone; zone == nil || zone.String() != "Asia/Taipei" {
		t.Errorf("zone %v", zone)
	}
}

// TestShippedConfigExamples proves that the settings that stand in comments work
// when a moderator takes the "# " away.
func TestShippedConfigExamples(t *testing.T) {
	text, err := os.ReadFile("config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	terms := regexp.MustCompile(`(?m)^  terms:\n(    .*\n)+`)
	example := regexp.MustCompile(`(?m)^(  )?# (terms:|  \w+: |[\w-]+: \{)`)
	source := example.ReplaceAllString(terms.ReplaceAllString(string(text), ""), "$1$2")
	cfg, found := parseConfig(source, ".")
	if wrong(found) {
		t.Fatal(found)
	}
	if e := cfg.Content.get("terms"); e == nil || e.Git.URL == "" || e.Site.License != "CC BY 4.0" {
		t.Errorf("terms %+v", e)
	}
	if got := len(cfg.Sources); got != 5 {
		t.Errorf("%d sources, want every example", got)
	}
	if got, want := cfg.Announcements.names(), []string{"articles", "weekly", "k8s", "donations", "year-end", "calls", "versions"}; !slices.Equal(got, want) {
		t.Errorf("announcements %v, want %v", got, want)
	}
	if got, want := cfg.Channels.names(), []string{"here", "news", "forum", "tg", "group"}; !slices.Equal(got, want) {
		t.Errorf("channels %v, want %v", got, want)
	}
	if cfg.Moderators.Channel != "here" {
		t.Error("no moderators")
	}
}

// TestMinimalConfig proves that ten lines are a config and that everything else
// has its default.
func TestMinimalConfig(t *testing.T) {
	text, err := os.ReadFile("testdata/config/minimal.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(text), "\n"); lines > 10 {
		t.Errorf("%d lines", lines)
	}
	cfg, found := loadConfig("testdata/config/minimal.yaml")
	if len(found) > 0 {
		t.Fatal(found)
	}
	dir := filepath.Join("testdata", "config")
	want := map[string]string{
		"store":    filepath.Join(dir, "herald.db"),
		"path":     filepath.Join(dir, "posts"),
		"channel":  "console:console",
		"language": "zh-TW",
	}
	channel := cfg.Channels.get("here").Channel
	got := map[string]string{
		"store":    cfg.Store,
		"path":     cfg.Content.get("site").Path,
		"channel":  channel.String(),
		"language": string(channel.Lang),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestDocumentedAnnouncements reads what the example of the documentation means.
func TestDocumentedAnnouncements(t *testing.T) {
	cfg, found := loadConfig("testdata/config/good-announcements.yaml")
	if wrong(found) {
		t.Fatal(found)
	}
	if got := cfg.Announcements.get("k8s"); !slices.Equal(got.Mention, []string{"5555"}) || !slices.Equal(got.Only[0].Tags, []string{"k8s"}) {
		t.Errorf("k8s %+v", got)
	}
	if got := cfg.Sources.get("ironman").Feed.IThome; !slices.Equal(got, []string{"8001", "8002"}) {
		t.Errorf("ironman %v", got)
	}
	if got := cfg.Announcements.get("all"); got.MaxAge != 36*time.Hour || *got.WaitForPage != 0 || *got.Edit || *got.Retract {
		t.Errorf("all %+v", got)
	}
	if cfg.Channels.get("mods").QuietHours != (schedule.Quiet{}) || cfg.Channels.get("here").QuietHours != cfg.Community.QuietHours {
		t.Error("quiet hours are the community's, but where a channel has its own")
	}
	if got := cfg.identities().Was["year-end"]; got != "yearly" {
		t.Errorf("year-end was %q", got)
	}
}

// TestLoadConfigFiles tells of files that are no config.
func TestLoadConfigFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for _, test := range []struct {
		file string
		want phrase
		line int
	}{
		{filepath.Join(dir, "none.yaml"), noFile, 0},
		{write("big.yaml", strings.Repeat("#\n", maxConfigBytes)), tooBig, 0},
		{write("deep.yaml", "synonyms: "+strings.Repeat("[", maxConfigMarks)), tooBig, 0},
		{write("big5.yaml", "community:\n  name: \xa4\xa4\xa4\xe5\n"), notUTF8, 2},
		{write("blank.yaml", " \n\n"), emptyFile, 0},
	} {
		cfg, found := loadConfig(test.file)
		if cfg != nil || len(found) != 1 {
			t.Errorf("%s: %v %v", test.file, cfg, found)
			continue
		}
		if d := found[0]; d.What.In(bot.English) != test.want.en || d.Line != test.line || d.File != test.file {
			t.Errorf("%s: %v", test.file, d)
		}
	}
	if _, found := loadConfig(dir); !wrong(found) {
		t.Error("a folder is no config")
	}
}

func TestAnnouncementsOn(t *testing.T) {
	source := `
community: {name: Example, language: en, timezone: UTC}
content:
  site: {path: posts, format: docusaurus, url: https://example.org, folders: {blog: blog}}
channels: {tg: {telegram: t.me/example, language: zh-TW}, here: {console: true}}
announcements:
  second: {from: blog, to: tg}
  first: {from: blog, to: [tg, here]}
`
	cfg, found := parseConfig(source, ".")
	if wrong(found) {
		t.Fatal(found)
	}
	got := cfg.announcementsOn(func(p bot.Platform) bool { return p == bot.Console })
	here := announce.Channel{Channel: bot.Channel{
		Name: "here", Address: bot.Address{Platform: bot.Console, Chat: consoleChat}, Lang: bot.English,
	}}
	own := announce.Announcement{From: []string{"blog"}, Own: true, WaitForPage: 30 * time.Minute, Missing: bot.SayMissing, Templates: announce.Templates{}}
	second, first := own, own
	second.Name, first.Name, first.To = "second", "first", []announce.Channel{here}
	if diff := cmp.Diff([]announce.Announcement{second, first}, got, cmpopts.IgnoreUnexported(announce.Filter{}, schedule.Schedule{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestHugeConfigs proves that files of the greatest size are answered, whatever
// is wrong with them, with no more than a person might read.
func TestHugeConfigs(t *testing.T) {
	for name, source := range map[string]string{
		"one line":    "store: [" + strings.Repeat("，", maxConfigBytes/4),
		"wide colons": strings.Repeat("x： y\n", maxConfigMarks-1),
		"wide commas": "x: [\n" + strings.Repeat(strings.Repeat("，", 1000)+"\n", 300),
		"brackets":    strings.Repeat("[", maxConfigMarks),
		"same key":    strings.Repeat("a:\n", maxConfigMarks),
	} {
		_, found := parseConfig(source, ".")
		if len(found) == 0 || len(found) > maxConfigMarks+maxSlips {
			t.Errorf("%s: %d found", name, len(found))
		}
	}
}
