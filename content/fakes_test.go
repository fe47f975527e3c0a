package content_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"sync"

	"cloudnative.tw/herald/content"
)

// lines is a Format whose files are "url" or "url words"; a file "bad" is a
// problem and a file "panic" panics.
type lines struct {
	entry string
	posts map[string]*content.Post
	bad   map[string]content.Problem
}

func newLines(entry string) *lines {
	return &lines{entry: entry, posts: map[string]*content.Post{}, bad: map[string]content.Problem{}}
}

func (f *lines) Wants(path string) bool { return strings.HasSuffix(path, ".md") }

func (f *lines) Update(changed []content.File, removed []string) ([]*content.Post, []content.Problem) {
	for _, path := range removed {
		delete(f.posts, path)
		delete(f.bad, path)
	}
	for _, file := range changed {
		delete(f.posts, file.Path)
		delete(f.bad, file.Path)
		switch url, _, _ := strings.Cut(string(file.Data), " "); url {
		case "panic":
			panic("no such page")
		case "bad":
			f.bad[file.Path] = content.Problem{File: file.Name, Line: 3, Err: errors.New("not a page")}
		default:
			f.posts[file.Path] = content.NewPost(content.Post{
				ID: content.ID{Entry: f.entry, Path: file.Path}, File: file.Name,
				URL: url, Hash: sha256.Sum256(file.Data),
			}, nil)
		}
	}
	posts := make([]*content.Post, 0, len(f.posts))
	for _, p := range f.posts {
		posts = append(posts, p)
	}
	problems := make([]content.Problem, 0, len(f.bad))
	for _, p := range f.bad {
		problems = append(problems, p)
	}
	return posts, problems
}

// hand is an Origin that a test moves by hand.
type hand struct {
	mu      sync.Mutex
	next    content.Change
	err     error
	panics  bool
	changed chan struct{}
}

func newHand(files ...string) *hand {
	h := &hand{changed: make(chan struct{})}
	h.put(files...)
	return h
}

// put adds files, given as path and data in turn.
func (h *hand) put(files ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for f := range slices.Chunk(files, 2) {
		h.next.Files = append(h.next.Files, content.File{Path: f[0], Name: "dir/" + f[0], Data: []byte(f[1])})
	}
}

func (h *hand) set(change func(h *hand)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change(h)
}

func (h *hand) Read(context.Context, func(string) bool) (content.Change, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.panics {
		h.panics = false
		panic("broken pack")
	}
	if h.err != nil {
		return content.Change{}, h.err
	}
	change := h.next
	h.next.Files, h.next.Removed = nil, nil
	return change, nil
}

func (h *hand) Watch(ctx context.Context, changed func()) {
	changed()
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.changed:
			changed()
		}
	}
}
