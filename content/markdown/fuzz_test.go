package markdown

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"cloudnative.tw/herald/content"
)

func FuzzBody(f *testing.F) {
	for _, test := range bodyTests {
		f.Add([]byte(test.page), !test.hugo)
	}
	for _, page := range goldenPages(f) {
		f.Add(page, true)
	}
	f.Fuzz(func(t *testing.T, page []byte, mdx bool) {
		b := Body(page, Options{MDX: mdx, Shortcodes: !mdx, Title: "T"})
		checkText(t, "excerpt", b.Excerpt)
		anchors := make(map[string]bool)
		for i, s := range b.Sections {
			if s.Level > 0 == (s.Heading == "") || i > 0 && s.Level == 0 {
				t.Errorf("section %d has level %d and heading %q", i, s.Level, s.Heading)
			}
			if anchors[s.Anchor] {
				t.Errorf("anchor %q twice", s.Anchor)
			}
			anchors[s.Anchor] = s.Level > 0
			checkText(t, "heading", s.Heading)
			checkText(t, "anchor", s.Anchor)
			for _, block := range s.Blocks {
				checkBlock(t, block)
			}
			for _, i := range s.Images {
				checkText(t, "alt", i.Alt)
				checkURL(t, i.URL)
			}
		}
	})
}

func checkBlock(t *testing.T, b content.Block) {
	t.Helper()
	if len(b.Runs) == 0 || b.Depth < 0 || b.Depth > maxDepth || b.Number < 0 {
		t.Errorf("block %+v", b)
	}
	for i, r := range b.Runs {
		checkText(t, "run", r.Text)
		if r.Text == "" || i > 0 && r.Style == b.Runs[i-1].Style && r.URL == b.Runs[i-1].URL {
			t.Errorf("run %d of %+v is empty or one with the run before it", i, b.Runs)
		}
		if r.URL != "" {
			checkURL(t, r.URL)
		}
	}
}

// checkText fails if text could confuse a reader or a platform.
func checkText(t *testing.T, what, text string) {
	t.Helper()
	if !utf8.ValidString(text) || clean(text) != text || strings.ContainsAny(text, lineBreak+truncateMark) {
		t.Errorf("%s %q is not clean", what, text)
	}
}

func checkURL(t *testing.T, u string) {
	t.Helper()
	if !isWeb(u) && !strings.HasPrefix(u, "mailto:") || strings.ContainsAny(u, " \n<>") {
		t.Errorf("URL %q", u)
	}
}

func FuzzHeading(f *testing.F) {
	for _, page := range goldenPages(f) {
		f.Add(page)
	}
	f.Add([]byte("# T {#t}\n"))
	f.Add([]byte("T\n=\n"))
	f.Add([]byte("\r\n# T <!-- a\nb --> c\n=\n"))
	f.Fuzz(func(t *testing.T, page []byte) {
		title, ok := Heading(page, Options{MDX: true})
		checkText(t, "heading", title)
		if ok != (title != "") {
			t.Errorf("heading %q, ok %v", title, ok)
		}
		if strings.Contains(title, "\n") {
			t.Errorf("heading %q has lines", title)
		}
		if all, _ := heading(page, Options{MDX: true}); all != title {
			t.Errorf("heading %q, of the whole page %q", title, all)
		}
	})
}

func goldenPages(f *testing.F) [][]byte {
	names, err := filepath.Glob("testdata/*.md")
	if err != nil {
		f.Fatal(err)
	}
	pages := make([][]byte, len(names))
	for i, name := range names {
		if pages[i], err = os.ReadFile(name); err != nil {
			f.Fatal(err)
		}
	}
	return pages
}
