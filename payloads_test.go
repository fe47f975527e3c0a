package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot/discord/discordtest"
	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

var update = flag.Bool("update", false, "write the golden files")

// payloads are what the platforms are sent, as goldens: testdata/pictures draws
// them as members see them.
const payloads = "testdata/payloads"

// golden compares what a platform is sent with a file.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join(payloads, filepath.FromSlash(name)+".json")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; write with -update, and look at it as a member would)\n%s", path, diff)
	}
}

// asked are commands that ship, by the names of their goldens.
var asked = map[string]string{
	"about": "/about", "authors": "/authors", "cfp": "/cfp", "donate": "/donate", "glossary": "/glossary 容器", "help": "/help",
	"id": "/id", "join": "/join", "latest": "/latest", "meetups": "/meetups 2023", "privacy": "/privacy", "recap": "/recap 2023",
	"recap_computed": "/recap 2020", "recap_none": "/recap 1999", "recap_section": "/recap 2023 7", "search": "/search 永續",
	"search_none": "/search zzzzqqqq", "sponsor": "/sponsor", "tags": "/tags", "unknown": "/recpa",
}

// TestAnswerPayloads asks every command that ships for what exactly the
// platforms are sent, in both languages.
func TestAnswerPayloads(t *testing.T) {
	for name, line := range asked {
		for _, platform := range []string{"discord", "telegram"} {
			for _, lang := range []string{"zh-TW", "en"} {
				var out bytes.Buffer
				execute(t.Context(), environment{
					args: []string{"ask", line, "--as", platform, "--locale", lang},
					in:   strings.NewReader(""), out: &out, err: io.Discard, log: io.Discard,
					getenv: func(string) string { return "" }, now: func() time.Time { return payloadTime },
				}) // the code tells whether there was an answer
				golden(t, platform+"/"+name+"."+lang, out.Bytes())
			}
		}
	}
}

