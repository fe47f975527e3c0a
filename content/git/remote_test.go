package git

import (
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloudnative.tw/herald/content"
	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// author writes a repository.
type author struct {
	testing.TB
	dir  string
	repo *gogit.Repository
	tree *gogit.Worktree
}

func newAuthor(t testing.TB) *author {
	t.Helper()
	a := &author{TB: t, dir: filepath.Join(t.TempDir(), "site")}
	var err error
	a.repo, err = gogit.PlainInitWithOptions(a.dir, &gogit.PlainInitOptions{
		InitOptions: gogit.InitOptions{DefaultBranch: "refs/heads/main"},
	})
	a.must(err)
	a.tree, err = a.repo.Worktree()
	a.must(err)
	return a
}

func (a *author) must(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

// commit writes the files, given as path and data in turn, and commits all.
func (a *author) commit(files ...string) plumbing.Hash {
	a.Helper()
	for f := range slices.Chunk(files, 2) {
		name := filepath.Join(a.dir, f[0])
		a.must(os.MkdirAll(filepath.Dir(name), 0o755))
		a.must(os.WriteFile(name, []byte(f[1]), 0o644))
	}
	a.must(a.tree.AddWithOptions(&gogit.AddOptions{All: true}))
	hash, err := a.tree.Commit("docs: write", &gogit.CommitOptions{
		AllowEmptyCommits: true,
		Author:            &object.Signature{Name: "Writer", Email: "writer@example.org", When: time.Unix(1690700000, 0)},
	})
	a.must(err)
	return hash
}

func (a *author) remove(path string) { a.must(os.RemoveAll(filepath.Join(a.dir, path))) }

// host serves the author's repository over https.
type host struct {
	*httptest.Server
	down  atomic.Bool
	token atomic.Pointer[string] // that it wants, if not nil
	seen  atomic.Int64           // requests
	told  atomic.Int64           // requests with a password
}

func serve(t *testing.T, a *author) *host {
	t.Helper()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("a git server needs git:", err)
	}
	backend := &cgi.Handler{
		Path: git, Args: []string{"http-backend"},
		Env: []string{"GIT_PROJECT_ROOT=" + filepath.Dir(a.dir), "GIT_HTTP_EXPORT_ALL=1"},
	}
	h := &host{}
	h.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		h.seen.Add(1)
		_, password, ok := req.BasicAuth()
		if ok {
			h.told.Add(1)
		}
		switch want := h.token.Load(); {
		case h.down.Load():
			http.Error(w, strings.Repeat("<h1>the host is down</h1>", 1000), http.StatusServiceUnavailable)
		case want != nil && password != *want:
			w.Header().Set("WWW-Authenticate", "Basic")
			http.Error(w, "go away", http.StatusUnauthorized)
		default:
			backend.ServeHTTP(w, req)
		}
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *host) options(t *testing.T) Options {
	return Options{Cache: filepath.Join(t.TempDir(), "cache"), HTTP: h.Client()}
}

func (h *host) address() string { return h.URL + "/site/.git" }

func repository(t testing.TB, c Config, o Options) *Repository {
	t.Helper()
	r, err := New(c, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func pages(path string) bool { return strings.HasSuffix(path, ".md") }

// told tells a change as "path=data", "-path" and "!path".
func told(change content.Change) []string {
	s := []string{}
	for _, f := range change.Files {
		s = append(s, f.Path+"="+string(f.Data))
	}
	for _, path := range change.Removed {
		s = append(s, "-"+path)
	}
	for _, p := range change.Problems {
		path, _, _ := strings.Cut(p.File, "@")
		s = append(s, "!"+path)
	}
	slices.Sort(s)
	return s
}

func read(t *testing.T, r *Repository) content.Change {
	t.Helper()
	change, err := r.Read(t.Context(), pages)
	if err != nil {
		t.Fatal(err)
	}
	return change
}

func want(t *testing.T, step string, change content.Change, want ...string) {
	t.Helper()
	slices.Sort(want)
	if diff := cmp.Diff(append([]string{}, want...), told(change)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", step, diff)
	}
}

// fetch fetches and reads.
func fetch(t *testing.T, r *Repository) content.Change {
	t.Helper()
	if err := r.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	return read(t, r)
}

// Every way to a remote gives the same.
func TestRemotes(t *testing.T) {
	a := newAuthor(t)
	first := a.commit("a.md", "one", "meetups/聚會.md", "meet", "picture.png", "png",
		".github/x.md", "hidden", "node_modules/y/README.md", "foreign")
	ways := []struct {
		name    string
		address func(t *testing.T) (string, Options)
	}{
		{"https", func(t *testing.T) (string, Options) {
			h := serve(t, a)
			return h.address(), h.options(t)
		}},
		{"ssh", func(t *testing.T) (string, Options) { return serveSSH(t, a) }},
		{"path", func(t *testing.T) (string, Options) { return a.dir, Options{Cache: t.TempDir()} }},
		{"file", func(t *testing.T) (string, Options) { return "file://" + a.dir, Options{Cache: t.TempDir()} }},
	}
	type step struct {
		name string
		want []string
		do   func() plumbing.Hash
	}
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			head, err := a.repo.Head()
			a.must(err)
			if head.Hash() != first {
				a.must(a.tree.Reset(&gogit.ResetOptions{Commit: first, Mode: gogit.HardReset}))
			}
			address, options := way.address(t)
			r := repository(t, Config{URL: address}, options)
			change := read(t, r)
			want(t, "the first time", change, "a.md=one", "meetups/聚會.md=meet")
			if change.Revision != first.String() || change.Files[1].Name != "meetups/聚會.md@"+first.String()[:7] {
				t.Errorf("revision %s, name %s", change.Revision, change.Files[1].Name)
			}
			want(t, "nothing new", fetch(t, r))
			for _, s := range []step{
				{name: "added and changed", want: []string{"a.md=two", "b.md=new"}, do: func() plumbing.Hash {
					return a.commit("a.md", "two", "b.md", "new")
				}},
				{name: "removed and renamed", want: []string{"-b.md", "-meetups/聚會.md", "meetups/2023/聚會.md=meet"}, do: func() plumbing.Hash {
					a.remove("b.md")
					a.remove("meetups/聚會.md")
					return a.commit("meetups/2023/聚會.md", "meet")
				}},
				{name: "force-pushed", want: []string{"-meetups/2023/聚會.md", "a.md=forced", "meetups/聚會.md=meet"}, do: func() plumbing.Hash {
					a.must(a.tree.Reset(&gogit.ResetOptions{Commit: first, Mode: gogit.HardReset}))
					return a.commit("a.md", "forced")
				}},
				{name: "moved back", want: []string{"a.md=one"}, do: func() plumbing.Hash {
					a.must(a.tree.Reset(&gogit.ResetOptions{Commit: first, Mode: gogit.HardReset}))
					return first
				}},
			} {
				hash := s.do()
				change := fetch(t, r)
				want(t, s.name, change, s.want...)
				if change.Revision != hash.String() || change.Stale != nil {
					t.Errorf("%s: revision %s, stale %v", s.name, change.Revision, change.Stale)
				}
			}
			again := repository(t, Config{URL: address}, options)
			want(t, "after a restart", read(t, again), "a.md=one", "meetups/聚會.md=meet")
		})
	}
}

