package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/folder"
	"cloudnative.tw/herald/content/site"
)

// feedWindow is how many posts the site's feed shows.
const feedWindow = 12

// yearPost is a post that a test writes.
type yearPost struct {
	// mark stands in every title that the post ever has, and in no other.
	mark  string
	path  string
	title string
	// slug, date and summary are the front matter's, "" for none.
	slug, date, summary string
	body                string
	draft, unlisted     bool
	broken              bool // its front matter cannot be read
	gone                bool // its file is not there

	record
}

func (p *yearPost) visible() bool { return !p.draft && !p.unlisted && !p.gone }

func (p *yearPost) source() string {
	var b strings.Builder
	b.WriteString("---\n")
	fmt.Fprintf(&b, "title: %q\n", p.title)
	for _, field := range [][2]string{{"slug", p.slug}, {"date", p.date}, {"description", p.summary}} {
		if field[1] != "" {
			fmt.Fprintf(&b, "%s: %s\n", field[0], field[1])
		}
	}
	if p.draft {
		b.WriteString("draft: true\n")
	}
	if p.unlisted {
		b.WriteString("unlisted: true\n")
	}
	if p.broken {
		b.WriteString("tags: [never closed\n")
	}
	b.WriteString("---\n\n" + p.body + "\n")
	return b.String()
}

// yearSite is a community's site: a repository of posts, and the pages and the
// feed that were last built from it.
type yearSite struct {
	*testing.T
	clock *handClock
	dir   string
	repo  *gogit.Repository
	tree  *gogit.Worktree
	posts []*yearPost
	http  *httptest.Server

	generator *content.Library // what turns the tree into pages

	mu        sync.Mutex // guards what follows
	pages     map[string]*content.Post
	feed      []byte
	trouble   int  // the status that the feed answers with, or 0
	plainIDs  bool // the feed's ids are no addresses any more
	firstSeen map[string]time.Time
}

// newYearSite returns a site of the posts that ship with Herald and of some that
// this test makes, built.
func newYearSite(t *testing.T, clock *handClock) *yearSite {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("a repository on this machine needs git:", err)
	}
	s := &yearSite{
		T: t, clock: clock, dir: filepath.Join(quickDir(t), "site"),
		pages: make(map[string]*content.Post), firstSeen: make(map[string]time.Time),
	}
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.http.Close)
	var err error
	s.repo, err = gogit.PlainInitWithOptions(s.dir, &gogit.PlainInitOptions{
		InitOptions: gogit.InitOptions{DefaultBranch: "refs/heads/main"},
	})
	s.must(err)
	s.tree, err = s.repo.Worktree()
	s.must(err)
	for _, name := range []string{"blog", "docs"} {
		s.must(os.CopyFS(filepath.Join(s.dir, name), os.DirFS("content/posts/"+name)))
	}
	s.file("static/robots.txt", "User-agent: *\n")
	format, err := site.New("site", site.Config{
		Format: "docusaurus", URL: s.http.URL, Folders: map[string]string{"blog": "blog", "meetups": "docs/meetups"},
	}, nil)
	s.must(err)
	s.generator = content.NewLibrary([]content.Entry{{
		Name: "site", Sources: []string{"blog", "meetups"}, Origin: folder.New(s.dir, clock.now), Format: format,
	}}, clock.now, newLog(environment{log: &lockedLog{}, getenv: func(string) string { return "" }}))
	return s
}

func (s *yearSite) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *yearSite) file(name, text string) {
	s.Helper()
	name = filepath.Join(s.dir, filepath.FromSlash(name))
	s.must(os.MkdirAll(filepath.Dir(name), 0o755))
	s.must(os.WriteFile(name, []byte(text), 0o600))
}

func (s *yearSite) remove(name string) {
	s.Helper()
	s.must(os.Remove(filepath.Join(s.dir, filepath.FromSlash(name))))
}

// write puts a post into the tree as it is now; from is where it stood before.
func (s *yearSite) write(p *yearPost, from string) {
	s.Helper()
	p.changed = s.clock.now()
	if from != "" && (from != p.path || p.gone) {
		s.remove(from)
	}
	if !p.gone {
		s.file(p.path, p.source())
	}
}

// commit commits the tree as it stands.
func (s *yearSite) commit() plumbing.Hash {
	s.Helper()
	s.must(s.tree.AddWithOptions(&gogit.AddOptions{All: true}))
	hash, err := s.tree.Commit("docs: write", &gogit.CommitOptions{AllowEmptyCommits: true, Author: s.author()})
	s.must(err)
	return hash
}

func (s *yearSite) author() *gitobject.Signature {
	return &gitobject.Signature{Name: "Writer", Email: "writer@example.org", When: s.clock.now()}
}

// rewrite makes a history of one commit of the same tree.
func (s *yearSite) rewrite() {
	s.Helper()
	head, err := s.repo.Head()
	s.must(err)
	commit, err := s.repo.CommitObject(head.Hash())
	s.must(err)
	alone := gitobject.Commit{Author: *s.author(), Committer: *s.author(), Message: "docs: all of it", TreeHash: commit.TreeHash}
	o := s.repo.Storer.NewEncodedObject()
	s.must(alone.Encode(o))
	hash, err := s.repo.Storer.SetEncodedObject(o)
	s.must(err)
	s.must(s.repo.Storer.SetReference(plumbing.NewHashReference(head.Name(), hash)))
}

// back moves the branch back to a commit, and the tree with it.
func (s *yearSite) back(to plumbing.Hash) {
	s.Helper()
	s.must(s.tree.Reset(&gogit.ResetOptions{Commit: to, Mode: gogit.HardReset}))
}
