package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"cloudnative.tw/herald/content"
)

const (
	// batch is how many posts are written before searches get their turn, and
	// mergePages how many pages of the index are merged.
	batch      = 16
	mergePages = 500
)

// Update makes the index hold exactly the listed ones of posts, of which only
// those are read whose hash or source changed. Until it returns, searches see
// the posts of the update before. If ctx ends the index stays as it was.
func (ix *Index) Update(ctx context.Context, posts []*content.Post) error {
	ix.updating.Lock()
	defer ix.updating.Unlock()
	posts = slices.DeleteFunc(slices.Clone(posts), func(p *content.Post) bool { return p.Unlisted })
	if err := ix.repair(ctx, ix.update(ctx, posts), posts); err != nil {
		return fmt.Errorf("update the search index: %w", err)
	}
	return nil
}

// difference is what an update has to do.
type difference struct {
	fresh []*content.Post
	gone  []row
	// rows are the posts as they stand afterwards.
	rows map[content.ID]row
	// words are the changes of how many posts have a word.
	words map[string]int
}

// difference compares posts with what is stored and numbers the new rows:
// older posts lower, so that the newest of many hits are read first.
func (ix *Index) difference(posts []*content.Post) difference {
	d := difference{rows: make(map[content.ID]row, len(posts)), words: make(map[string]int)}
	var last int64
	for _, r := range ix.stored {
		last = max(last, r.id)
	}
	for _, p := range slices.Backward(posts) {
		if _, twice := d.rows[p.ID]; twice {
			continue
		}
		r, ok := ix.stored[p.ID]
		if !ok || r.hash != p.Hash || r.source != p.Source {
			last++
			r = row{id: last, source: p.Source, hash: p.Hash}
			d.fresh = append(d.fresh, p)
		}
		d.rows[p.ID] = r
	}
	for id, r := range ix.stored {
		if d.rows[id].id != r.id {
			d.gone = append(d.gone, r)
		}
	}
	return d
}

// update is Update with updating held, of listed posts, and without repair.
func (ix *Index) update(ctx context.Context, posts []*content.Post) error {
	d := ix.difference(posts)
	if len(d.fresh) == 0 && len(d.gone) == 0 {
		return ix.use(ctx, func(ctx context.Context, db *database) error { return ix.publish(ctx, db, posts, d) })
	}
	if err := ix.use(ctx, exec("BEGIN")); err != nil {
		return err
	}
	err := ix.insert(ctx, d)
	if err == nil {
		err = ix.use(ctx, func(ctx context.Context, db *database) error {
			if err := db.finish(ctx, d); err != nil {
				return err
			}
			return ix.publish(ctx, db, posts, d)
		})
	}
	if err != nil {
		return errors.Join(err, ix.use(context.WithoutCancel(ctx), exec("ROLLBACK")))
	}
	ix.scattered = ix.scattered || 2*len(d.fresh) > len(d.rows)
	return nil
}

func exec(sql string) func(context.Context, *database) error {
	return func(ctx context.Context, db *database) error {
		_, err := db.ExecContext(ctx, sql)
		return err
	}
}

// insert reads the fresh posts on all processors and writes them.
func (ix *Index) insert(ctx context.Context, d difference) error {
	ctx, stop := context.WithCancel(ctx)
	documents := analyze(ctx, d.fresh)
	defer func() {
		stop()
		for range documents { // until its goroutines have ended
		}
	}()
	for done := 0; done < len(d.fresh); done += batch {
		var docs []document
		for range min(batch, len(d.fresh)-done) {
			doc, ok := <-documents
			if !ok {
				return ctx.Err()
			}
			docs = append(docs, doc)
			for _, w := range doc.words {
				d.words[w]++
			}
		}
		err := ix.use(ctx, func(ctx context.Context, db *database) error { return db.insert(ctx, docs, d.rows) })
		if err != nil {
			return err
		}
	}
	return nil
}

// Merge makes searches faster after an Update that wrote most of the index, and
// does nothing after others. Searches get their turn meanwhile. If ctx ends the
// rest is left for the next time.
//
// Such an update leaves the index in many segments, in each of which every word
// is looked up; for single changes FTS5 sees to it itself
// (https://www.sqlite.org/fts5.html#the_merge_command).
func (ix *Index) Merge(ctx context.Context) error {
	ix.updating.Lock()
	defer ix.updating.Unlock()
	if !ix.scattered {
		return nil
	}
	pages := -mergePages // all segments, then on with that
	for merging := true; merging; pages = mergePages {
		err := ix.use(ctx, func(ctx context.Context, db *database) (err error) {
			merging, err = db.merge(ctx, pages)
			return err
		})
		if err != nil {
			return fmt.Errorf("merge the search index: %w", err)
		}
	}
	ix.scattered = false
	return nil
}

