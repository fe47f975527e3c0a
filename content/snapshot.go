package content

import (
	"slices"
	"strings"
	"time"
)

// Snapshot is all posts at one moment. It never changes and may be read from
// any goroutine. The zero value and nil hold no posts.
type Snapshot struct {
	posts    []*Post
	problems []Problem
	entries  []EntryState
	byID     map[ID]*Post
}

// EntryState is how one content entry stands in a snapshot.
type EntryState struct {
	// Entry is the entry's name in config.yaml.
	Entry string
	// Sources are the names of the entry's sources (Post.Source).
	Sources []string
	// Revision names the state that was read: a commit's hash, or "" for a folder.
	Revision string
	// Read is when the tree that the posts are of was read whole; zero if none
	// ever was, and then the entry's posts are missing, not gone.
	Read time.Time
	// Err is why the last attempt to read failed, or why the tree may be older
	// than the one at its origin; nil if all is well. Posts are those of the
	// last good tree.
	Err error
}

// NewSnapshot returns a snapshot of posts, which it sorts newest first, undated
// ones last, equal dates by path.
func NewSnapshot(posts []*Post, problems []Problem, entries []EntryState) *Snapshot {
	posts = slices.Clone(posts)
	slices.SortFunc(posts, newestFirst)
	byID := make(map[ID]*Post, len(posts))
	for _, p := range posts {
		byID[p.ID] = p
	}
	return &Snapshot{posts: posts, problems: problems, entries: entries, byID: byID}
}

func newestFirst(a, b *Post) int {
	if c := b.Date.Compare(a.Date); c != 0 {
		return c
	}
	if c := strings.Compare(a.Path, b.Path); c != 0 {
		return c
	}
	return strings.Compare(a.Entry, b.Entry)
}

// Posts returns every post, unlisted ones too, newest first. The caller must
// not change the slice.
func (s *Snapshot) Posts() []*Post {
	if s == nil {
		return nil
	}
	return s.posts
}

// Listed returns the posts that stand in lists, newest first.
func (s *Snapshot) Listed() []*Post {
	if s == nil {
		return nil
	}
	listed := make([]*Post, 0, len(s.posts))
	for _, p := range s.posts {
		if !p.Unlisted {
			listed = append(listed, p)
		}
	}
	return listed
}

// Post returns the post with that identity, or nil.
func (s *Snapshot) Post(id ID) *Post {
	if s == nil {
		return nil
	}
	return s.byID[id]
}

// Problems returns what is wrong with single files. The caller must not change
// the slice.
func (s *Snapshot) Problems() []Problem {
	if s == nil {
		return nil
	}
	return s.problems
}

// Entries returns how each content entry stands, in the order of config.yaml.
// The caller must not change the slice.
func (s *Snapshot) Entries() []EntryState {
	if s == nil {
		return nil
	}
	return s.entries
}
