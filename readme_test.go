package main

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot/discord"
)

var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

// readmeBoxes returns what stands in the README's boxes of a language.
func readmeBoxes(t *testing.T, language string) []string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var boxes []string
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		if m[1] == language {
			boxes = append(boxes, m[2])
		}
	}
	if len(boxes) == 0 {
		t.Fatalf("the README has no %s box", language)
	}
	return boxes
}

// TestReadmeTranscripts runs the commands of the README and compares what they
// print with what it says they do.
func TestReadmeTranscripts(t *testing.T) {
	for _, box := range readmeBoxes(t, "console") {
		for part := range strings.SplitSeq("\n"+box, "\n$ ") {
			if part = strings.TrimSpace(part); part == "" {
				continue
			}
			command, want, _ := strings.Cut(part, "\n")
			got := runReadme(t, command)
			if diff := cmp.Diff(want, strings.TrimRight(got, "\n")); diff != "" {
				t.Errorf("$ %s\n(-README +printed):\n%s", command, diff)
			}
		}
	}
}

func runReadme(t *testing.T, command string) string {
	t.Helper()
	args, ok := strings.CutPrefix(command, "go run . ")
	if !ok {
		t.Fatalf("the test knows only \"go run . …\", not %q", command)
	}
	cmd := exec.Command("herald", fields(args)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("$ %s: %v", command, err)
	}
	return string(out)
}

// fields parts the words of a command; those in double quotes are one.
func fields(s string) []string {
	var words []string
	for i, part := range strings.Split(s, `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

// readmeParts are what the README shows of a configuration, in its lists.
var readmeParts = regexp.MustCompile("(?ms)^   ```yaml\n(.*?)^   ```$")

// TestReadmeParts holds what the README shows of a configuration to the rules of
// config.yaml, beside a community and its blog.
func TestReadmeParts(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	parts := readmeParts.FindAllStringSubmatch(string(text), -1)
	if len(parts) != 2 {
		t.Errorf("the README shows %d parts of a configuration, want Discord's and Telegram's", len(parts))
	}
	for _, m := range parts {
		config := "community: {name: Example, language: en, timezone: Asia/Taipei}\n" +
			"content: {site: {path: ., format: docusaurus, url: \"https://example.org\", folders: {blog: blog}}}\n" +
			strings.ReplaceAll(m[1], "\n   ", "\n")[len("   "):]
		if _, found := parseConfig(config, "."); len(found) > 0 {
			t.Errorf("%v in\n%s", found, config)
		}
	}
}

// TestReadmeInvitation holds the README's link to the permissions that Herald
// uses.
func TestReadmeInvitation(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if link := discord.InviteURL("APPLICATION_ID"); !strings.Contains(string(text), " "+link+"\n") {
		t.Errorf("the README does not show %s", link)
	}
}

// TestReadmeConfig holds the README's configuration to the rules of config.yaml.
func TestReadmeConfig(t *testing.T) {
	for _, box := range readmeBoxes(t, "yaml") {
		if _, found := parseConfig(box, "."); len(found) > 0 {
			t.Errorf("%v in\n%s", found, box)
		}
	}
}
