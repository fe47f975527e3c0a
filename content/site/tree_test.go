package site

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"cloudnative.tw/herald/content"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// site is a format under test and the posts of its last update, by path.
type site struct {
	t        *testing.T
	format   content.Format
	posts    map[string]*content.Post
	problems []content.Problem
}

func newSite(t *testing.T, cfg Config) *site {
	return &site{t: t, format: newFormat(t, cfg)}
}

// update gives the site the files path, data, path, data … and returns how many
// posts it has.
func (s *site) update(files ...string) int {
	s.t.Helper()
	var changed []content.File
	for i := 0; i < len(files); i += 2 {
		changed = append(changed, content.File{Path: files[i], Data: []byte(files[i+1])})
	}
	return s.set(s.format.Update(changed, nil))
}

func (s *site) remove(paths ...string) int {
	return s.set(s.format.Update(nil, paths))
}

func (s *site) set(posts []*content.Post, problems []content.Problem) int {
	s.t.Helper()
	s.posts, s.problems = make(map[string]*content.Post), problems
	for i, p := range posts {
		s.posts[p.Path] = p
		if i > 0 && posts[i-1].Path >= p.Path {
			s.t.Errorf("%s stands before %s", posts[i-1].Path, p.Path)
		}
	}
	return len(posts)
}

var docusaurusSite = Config{Format: "docusaurus", URL: "https://site.example"}

func TestUpdateKeepsWhatDidNotChange(t *testing.T) {
	s := newSite(t, docusaurusSite)
	s.update("blog/a.md", "# A\n", "blog/b.md", "# B\n", "docs/c.md", "# C\n")
	a, b := s.posts["blog/a.md"], s.posts["blog/b.md"]

	if n := s.update("blog/b.md", "# B2\n", "blog/a.md", "# A\n"); n != 3 {
		t.Fatalf("%d posts", n)
	}
	if s.posts["blog/a.md"] != a {
		t.Error("a post whose file was only touched is another one")
	}
	if got := s.posts["blog/b.md"]; got == b || got.Hash == b.Hash || got.Title != "B2" {
		t.Errorf("a changed post is still %+v", got)
	}
	if n := s.remove("blog/b.md", "blog/unknown.md"); n != 2 || s.posts["blog/b.md"] != nil {
		t.Errorf("%d posts after a removal", n)
	}
	if n := s.update(); n != 2 || s.posts["blog/a.md"] != a {
		t.Errorf("%d posts after nothing", n)
	}
	if n := s.update("blog/a.md", "---\ndraft: true\n---\n# A\n"); n != 1 {
		t.Errorf("%d posts after one became a draft", n)
	}
}

func TestUpdateOfSharedFiles(t *testing.T) {
	s := newSite(t, docusaurusSite)
	s.update("blog/a.md", "---\nauthors: ada\ntags: [k8s]\n---\n", "blog/b.md", "# B\n", "docs/c.md", "---\ntags: [k8s]\n---\n")
	if len(s.problems) != 1 {
		t.Errorf("problems without authors.yml: %v", s.problems)
	}
	b, c := s.posts["blog/b.md"], s.posts["docs/c.md"]
	unknown := s.posts["blog/a.md"].Hash

	s.update("blog/authors.yml", "ada: {name: Ada}\n", "blog/tags.yml", "k8s: {label: Kubernetes}\n")
	a := s.posts["blog/a.md"]
	if len(s.problems) != 0 || a.Hash == unknown || a.Authors[0].Name != "Ada" || a.Tags[0].Label != "Kubernetes" {
		t.Errorf("after authors.yml came: %+v, problems %v", a, s.problems)
	}
	if s.posts["blog/b.md"] != b || s.posts["docs/c.md"] != c {
		t.Error("posts that the shared files say nothing about changed")
	}

	s.update("blog/authors.yml", "ada: {name: @Ada}\n")
	if s.posts["blog/a.md"] != a || len(s.problems) != 1 || s.problems[0].File != "blog/authors.yml" || s.problems[0].Line != 1 {
		t.Errorf("a broken authors.yml: %v", s.problems)
	}

	s.remove("blog/authors.yml", "blog/tags.yml")
	if got := s.posts["blog/a.md"]; got.Authors[0].Name != "ada" || got.Tags[0].Label != "k8s" || got.Hash != unknown {
		t.Errorf("after authors.yml went: %+v", got)
	}
}

