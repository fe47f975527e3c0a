package markdown

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cloudnative.tw/herald/content"
)

// TestSharedPages reads real pages and looks for what must never reach a chat.
func TestSharedPages(t *testing.T) {
	root := os.Getenv("HERALD_SHARED")
	if root == "" {
		t.Skip("HERALD_SHARED names no directory with real pages")
	}
	pages := 0
	for _, tree := range []struct {
		dir string
		mdx bool
	}{{"site", true}, {"glossary", false}} {
		err := filepath.WalkDir(filepath.Join(root, tree.dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".md" {
				return err
			}
			source, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			pages++
			text := withoutFrontMatter(source)
			b := Body(text, Options{MDX: tree.mdx, Shortcodes: !tree.mdx, Link: on, Image: on})
			if testing.Verbose() {
				t.Logf("%s\n%s", path, dump(b))
			}
			checkPage(t, path, b)
			if len(bytes.TrimSpace(text)) > 0 && len(b.Sections) == 0 {
				t.Errorf("%s has no sections", path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if pages < 100 {
		t.Errorf("%d pages under %s, want at least 100", pages, root)
	}
}

var frontMatter = regexp.MustCompile(`(?s)\A---\s*\n.*?\n---[ \t]*(\n|\z)`)

func withoutFrontMatter(source []byte) []byte { return frontMatter.ReplaceAll(source, nil) }

func checkPage(t *testing.T, path string, b content.Body) {
	t.Helper()
	anchors := make(map[string]bool)
	for _, s := range b.Sections {
		if s.Level > 0 && (s.Anchor == "" || anchors[s.Anchor]) {
			t.Errorf("%s: anchor %q of %q is empty or not the only one", path, s.Anchor, s.Heading)
		}
		anchors[s.Anchor] = true
		for _, block := range s.Blocks {
			if block.Kind == content.Code {
				continue
			}
			for _, bad := range []string{"](", ":::", "<iframe", "{#", "import ", "{{", "<img", "**"} {
				if strings.Contains(block.Text(), bad) {
					t.Errorf("%s: %q in %q", path, bad, block.Text())
				}
			}
		}
	}
}