// TestEveryCommandHasAPayload holds the list above to the table of commands.
func TestEveryCommandHasAPayload(t *testing.T) {
	cfg, found := loadConfig("config.yaml")
	if cfg == nil {
		t.Fatal(found)
	}
	a, err := newApp(environment{err: io.Discard, log: io.Discard, getenv: func(string) string { return "" }, now: time.Now}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	for _, spec := range a.commands.Specs() {
		if !spec.Hidden && asked[spec.Name] == "" {
			t.Errorf("/%s has no golden", spec.Name)
		}
	}
}

// payloadTime is when everything here is said: a Monday morning in Taipei.
var payloadTime = time.Date(2026, 12, 21, 10, 0, 0, 0, time.FixedZone("", 8*3600))

// spoken is a Herald with the configuration that ships, on both platforms, at
// payloadTime.
type spoken struct {
	*siege
	discord  *fakeDiscord
	telegram *fakeTelegram
	// What they were told that was looked at: requests of Discord, calls of
	// Telegram.
	requests, calls int
}

// payloadChannels take the place of the channels and announcements that ship.
const payloadChannels = `
channels:
  news: {discord: https://discord.com/channels/100000000000000001/200000000000000001}
  world: {discord: https://discord.com/channels/100000000000000001/200000000000000002, language: en}
  forum: {discord: https://discord.com/channels/100000000000000001/200000000000000003, tags: {cfp: 徵稿, other: 其他}}
  tg: {telegram: t.me/example_news}
  tg-world: {telegram: t.me/example_chat, topic: 42, language: en}
announcements:
  said: {from: [blog, meetups], to: [news, world, forum, tg, tg-world], wait_for_page: 0s, %s}
`

// speak begins with the content that ships. How the announcement speaks is said
// in the words of config.yaml.
func speak(t *testing.T, how string) *spoken {
	t.Helper()
	s := &spoken{siege: &siege{t: t, dir: t.TempDir()}}
	s.clock = filepath.Join(s.dir, "clock")
	s.env = []string{clockFile + "=" + s.clock, "LANG=C"}
	shipped, err := os.ReadFile("config.yaml")
	s.must(err)
	before, rest, ok := strings.Cut(string(shipped), "\nchannels:")
	_, after, ok2 := strings.Cut(rest, "\ncommands:")
	if !ok || !ok2 {
		t.Fatal("config.yaml has no channels and commands")
	}
	before = strings.Replace(before, "quiet: 22:00-08:00", "quiet: none", 1)
	s.write("config.yaml", before+fmt.Sprintf(payloadChannels, how)+"\ncommands:"+after)
	s.must(os.CopyFS(filepath.Join(s.dir, "content", "posts"), os.DirFS(filepath.Join("content", "posts"))))
	s.discord, err = newFakeDiscord()
	s.must(err)
	s.discord.Set(discordtest.Calm())
	s.discord.Serve(s.serve("DISCORD", discordtest.Token))
	s.telegram, err = newFakeTelegram(telegramtest.Knobs{})
	s.must(err)
	listener := s.serve("TELEGRAM", telegramtest.Token)
	go func() { s.telegram.served <- s.telegram.Serve(listener) }()
	t.Cleanup(func() { s.must((&fakes{s.discord, s.telegram}).end(s.dir)) })
	s.forward(time.Until(payloadTime))
	return s
}

// saying are the methods with which Telegram is told something.
var saying = []string{"sendMessage", "sendPhoto", "editMessageText", "editMessageCaption", "deleteMessage"}

// places are the channels by the numbers that they have on their platforms, and
// the goldens' names.
var payloadPlaces = map[string][2]string{
	"200000000000000001": {"discord", "zh-TW"}, "200000000000000002": {"discord", "en"}, "200000000000000003": {"discord", "forum"},
	"-1001000000001": {"telegram", "zh-TW"}, "-1001000000002": {"telegram", "en"},
}

// told returns what the places were told beyond the first so many of each
// platform.
func (s *spoken) told(discord, telegram int) (told map[[2]string]any, requests, calls int) {
	told = make(map[[2]string]any)
	all := s.discord.Requests()
	for _, r := range all[discord:] {
		part := strings.Split(r.Path, "/")
		renames := r.Method == http.MethodPatch && len(part) == 3
		if part[1] != "channels" || r.Method == http.MethodGet || renames || r.Status >= 300 {
			continue
		}
		place, ok := payloadPlaces[part[2]]
		if !ok {
			place = [2]string{"discord", "forum"} // one of its threads
		}
		said := map[string]any{"method": r.Method}
		if len(r.Body) > 0 {
			said["body"] = r.Body
		}
		told[place] = said
	}
	said := s.telegram.Calls(saying...)
	for _, c := range said[telegram:] {
		told[payloadPlaces[fmt.Sprint(c.Chat)]] = map[string]any{"method": c.Method, "params": c.Params}
	}
	return told, len(all), len(said)
}

// golden waits until all places were told something, and compares it.
func (s *spoken) golden(name string) {
	s.t.Helper()
	var told map[[2]string]any
	var requests, calls int
	if !happens(func() bool {
		told, requests, calls = s.told(s.requests, s.calls)
		return len(told) == len(payloadPlaces)
	}) {
		s.t.Fatalf("%s: only %v were told:\n%s", name, told, s.lives[0].out.all())
	}
	s.requests, s.calls = requests, calls
	for place, body := range told {
		var pretty bytes.Buffer
		encoder := json.NewEncoder(&pretty)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		s.must(encoder.Encode(body))
		golden(s.t, place[0]+"/"+name+"."+place[1], pretty.Bytes())
	}
}

const payloadPost = `---
title: "[Workshop] Kubernetes 1.35：*就地*調整資源 & 更多"
slug: workshop-in-place
authors: genekuo
tags: [kubernetes, workshop]
image: https://cloudnative.tw/img/KCD_2023.jpg
---

十二月的工作坊，我們一起動手試試 Kubernetes 1.35 的就地調整資源：不必重啟 Pod，就能改 CPU 和記憶體。帶著筆電來就可以參加，環境由我們準備好。
`

// TestAnnouncementPayloads says a post, its edit and its withdrawal through the
// configuration that ships.
func TestAnnouncementPayloads(t *testing.T) {
	s := speak(t, "silent: false")
	p := s.begin()
	s.must(p.see(regexp.MustCompile("this process answers commands")))
	s.write("content/posts/blog/2026-12-21-workshop.md", payloadPost)
	s.golden("article")
	s.write("content/posts/blog/2026-12-21-workshop.md", strings.ReplaceAll(payloadPost, "十二月", "十二月底"))
	s.must(p.see(regexp.MustCompile(`owed.*\n(.*\n)*.*owed`)))
	s.forward(61 * time.Second)
	s.golden("edit")
	s.must(os.Remove(filepath.Join(s.dir, "content", "posts", "blog", "2026-12-21-workshop.md")))
	s.must(p.see(regexp.MustCompile(`msg=owed`)))
	s.forward(301 * time.Second)
	s.golden("retraction")
	s.must(p.interrupt())
}

// TestDigestPayloads says what a day brought in one message.
func TestDigestPayloads(t *testing.T) {
	s := speak(t, "digest: true, schedule: daily 12:00")
	p := s.begin()
	s.must(p.see(regexp.MustCompile("this process answers commands")))
	for i, title := range []string{"[Workshop] 就地調整資源", "十二月 Meetup：Gateway API 與 eBPF", "Kubernetes Community Days Taipei 2027 開始徵稿啦！"} {
		s.write(fmt.Sprintf("content/posts/blog/2026-12-21-news-%d.md", i), fmt.Sprintf("---\ntitle: %q\n---\n內文。\n", title))
		s.must(p.see(regexp.MustCompile("msg=owed")))
	}
	s.forward(2*time.Hour + time.Minute)
	s.golden("digest")
	s.must(p.interrupt())
}
