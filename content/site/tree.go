package site

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/markdown"
	"cloudnative.tw/herald/content/spool"
)

// source is a file that was read and can be read again.
type source struct {
	path, name string
	text       *spool.Text
}

func (s source) file() content.File {
	return content.File{Path: s.path, Name: s.name, Data: s.text.Bytes()}
}

// page is what one file became.
type page struct {
	source
	// url is "" for a file that the site makes no page of.
	url string
	// draft is the post without Hash; nil for a page that is no post.
	draft *content.Post
	// body is the source that draft is of, from bodyAt on its text: that of the
	// last file that could be read.
	body   *spool.Text
	bodyAt int
	// links are the destinations in body that depend on other files.
	links    []string
	problems []content.Problem
	// broken is whether the file cannot be read. The site cannot be built from it
	// either, so the page that is online is still the one before.
	broken bool

	sum  content.Hash  // of everything but where the links lead
	post *content.Post // nil for a page that is no post
}

// tree keeps the pages of one entry from update to update. It is the
// content.Format of every generator.
type tree struct {
	generator
	entry entry
	spool *spool.Spool
	pages map[string]*page // by path
	paths []string         // the sorted keys of pages; nil when out of date

	// Posts look up where their links lead while they are read, from any
	// goroutine.
	mu   sync.RWMutex
	urls map[string]string // by path
}

func newTree(e entry, g generator, s *spool.Spool) *tree {
	return &tree{generator: g, entry: e, spool: s, pages: make(map[string]*page), urls: make(map[string]string)}
}

func (t *tree) Wants(path string) bool { return t.wants(path) }

func (t *tree) Update(changed []content.File, removed []string) ([]*content.Post, []content.Problem) {
	moved := false
	read := make(map[string]unread, len(changed))
	for _, p := range removed {
		if t.shares(p) {
			t.learnFrom(content.File{Path: p})
			t.readAgain(path.Dir(p), read)
		}
		moved = t.put(p, nil) || moved
	}
	for _, f := range changed {
		if t.shares(f.Path) {
			t.put(f.Path, &page{source: source{path: f.Path, name: f.Name}, problems: t.learnFrom(f)})
			t.readAgain(path.Dir(f.Path), read)
		}
	}
	for _, f := range changed {
		if t.wants(f.Path) && !t.shares(f.Path) {
			read[f.Path] = unread{file: f}
		}
	}
	for _, p := range t.readAll(read) {
		moved = t.put(p.path, p) || moved
	}
	t.finish(read, moved)
	return t.all()
}

// unread is a file that is to become a page: one that just came, or the source
// of a page that is there.
type unread struct {
	file content.File
	page *page
}

// readAgain adds the pages below folder to read.
func (t *tree) readAgain(folder string, read map[string]unread) {
	for p, pg := range t.pages {
		if strings.HasPrefix(p, folder+"/") && !t.shares(p) {
			read[p] = unread{page: pg}
		}
	}
}

// readAll makes pages of files, on all cores. Each core takes every nth file:
// a goroutine for each would spend a tenth of the time on growing its stack.
func (t *tree) readAll(files map[string]unread) []*page {
	todo := slices.Collect(maps.Values(files))
	pages := make([]*page, len(todo))
	workers := min(runtime.GOMAXPROCS(0), len(todo))
	var wg sync.WaitGroup
	for first := range workers {
		wg.Go(func() {
			for i := first; i < len(todo); i += workers {
				pages[i] = t.readOne(todo[i])
			}
		})
	}
	wg.Wait()
	return pages
}

// learnFrom takes in a file that pages share.
func (t *tree) learnFrom(f content.File) []content.Problem {
	r := t.entry.reader(f)
	func() {
		defer r.recover()
		t.learn(r)
	}()
	return r.problems
}

// readOne makes a page of a file.
func (t *tree) readOne(u unread) *page {
	p := &page{broken: true}
	if u.page != nil {
		p.source = u.page.source
		u.file = p.file()
	} else {
		p.source = source{path: u.file.Path, name: u.file.Name, text: t.spool.Keep(u.file.Data)}
	}
	r := t.entry.reader(u.file)
	func() {
		defer r.recover()
		p.broken = !t.fill(p, r)
	}()
	p.problems = r.problems
	return p
}