// analyze returns a channel of the documents of posts, in no certain order. It
// is closed when there are no more or ctx has ended.
func analyze(ctx context.Context, posts []*content.Post) <-chan document {
	todo := make(chan *content.Post)
	documents := make(chan document, batch)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(posts)) {
		workers.Go(func() {
			a := newAnalyzer()
			for p := range todo {
				select {
				case documents <- a.document(p):
				case <-ctx.Done():
				}
			}
		})
	}
	workers.Go(func() {
		defer close(todo)
		for _, p := range posts {
			select {
			case todo <- p:
			case <-ctx.Done():
				return
			}
		}
	})
	go func() {
		workers.Wait()
		close(documents)
	}()
	return documents
}

func (db *database) insert(ctx context.Context, docs []document, rows map[content.ID]row) error {
	for _, d := range docs {
		r := rows[d.post.ID]
		if _, err := db.insertPost.ExecContext(ctx, r.id, d.post.Entry, d.post.Path, r.source, r.hash[:]); err != nil {
			return err
		}
		if _, err := db.insertWords.ExecContext(ctx, r.id, strings.Join(d.words, " ")); err != nil {
			return err
		}
		_, err := db.insertText.ExecContext(ctx, r.id, d.title, d.labels, d.body, sourceToken(r.source))
		if err != nil {
			return err
		}
	}
	return nil
}

// merge merges so many pages, and reports whether there was anything to merge.
func (db *database) merge(ctx context.Context, pages int) (bool, error) {
	const changes = "SELECT total_changes()"
	var before, after int
	if err := db.QueryRowContext(ctx, changes).Scan(&before); err != nil {
		return false, err
	}
	if _, err := db.ExecContext(ctx, "INSERT INTO texts (texts, rank) VALUES ('merge', ?)", pages); err != nil {
		return false, err
	}
	err := db.QueryRowContext(ctx, changes).Scan(&after)
	return after-before >= 2, err // the statement itself is one
}

// finish removes the rows that are gone, counts the words and commits.
func (db *database) finish(ctx context.Context, d difference) error {
	for _, r := range d.gone {
		var words string
		if err := db.QueryRowContext(ctx, "DELETE FROM post_words WHERE id = ? RETURNING words", r.id).Scan(&words); err != nil {
			return err
		}
		for _, w := range strings.Fields(words) {
			d.words[w]--
		}
		if _, err := db.ExecContext(ctx, "DELETE FROM posts WHERE id = ?", r.id); err != nil {
			return err
		}
		if _, err := db.ExecContext(ctx, "DELETE FROM texts WHERE rowid = ?", r.id); err != nil {
			return err
		}
	}
	changes, err := json.Marshal(d.words)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `INSERT INTO words (word, posts) SELECT key, value FROM json_each(?) WHERE value <> 0
		ON CONFLICT DO UPDATE SET posts = posts + excluded.posts`, string(changes))
	if err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, "DELETE FROM words WHERE posts <= 0"); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "COMMIT")
	return err
}

// publish makes posts the ones that are searched. It is called with the
// database in use.
func (ix *Index) publish(ctx context.Context, db *database, posts []*content.Post, d difference) error {
	old := ix.state.Load()
	words := old.words
	if words == nil { // the first update
		var err error
		if words, err = db.vocabulary(ctx); err != nil {
			return err
		}
	} else if len(d.words) > 0 {
		words = words.with(d.words)
	}
	s := &state{entries: make([]entry, 0, len(posts)), byRow: make(map[int64]*entry, len(posts)), words: words}
	for _, p := range posts {
		r := d.rows[p.ID]
		if _, twice := s.byRow[r.id]; twice {
			continue
		}
		e := entry{post: p, row: r.id, names: new(names)}
		if before, ok := old.byRow[r.id]; ok {
			e.names = before.names
		}
		s.entries = append(s.entries, e)
		s.byRow[r.id] = &s.entries[len(s.entries)-1]
		s.last = max(s.last, r.id)
	}
	ix.stored = d.rows
	ix.state.Store(s)
	return nil
}

// key returns the folded words of text, each followed by a space.
func key(text string) string {
	var b strings.Builder
	for r := range scan(text) {
		b.WriteString(r.String())
		b.WriteByte(' ')
	}
	return b.String()
}
