package git

import (
	"bytes"
	"errors"
	"fmt"
	"sort"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/content"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

func TestConfigCheck(t *testing.T) {
	good := []string{
		"https://github.com/cncf/glossary", "https://me@github.com/cncf/glossary.git", "ssh://git@github.com/cncf/glossary",
		"git@github.com:cncf/glossary.git", "file:///srv/site.git", "/srv/site.git", "../site",
	}
	for _, address := range good {
		Config{URL: address, Dir: "content/zh-tw/", Every: time.Hour}.Check(func(path string, err error) {
			t.Errorf("%s: %s: %v", address, path, err)
		})
	}
	for _, test := range []struct {
		path string
		c    Config
	}{
		{"git", Config{}},
		{"git", Config{URL: "http://github.com/cncf/glossary"}},
		{"git", Config{URL: "git://github.com/cncf/glossary"}},
		{"git", Config{URL: "ftp://github.com/cncf/glossary"}},
		{"git", Config{URL: "https:///glossary"}},
		{"git", Config{URL: "https://me:hidden@github.com/cncf/glossary"}},
		{"git", Config{URL: "https://me:hidden@github.com:port/cncf/%zz"}},
		{"git", Config{URL: "https://github.com:hidden"}},
		{"dir", Config{URL: good[0], Dir: "../other"}},
		{"dir", Config{URL: good[0], Dir: "content//zh-tw"}},
		{"every", Config{URL: good[0], Every: time.Second}},
		{"every", Config{URL: good[0], Every: -time.Hour}},
	} {
		var paths []string
		test.c.Check(func(path string, err error) {
			paths = append(paths, path)
			if strings.Contains(err.Error(), "hidden") {
				t.Errorf("the error tells a password: %v", err)
			}
		})
		if len(paths) != 1 || paths[0] != test.path {
			t.Errorf("%+v: %v, want %s", test.c, paths, test.path)
		}
		if _, err := New(test.c, Options{}); err == nil {
			t.Errorf("New(%+v) is content", test.c)
		}
	}
}

// FuzzConfigCheck looks for a password in what Check says, and for panics.
func FuzzConfigCheck(f *testing.F) {
	for _, address := range []string{
		"https://me:%s@github.com/x", "git@github.com:x/%s", "ssh://[::1]:22/%s", "https://%%zz:%s@h", "//:%s@", "\x00:%s", "https://%%z%zz:%s",
	} {
		f.Add(address, "content/zh-tw")
	}
	f.Fuzz(func(t *testing.T, address, dir string) {
		const secret = "S3cr3tW0rd"
		c := Config{URL: strings.ReplaceAll(address, "%s", secret), Dir: dir}
		c.Check(func(path string, err error) {
			if path == "git" && strings.Contains(err.Error(), secret) && !strings.Contains(err.Error(), "git installed") {
				t.Errorf("Check tells the password: %v", err)
			}
		})
	})
}

func TestClonesOfDifferentConfigsAreApart(t *testing.T) {
	seen := make(map[string]bool)
	for _, c := range []Config{
		{URL: "https://example.org/a/site"}, {URL: "https://example.org/b/site"},
		{URL: "https://example.org/a/site", Ref: "next"}, {URL: "https://example.org/a/site", Dir: "blog"},
	} {
		cache := repository(t, c, Options{Cache: "/cache"}).cache
		if seen[cache] || !strings.HasPrefix(cache, "/cache/site-") {
			t.Errorf("%+v is at %s", c, cache)
		}
		seen[cache] = true
	}
}

func TestLargeFileCostsItself(t *testing.T) {
	a := newAuthor(t)
	a.commit("a.md", "one", "big.md", "small")
	r := repository(t, Config{URL: a.dir}, Options{Cache: t.TempDir()})
	read(t, r)
	a.commit("big.md", string(bytes.Repeat([]byte("x"), content.MaxFileSize+1)))
	want(t, "too large", fetch(t, r), "!big.md")
	a.commit("a.md", "two")
	want(t, "still too large", fetch(t, r), "!big.md", "a.md=two")
	a.commit("big.md", "small")
	want(t, "small again", fetch(t, r), "big.md=small")
}

// plant makes a commit of a tree with the entries, as no honest git would.
func (a *author) plant(entries ...object.TreeEntry) {
	a.Helper()
	sort.Sort(object.TreeEntrySorter(entries))
	commit := &object.Commit{TreeHash: a.store(&object.Tree{Entries: entries})}
	hash := a.store(commit)
	a.must(a.repo.Storer.SetReference(plumbing.NewHashReference("refs/heads/main", hash)))
}

type encoder interface {
	Encode(o plumbing.EncodedObject) error
}

func (a *author) store(e encoder) plumbing.Hash {
	a.Helper()
	o := a.repo.Storer.NewEncodedObject()
	a.must(e.Encode(o))
	hash, err := a.repo.Storer.SetEncodedObject(o)
	a.must(err)
	return hash
}

func (a *author) storeFile(data string) plumbing.Hash {
	a.Helper()
	o := a.repo.Storer.NewEncodedObject()
	o.SetType(plumbing.BlobObject)
	w, err := o.Writer()
	a.must(err)
	_, err = w.Write([]byte(data))
	a.must(err)
	a.must(w.Close())
	hash, err := a.repo.Storer.SetEncodedObject(o)
	a.must(err)
	return hash
}

func TestHostileTrees(t *testing.T) {
	a := newAuthor(t)
	a.commit("a.md", "one")
	r := repository(t, Config{URL: a.dir}, Options{Cache: t.TempDir()})
	read(t, r)
	file := a.storeFile("evil")
	up := a.store(&object.Tree{Entries: []object.TreeEntry{{Name: "up.md", Mode: filemode.Regular, Hash: file}}})

	a.plant(
		object.TreeEntry{Name: "..md", Mode: filemode.Regular, Hash: file},
		object.TreeEntry{Name: "b/../c.md", Mode: filemode.Regular, Hash: file},
		object.TreeEntry{Name: "link.md", Mode: filemode.Symlink, Hash: a.storeFile("/etc/passwd")},
		object.TreeEntry{Name: "site", Mode: filemode.Submodule, Hash: plumbing.NewHash(strings.Repeat("1", 40))},
		object.TreeEntry{Name: "x\xff.md", Mode: filemode.Regular, Hash: file},
		object.TreeEntry{Name: "..", Mode: filemode.Dir, Hash: up},
	)
	change := fetch(t, r)
	for _, f := range change.Files {
		if f.Path != "..md" {
			t.Errorf("read %q", f.Path)
		}
	}
	if len(change.Problems) != 2 {
		t.Errorf("problems: %v", change.Problems)
	}

	bomb := up
	for range 8 {
		tree := &object.Tree{}
		for n := range 10 {
			tree.Entries = append(tree.Entries, object.TreeEntry{Name: fmt.Sprint(n), Mode: filemode.Dir, Hash: bomb})
		}
		bomb = a.store(tree)
	}
	a.plant(object.TreeEntry{Name: "bomb", Mode: filemode.Dir, Hash: bomb})
	deep := up
	for range 2 * maxDepth {
		deep = a.store(&object.Tree{Entries: []object.TreeEntry{{Name: "d", Mode: filemode.Dir, Hash: deep}}})
	}
	for _, tree := range []plumbing.Hash{bomb, deep} {
		a.plant(object.TreeEntry{Name: "d", Mode: filemode.Dir, Hash: tree})
		if err := r.Fetch(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Read(t.Context(), pages); !errors.Is(err, content.ErrTreeTooLarge) {
			t.Errorf("err = %v", err)
		}
	}
}

func TestTagOfNoCommit(t *testing.T) {
	a := newAuthor(t)
	a.commit("a.md", "one")
	_, err := a.repo.CreateTag("file", a.storeFile("x"), nil)
	a.must(err)
	r := repository(t, Config{URL: a.dir, Ref: "file"}, Options{Cache: t.TempDir()})
	if _, err := r.Read(t.Context(), pages); err == nil || !strings.Contains(err.Error(), "not a commit") {
		t.Errorf("err = %v", err)
	}
}

func tenThousand(b *testing.B) *author {
	a := newAuthor(b)
	body := strings.Repeat("雲端原生 cloud native ", 170)
	tree := &object.Tree{}
	for n := range 10_000 {
		tree.Entries = append(tree.Entries, object.TreeEntry{
			Name: fmt.Sprintf("%05d.md", n), Mode: filemode.Regular, Hash: a.storeFile(fmt.Sprint(n, body)),
		})
	}
	a.plant(tree.Entries...)
	return a
}

func BenchmarkLoad10k(b *testing.B) {
	a := tenThousand(b)
	o := Options{Cache: b.TempDir()}
	if err := repository(b, Config{URL: a.dir}, o).Fetch(b.Context()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r := repository(b, Config{URL: a.dir}, o)
		if c, err := r.Read(b.Context(), pages); err != nil || len(c.Files) != 10_000 {
			b.Fatal(len(c.Files), err)
		}
	}
}

// BenchmarkChangeOne10k is a fetch from this machine and the reading of one new
// commit.
func BenchmarkChangeOne10k(b *testing.B) {
	a := tenThousand(b)
	r := repository(b, Config{URL: a.dir}, Options{Cache: b.TempDir()})
	if _, err := r.Read(b.Context(), pages); err != nil {
		b.Fatal(err)
	}
	head, err := a.repo.Reference("refs/heads/main", true)
	a.must(err)
	parent, err := a.repo.CommitObject(head.Hash())
	a.must(err)
	tree, err := parent.Tree()
	a.must(err)
	n := 0
	for b.Loop() {
		b.StopTimer()
		n++
		tree.Entries[5000].Hash = a.storeFile(fmt.Sprint("round ", n))
		next := &object.Commit{TreeHash: a.store(tree), ParentHashes: []plumbing.Hash{parent.Hash}}
		parent.Hash = a.store(next)
		a.must(a.repo.Storer.SetReference(plumbing.NewHashReference("refs/heads/main", parent.Hash)))
		b.StartTimer()
		if err := r.Fetch(b.Context()); err != nil {
			b.Fatal(err)
		}
		if c, err := r.Read(b.Context(), pages); err != nil || len(c.Files) != 1 {
			b.Fatal(len(c.Files), err)
		}
	}
}