func TestBrokenFileKeepsItsLastPost(t *testing.T) {
	s := newSite(t, docusaurusSite)
	s.update("blog/a.md", "# A\n\nfirst\n", "blog/b.md", "# B\n")
	a := s.posts["blog/a.md"]
	if n := s.update("blog/a.md", "---\ntitle: @\n---\n"); n != 2 || s.posts["blog/a.md"] != a || len(s.problems) != 1 {
		t.Errorf("%d posts, problems %v", n, s.problems)
	}
	if n := s.update("blog/b.md", ""); n != 2 || s.posts["blog/b.md"].Title != "B" || len(s.problems) != 2 {
		t.Errorf("while a file is saved: %d posts, problems %v", n, s.problems)
	}
	s.update("blog/b.md", "# B\n")
	s.update("blog/authors.yml", "ada: {name: Ada}\n") // reads the broken file again
	if s.posts["blog/a.md"] != a || len(s.problems) != 1 {
		t.Errorf("after another reading: problems %v", s.problems)
	}
	if got := a.Body().Sections[0].Text(); got != "first" {
		t.Errorf("body %q", got)
	}
	s.update("blog/a.md", "# A\n\nfirst\n")
	s.update("blog/authors.yml", "ada: {name: Ada L.}\n")
	if len(s.problems) != 0 || s.posts["blog/a.md"] != a {
		t.Errorf("after it was mended: problems %v", s.problems)
	}
	if n := s.update("blog/c.md", "---\ntitle: @\n---\n"); n != 2 || len(s.problems) != 1 {
		t.Errorf("a new broken file: %d posts, problems %v", n, s.problems)
	}
}

func TestLinksFollowTheirPage(t *testing.T) {
	s := newSite(t, docusaurusSite)
	s.update("blog/from.md", "[it](./to.md) [out](https://example.org)\n", "blog/to.md", "# To\n", "blog/other.md", "[x](/y)\n")
	from, other := s.posts["blog/from.md"], s.posts["blog/other.md"]
	for _, step := range []struct {
		slug, want string
	}{
		{"moved", "https://site.example/blog/moved"},
		{"", ""},
		{"back", "https://site.example/blog/back"},
	} {
		if step.slug == "" {
			s.remove("blog/to.md")
		} else {
			s.update("blog/to.md", "---\nslug: "+step.slug+"\n---\n")
		}
		next := s.posts["blog/from.md"]
		if next.Hash == from.Hash {
			t.Errorf("to.md at %q: the page that links to it did not change", step.slug)
		}
		if got := linksOf(next)["it"]; got != step.want {
			t.Errorf("to.md at %q: link to %q", step.slug, got)
		}
		from = next
	}
	if s.posts["blog/other.md"] != other {
		t.Error("a page that does not link there changed")
	}
}

func TestHashIsStable(t *testing.T) {
	files := []string{"blog/authors.yml", "ada: {name: Ada}\n", "blog/a.md", "---\nauthors: ada\n---\n# A\n[x](b.md)\n", "blog/b.md", "# B\n"}
	one, two := newSite(t, docusaurusSite), newSite(t, docusaurusSite)
	one.update(files...)
	for i := len(files) - 2; i >= 0; i -= 2 {
		two.update(files[i], files[i+1])
	}
	for path, p := range one.posts {
		if two.posts[path].Hash != p.Hash {
			t.Errorf("%s: the hash depends on the order of reading", path)
		}
	}
	elsewhere := newSite(t, Config{Format: "docusaurus", URL: "https://other.example"})
	elsewhere.update(files...)
	if elsewhere.posts["blog/b.md"].Hash == one.posts["blog/b.md"].Hash {
		t.Error("the hash does not tell one site from another")
	}
}

// generatorThatPanics fails on files whose names say so.
type generatorThatPanics struct{ generator }

func (g generatorThatPanics) post(r *pageReader, front value, body []byte) (content.Post, bool) {
	if strings.Contains(r.file.Path, "bad") {
		panic("bad page")
	}
	return g.generator.post(r, front, body)
}

func (g generatorThatPanics) learn(*pageReader) { panic("bad names") }

func TestPanicCostsOneFile(t *testing.T) {
	e := newEntry("site", docusaurusSite)
	tree := newTree(e, generatorThatPanics{newDocusaurus(e)}, nil)
	posts, problems := tree.Update([]content.File{{Path: "blog/bad.md", Data: []byte("x")}, {Path: "blog/good.md", Data: []byte("x")}, {Path: "blog/authors.yml"}}, nil)
	if len(posts) != 1 || posts[0].Path != "blog/good.md" {
		t.Errorf("posts %v", posts)
	}
	var files []string
	for _, p := range problems {
		files = append(files, p.Entry+":"+p.File)
	}
	if want := []string{"site:blog/authors.yml", "site:blog/bad.md"}; !slices.Equal(files, want) {
		t.Errorf("problems of %v, want %v", files, want)
	}
}

func TestBodiesAreReadDuringUpdates(t *testing.T) {
	s := newSite(t, docusaurusSite)
	s.update("blog/from.md", "[it](to.md)\n", "blog/to.md", "# To\n")
	from := s.posts["blog/from.md"]
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				if len(from.Body().Sections) != 1 {
					t.Error("the text is lost")
				}
			}
		})
	}
	for i := range 50 {
		s.update("blog/to.md", fmt.Sprintf("---\nslug: to-%d\n---\n", i))
	}
	wg.Wait()
}