func TestRefs(t *testing.T) {
	a := newAuthor(t)
	old := a.commit("a.md", "old")
	_, err := a.repo.CreateTag("light", old, nil)
	a.must(err)
	_, err = a.repo.CreateTag("v1.0", old, &gogit.CreateTagOptions{
		Message: "first", Tagger: &object.Signature{Name: "Writer", When: time.Unix(1690700000, 0)},
	})
	a.must(err)
	draft := a.commit("a.md", "draft")
	a.must(a.repo.Storer.SetReference(plumbing.NewHashReference("refs/heads/topic/draft", draft)))
	a.commit("a.md", "new")
	h := serve(t, a)
	for ref, wanted := range map[string]string{
		"": "new", "main": "new", "refs/heads/main": "new", "topic/draft": "draft",
		"light": "old", "v1.0": "old", old.String(): "old", draft.String(): "draft",
	} {
		r := repository(t, Config{URL: h.address(), Ref: ref}, h.options(t))
		want(t, "ref "+ref, fetch(t, r), "a.md="+wanted)
		want(t, "ref "+ref+" again", fetch(t, r))
	}
	for _, ref := range []string{"gone", old.String()[:7], strings.Repeat("1", 40)} {
		r := repository(t, Config{URL: h.address(), Ref: ref}, h.options(t))
		if _, err := r.Read(t.Context(), pages); err == nil || !strings.Contains(err.Error(), ref) {
			t.Errorf("ref %s: %v", ref, err)
		}
	}

	// A commit that is at hand needs no remote.
	o := h.options(t)
	read(t, repository(t, Config{URL: h.address(), Ref: old.String()}, o))
	h.down.Store(true)
	want(t, "commit without remote", fetch(t, repository(t, Config{URL: h.address(), Ref: old.String()}, o)), "a.md=old")
}

func TestDir(t *testing.T) {
	a := newAuthor(t)
	a.commit("content/zh-tw/container.md", "容器", "content/en/container.md", "container", "content/file", "x")
	h := serve(t, a)
	r := repository(t, Config{URL: h.address(), Dir: "/content/zh-tw/"}, h.options(t))
	change := read(t, r)
	want(t, "a directory", change, "container.md=容器")
	if name, _, _ := strings.Cut(change.Files[0].Name, "@"); name != "content/zh-tw/container.md" {
		t.Errorf("name = %s", name)
	}
	a.commit("content/en/pod.md", "pod")
	want(t, "a change elsewhere", fetch(t, r))

	a.remove("content/zh-tw")
	a.commit()
	if err := r.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if change, err := r.Read(t.Context(), pages); err == nil || len(change.Removed) > 0 || !strings.Contains(err.Error(), "content/zh-tw") {
		t.Errorf("a directory that is gone: %v, %v", change, err)
	}
	a.commit("content/zh-tw/container.md", "貨櫃")
	want(t, "it is back", fetch(t, r), "container.md=貨櫃")

	for _, dir := range []string{"nowhere", "content/file", "content/zh-tw/deeper"} {
		r := repository(t, Config{URL: h.address(), Dir: dir}, h.options(t))
		if _, err := r.Read(t.Context(), pages); err == nil || !strings.Contains(err.Error(), "has no directory "+dir) {
			t.Errorf("dir %s: %v", dir, err)
		}
	}
}