// fill makes a page of what r reads, and reports whether it can be read.
func (t *tree) fill(p *page, r *pageReader) bool {
	front, body, ok := r.front()
	if !ok {
		return false
	}
	draft, unlisted := r.flag(front, "draft"), r.flag(front, "unlisted")
	if draft && unlisted {
		r.problem(front.get("unlisted"), "a page cannot be a draft and unlisted", "remove one of the two")
	}
	if draft {
		return true
	}
	post, ok := t.post(r, front, body)
	post.Unlisted = unlisted
	p.url = post.URL
	if ok {
		p.draft = &post
		p.body, p.bodyAt = p.text, len(r.file.Data)-len(body) // the body is the file's end
		p.links = destinations(body, t.leads)
		p.sum = fingerprint(r.file.Data, post)
	}
	return true
}

// fingerprint returns the hash of a page's source and of what was made of it.
func fingerprint(source []byte, p content.Post) content.Hash {
	p.File = "" // where it was found changes nothing on the page
	h := sha256.New()
	// A Post is plain data, so this cannot fail.
	_ = json.NewEncoder(h).Encode(p)
	h.Write(source)
	return content.Hash(h.Sum(nil))
}

// put makes p the page of the file at path, nil for none, and reports whether
// the file's URL is now another one. What stays as it was is kept.
func (t *tree) put(path string, p *page) (moved bool) {
	old := t.pages[path]
	switch {
	case p == nil && old == nil:
		return false
	case p == nil:
		delete(t.pages, path)
		t.paths = nil
		return t.setURL(path, "")
	case old == nil:
		t.paths = nil
	case p.broken && old.post != nil:
		old.source, old.problems = p.source, p.problems
		return false
	case p.draft != nil && old.post != nil && p.sum == old.sum:
		old.source, old.problems = p.source, p.problems
		old.text = old.body // the same
		return false
	}
	t.pages[path] = p
	return t.setURL(path, p.url)
}

// setURL records where the file at path is published, "" for nowhere, and
// reports whether that is new.
func (t *tree) setURL(path, url string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.urls[path] == url {
		return false
	}
	if url == "" {
		delete(t.urls, path)
	} else {
		t.urls[path] = url
	}
	return true
}

func (t *tree) lookup(path string) (string, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	url, ok := t.urls[path]
	return url, ok
}

// finish makes the posts of the pages that were read, and, when URLs moved, of
// those whose links lead elsewhere now.
func (t *tree) finish(read map[string]unread, moved bool) {
	for path := range read {
		t.finishPage(t.pages[path])
	}
	if !moved {
		return
	}
	for _, p := range t.pages {
		if len(p.links) > 0 {
			t.finishPage(p)
		}
	}
}

func (t *tree) finishPage(p *page) {
	if p.draft == nil {
		return
	}
	hash := p.sum
	options := t.options(p.draft, t.lookup)
	if len(p.links) > 0 {
		h := sha256.New()
		h.Write(p.sum[:])
		for _, dest := range p.links {
			url, _ := options.Link(dest)
			fmt.Fprintf(h, "%q", url)
		}
		hash = content.Hash(h.Sum(nil))
	}
	if p.post != nil && p.post.Hash == hash {
		return
	}
	post := *p.draft
	post.Hash = hash
	body, at := p.body, p.bodyAt
	p.post = content.NewPost(post, func() content.Body {
		text := body.Bytes()
		return markdown.Body(text[min(at, len(text)):], options)
	})
}

// all returns the posts and problems of the tree in the order of their paths.
func (t *tree) all() ([]*content.Post, []content.Problem) {
	if t.paths == nil {
		t.paths = slices.Sorted(maps.Keys(t.pages))
	}
	posts := make([]*content.Post, 0, len(t.paths))
	var problems []content.Problem
	for _, path := range t.paths {
		p := t.pages[path]
		if p.post != nil {
			posts = append(posts, p.post)
		}
		problems = append(problems, p.problems...)
	}
	return posts, problems
}
